"""Applying one change to the clone of a version: an update, or what the Graph Store Protocol does to one graph."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from kg.sparql import is_data_alone
from kg.store.changes import Change, Document
from kg.store.contents import apply, difference, snapshot, write_anew
from kg.store.durable import writing
from kg.store.patches import Patch
from kg.store.scratch import carry_out, data_change, graph_change

__all__ = ["MOST_FILES", "Applied", "Change", "Document", "apply_change", "rewrite_files"]

MOST_FILES = 300
"""Each change leaves three or four files more, which open slowly when they are many: then they are written anew."""


@dataclass(frozen=True)
class Applied:
    """What a change came to: what it added and removed, and whether its graph was there before."""

    patch: Patch
    existed: bool


def apply_change(oxigraph: Path, change: Change) -> Applied:
    """Apply a change to a triple store that nobody else has open; return what it changed.

    :raises QuerySyntaxError: the update does not parse
    :raises RdfSyntaxError: a document does not parse
    :raises NotFoundError: the graph to remove is not there
    :raises EvaluationError: the engine refused
    :raises StoreError: the disk is full or cannot be written
    """
    with writing():
        applied = _applied(pyoxigraph.Store(oxigraph), change)
        if sum(1 for _ in oxigraph.glob("*.sst")) > MOST_FILES:
            rewrite_files(oxigraph)
    return applied


def _applied(store: pyoxigraph.Store, change: Change) -> Applied:
    existed = _exists(store, change.graph)
    if change.kind != "update":
        patch = graph_change(store, change, existed=existed)
        apply(store, patch)
    elif is_data_alone(change.reading):
        patch = data_change(store, change)
        apply(store, patch)
    else:
        before = snapshot(store)
        carry_out(store, change)
        patch = difference(before, snapshot(store))
    store.flush()
    return Applied(patch, existed)


def rewrite_files(oxigraph: Path) -> None:
    """Write a triple store anew, in few files; RocksDB merges them only in a store that stays open for long."""
    fresh = oxigraph.with_name("oxigraph.new")
    write_anew(oxigraph, fresh)
    shutil.rmtree(oxigraph)
    fresh.rename(oxigraph)


def holds_graph(oxigraph: Path, graph: str | None) -> bool:
    """Tell whether a triple store has a graph (None: the default graph, which is always there)."""
    return _exists(pyoxigraph.Store.read_only(str(oxigraph)), graph)


def _exists(store: pyoxigraph.Store, graph: str | None) -> bool:
    return graph is None or store.contains_named_graph(pyoxigraph.NamedNode(graph))
