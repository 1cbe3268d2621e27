"""What a change comes to, in time proportional to it: evaluated in memory, compared with the store it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyoxigraph

from kg.diff import Patch
from kg.domain import RdfSyntaxError, Where
from kg.locales import Message
from kg.sparql import execute_update, refused, with_all_inserted
from kg.store.changes import Change, Document
from kg.store.contents import graph_names, lines_of
from kg.store.dataset import Dataset
from kg.store.engine import RDF_FORMATS, Functions, evaluated, own_aggregates_for, translated, with_own
from kg.store.loading import load_document
from kg.store.refusals import no_graph
from kg.store.using import using_of

_MERGE = pyoxigraph.NamedNode("urn:x-kg:merge")


def graph_change(dataset: Dataset, change: Change, *, existed: bool) -> Patch:
    """Return what a change of one graph comes to; the dataset stays as it is.

    :raises RdfSyntaxError: a document does not parse
    :raises NotFoundError: the graph to remove is not there
    """
    name = _name(change.graph)
    wanted = pyoxigraph.Store()
    for document in change.documents:
        wanted.extend(_read(document, change.base_iri, name))
    if change.kind == "remove" and not existed:
        raise no_graph(change.graph or "")
    there = [] if change.kind == "add" else dataset.quads(name)
    graphs = (change.graph,) if change.graph else ()
    return Patch.of(
        added=lines_of(quad for quad in wanted if quad not in dataset),
        removed=lines_of(quad for quad in there if quad not in wanted),
        created=() if existed or change.kind == "remove" else graphs,
        dropped=graphs if change.kind == "remove" else (),
    )


def data_change(dataset: Dataset, change: Change) -> Patch:
    """Return what an update of INSERT DATA and DELETE DATA alone comes to; the dataset stays as it is.

    Of the quads it names, those that an empty store holds in the end are to be there, the others are not.
    """
    inserted, named = pyoxigraph.Store(), pyoxigraph.Store()
    carry_out(inserted, change)
    if change.reading.has("DELETE"):
        for inserting in with_all_inserted(change.reading):
            named.update(inserting, base_iri=change.base_iri)
    return Patch.of(
        added=lines_of(quad for quad in inserted if quad not in dataset),
        removed=lines_of(quad for quad in named if quad not in inserted and quad in dataset),
        created=graph_names(inserted) - graph_names(dataset.store),
    )


class _Graphs:
    """The named graphs of a store."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store

    def names(self) -> list[str]:
        """Return their names as SPARQL text, as they are now."""
        return list(map(str, self._store.named_graphs()))

    def load(self, iri: str, graph: pyoxigraph.NamedNode | None) -> None:
        """Add the document at an address to a graph."""
        document, base_iri = load_document(iri)
        self._store.extend(_read(document, base_iri, graph or pyoxigraph.DefaultGraph()))
        if graph:
            self._store.add_graph(graph)

    @contextmanager
    def merged(self, graphs: Sequence[pyoxigraph.NamedNode]) -> Iterator[str]:
        """Hold the RDF merge of some in a graph of its own: the engine gives what two of them have twice."""
        for graph in graphs:
            quads = self._store.quads_for_pattern(None, None, None, graph)
            self._store.extend([pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, _MERGE) for quad in quads])
        try:
            yield str(_MERGE)
        finally:
            self._store.remove_graph(_MERGE)


def carry_out(store: pyoxigraph.Store, change: Change) -> None:
    """Carry an update out on a store.

    :raises QuerySyntaxError: it does not parse
    :raises RequestError: the request names a dataset, and the update does too
    :raises EvaluationError: the engine refused
    """
    reading = change.reading

    def engine(text: str) -> None:
        def work(functions: Functions) -> None:
            store.update(
                text,
                base_iri=change.base_iri,
                custom_functions=with_own(text, functions),
                custom_aggregate_functions=own_aggregates_for(text),
            )

        evaluated(work, reading)

    try:
        execute_update(reading, engine, _Graphs(store), change.base_iri, using_of(change))
    except SyntaxError as error:
        raise refused(reading, change.base_iri, error) from error


def _name(graph: str | None) -> pyoxigraph.NamedNode | pyoxigraph.DefaultGraph:
    return pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph()


def _read(
    document: Document, base_iri: str, name: pyoxigraph.NamedNode | pyoxigraph.DefaultGraph
) -> list[pyoxigraph.Quad]:
    try:
        parsed = pyoxigraph.parse(
            document.content,
            RDF_FORMATS[document.form],
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return [pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed]
    except SyntaxError as error:
        raise rdf_syntax_error(error, document) from error
    except ValueError as error:
        raise translated(error) from error


def rdf_syntax_error(error: SyntaxError, document: Document) -> RdfSyntaxError:
    """Translate the parser's error into one that says where, with the line quoted."""
    where = None
    if error.lineno is not None:
        lines = document.content.split(b"\n")
        quoted = lines[error.lineno - 1].decode("utf-8", "replace").rstrip("\r") if error.lineno <= len(lines) else ""
        where = Where("body", error.lineno, error.offset or 1, quoted[:500])
    return RdfSyntaxError(
        Message("rdf.unparsable", reason=error.msg),
        cure=Message("query.place_cure"),
        where=where,
    )
