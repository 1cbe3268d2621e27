"""Signatures and versions for tests; no clock."""

from collections.abc import Mapping
from datetime import UTC, datetime

from kg.store.contents import replacing
from kg.store.records import Signature
from kg.store.versions import Store, Version

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SIGNATURE = Signature("test", "why", MOMENT, "build")


def published(store: Store, quads: bytes, facts: Mapping[str, str] | None = None) -> Version:
    """Make these quads the current version."""
    return store.commit(replacing(quads), Signature("test", "why", MOMENT, "build", facts or {}))
