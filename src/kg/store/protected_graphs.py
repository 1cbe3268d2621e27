"""Protection of the virtual graph, such as the history, against changes."""

from __future__ import annotations

import pyoxigraph

from kg.diff import Patch
from kg.domain import ForbiddenError
from kg.locales import Message
from kg.sparql import ParsedOperation, resolve
from kg.store.changes import Change


def refuse_named_graph(change: Change, graph: str) -> None:
    """Refuse a change that names a protected graph.

    :raises ForbiddenError: the change names it
    """
    dataset = change.dataset
    named = (change.graph, *((*dataset.default_graphs, *dataset.named_graphs) if dataset else ()))
    is_update = change.kind == "update"
    if graph in named or (is_update and is_named_by(change.parsed, change.base_iri, graph)):
        raise protected_graph_error(graph)


def refuse_changed_graph(patch: Patch, graph: str) -> Patch:
    """Return the changeset, or refuse it if it changes a protected graph.

    :raises ForbiddenError: the changeset has quads of the graph
    """
    if is_changed_by(patch, graph):
        raise protected_graph_error(graph)
    return patch


def is_named_by(parsed: ParsedOperation, base_iri: str, graph: str) -> bool:
    """Return whether an update names a graph, in full, relative to a base, or by a prefix.

    >>> from kg.sparql import read
    >>> update = read("PREFIX g: <graphs/> DROP SILENT GRAPH g:history", "update")
    >>> is_named_by(update, "http://a/", "http://a/graphs/history")
    True
    """
    name = pyoxigraph.NamedNode(graph)
    return any(resolve(text, prologue, base_iri) == name for text, prologue in parsed.graph_names())


def is_changed_by(patch: Patch, graph: str) -> bool:
    """Return whether a changeset adds or removes quads of a graph, or creates or drops it."""
    ending = f" <{graph}> ."
    lines = "\n".join(line for line in (*patch.added, *patch.removed) if line.endswith(ending))
    name = pyoxigraph.NamedNode(graph)
    is_there = any(quad.graph_name == name for quad in pyoxigraph.parse(lines, pyoxigraph.RdfFormat.N_QUADS))
    return is_there or not {graph, f"<{graph}>"}.isdisjoint((*patch.created, *patch.dropped))


def protected_graph_error(graph: str) -> ForbiddenError:
    """Return the error for a change of a protected graph."""
    return ForbiddenError(
        Message("query.protected_graph", graph=graph),
        cure=Message("query.protected_graph_cure"),
    )
