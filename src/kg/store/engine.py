"""Evaluation of a query on a version: writes the complete answer to a file, or raises an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from traceback import clear_frames
from typing import TypeVar

import pyoxigraph

from kg.domain import ConflictError, EvaluationError, KgError, RemoteError, StoreError
from kg.locales import Message
from kg.rdf import (
    JSON,
    TURTLE,
    Form,
    is_absolute_iri,
    not_acceptable,
    serialize_results,
    serialize_triples,
    write_results,
    write_triples,
)
from kg.sparql import (
    FUNCTION_NAMESPACE,
    Accumulator,
    ParsedOperation,
    Results,
    engine_error,
    execute_query,
    forget_overflow,
    met_overflow,
    own_aggregates,
    own_functions,
    read,
    resolve,
)
from kg.store.dataset import DEFAULT, Dataset, GraphName
from kg.store.errors import result_too_large
from kg.store.virtual_graph import VirtualGraphNeeded

_GEOSPARQL = """
    area asGeoJSON centroid convexHull coordinateDimension difference dimension distance ehContains ehCoveredBy
    ehCovers ehDisjoint ehEquals ehInside ehMeet ehOverlap envelope getSRID intersection isEmpty isSimple length
    perimeter rcc8dc rcc8ec rcc8eq rcc8ntpp rcc8ntppi rcc8po rcc8tpp rcc8tppi relate sfContains sfCrosses
    sfDisjoint sfEquals sfIntersects sfOverlaps sfTouches sfWithin spatialDimension symDifference union
"""
FUNCTIONS = tuple(f"http://www.opengis.net/def/function/geosparql/{name}" for name in _GEOSPARQL.split())
"""The engine's functions beyond SPARQL 1.1."""

_UNKNOWN_FUNCTION = re.compile(r"The custom function <([^<>]*)> is not supported")

_GRAPH_CONFLICT = re.compile(r"The graph .* (?:does not exist|already exists)")
_T = TypeVar("_T")
_Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
Aggregates = dict[pyoxigraph.NamedNode, Callable[[], Accumulator]]
Functions = dict[pyoxigraph.NamedNode, Callable[..., _Term | None]]
_GraphName = pyoxigraph.NamedNode | pyoxigraph.BlankNode
_GraphNames = list[_GraphName | pyoxigraph.DefaultGraph]


@dataclass(frozen=True)
class RequestedDataset:
    """The dataset of a protocol request: the IRIs of its default graphs and of its named graphs."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A query, and everything else that its answer depends on except the version.

    ``queried_graphs`` are merged with the store's default graph if neither ``dataset`` nor the text names a dataset.
    ``results`` and ``graph`` are the formats that the client accepts for either kind of answer, or None.
    ``virtual_graph`` is the name of a graph that is not stored, and that only queries naming it see.
    """

    text: str
    base_iri: str
    queried_graphs: tuple[str, ...] = ()
    dataset: RequestedDataset | None = None
    results: Form | None = JSON
    graph: Form | None = TURTLE
    virtual_graph: str = ""

    @cached_property
    def parsed(self) -> ParsedOperation:
        """The parsed text.

        :raises QuerySyntaxError: it does not parse
        """
        return read(self.text, "query")


@dataclass(frozen=True)
class Answer:
    """The answer of a query: its kind (``solutions``, ``boolean``, ``triples``), its format and its bytes.

    A ``volatile`` answer may differ when the query is repeated on the same version.
    """

    kind: str
    form: Form
    body: bytes
    volatile: bool = False


class Engine:
    """Evaluates queries on a dataset."""

    def __init__(self, dataset: Dataset) -> None:
        """Take a dataset in memory; after a change of it, a new engine is needed."""
        self.dataset = dataset
        self._with_virtual: Dataset | None = None

    def evaluate(self, query: Query, output: Path, virtual: bytes | None = None) -> tuple[str, Form]:
        """Write the answer to a file, and return its kind and form.

        ``virtual`` has the N-Quads of the virtual graph; it is the same for every query of this version.

        :raises QuerySyntaxError: the query does not parse
        :raises NotAcceptableError: the client accepts no form of this kind of answer
        :raises ResultTooLargeError: the file may not grow that large
        :raises EvaluationError: the engine failed
        :raises VirtualGraphNeeded: the query names the virtual graph, and ``virtual`` is None
        """

        def write(results: Results) -> tuple[str, Form]:
            kind, form = _kind(results), _form(results, query)
            if isinstance(results, pyoxigraph.QueryTriples):
                write_triples(results, form, output, _absolute(query.parsed.prefixes))
            else:
                write_results(results, form, output)
            return kind, form

        answer, is_unsure = self._evaluate(query, write, virtual, is_exact=self._must_be_exact(query.parsed))
        return self._evaluate(query, write, virtual, is_exact=True)[0] if is_unsure else answer

    def answer(self, query: Query) -> Answer | None:
        """Return the answer of a query with a small result, as ``evaluate`` writes it.

        None where it must be evaluated exactly, which is not known to be quick.

        :raises ApartNeeded: the query names the virtual graph
        """

        def write(results: Results) -> Answer:
            kind, form = _kind(results), _form(results, query)
            if isinstance(results, pyoxigraph.QueryTriples):
                body = serialize_triples(results, form, _absolute(query.parsed.prefixes))
            else:
                body = serialize_results(results, form)
            return Answer(kind, form, body, volatile=not is_repeatable(query))

        if self._must_be_exact(query.parsed):
            return None
        answer, is_unsure = self._evaluate(query, write)
        return None if is_unsure else answer

    def _must_be_exact(self, parsed: ParsedOperation) -> bool:
        """Return whether a query may read a number outside the engine's range."""
        if not parsed.shape.depends_on_numbers:
            return False
        return self.dataset.has_large_numbers or parsed.may_bring_large_numbers

    def _evaluate(
        self, query: Query, write: Callable[[Results], _T], virtual: bytes | None = None, *, is_exact: bool = False
    ) -> tuple[_T, bool]:
        """Evaluate a query; return whether it must be evaluated again, exactly: it met a number too large."""
        forget_overflow()
        try:
            answer = call_engine(
                lambda functions: write(self._results(query, functions, virtual, is_exact=is_exact)), query.parsed
            )
            return answer, query.parsed.shape.depends_on_numbers and not is_exact and met_overflow()
        except SyntaxError as error:
            _forget_results(error)
            raise engine_error(query.parsed, query.base_iri, error) from error
        except KgError as error:
            _forget_results(error)
            raise

    def _results(self, query: Query, functions: Functions, virtual: bytes | None, *, is_exact: bool) -> Results:
        store, default_graph, named_graphs = self._dataset_of(query, virtual)

        def engine(text: str) -> Results:
            return store.query(
                text,
                base_iri=query.base_iri,
                default_graph=default_graph,
                named_graphs=named_graphs,
                custom_functions=with_custom_functions(text, functions),
                custom_aggregate_functions=custom_aggregates_for(text),
            )

        return execute_query(query.parsed, engine, query.base_iri, is_exact=is_exact)

    def _dataset_of(
        self, query: Query, virtual: bytes | None
    ) -> tuple[pyoxigraph.Store, _GraphNames | None, list[_GraphName] | None]:
        """Return where to evaluate a query: a store, and the graphs of it that are the query's dataset.

        None are those that the engine takes by itself; it is faster where it is told none.
        """
        default, named = self._graphs_of(query)
        dataset = self.dataset
        if query.virtual_graph and self._names_virtual(query, default, named):
            dataset = self._beside_virtual(query.virtual_graph, virtual)
        if len(default) == 1 and default[0] != DEFAULT:
            return dataset.store, list(default), named
        if not default:
            return dataset.store, [], named
        merge = dataset.merge(default, with_named=query.parsed.has("GRAPH"))
        return merge, None if named is None else [DEFAULT], named

    def _names_virtual(self, query: Query, default: tuple[GraphName, ...], named: list[_GraphName] | None) -> bool:
        name = pyoxigraph.NamedNode(query.virtual_graph)
        if named is not None:
            return name in default or name in named
        constants = query.parsed.graph_names() if query.parsed.has("GRAPH") else ()
        return any(resolve(text, prologue, query.base_iri) == name for text, prologue in constants)

    def _beside_virtual(self, name: str, quads: bytes | None) -> Dataset:
        if quads is None:
            raise VirtualGraphNeeded
        if self._with_virtual is None:
            self._with_virtual = self.dataset.with_graph(name, pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS))
        return self._with_virtual

    def _graphs_of(self, query: Query) -> tuple[tuple[GraphName, ...], list[_GraphName] | None]:
        """Return the default graphs and the named graphs (None: all) of a query's dataset (SPARQL 1.1 Query, 13.2)."""
        if query.dataset is not None:
            named: list[_GraphName] = [pyoxigraph.NamedNode(iri) for iri in query.dataset.named_graphs]
            return tuple(pyoxigraph.NamedNode(iri) for iri in query.dataset.default_graphs), named
        if not query.parsed.has("FROM"):
            return _with_default(query.queried_graphs), None
        clauses = query.parsed.dataset_clauses
        default = tuple(_resolved(query, name) for is_named, name in clauses if not is_named)
        return default, [_resolved(query, name) for is_named, name in clauses if is_named]

    def write_graph(self, name: str | None, form: Form, output: Path) -> bool:
        """Write a graph (None: the default graph) to a file; return whether it exists."""
        if not self.dataset.has_graph(name):
            return False
        try:
            write_triples(self.dataset.graph(name), form, output)
        except OSError as error:
            raise translate_error(error) from error
        return True


@lru_cache(maxsize=8)
def _with_default(names: tuple[str, ...]) -> tuple[GraphName, ...]:
    return (DEFAULT, *map(pyoxigraph.NamedNode, names))


def is_repeatable(query: Query) -> bool:
    """Return whether the answer depends on the query and the version only."""
    return not query.parsed.is_volatile


def call_engine(work: Callable[[Functions], _T], parsed: ParsedOperation) -> _T:
    """Call the engine; define each function unknown to it as one that always raises an expression error.

    :raises SyntaxError: the engine cannot parse the text
    :raises KgError: any other error of the engine, translated
    """
    functions: Functions = {}
    while True:
        try:
            return work(functions)
        except SyntaxError:
            raise
        except (RuntimeError, OSError, ValueError) as error:
            unknown = _UNKNOWN_FUNCTION.search(str(error))
            if unknown is None or pyoxigraph.NamedNode(unknown[1]) in functions:
                raise translate_error(error, has_remote_calls=parsed.has_remote_calls) from error
            functions[pyoxigraph.NamedNode(unknown[1])] = _unbound


def with_custom_functions(text: str, functions: Functions) -> Functions:
    """Return the custom functions for a text: ours are added if it calls any of them."""
    return {**own_functions(), **functions} if FUNCTION_NAMESPACE in text else functions


def custom_aggregates_for(text: str) -> Aggregates:
    """Return our custom aggregates if the text calls any of them."""
    return {**own_aggregates()} if FUNCTION_NAMESPACE in text else {}


def translate_error(error: Exception, *, has_remote_calls: bool = False) -> KgError:
    """Translate an exception of pyoxigraph during evaluation or serialization."""
    if "File too large" in str(error):
        return result_too_large()
    if isinstance(error, OSError):
        return _remote(error) if has_remote_calls else _broken(error)
    if _GRAPH_CONFLICT.search(str(error)):
        return ConflictError(
            Message("query.conflict", error=error),
            cure=Message("query.conflict_cure"),
        )
    return EvaluationError(
        Message("query.failed", error=error),
        cure=Message("query.failed_cure"),
    )


def _remote(error: Exception) -> RemoteError:
    return RemoteError(
        Message("query.remote_failed", error=error),
        cure=Message("query.remote_failed_cure"),
    )


def _broken(error: Exception) -> StoreError:
    return StoreError(
        Message("store.unreadable", error=error),
        cure=Message("store.unreadable_cure"),
    )


def _resolved(query: Query, name: str) -> pyoxigraph.NamedNode:
    """Resolve a name against the query's prologue.

    :raises SyntaxError: its prefix is not declared
    """
    iri = resolve(name, query.parsed.prologue, query.base_iri)
    if iri is None:
        raise SyntaxError(f"the prefix of {name} is not declared")
    return iri


def _absolute(prefixes: dict[str, str]) -> dict[str, str]:
    """Return the prefixes whose namespaces are absolute IRIs, for Turtle."""
    return {prefix: iri for prefix, iri in prefixes.items() if is_absolute_iri(iri)}


def _forget_results(error: BaseException | None) -> None:
    """Clear the results from an error's frames: the engine requires that their own thread drops them."""
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _kind(results: Results) -> str:
    if isinstance(results, pyoxigraph.QueryTriples):
        return "triples"
    return "boolean" if isinstance(results, pyoxigraph.QueryBoolean) else "solutions"


def _form(results: Results, query: Query) -> Form:
    kind = _kind(results)
    return _acceptable(query.graph if kind == "triples" else query.results, kind)


def _acceptable(form: Form | None, kind: str) -> Form:
    if form is None:
        raise not_acceptable(kind)
    return form


def _unbound(*_arguments: object) -> None:
    """Return None, an expression error, for a function that the engine does not know."""
