"""The work: a build beside the current version → what it would change, with the changes made by hand on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kg.diff import Conflict, Patch, Side, merge_three_way
from kg.domain import Iris, Message, PreconditionError, StoreError, UndecidedError
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
"""Evaluates, proves and validates a change of a version (None: the empty graph)."""


@dataclass(frozen=True)
class BuildMerge:
    """What a build would make of the current version (``base``), and what it would have somebody decide.

    ``edition`` is what the build made of the page alone, ``outcome`` that with the changes made by hand on top, as
    lines of N-Quads; ``patch`` leads from the base to it. ``is_decided`` says whether a side was preferred.
    """

    base: Version | None
    edition: frozenset[str]
    outcome: frozenset[str]
    patch: Patch
    conflicts: tuple[Conflict, ...] = ()
    has_manual_changes: bool = False
    is_decided: bool = False


def merge_build(quads: bytes, store: Store, iris: Iris, prefer: Side | None = None) -> BuildMerge:
    """Put the changes made by hand since the last build on top of these N-Quads of a new one; write nothing.

    :raises GoneError: the last build was pruned and is not kept beside the versions
    :raises StoreError: what the last build made is damaged or lost
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
    """Make what was proposed the next version; where it changes nothing, the current one stays.

    ``evaluate`` proves and validates the changeset (kind ``patch``) that leads to the outcome.

    :raises UndecidedError: there are conflicts, and no side is preferred
    :raises NonconformingError: the outcome does not conform
    :raises PreconditionError: another version came to be meanwhile
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
    """Return the changeset of a proposal with the graphs that it creates and empties."""
    before = base.content().graphs if base else frozenset[str]()
    after = graphs_of(merge.outcome)
    patch = merge.patch
    emptied = before & graphs_of(patch.removed) - after
    return Patch.of(patch.added, patch.removed, created=after - before, dropped=emptied)


def has_manual_changes(store: Store) -> bool:
    """Say whether the current version is another than the last build made of the page alone, by the records."""
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
            Message(
                ko="직접 수정한 내용과 페이지의 내용을 구분할 수 없습니다: 마지막으로 만든 내용의 파일이 없습니다.",
                en="Changes by hand cannot be told from the page: the file of what the last build made is lost.",
            ),
            cure=Message(ko="백업에서 복원하십시오(kg restore-backup).", en="Restore a backup (kg restore-backup)."),
        )
    return store.version(last.number).content().quads


def _edition_of(store: Store, build: CommitInfo) -> str:
    return Editions(store.path).superseding(build.number) or build.facts.get("edition", "")


def _undecided(count: int) -> UndecidedError:
    return UndecidedError(
        Message(
            ko=f"직접 수정한 내용과 새 페이지가 서로 다른 곳이 {count}건 있습니다.",
            en=f"The changes made by hand and the new page disagree ({count} times).",
        ),
        cure=Message(
            ko="새 페이지를 따르려면 --prefer page, 직접 수정한 내용을 따르려면 --prefer hand를 지정하십시오.",
            en="Say whom to follow: --prefer page or --prefer hand.",
        ),
    )


def _concurrent_commit() -> PreconditionError:
    return PreconditionError(
        Message(ko="그 사이에 다른 판이 만들어졌습니다.", en="Another version came to be meanwhile."),
        cure=Message(
            ko="변경 내용을 다시 확인한 뒤 실행하십시오.", en="Look at the differences again, then repeat it."
        ),
    )
