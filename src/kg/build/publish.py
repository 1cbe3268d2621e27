"""The work: what was built becomes the store's next version."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kg.build.build import Build, input_digest
from kg.build.history import HISTORY
from kg.build.proposing import Evaluate, Proposal, commit, propose
from kg.diff import Patch, Side
from kg.domain import Iris, NonconformingError, Settings
from kg.locales import Message
from kg.rdf import ntriples
from kg.store import (
    Change,
    Evaluated,
    LocalEvaluator,
    Pending,
    Policy,
    Signature,
    Store,
    Version,
    refuse_named,
    refuse_touched,
    replace_file,
)
from kg.workers import check_targets, read_destinations

if TYPE_CHECKING:
    from kg.validation import Report

_BUILT = "built"


def propose_build(made: Build, settings: Settings, prefer: Side | None = None) -> Proposal:
    """Return what a build would change, with the changes made by hand since the last one on top; nothing is written.

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
    return propose(made.quads(), store_of(settings), Iris(settings.base_iri), prefer)


def publish(proposal: Proposal, report: Report, settings: Settings, signature: Signature) -> Version:
    """Make what a build proposed the current version, if it changes anything; ``report`` is that of the build.

    :raises UndecidedError: there are conflicts, and no side is preferred
    :raises NonconformingError: it does not conform together with the changes made by hand
    :raises PreconditionError: another version came to be meanwhile
    """
    validate = _evaluator(settings).change if proposal.has_changes_by_hand else _validated(report)
    version = commit(proposal, store_of(settings), signature, validate)
    digest = signature.facts["digest"]
    replace_file(settings.store / _BUILT, f"{digest}\n".encode("ascii"))
    return version


def build_signature(author: str, message: str, time: datetime, digest: str, settings: Settings) -> Signature:
    """Return the signature of a build."""
    return Signature(author, message, time, "build", {"digest": digest, "base_iri": settings.base_iri})


def store_of(settings: Settings) -> Store:
    """Return the store, with what the operator set for it."""
    return Store(settings.store, Policy.of(settings))


def _validated(report: Report) -> Evaluate:
    """Return what evaluates a changeset that was validated whole when it was built."""
    written = gzip.compress(ntriples(report.graph), mtime=0) if report.results else b""

    def evaluate(_base: Version | None, change: Change) -> Evaluated:
        return Evaluated(Pending(Patch.from_text(change.text), len(report.results), written), existed=True)

    return evaluate


def needs_build(store: Store, paths: tuple[Path, ...], settings: Settings) -> bool:
    """Say whether there is no version yet, or what the last build was made from has changed since."""
    if store.current() is None:
        return True
    digest = input_digest(paths, settings)
    if digest == _last_built(settings):  # asked first: the last build may be thousands of records back
        return False
    last = store.last("build")
    return last is not None and digest != last.facts.get("digest")


def _last_built(settings: Settings) -> str:
    """Return the digest of what the last build was made from, also where it changed nothing."""
    path = settings.store / _BUILT
    return path.read_text("ascii").strip() if path.is_file() else ""


def updated(text: str, settings: Settings, author: str, message: str, time: datetime) -> Version:
    """Make the next version by a SPARQL update, in this process.

    :raises ForbiddenError: the update would load from where the operator does not allow it, or change the history
    :raises NonconformingError: it brings a violation of the shapes
    """
    iris = Iris(settings.base_iri)
    base, history = iris.document("sparql"), iris.graph(HISTORY)
    change = Change("update", base, text=text)
    check_targets(change.reading, base, read_destinations(settings.allowed_hosts), isolated=False)
    refuse_named(change, history)

    evaluator = _evaluator(settings)

    def evaluate(base: Version | None) -> Pending:
        pending = evaluator.change(base, change).pending
        refuse_touched(pending.patch, history)
        return pending

    return store_of(settings).commit(evaluate, Signature(author, message, time, "update"))


def restored(number: int, settings: Settings, signature: Signature) -> Version:
    """Make the next version, which holds what an earlier one holds, in this process.

    :raises GoneError: the earlier version is expired
    :raises NonconformingError: it brings a violation of the shapes
    """
    evaluator = _evaluator(settings)

    def evaluate(base: Version, patch: Patch) -> Pending:
        change = Change("patch", Iris(settings.base_iri).document("sparql"), text=patch.to_text())
        return evaluator.change(base, change).pending

    return store_of(settings).restore(number, evaluate, signature)


def _evaluator(settings: Settings) -> LocalEvaluator:
    from kg.validation import Validator  # noqa: PLC0415 - it imports pySHACL, and a server starts without

    validator = Validator(settings.home, settings.base_iri)
    return LocalEvaluator(
        queried_graphs=Iris(settings.base_iri).queried_graphs(),
        validate=validator,
        in_every_form=settings.rdf_terms == "1.1",
    )
