"""Evaluation of a change on a dataset: an update, a Graph Store operation or a changeset → its changeset."""

from __future__ import annotations

from dataclasses import dataclass

from kg.diff import Patch
from kg.sparql import graphs_confining, is_data_alone
from kg.store.changes import Change, Document
from kg.store.contents import difference, state
from kg.store.dataset import Dataset
from kg.store.update_operations import data_changeset, graph_changeset, run_update

__all__ = ["AppliedChange", "Change", "Document", "apply_change"]


@dataclass(frozen=True)
class AppliedChange:
    """The changeset of a change, and whether its graph existed before."""

    patch: Patch
    existed: bool


def apply_change(dataset: Dataset, change: Change) -> AppliedChange:
    """Apply a change to a dataset, and return its changeset.

    :raises QuerySyntaxError: the update does not parse
    :raises RdfSyntaxError: a document does not parse
    :raises NotFoundError: the graph to remove does not exist
    :raises EvaluationError: the engine failed
    """
    existed = dataset.has_graph(change.graph)
    patch = _changeset(dataset, change, existed=existed)
    dataset.apply(patch)
    return AppliedChange(patch, existed)


def _changeset(dataset: Dataset, change: Change, *, existed: bool) -> Patch:
    if change.kind == "patch":
        return Patch.from_text(change.text)
    if change.kind != "update":
        return graph_changeset(dataset, change, existed=existed)
    return data_changeset(dataset, change) if is_data_alone(change.parsed) else _evaluated(dataset, change)


def _evaluated(dataset: Dataset, change: Change) -> Patch:
    """Run an update on the dataset's store, and return the changeset; the default graph view is not updated."""
    graphs = None if change.dataset else graphs_confining(change.parsed, change.base_iri)
    if graphs is None:
        dataset.unmerge()
    before = state(dataset.store, graphs)
    run_update(dataset.store, change)
    return difference(before, state(dataset.store, graphs))
