"""Three-way merge of a build with the manual changes since the last build, and its commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kg.diff import Conflict, Patch, Side, merge_three_way
from kg.domain import Iris, PreconditionError, StoreError, UndecidedError
from kg.locales import Message
from kg.store import (
    Change,
    CommitInfo,
    CommitMetadata,
    Edition,
    Editions,
    EvaluatedChange,
    PendingCommit,
    Store,
    Version,
    canonical_lines,
    graphs_of,
)

Evaluate = Callable[[Version | None, Change], EvaluatedChange]
"""Evaluates, checks and validates a change of a version (None: the empty graph)."""


@dataclass(frozen=True)
class BuildMerge:
    """A build merged with the manual changes of the current version (``base``), and the conflicts.

    ``edition`` is the output of the build, ``outcome`` the merge, as N-Quads lines; ``patch`` is the changeset from the
    base to the outcome. ``is_decided`` is whether a side was preferred.
    """

    base: Version | None
    edition: frozenset[str]
    outcome: frozenset[str]
    patch: Patch
    conflicts: tuple[Conflict, ...] = ()
    has_manual_changes: bool = False
    is_decided: bool = False


def merge_build(quads: bytes, store: Store, iris: Iris, prefer: Side | None = None) -> BuildMerge:
    """Merge the N-Quads of a new build with the manual changes since the last build; write nothing.

    :raises GoneError: the version of the last build is expired, and its edition is not kept
    :raises StoreError: the edition of the last build is damaged or lost
    """
    edition, base = frozenset(canonical_lines(quads)), store.current()
    if base is None:
        return BuildMerge(None, edition, edition, Patch.of(edition))
    current = base.content().quads
    last = _last_edition(store) if has_manual_changes(store) else current
    merged = merge_three_way(last, current, edition, iris)
    outcome = merged.outcome(prefer)
    return BuildMerge(
        base,
        edition,
        outcome,
        Patch.of(outcome - current, current - outcome),
        merged.conflicts,
        has_manual_changes=last != current,
        is_decided=prefer is not None,
    )


def commit_merge(merge: BuildMerge, store: Store, metadata: CommitMetadata, evaluate: Evaluate) -> Version:
    """Commit a merge; an empty changeset leaves the current version.

    ``evaluate`` checks and validates the changeset (kind ``patch``) from the base to the outcome.

    :raises UndecidedError: there are conflicts, and no side is preferred
    :raises NonconformingError: the outcome does not conform
    :raises PreconditionError: another version was committed meanwhile
    """
    if merge.conflicts and not merge.is_decided:
        raise _undecided(len(merge.conflicts))
    edition, last = Edition.of(merge.edition), store.last("build")
    facts = {**metadata.facts, "edition": edition.name}
    if merge.outcome != merge.edition:
        facts["by_hand"] = "true"

    def change(base: Version | None) -> PendingCommit:
        Editions(store.path).keep(edition, beside=_edition_of(store, last) if last else "")
        patch = _with_graphs(merge, base)
        if last and patch.is_empty:
            Editions(store.path).supersede(last.number, edition)
        return evaluate(base, Change("patch", "", text=patch.to_text())).pending

    def only_if(current: Version | None) -> None:
        if (current and current.number) != (merge.base and merge.base.number):
            raise _concurrent_commit()

    return store.commit(change, replace(metadata, facts=facts), only_if=only_if)


def _with_graphs(merge: BuildMerge, base: Version | None) -> Patch:
    """Return the changeset of a merge with the graphs that it creates and drops."""
    before = base.content().graphs if base else frozenset[str]()
    after = graphs_of(merge.outcome)
    patch = merge.patch
    emptied = before & graphs_of(patch.removed) - after
    return Patch.of(patch.added, patch.removed, created=after - before, dropped=emptied)


def has_manual_changes(store: Store) -> bool:
    """Return whether the current version differs from the output of the last build, by the commit infos alone."""
    current, last = store.current(), store.last("build")
    if current is None or last is None:
        return current is not None
    is_same = current.number == last.number or (bool(last.content) and current.commit_info.content == last.content)
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
    return Editions(store.path).superseding(build.number) or build.facts.get("edition", "")


def _undecided(count: int) -> UndecidedError:
    return UndecidedError(
        Message("build.conflicts", count=count),
        cure=Message("build.conflicts_cure"),
    )


def _concurrent_commit() -> PreconditionError:
    return PreconditionError(
        Message("build.overtaken"),
        cure=Message("build.overtaken_cure"),
    )
