"""Commits of builds, updates and restores from the command line."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kg.build.build import Build, input_digest
from kg.build.history import HISTORY
from kg.build.merging import BuildMerge, Evaluate, commit_merge, merge_build
from kg.diff import Patch, Side
from kg.domain import Iris, NonconformingError, Settings
from kg.locales import Message
from kg.rdf import ntriples
from kg.store import (
    Change,
    CommitMetadata,
    EvaluatedChange,
    LocalEvaluator,
    PendingCommit,
    Policy,
    Store,
    Version,
    refuse_changed_graph,
    refuse_named_graph,
    replace_file,
)
from kg.workers import check_remote_targets, read_destinations

if TYPE_CHECKING:
    from kg.validation import Report

_BUILT = "built"


def merge_with_current(made: Build, settings: Settings, prefer: Side | None = None) -> BuildMerge:
    """Merge a build with the manual changes since the last one; write nothing.

    :raises NonconformingError: it does not conform
    """
    if not made.report.conforms:
        violations = sum(result.severity == "violation" for result in made.report.results)
        raise NonconformingError(
            Message("build.nonconforming", count=violations),
            cure=Message("build.nonconforming_cure"),
            results=made.report.results,
            report=ntriples(made.report.graph),
        )
    return merge_build(made.quads(), open_store(settings), Iris(settings.base_iri), prefer)


def commit_build(merge: BuildMerge, report: Report, settings: Settings, metadata: CommitMetadata) -> Version:
    """Commit a merged build, if it changes anything; ``report`` is that of the build.

    :raises UndecidedError: there are conflicts, and no side is preferred
    :raises NonconformingError: it does not conform together with the manual changes
    :raises PreconditionError: another version was committed meanwhile
    """
    validate = _evaluator(settings).change if merge.has_manual_changes else _validated(report)
    version = commit_merge(merge, open_store(settings), metadata, validate)
    digest = metadata.facts["digest"]
    replace_file(settings.store / _BUILT, f"{digest}\n".encode("ascii"))
    return version


def build_commit_metadata(author: str, message: str, time: datetime, digest: str, settings: Settings) -> CommitMetadata:
    """Return the commit metadata of a build."""
    return CommitMetadata(author, message, time, "build", {"digest": digest, "base_iri": settings.base_iri})


def open_store(settings: Settings) -> Store:
    """Return the store of the settings."""
    return Store(settings.store, Policy.of(settings))


def _validated(report: Report) -> Evaluate:
    """Return an evaluator for a changeset that was validated during the build."""
    written = gzip.compress(ntriples(report.graph), mtime=0) if report.results else b""

    def evaluate(_base: Version | None, change: Change) -> EvaluatedChange:
        return EvaluatedChange(PendingCommit(Patch.from_text(change.text), len(report.results), written), existed=True)

    return evaluate


def needs_build(store: Store, paths: tuple[Path, ...], settings: Settings) -> bool:
    """Return whether there is no version yet, or an input of the last build has changed."""
    if store.current() is None:
        return True
    digest = input_digest(paths, settings)
    if digest == _last_built(settings):  # first, since the last build may be thousands of commits back
        return False
    last = store.last("build")
    return last is not None and digest != last.facts.get("digest")


def _last_built(settings: Settings) -> str:
    """Return the input digest of the last build, also of one that changed nothing."""
    path = settings.store / _BUILT
    return path.read_text("ascii").strip() if path.is_file() else ""


def commit_update(text: str, settings: Settings, author: str, message: str, time: datetime) -> Version:
    """Commit a SPARQL update, evaluated in this process.

    :raises ForbiddenError: a LOAD target is not on the operator's allow-list, or the update changes the history graph
    :raises NonconformingError: the update has new violations
    """
    iris = Iris(settings.base_iri)
    base, history = iris.document("sparql"), iris.graph(HISTORY)
    change = Change("update", base, text=text)
    check_remote_targets(change.parsed, base, read_destinations(settings.allowed_hosts), isolated=False)
    refuse_named_graph(change, history)

    evaluator = _evaluator(settings)

    def evaluate(base: Version | None) -> PendingCommit:
        pending = evaluator.change(base, change).pending
        refuse_changed_graph(pending.patch, history)
        return pending

    return open_store(settings).commit(evaluate, CommitMetadata(author, message, time, "update"))


def restore_version(number: int, settings: Settings, metadata: CommitMetadata) -> Version:
    """Commit the content of an earlier version again, validated in this process.

    :raises GoneError: the earlier version is expired
    :raises NonconformingError: it has new violations
    """
    evaluator = _evaluator(settings)

    def evaluate(base: Version, patch: Patch) -> PendingCommit:
        change = Change("patch", Iris(settings.base_iri).document("sparql"), text=patch.to_text())
        return evaluator.change(base, change).pending

    return open_store(settings).restore(number, evaluate, metadata)


def _evaluator(settings: Settings) -> LocalEvaluator:
    from kg.validation import Validator  # noqa: PLC0415 - it imports pySHACL, and a server starts without

    validator = Validator(settings.home, settings.base_iri)
    return LocalEvaluator(
        queried_graphs=Iris(settings.base_iri).queried_graphs(),
        validate=validator,
        in_every_form=settings.rdf_terms == "1.1",
    )
