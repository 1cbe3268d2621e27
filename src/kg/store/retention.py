"""Which versions are kept whole, which as changes, and which as a record alone; no files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from kg.settings import Settings
from kg.store.records import Record


@dataclass(frozen=True)
class Policy:
    """How many of the last versions are full, how many versions are kept, for how many days; None: all of them.

    The first version is full too, and every so many after it: what lies between is made whole in a tenth of a second.
    """

    keep_full: int = 8
    keep_versions: int | None = None
    keep_days: int | None = None
    every: int = 256

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """Return what the operator set."""
        return cls(settings.keep_full, settings.keep_versions, settings.keep_days)

    @property
    def prunes(self) -> bool:
        """Whether anything is ever pruned."""
        return self.keep_versions is not None or self.keep_days is not None

    def pruned(self, records: Sequence[Record], pinned: Collection[int], now: datetime) -> set[int]:
        """Return the numbers of what is not to be kept; ``records`` are all, the oldest first, the last is current."""
        found: set[int] = set()
        if self.keep_versions is not None:
            found.update(record.number for record in records[: -self.keep_versions])
        if self.keep_days is not None:
            before = now - timedelta(days=self.keep_days)
            following = pairwise(records)
            found.update(record.number for record, after in following if after.time < before)
        return found - set(pinned) - {record.number for record in records[-1:]}

    def full(self, numbers: Sequence[int]) -> set[int]:
        """Return which of the kept versions, in order, are to be full."""
        return {number for number in numbers if number % self.every == 1} | set(numbers[-max(self.keep_full, 1) :])
