"""Numbers that several processes count together, in shared memory."""

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
    """A table with a row for each process, which alone writes to it; made before the processes are forked.

    A row outlives its process, so that totals never fall; another process may go on with it.

    >>> counters = Counters([("requests", "200")], rows=1)
    >>> counters.claim().add(("requests", "200"))
    >>> counters.total(("requests", "200"))
    1.0
    """

    def __init__(self, keys: Iterable[Key], rows: int = 1) -> None:
        """Make the table, all zero."""
        self._columns = {key: column for column, key in enumerate([_OWNER, *keys])}
        self._file = os.memfd_create("counters")
        length = rows * len(self._columns) * 8
        os.truncate(self._file, length)
        cells = memoryview(mmap.mmap(self._file, length)).cast("d")
        self._rows = [cells[start : start + len(self._columns)] for start in range(0, len(cells), len(self._columns))]

    def claim(self) -> Row:
        """Take a row for this process: its own, an unused one, or that of a process that ended."""
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
        """Return the sum of a number over all processes there ever were."""
        return float(sum(row[self._columns[key]] for row in self._rows))

    def present(self, key: Key) -> float:
        """Return the sum of a number over the processes that are alive."""
        return float(sum(row[self._columns[key]] for row in self._rows if row[0] and _is_alive(int(row[0]))))

    def totals(self, name: str) -> dict[Key, float]:
        """Return the totals that are not zero of all keys that begin with a name, without it."""
        totals = {key[1:]: self.total(key) for key in self._columns if key[:1] == (name,)}
        return {key: total for key, total in totals.items() if total}


class Row:
    """The numbers of one process."""

    def __init__(self, columns: dict[Key, int], cells: memoryview[float]) -> None:
        """Take the cells, in the order of the columns."""
        self._columns = columns
        self._cells = cells
        self._lock = threading.Lock()

    def add(self, key: Key, more: float = 1) -> None:
        """Add to a number; one that the table does not have is not counted."""
        column = self._columns.get(key)
        if column is not None:
            with self._lock:
                self._cells[column] += more

    def set(self, key: Key, value: float) -> None:
        """Set a number."""
        self._cells[self._columns[key]] = value


def _is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
