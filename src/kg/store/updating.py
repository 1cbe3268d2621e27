"""Evaluation of a change on a dataset: an update, a Graph Store operation or a changeset → its changeset."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph

from kg.sparql import is_data_alone
from kg.store.changes import Change, Document
from kg.store.contents import apply, difference, state
from kg.store.dataset import Dataset
from kg.store.patches import Patch
from kg.store.scratch import carry_out, data_change, graph_change

__all__ = ["Applied", "Change", "Document", "apply_change"]


@dataclass(frozen=True)
class Applied:
    """What a change came to: its changeset, whether its graph was there before, and the store after it."""

    patch: Patch
    existed: bool
    store: pyoxigraph.Store


def apply_change(dataset: Dataset, change: Change) -> Applied:
    """Apply a change to a dataset, which is spent then; return what it changed.

    :raises QuerySyntaxError: the update does not parse
    :raises RdfSyntaxError: a document does not parse
    :raises NotFoundError: the graph to remove is not there
    :raises EvaluationError: the engine refused
    """
    existed, store = dataset.has_graph(change.graph), dataset.take_store()
    if change.kind == "update" and not is_data_alone(change.reading):
        before = state(store)
        carry_out(store, change)
        return Applied(difference(before, state(store)), existed, store)
    patch = _changeset(store, change, existed=existed)
    apply(store, patch)
    return Applied(patch, existed, store)


def _changeset(store: pyoxigraph.Store, change: Change, *, existed: bool) -> Patch:
    if change.kind == "patch":
        return Patch.from_text(change.text)
    if change.kind == "update":
        return data_change(store, change)
    return graph_change(store, change, existed=existed)
