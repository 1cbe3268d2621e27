"""Keeping changes away from a graph that stands apart, such as the history."""

from __future__ import annotations

import pyoxigraph

from kg.diff import Patch
from kg.domain import ForbiddenError
from kg.locales import Message
from kg.sparql import Reading, resolve
from kg.store.changes import Change


def refuse_named(change: Change, graph: str) -> None:
    """Refuse a change that names a graph that stands apart.

    :raises ForbiddenError: it does
    """
    dataset = change.dataset
    named = (change.graph, *((*dataset.default_graphs, *dataset.named_graphs) if dataset else ()))
    is_update = change.kind == "update"
    if graph in named or (is_update and is_named_by(change.reading, change.base_iri, graph)):
        raise not_to_be_changed(graph)


def refuse_touched(patch: Patch, graph: str) -> Patch:
    """Return the patch.

    :raises ForbiddenError: it has quads of a graph that stands apart
    """
    if is_touched_by(patch, graph):
        raise not_to_be_changed(graph)
    return patch


def is_named_by(reading: Reading, base_iri: str, graph: str) -> bool:
    """Tell whether an update names a graph, in full, relative to a base, or by a prefix.

    >>> from kg.sparql import read
    >>> update = read("PREFIX g: <graphs/> DROP SILENT GRAPH g:history", "update")
    >>> is_named_by(update, "http://a/", "http://a/graphs/history")
    True
    """
    name = pyoxigraph.NamedNode(graph)
    return any(resolve(text, prologue, base_iri) == name for text, prologue in reading.graph_names())


def is_touched_by(patch: Patch, graph: str) -> bool:
    """Tell whether a patch has quads of a graph, or has it come or go."""
    ending = f" <{graph}> ."
    lines = "\n".join(line for line in (*patch.added, *patch.removed) if line.endswith(ending))
    name = pyoxigraph.NamedNode(graph)
    is_there = any(quad.graph_name == name for quad in pyoxigraph.parse(lines, pyoxigraph.RdfFormat.N_QUADS))
    return is_there or not {graph, f"<{graph}>"}.isdisjoint((*patch.created, *patch.dropped))


def not_to_be_changed(graph: str) -> ForbiddenError:
    """Return the error for a change that names a graph that stands apart."""
    return ForbiddenError(
        Message("query.protected_graph", graph=graph),
        cure=Message("query.protected_graph_cure"),
    )
