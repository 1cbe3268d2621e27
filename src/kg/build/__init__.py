"""From source files to a commit: building, comparing, merging, distributing."""

from kg.build.asking import ask
from kg.build.build import (
    Build,
    build,
    check_page,
    code,
    editorial_notes,
    input_digest,
    read_file,
    render,
    source_paths,
    validate_files,
    write_files,
)
from kg.build.comparing import language_of, versions_in_words
from kg.build.deciding import Decision, look, settle, unbuilt_in_words
from kg.build.distributing import NAMES, download, listed, make_files
from kg.build.extension import WorkerExtension
from kg.build.history import HISTORY, KINDS, version_iri, version_lines
from kg.build.proposing import has_changes_by_hand
from kg.build.publish import build_metadata, needs_build, restored, store_of, updated
from kg.build.remembering import Remembering

__all__ = [
    "HISTORY",
    "KINDS",
    "NAMES",
    "Build",
    "Decision",
    "Remembering",
    "WorkerExtension",
    "ask",
    "build",
    "build_metadata",
    "check_page",
    "code",
    "download",
    "editorial_notes",
    "has_changes_by_hand",
    "input_digest",
    "language_of",
    "listed",
    "look",
    "make_files",
    "needs_build",
    "read_file",
    "render",
    "restored",
    "settle",
    "source_paths",
    "store_of",
    "unbuilt_in_words",
    "updated",
    "validate_files",
    "version_iri",
    "version_lines",
    "versions_in_words",
    "write_files",
]
