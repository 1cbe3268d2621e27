"""The work: a build beside the current version → what it would change, with the changes made by hand on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kg.diff import Conflict, Patch, Side, meet
from kg.domain import Iris, PreconditionError, StoreError, UndecidedError
from kg.locales import Message
from kg.store import (
    Change,
    CommitInfo,
    Edition,
    Editions,
    Evaluated,
    Pending,
    Signature,
    Store,
    Version,
    as_stored,
    graphs_of,
)

Evaluate = Callable[[Version | None, Change], Evaluated]
"""Evaluates, proves and validates a change of a version (None: the empty graph)."""


@dataclass(frozen=True)
class Proposal:
    """What a build would make of the current version (``base``), and what it would have somebody decide.

    ``edition`` is what the build made of the page alone, ``outcome`` that with the changes made by hand on top, as
    lines of N-Quads; ``patch`` leads from the base to it. ``is_decided`` says whether a side was preferred.
    """

    base: Version | None
    edition: frozenset[str]
    outcome: frozenset[str]
    patch: Patch
    conflicts: tuple[Conflict, ...] = ()
    has_changes_by_hand: bool = False
    is_decided: bool = False


def propose(quads: bytes, store: Store, iris: Iris, prefer: Side | None = None) -> Proposal:
    """Put the changes made by hand since the last build on top of these N-Quads of a new one; write nothing.

    :raises GoneError: the last build was pruned and is not kept beside the versions
    :raises StoreError: what the last build made is damaged or lost
    """
    edition, base = frozenset(as_stored(quads)), store.current()
    if base is None:
        return Proposal(None, edition, edition, Patch.of(edition))
    current = base.content().quads
    last = _last_edition(store) if has_changes_by_hand(store) else current
    meeting = meet(last, current, edition, iris)
    outcome = meeting.outcome(prefer)
    return Proposal(
        base,
        edition,
        outcome,
        Patch.of(outcome - current, current - outcome),
        meeting.conflicts,
        has_changes_by_hand=last != current,
        is_decided=prefer is not None,
    )


def commit(proposal: Proposal, store: Store, signature: Signature, evaluate: Evaluate) -> Version:
    """Make what was proposed the next version; where it changes nothing, the current one stays.

    ``evaluate`` proves and validates the changeset (kind ``patch``) that leads to the outcome.

    :raises UndecidedError: there are conflicts, and no side is preferred
    :raises NonconformingError: the outcome does not conform
    :raises PreconditionError: another version came to be meanwhile
    """
    if proposal.conflicts and not proposal.is_decided:
        raise _undecided(len(proposal.conflicts))
    edition, last = Edition.of(proposal.edition), store.last("build")
    facts = {**signature.facts, "edition": edition.name}
    if proposal.outcome != proposal.edition:
        facts["by_hand"] = "true"

    def change(base: Version | None) -> Pending:
        Editions(store.path).keep(edition, beside=_edition_of(store, last) if last else "")
        patch = _with_graphs(proposal, base)
        if last and patch.is_empty:
            Editions(store.path).agree(last.number, edition)
        return evaluate(base, Change("patch", "", text=patch.to_text())).pending

    def only_if(current: Version | None) -> None:
        if (current and current.number) != (proposal.base and proposal.base.number):
            raise _overtaken()

    return store.commit(change, replace(signature, facts=facts), only_if=only_if)


def _with_graphs(proposal: Proposal, base: Version | None) -> Patch:
    """Return the changeset of a proposal with the graphs that it creates and empties."""
    before = base.content().graphs if base else frozenset[str]()
    after = graphs_of(proposal.outcome)
    patch = proposal.patch
    emptied = before & graphs_of(patch.removed) - after
    return Patch.of(patch.added, patch.removed, created=after - before, dropped=emptied)


def has_changes_by_hand(store: Store) -> bool:
    """Say whether the current version is another than the last build made of the page alone, by the records."""
    current, last = store.current(), store.last("build")
    if current is None or last is None:
        return current is not None
    is_same = current.number == last.number or (bool(last.content) and current.record.content == last.content)
    return not is_same or last.facts.get("by_hand") == "true"


def _last_edition(store: Store) -> frozenset[str]:
    last = store.last("build")
    if last is None:
        return frozenset()
    kept = Editions(store.path).lines(_edition_of(store, last))
    if kept is not None:
        return frozenset(kept)
    if last.facts.get("by_hand") == "true":
        raise StoreError(
            Message("build.edition_lost"),
            cure=Message("build.edition_lost_cure"),
        )
    return store.version(last.number).content().quads


def _edition_of(store: Store, build: CommitInfo) -> str:
    return Editions(store.path).agreed(build.number) or build.facts.get("edition", "")


def _undecided(count: int) -> UndecidedError:
    return UndecidedError(
        Message("build.conflicts", count=count),
        cure=Message("build.conflicts_cure"),
    )


def _overtaken() -> PreconditionError:
    return PreconditionError(
        Message("build.overtaken"),
        cure=Message("build.overtaken_cure"),
    )
