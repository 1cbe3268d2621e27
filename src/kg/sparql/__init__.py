"""SPARQL: grammar and syntax tree, rewriting for conformance with the specification, costs of queries."""

from kg.sparql.aggregates import Accumulator
from kg.sparql.cost import CHEAP, bound
from kg.sparql.evaluation import (
    Results,
    check,
    engine_error,
    execute_query,
    execute_update,
    graphs_confining,
    is_data_alone,
    resolve,
    with_all_inserted,
)
from kg.sparql.numbers import has_numbers_beyond_engine
from kg.sparql.overflow import forget_overflow, met_overflow
from kg.sparql.parsed_operation import ParsedOperation, read
from kg.sparql.statistics import Statistics
from kg.sparql.substitutions import FUNCTION_NAMESPACE
from kg.sparql.warm_up import own_aggregates, own_functions, warm_up

__all__ = [
    "CHEAP",
    "FUNCTION_NAMESPACE",
    "Accumulator",
    "ParsedOperation",
    "Results",
    "Statistics",
    "bound",
    "check",
    "engine_error",
    "execute_query",
    "execute_update",
    "forget_overflow",
    "graphs_confining",
    "has_numbers_beyond_engine",
    "is_data_alone",
    "met_overflow",
    "own_aggregates",
    "own_functions",
    "read",
    "resolve",
    "warm_up",
    "with_all_inserted",
]
