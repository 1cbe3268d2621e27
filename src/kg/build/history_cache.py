"""Cache of the serialized history graph."""

from __future__ import annotations

from bisect import bisect_right
from threading import Lock

from kg.build.history import version_lines
from kg.domain import Iris
from kg.store import Store, Version


class HistoryGraphCache:
    """Serializes each commit info once; the history of a version ends with its commit."""

    def __init__(self, store: Store, iris: Iris) -> None:
        """Read nothing yet."""
        self._store = store
        self._iris = iris
        self._lock = Lock()
        self._lines = bytearray()
        self._numbers: list[int] = []
        self._ends: list[int] = []

    def lines(self, version: Version) -> bytes:
        """Return the history up to a version, as N-Quads of the history graph."""
        with self._lock:
            if not self._numbers or self._numbers[-1] < version.number:
                self._read_on()
            place = bisect_right(self._numbers, version.number)
            return bytes(self._lines[: self._ends[place - 1]]) if place else b""

    def _read_on(self) -> None:
        last = self._numbers[-1] if self._numbers else 0
        for commit in self._store.commits():
            if commit.number > last:
                self._lines += version_lines(commit, self._iris)
                self._numbers.append(commit.number)
                self._ends.append(len(self._lines))
