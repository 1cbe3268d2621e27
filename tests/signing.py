"""Signatures and commits for tests; no clock, no engine."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from kg.diff import Checkout, Content, Patch
from kg.store import CommitMetadata, PendingCommit, Store, Version, canonical_lines, graphs_of

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SIGNATURE = CommitMetadata("test", "why", MOMENT, "build")
UPDATE = CommitMetadata("test", "why", MOMENT, "update")

Commit = Callable[[Version | None], PendingCommit]


def published(store: Store, quads: bytes, facts: Mapping[str, str] | None = None) -> Version:
    """Make these quads the current version."""
    return store.commit(replacing(quads), CommitMetadata("test", "why", MOMENT, "build", facts or {}))


def replacing(quads: bytes) -> Commit:
    """Return what commits these quads in the place of all that there are."""
    lines = frozenset(canonical_lines(quads))

    def change(base: Version | None) -> PendingCommit:
        return PendingCommit(_content(base).changes_to(Content(lines, graphs_of(lines))))

    return change


def patching(patch: Patch) -> Commit:
    """Return what commits a patch, of which only that counts which changes something."""

    def change(base: Version | None) -> PendingCommit:
        before = _content(base)
        after = before.after(patch, Patch(created=tuple(graphs_of(patch.added))))
        return PendingCommit(before.changes_to(after))

    return change


def held_by(version: Version | None) -> bytes:
    """Return what a version holds, as sorted N-Quads."""
    assert version
    return version.content().to_nquads()


def checkout_of(content: Content) -> Checkout:
    """Return the checkout of a version with this content."""
    return Checkout(patch=Content().changes_to(content))


def _content(base: Version | None) -> Content:
    return base.content() if base else Content()
