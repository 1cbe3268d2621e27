"""Versions on disk and the evaluation of queries on one version."""

from kg.store.apart import ApartNeeded
from kg.store.cancellation import Cancellation
from kg.store.changes import Change, Document
from kg.store.contents import graphs_of, lines_by_class, quads_of, quads_of_graphs, quads_of_rdf_1_1
from kg.store.conversion import converted
from kg.store.dataset import Dataset
from kg.store.durable import exclusive, replace_file, writing
from kg.store.editions import Edition, Editions
from kg.store.engine import FUNCTIONS, Answer, Engine, Query, RequestedDataset, is_repeatable
from kg.store.evaluator import Evaluated, Evaluator, LocalEvaluator, Validate, evaluated
from kg.store.head import MOST_APPLIED, Head, commits_since
from kg.store.inspection import Inspection, as_stored
from kg.store.log import CommitLog
from kg.store.lookup import UnionOfGraphs
from kg.store.pins import Pin
from kg.store.proof import reads_back
from kg.store.rdf_files import RdfFile, load_files
from kg.store.records import RESTORED, CommitInfo, Signature
from kg.store.refusals import budget, no_graph
from kg.store.removals import Removals
from kg.store.retention import Policy
from kg.store.untouched import not_to_be_changed, refuse_named, refuse_touched
from kg.store.verification import Damage
from kg.store.version_labels import VERSION_LABELS, announced_version
from kg.store.versions import Pending, Store, Version

__all__ = [
    "FUNCTIONS",
    "MOST_APPLIED",
    "RESTORED",
    "VERSION_LABELS",
    "Answer",
    "ApartNeeded",
    "Cancellation",
    "Change",
    "CommitInfo",
    "CommitLog",
    "Damage",
    "Dataset",
    "Document",
    "Edition",
    "Editions",
    "Engine",
    "Evaluated",
    "Evaluator",
    "Head",
    "Inspection",
    "LocalEvaluator",
    "Pending",
    "Pin",
    "Policy",
    "Query",
    "RdfFile",
    "Removals",
    "RequestedDataset",
    "Signature",
    "Store",
    "UnionOfGraphs",
    "Validate",
    "Version",
    "announced_version",
    "as_stored",
    "budget",
    "commits_since",
    "converted",
    "evaluated",
    "exclusive",
    "graphs_of",
    "is_repeatable",
    "lines_by_class",
    "load_files",
    "no_graph",
    "not_to_be_changed",
    "quads_of",
    "quads_of_graphs",
    "quads_of_rdf_1_1",
    "reads_back",
    "refuse_named",
    "refuse_touched",
    "replace_file",
    "writing",
]
