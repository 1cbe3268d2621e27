"""Which versions expire, and which get a snapshot; no files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from kg.settings import Settings
from kg.store.records import Record

_MOST_COMMITS = 1024
"""How many commits a checkout replays at most; reading one takes about 0.1 ms."""
_FEW_QUADS = 25_000
_SHARE = 4
"""A snapshot is due when the commits since the last one changed a quarter of the version: the log at most doubles."""


@dataclass(frozen=True)
class Policy:
    """How many versions are kept, for how many days (None: all of them), and how many quads a version may have."""

    keep_versions: int | None = None
    keep_days: int | None = None
    capacity: int = 1_000_000

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """Return what the operator set."""
        return cls(settings.keep_versions, settings.keep_days, settings.capacity)

    @property
    def expires(self) -> bool:
        """Whether any version ever expires."""
        return self.keep_versions is not None or self.keep_days is not None

    def expired(self, records: Sequence[Record], pinned: Collection[int], now: datetime) -> set[int]:
        """Return the numbers of the versions that expire; ``records`` are all, oldest first, the last is current."""
        found: set[int] = set()
        if self.keep_versions is not None:
            found.update(record.number for record in records[: -self.keep_versions])
        if self.keep_days is not None:
            before = now - timedelta(days=self.keep_days)
            following = pairwise(records)
            found.update(record.number for record, after in following if after.time < before)
        return found - set(pinned) - {record.number for record in records[-1:]}

    def needs_snapshot(self, commits: Sequence[Record], size: int) -> bool:
        """Tell whether a snapshot is due: after these commits since the last one, at a version of so many quads."""
        changed = sum(record.added + record.removed for record in commits[1:])
        return len(commits) >= _MOST_COMMITS or changed >= max(_FEW_QUADS, size // _SHARE)
