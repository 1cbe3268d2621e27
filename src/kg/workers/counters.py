"""Counters in shared memory that several processes add to."""

from __future__ import annotations

import fcntl
import mmap
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

Key = tuple[str, ...]
_OWNER: Key = ()


class Counters:
    """A table in shared memory with one row per process; created before the processes are forked.

    Only its owner writes to a row. A row outlives its process, so that totals never fall; a later process reuses it.

        >>> counters = Counters([("requests", "200")], rows=1)
        >>> counters.claim().add(("requests", "200"))
        >>> counters.total(("requests", "200"))
        1.0
    """

    def __init__(self, keys: Iterable[Key], rows: int = 1) -> None:
        """Create the table, all zero."""
        self._columns = {key: column for column, key in enumerate([_OWNER, *keys])}
        self._file = os.memfd_create("counters")
        length = rows * len(self._columns) * 8
        os.truncate(self._file, length)
        cells = memoryview(mmap.mmap(self._file, length)).cast("d")
        self._rows = [cells[start : start + len(self._columns)] for start in range(0, len(cells), len(self._columns))]

    def claim(self) -> Row:
        """Claim a row for this process: its own, an unused one, or one of a dead process."""
        with self._locked():
            process = os.getpid()
            free = next(row for row in self._rows if row[0] in (0, process) or not _is_alive(int(row[0])))
            free[0] = process
            return Row(self._columns, free)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def total(self, key: Key) -> float:
        """Return the sum of a counter over all processes, dead ones included."""
        return float(sum(row[self._columns[key]] for row in self._rows))

    def present(self, key: Key) -> float:
        """Return the sum of a counter over the live processes."""
        return float(sum(row[self._columns[key]] for row in self._rows if row[0] and _is_alive(int(row[0]))))

    def totals(self, name: str) -> dict[Key, float]:
        """Return the non-zero totals of the keys that begin with a name, without that name."""
        totals = {key[1:]: self.total(key) for key in self._columns if key[:1] == (name,)}
        return {key: total for key, total in totals.items() if total}


class Row:
    """The counters of one process."""

    def __init__(self, columns: dict[Key, int], cells: memoryview[float]) -> None:
        """Take the cells, in the order of the columns."""
        self._columns = columns
        self._cells = cells
        self._lock = threading.Lock()

    def add(self, key: Key, more: float = 1) -> None:
        """Increment a counter; ignore a key that the table does not have."""
        column = self._columns.get(key)
        if column is not None:
            with self._lock:
                self._cells[column] += more

    def set(self, key: Key, value: float) -> None:
        """Set a gauge."""
        self._cells[self._columns[key]] = value


def _is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
