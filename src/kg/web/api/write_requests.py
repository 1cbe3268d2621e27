"""Commits over HTTP: a change is evaluated and validated in an update process, then committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request

from kg.auth import AccessToken
from kg.build import HISTORY
from kg.diff import Patch
from kg.domain import RequestError
from kg.locales import Message
from kg.store import Change, CommitMetadata, PendingCommit, Version, refuse_changed_graph, refuse_named_graph
from kg.web.http.authorization import set_committed_version
from kg.web.http.preconditions import Preconditions
from kg.web.http.protocol import read_pairs
from kg.web.shutdown import COMMITMENT, Commitment
from kg.web.site import Site

OnlyIf = Callable[[Version | None], None]
"""What lets a change through on the current version, or raises ``PreconditionError``."""

_LONGEST_NOTE = 1000


@dataclass(frozen=True)
class CommitOutcome:
    """The outcome of a commit: the version, whether the graph existed before, and the number of warnings."""

    version: Version
    existed: bool
    warnings: int = 0

    def answered(self, status: int) -> Response:
        """Return the answer to a write, which tells of the warnings that went through with it."""
        response = Response(status=status)
        if self.warnings:
            response.headers["Kg-Warnings"] = str(self.warnings)
        return response


def write(site: Site, change: Change, token: AccessToken, only_if: OnlyIf) -> CommitOutcome:
    """Evaluate and commit a change; a refused change leaves the store unchanged.

    :raises ForbiddenError: it would change the history
    """
    history = site.iris.graph(HISTORY)
    refuse_named_graph(change, history)
    existed = False
    is_empty = True

    def evaluate(base: Version | None) -> PendingCommit:
        nonlocal existed, is_empty
        evaluated = site.evaluator.change(base, change)
        existed, is_empty = evaluated.existed, evaluated.pending.patch.is_empty
        refuse_changed_graph(evaluated.pending.patch, history)
        pass_commit_point()
        return evaluated.pending

    facts = {} if change.kind == "update" else {"graph": change.graph or "default"}
    metadata = CommitMetadata(token.name, note(), site.clock(), change.commit_kind, facts)
    with site.metrics.instrumentation.commit():
        version = site.store.commit(evaluate, metadata, only_if=only_if)
    if not is_empty:
        set_committed_version(version.number)
    return CommitOutcome(version, existed, 0 if is_empty else version.commit_info.warnings)


def restore(site: Site, number: int, token: AccessToken, only_if: OnlyIf) -> Version:
    """Commit the content of an earlier version again; do nothing if it is the current content.

    :raises GoneError: the version is expired
    """
    metadata = CommitMetadata(token.name, note(), site.clock(), "restore")

    def evaluate(base: Version, patch: Patch) -> PendingCommit:
        change = Change("patch", site.iris.document("sparql"), text=patch.to_text())
        pending = site.evaluator.change(base, change).pending
        pass_commit_point()
        return pending

    with site.metrics.instrumentation.commit():
        version = site.store.restore(number, evaluate, metadata, only_if=only_if)
    set_committed_version(version.number)
    return version


def pass_commit_point() -> None:
    """Pass the commit point: from now on the shutdown does not cancel the request.

    :raises BudgetError: it has refused it already, for it stops
    """
    commitment: Commitment | None = request.environ.get(COMMITMENT)
    if commitment:
        commitment.commit()


def preconditions() -> Preconditions:
    """Return what the request says of the state it is for."""
    return Preconditions(request.headers.get("If-Match", ""), request.headers.get("If-None-Match", ""))


def note() -> str:
    """Return the commit message: ``?message=``.

    :raises RequestError: it is too long
    """
    text = next((value for key, value in read_pairs(request.query_string) if key == "message"), "").strip()
    if len(text) > _LONGEST_NOTE:
        raise RequestError(
            Message("request.message_too_long"),
            cure=Message("request.message_too_long_cure", most=_LONGEST_NOTE),
        )
    return text
