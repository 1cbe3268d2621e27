"""The retention and snapshot policy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from kg.domain import Settings
from kg.store.commit_info import CommitInfo

_MOST_COMMITS = 64
"""Commits after which a snapshot is due: it bounds the loss by one damaged file; 1,000 small commits take 8 MB."""
_QUADS_FOR_A_COMMIT = 500
"""A large version may go one more commit per this many quads: writing a snapshot takes 6 µs per quad."""
_FEW_QUADS = 25_000
_SHARE = 4
"""A snapshot is due when the commits since the last one changed a quarter of the version: the log at most doubles."""


@dataclass(frozen=True)
class Policy:
    """How many versions are kept, for how many days (None: no limit), and how many quads a version may have."""

    keep_versions: int | None = None
    keep_days: int | None = None
    capacity: int = 1_000_000

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """Return the policy of the settings."""
        return cls(settings.keep_versions, settings.keep_days, settings.capacity)

    @property
    def expires(self) -> bool:
        """Whether any version ever expires."""
        return self.keep_versions is not None or self.keep_days is not None

    def expired(self, commits: Sequence[CommitInfo], pinned: Collection[int], now: datetime) -> set[int]:
        """Return the numbers of the versions that expire; ``commits`` are all, oldest first, the last is current."""
        found: set[int] = set()
        if self.keep_versions is not None:
            found.update(commit.number for commit in commits[: -self.keep_versions])
        if self.keep_days is not None:
            before = now - timedelta(days=self.keep_days)
            following = pairwise(commits)
            found.update(commit_info.number for commit_info, after in following if after.time < before)
        return found - set(pinned) - {commit.number for commit in commits[-1:]}

    def needs_snapshot(self, commits: Sequence[CommitInfo]) -> bool:
        """Return whether a snapshot is due after these commits, which are all since the last snapshot."""
        last = commits[-1]
        changed = sum(commit.added + commit.removed for commit in commits)
        many = max(_MOST_COMMITS, last.size // _QUADS_FOR_A_COMMIT)
        return last.kind == "build" or len(commits) >= many or changed >= max(_FEW_QUADS, last.size // _SHARE)
