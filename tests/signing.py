"""Signatures and versions for tests; no clock."""

from collections.abc import Mapping
from datetime import UTC, datetime

from kg.store.contents import graphs_of
from kg.store.patches import Content
from kg.store.records import Signature
from kg.store.versions import Pending, Store, Version

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SIGNATURE = Signature("test", "why", MOMENT, "build")


def published(store: Store, quads: bytes, facts: Mapping[str, str] | None = None) -> Version:
    """Make these quads the current version."""
    lines = frozenset(filter(None, quads.decode().split("\n")))

    def evaluate(current: Version | None) -> Pending:
        before = current.content() if current else Content()
        return Pending(before.changes_to(Content(lines, graphs_of(lines))))

    return store.commit(evaluate, Signature("test", "why", MOMENT, "build", facts or {}))
