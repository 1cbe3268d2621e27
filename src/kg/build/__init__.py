"""Source files → dataset → commit → distributions; merging a new build with manual changes."""

from kg.build.build import (
    Build,
    build,
    input_digest,
    program_code,
    read_editorial_notes,
    read_file,
    read_source_page,
    render,
    source_paths,
    validate_files,
    write_files,
)
from kg.build.change_reports import language_of, versions_in_words
from kg.build.commits import build_commit_metadata, commit_update, needs_build, open_store, restore_version
from kg.build.distributions import NAMES, SLICES, list_distributions, read_distribution, serialize_files
from kg.build.history import HISTORY, KINDS, HistoryGraphCache, version_iri, version_lines
from kg.build.merge_decisions import MergeOptions, merge_and_commit, pending_build_in_words, preview_build
from kg.build.merging import has_manual_changes
from kg.build.queries import run_query
from kg.build.registers import published_register
from kg.build.worker_extension import WorkerExtension

__all__ = [
    "HISTORY",
    "KINDS",
    "NAMES",
    "SLICES",
    "Build",
    "HistoryGraphCache",
    "MergeOptions",
    "WorkerExtension",
    "build",
    "build_commit_metadata",
    "commit_update",
    "has_manual_changes",
    "input_digest",
    "language_of",
    "list_distributions",
    "merge_and_commit",
    "needs_build",
    "open_store",
    "pending_build_in_words",
    "preview_build",
    "program_code",
    "published_register",
    "read_distribution",
    "read_editorial_notes",
    "read_file",
    "read_source_page",
    "render",
    "restore_version",
    "run_query",
    "serialize_files",
    "source_paths",
    "validate_files",
    "version_iri",
    "version_lines",
    "versions_in_words",
    "write_files",
]
