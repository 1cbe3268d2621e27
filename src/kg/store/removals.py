"""An index of the commits that removed statements, by subject."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import suppress
from threading import Lock

from kg.diff import Patch
from kg.domain import GoneError, StoreError
from kg.store.versions import Store


class Removals:
    """Index from subject to the commits that removed statements about it; each changeset is read once."""

    def __init__(self, store: Store, base_iri: str) -> None:
        """Read nothing yet; only subjects under the base IRI are indexed."""
        self._store = store
        self._start = f"<{base_iri}"
        self._lock = Lock()
        self._last_read = 0
        self._commits: dict[str, list[int]] = {}

    def last(self, iri: str, number: int) -> int | None:
        """Return the last commit up to a version that removed a statement about a subject, or None."""
        with self._lock:
            self._read_on()
            commits = self._commits.get(iri, [])
        place = bisect_right(commits, number)
        return commits[place - 1] if place else None

    def _read_on(self) -> None:
        for commit in self._store.commits():
            if commit.number <= self._last_read:
                continue
            self._last_read = commit.number
            if commit.removed:
                with suppress(GoneError, StoreError):  # an expired or damaged version cannot be shown anyway
                    self._add(commit.number, self._store.patch(commit.number))

    def _add(self, number: int, patch: Patch) -> None:
        lines = (line for line in patch.removed if line.startswith(self._start))
        for thing in {line[1:].partition("> ")[0] for line in lines}:
            self._commits.setdefault(thing, []).append(number)
