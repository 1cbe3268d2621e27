"""Reading SPARQL: tokens, syntax tree, and the rewriting of what the engine reads otherwise than the specification."""

from kg.sparql.cost import CHEAP, bound
from kg.sparql.evaluation import (
    Results,
    check,
    execute_query,
    execute_update,
    graphs_confining,
    is_data_alone,
    refused,
    resolve,
    with_all_inserted,
)
from kg.sparql.reading import Reading, Target, read, syntax_error
from kg.sparql.statistics import Statistics
from kg.sparql.substitutions import FUNCTION_NAMESPACE
from kg.sparql.warming import own_functions, warm_up

__all__ = [
    "CHEAP",
    "FUNCTION_NAMESPACE",
    "Reading",
    "Results",
    "Statistics",
    "Target",
    "bound",
    "check",
    "execute_query",
    "execute_update",
    "graphs_confining",
    "is_data_alone",
    "own_functions",
    "read",
    "refused",
    "resolve",
    "syntax_error",
    "warm_up",
    "with_all_inserted",
]
