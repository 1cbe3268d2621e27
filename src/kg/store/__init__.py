"""Versions on disk, and the evaluation of queries and updates on a version."""

from kg.store.cancellation import Cancellation
from kg.store.changes import Change, Document
from kg.store.commit_info import RESTORED, CommitInfo, CommitMetadata
from kg.store.contents import (
    canonical_lines,
    graphs_of,
    lines_by_class,
    quads_of_graphs,
    quads_of_rdf_1_1,
)
from kg.store.dataset import Dataset
from kg.store.durable import exclusive_lock, replace_file, translated_disk_errors
from kg.store.editions import Edition, Editions
from kg.store.engine import FUNCTIONS, Answer, Engine, Query, RequestedDataset, is_repeatable
from kg.store.errors import budget, graph_not_found
from kg.store.evaluator import EvaluatedChange, Evaluator, LocalEvaluator, Validate, evaluate_change
from kg.store.graph_conversion import convert_graph
from kg.store.graph_union import UnionOfGraphs
from kg.store.head import MOST_APPLIED, Head, commits_since
from kg.store.log import CommitLog
from kg.store.pins import Pin
from kg.store.protected_graphs import protected_graph_error, refuse_changed_graph, refuse_named_graph
from kg.store.rdf_files import RdfFile, load_dataset, load_files
from kg.store.readback import reads_back
from kg.store.removals import Removals
from kg.store.retention import Policy
from kg.store.verification import Corruption
from kg.store.version_labels import VERSION_LABELS, announced_version
from kg.store.versions import PendingCommit, Store, Version
from kg.store.virtual_graph import VirtualGraphNeeded

__all__ = [
    "FUNCTIONS",
    "MOST_APPLIED",
    "RESTORED",
    "VERSION_LABELS",
    "Answer",
    "Cancellation",
    "Change",
    "CommitInfo",
    "CommitLog",
    "CommitMetadata",
    "Corruption",
    "Dataset",
    "Document",
    "Edition",
    "Editions",
    "Engine",
    "EvaluatedChange",
    "Evaluator",
    "Head",
    "LocalEvaluator",
    "PendingCommit",
    "Pin",
    "Policy",
    "Query",
    "RdfFile",
    "Removals",
    "RequestedDataset",
    "Store",
    "UnionOfGraphs",
    "Validate",
    "Version",
    "VirtualGraphNeeded",
    "announced_version",
    "budget",
    "canonical_lines",
    "commits_since",
    "convert_graph",
    "evaluate_change",
    "exclusive_lock",
    "graph_not_found",
    "graphs_of",
    "is_repeatable",
    "lines_by_class",
    "load_dataset",
    "load_files",
    "protected_graph_error",
    "quads_of_graphs",
    "quads_of_rdf_1_1",
    "reads_back",
    "refuse_changed_graph",
    "refuse_named_graph",
    "replace_file",
    "translated_disk_errors",
]
