"""Evaluating one query on one version: the answer is written whole into a file, or an error is raised."""

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
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TRIG,
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
    Reading,
    Results,
    execute_query,
    forget_overflow,
    met_overflow,
    own_aggregates,
    own_functions,
    read,
    refused,
    resolve,
)
from kg.store.apart import ApartNeeded
from kg.store.dataset import DEFAULT, Dataset, GraphName
from kg.store.refusals import result_too_large

RDF_FORMATS = {
    TURTLE: pyoxigraph.RdfFormat.TURTLE,
    N_TRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
    RDF_XML: pyoxigraph.RdfFormat.RDF_XML,
    JSON_LD: pyoxigraph.RdfFormat.JSON_LD,
    TRIG: pyoxigraph.RdfFormat.TRIG,
    N_QUADS: pyoxigraph.RdfFormat.N_QUADS,
}
_GEOSPARQL = """
    area asGeoJSON centroid convexHull coordinateDimension difference dimension distance ehContains ehCoveredBy
    ehCovers ehDisjoint ehEquals ehInside ehMeet ehOverlap envelope getSRID intersection isEmpty isSimple length
    perimeter rcc8dc rcc8ec rcc8eq rcc8ntpp rcc8ntppi rcc8po rcc8tpp rcc8tppi relate sfContains sfCrosses
    sfDisjoint sfEquals sfIntersects sfOverlaps sfTouches sfWithin spatialDimension symDifference union
"""
FUNCTIONS = tuple(f"http://www.opengis.net/def/function/geosparql/{name}" for name in _GEOSPARQL.split())
"""The functions that the engine has beyond those of SPARQL."""

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
    """The dataset that a request names: the IRIs of its default graphs and of its named graphs."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A query, and all that its answer depends on beside the version.

    ``queried_graphs`` are merged with the store's default graph where neither ``dataset`` nor the text names a
    dataset. ``results`` and ``graph`` are the forms that the client accepts for either kind of answer; None is none.
    ``apart`` is the name of a graph that stands in no store, and that only a query which names it sees.
    """

    text: str
    base_iri: str
    queried_graphs: tuple[str, ...] = ()
    dataset: RequestedDataset | None = None
    results: Form | None = JSON
    graph: Form | None = TURTLE
    apart: str = ""

    @cached_property
    def reading(self) -> Reading:
        """The text, read.

        :raises QuerySyntaxError: it does not parse
        """
        return read(self.text, "query")


@dataclass(frozen=True)
class Answer:
    """What a query was answered with: the kind (``solutions``, ``boolean``, ``triples``), the form, the bytes.

    A ``volatile`` answer may differ the next time that the same version is asked the same.
    """

    kind: str
    form: Form
    body: bytes
    volatile: bool = False


class Engine:
    """Evaluates queries on a dataset."""

    def __init__(self, dataset: Dataset) -> None:
        """Take a dataset in memory; whoever changes it makes another engine."""
        self.dataset = dataset
        self._with_virtual: Dataset | None = None

    def evaluate(self, query: Query, output: Path, virtual: bytes | None = None) -> tuple[str, Form]:
        """Write the answer to a file, and return its kind and form.

        ``virtual`` has the N-Quads of the virtual graph; it is the same for every query of this version.

        :raises QuerySyntaxError: the query does not parse
        :raises NotAcceptableError: the client accepts no form of this kind of answer
        :raises ResultTooLargeError: the file may not grow that large
        :raises EvaluationError: the engine gave up
        :raises ApartNeeded: the query names the virtual graph, and it was not given
        """

        def write(results: Results) -> tuple[str, Form]:
            kind, form = _kind(results), _form(results, query)
            if isinstance(results, pyoxigraph.QueryTriples):
                write_triples(results, form, output, _absolute(query.reading.prefixes))
            else:
                write_results(results, form, output)
            return kind, form

        answer, is_unsure = self._evaluate(query, write, virtual, is_exact=self._must_be_exact(query.reading))
        return self._evaluate(query, write, virtual, is_exact=True)[0] if is_unsure else answer

    def answer(self, query: Query) -> Answer | None:
        """Return the answer of a query that is known to be small, as ``evaluate`` writes it.

        None where it must be evaluated exactly, which is not known to be quick.

        :raises ApartNeeded: the query names the virtual graph
        """

        def write(results: Results) -> Answer:
            kind, form = _kind(results), _form(results, query)
            if isinstance(results, pyoxigraph.QueryTriples):
                body = serialize_triples(results, form, _absolute(query.reading.prefixes))
            else:
                body = serialize_results(results, form)
            return Answer(kind, form, body, volatile=not is_repeatable(query))

        if self._must_be_exact(query.reading):
            return None
        answer, is_unsure = self._evaluate(query, write)
        return None if is_unsure else answer

    def _must_be_exact(self, reading: Reading) -> bool:
        """Tell whether a query may meet a number that the engine cannot hold, before any is calculated."""
        if not reading.shape.depends_on_numbers:
            return False
        return self.dataset.has_large_numbers or reading.may_bring_large_numbers

    def _evaluate(
        self, query: Query, write: Callable[[Results], _T], virtual: bytes | None = None, *, is_exact: bool = False
    ) -> tuple[_T, bool]:
        """Evaluate a query; tell whether it must be evaluated again, exactly: it met a number too large."""
        forget_overflow()
        try:
            answer = evaluated(
                lambda functions: write(self._results(query, functions, virtual, is_exact=is_exact)), query.reading
            )
            return answer, query.reading.shape.depends_on_numbers and not is_exact and met_overflow()
        except SyntaxError as error:
            _forget_results(error)
            raise refused(query.reading, query.base_iri, error) from error
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
                custom_functions=with_own(text, functions),
                custom_aggregate_functions=own_aggregates_for(text),
            )

        return execute_query(query.reading, engine, query.base_iri, is_exact=is_exact)

    def _dataset_of(
        self, query: Query, virtual: bytes | None
    ) -> tuple[pyoxigraph.Store, _GraphNames | None, list[_GraphName] | None]:
        """Return where to evaluate a query: a store, and the graphs of it that are the query's dataset.

        None are those that the engine takes by itself; it is faster where it is told none.
        """
        default, named = self._graphs_of(query)
        dataset = self.dataset
        if query.apart and self._names_virtual(query, default, named):
            dataset = self._beside_virtual(query.apart, virtual)
        if len(default) == 1 and default[0] != DEFAULT:
            return dataset.store, list(default), named
        if not default:
            return dataset.store, [], named
        merge = dataset.merge(default, with_named=query.reading.has("GRAPH"))
        return merge, None if named is None else [DEFAULT], named

    def _names_virtual(self, query: Query, default: tuple[GraphName, ...], named: list[_GraphName] | None) -> bool:
        name = pyoxigraph.NamedNode(query.apart)
        if named is not None:
            return name in default or name in named
        constants = query.reading.graph_names() if query.reading.has("GRAPH") else ()
        return any(resolve(text, prologue, query.base_iri) == name for text, prologue in constants)

    def _beside_virtual(self, name: str, quads: bytes | None) -> Dataset:
        if quads is None:
            raise ApartNeeded
        if self._with_virtual is None:
            self._with_virtual = self.dataset.with_graph(name, pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS))
        return self._with_virtual

    def _graphs_of(self, query: Query) -> tuple[tuple[GraphName, ...], list[_GraphName] | None]:
        """Return the default graphs and the named graphs (None: all) of a query's dataset (SPARQL 1.1 Query, 13.2)."""
        if query.dataset is not None:
            named: list[_GraphName] = [pyoxigraph.NamedNode(iri) for iri in query.dataset.named_graphs]
            return tuple(pyoxigraph.NamedNode(iri) for iri in query.dataset.default_graphs), named
        if not query.reading.has("FROM"):
            return _with_default(query.queried_graphs), None
        clauses = query.reading.dataset_clauses
        default = tuple(_resolved(query, name) for is_named, name in clauses if not is_named)
        return default, [_resolved(query, name) for is_named, name in clauses if is_named]

    def write_graph(self, name: str | None, form: Form, output: Path) -> bool:
        """Write a graph (None: the default graph) to a file; tell whether there is such a graph."""
        if not self.dataset.has_graph(name):
            return False
        try:
            write_triples(self.dataset.graph(name), form, output)
        except OSError as error:
            raise translated(error) from error
        return True


@lru_cache(maxsize=8)
def _with_default(names: tuple[str, ...]) -> tuple[GraphName, ...]:
    return (DEFAULT, *map(pyoxigraph.NamedNode, names))


def is_repeatable(query: Query) -> bool:
    """Tell whether the same version gives the same answer to the query whenever it is asked."""
    return not query.reading.is_volatile


def evaluated(work: Callable[[Functions], _T], reading: Reading) -> _T:
    """Do work of the engine; a function that it does not know is given to it as one that is always an error.

    :raises SyntaxError: what the engine says of a text that does not parse
    :raises KgError: what ``translated`` makes of anything else
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
                raise translated(error, calls_elsewhere=reading.calls_elsewhere) from error
            functions[pyoxigraph.NamedNode(unknown[1])] = _unbound


def with_own(text: str, functions: Functions) -> Functions:
    """Return functions for the engine, with ours where the text calls any of them."""
    return {**own_functions(), **functions} if FUNCTION_NAMESPACE in text else functions


def own_aggregates_for(text: str) -> Aggregates:
    """Return our aggregates where a text calls any of them."""
    return {**own_aggregates()} if FUNCTION_NAMESPACE in text else {}


def translated(error: Exception, *, calls_elsewhere: bool = False) -> KgError:
    """Translate what pyoxigraph raises while it evaluates a text or writes an answer."""
    if "File too large" in str(error):
        return result_too_large()
    if isinstance(error, OSError):
        return _remote(error) if calls_elsewhere else _broken(error)
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
    """Return the IRI that a name stands for behind the query's prologue.

    :raises SyntaxError: its prefix is not declared
    """
    iri = resolve(name, query.reading.prologue, query.base_iri)
    if iri is None:
        raise SyntaxError(f"the prefix of {name} is not declared")
    return iri


def _absolute(prefixes: dict[str, str]) -> dict[str, str]:
    """Return the namespaces that are absolute IRIs: an answer in Turtle is written with them."""
    return {prefix: iri for prefix, iri in prefixes.items() if is_absolute_iri(iri)}


def _forget_results(error: BaseException | None) -> None:
    """Let go of results in the frames of an error: the engine wants them dropped by the thread that made them."""
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
    """Stand for a function that the engine does not know: its call is an error, so its variable stays unbound."""
