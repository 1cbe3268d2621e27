"""Graph Store operations and SPARQL updates → changesets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyoxigraph

from kg.diff import Patch
from kg.domain import RdfSyntaxError
from kg.locales import Message
from kg.rdf import engine_format, place_of
from kg.sparql import engine_error, execute_update, with_all_inserted
from kg.store.changes import Change, Document
from kg.store.contents import graph_names, lines_of
from kg.store.dataset import Dataset
from kg.store.engine import Functions, call_engine, custom_aggregates_for, translate_error, with_custom_functions
from kg.store.errors import graph_not_found
from kg.store.remote_documents import load_document
from kg.store.using_clause import using_graphs

_MERGE = pyoxigraph.NamedNode("urn:x-kg:merge")


def graph_changeset(dataset: Dataset, change: Change, *, existed: bool) -> Patch:
    """Return the changeset of a Graph Store operation, in time proportional to it; the dataset is not changed.

    :raises RdfSyntaxError: a document does not parse
    :raises NotFoundError: the graph to remove does not exist
    """
    name = _name(change.graph)
    wanted = pyoxigraph.Store()
    for document in change.documents:
        wanted.extend(_read(document, change.base_iri, name))
    if change.kind == "remove" and not existed:
        raise graph_not_found(change.graph or "")
    there = [] if change.kind == "add" else dataset.quads(name)
    graphs = (change.graph,) if change.graph else ()
    return Patch.of(
        added=lines_of(quad for quad in wanted if quad not in dataset),
        removed=lines_of(quad for quad in there if quad not in wanted),
        created=() if existed or change.kind == "remove" else graphs,
        dropped=graphs if change.kind == "remove" else (),
    )


def data_changeset(dataset: Dataset, change: Change) -> Patch:
    """Return the changeset of an update that has INSERT DATA and DELETE DATA only; the dataset is not changed.

    The update is run on an empty store: quads left there are inserted, the other quads that it names are deleted.
    """
    inserted, named = pyoxigraph.Store(), pyoxigraph.Store()
    run_update(inserted, change)
    if change.parsed.has("DELETE"):
        for inserting in with_all_inserted(change.parsed):
            named.update(inserting, base_iri=change.base_iri)
    return Patch.of(
        added=lines_of(quad for quad in inserted if quad not in dataset),
        removed=lines_of(quad for quad in named if quad not in inserted and quad in dataset),
        created=graph_names(inserted) - graph_names(dataset.store),
    )


class _Graphs:
    """The named graphs of a store, as ``kg.sparql.execute_update`` needs them."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store

    def names(self) -> list[str]:
        """Return their names as SPARQL terms."""
        return list(map(str, self._store.named_graphs()))

    def load(self, iri: str, graph: pyoxigraph.NamedNode | None) -> None:
        """Load a remote document into a graph."""
        document, base_iri = load_document(iri)
        self._store.extend(_read(document, base_iri, graph or pyoxigraph.DefaultGraph()))
        if graph:
            self._store.add_graph(graph)

    @contextmanager
    def merged(self, graphs: Sequence[pyoxigraph.NamedNode]) -> Iterator[str]:
        """Materialize the RDF merge of graphs: the engine repeats the triples that two of them share."""
        for graph in graphs:
            quads = self._store.quads_for_pattern(None, None, None, graph)
            self._store.extend([pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, _MERGE) for quad in quads])
        try:
            yield str(_MERGE)
        finally:
            self._store.remove_graph(_MERGE)


def run_update(store: pyoxigraph.Store, change: Change) -> None:
    """Run an update on a store.

    :raises QuerySyntaxError: it does not parse
    :raises RequestError: both the request and the update name a dataset
    :raises EvaluationError: the engine failed
    """
    parsed = change.parsed

    def engine(text: str) -> None:
        def work(functions: Functions) -> None:
            store.update(
                text,
                base_iri=change.base_iri,
                custom_functions=with_custom_functions(text, functions),
                custom_aggregate_functions=custom_aggregates_for(text),
            )

        call_engine(work, parsed)

    try:
        execute_update(parsed, engine, _Graphs(store), change.base_iri, using_graphs(change))
    except SyntaxError as error:
        raise engine_error(parsed, change.base_iri, error) from error


def _name(graph: str | None) -> pyoxigraph.NamedNode | pyoxigraph.DefaultGraph:
    return pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph()


def _read(
    document: Document, base_iri: str, name: pyoxigraph.NamedNode | pyoxigraph.DefaultGraph
) -> list[pyoxigraph.Quad]:
    try:
        parsed = pyoxigraph.parse(
            document.content,
            engine_format(document.form),
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return [pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed]
    except SyntaxError as error:
        where = place_of(error, "body", document.content)
        raise RdfSyntaxError(
            Message("rdf.unparsable", reason=error.msg), cure=Message("query.place_cure"), where=where
        ) from error
    except ValueError as error:
        raise translate_error(error) from error
