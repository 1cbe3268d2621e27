"""Commits for the metrics: their outcomes, how long they and their validation took, and the size of the store."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import KgError

_DISK_SECONDS = 30.0
"""How long the size of the store is kept: measuring it reads the entry of each of its files."""
_BLOCK = 512


class CommitTally:
    """Counts commits by outcome (``committed``, ``failed``, or the name of a problem), and their seconds."""

    def __init__(self) -> None:
        """Begin with none."""
        self.outcomes: Counter[str] = Counter()
        self.seconds = 0.0
        self.validations = 0
        self.validation_seconds = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def commit(self) -> Iterator[None]:
        """Count a commit that is made in this block, from waiting for its turn until it is on the disk."""
        began = time.perf_counter()
        outcome = "failed"
        try:
            yield
            outcome = "committed"
        except KgError as error:
            outcome = error.problem
            raise
        finally:
            with self._lock:
                self.outcomes[outcome] += 1
                self.seconds += time.perf_counter() - began

    @contextmanager
    def validation(self) -> Iterator[None]:
        """Count the validation of a commit."""
        began = time.perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self.validations += 1
                self.validation_seconds += time.perf_counter() - began


class DiskUse:
    """What a directory takes on the disk; a file with several names counts once."""

    def __init__(self, directory: Path) -> None:
        """Name the directory."""
        self._directory = directory
        self._measured = (-_DISK_SECONDS, 0)

    def bytes(self) -> int:
        """Return the bytes that it takes, at most half a minute old."""
        when, taken = self._measured
        now = time.monotonic()
        if now - when >= _DISK_SECONDS:
            taken = sum(_blocks(self._directory).values()) * _BLOCK
            self._measured = (now, taken)
        return taken


def _blocks(directory: Path) -> dict[tuple[int, int], int]:
    """Return the blocks of each file, by device and inode; what goes away meanwhile is left out."""
    found: dict[tuple[int, int], int] = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(OSError):
                status = Path(folder, name).lstat()
                found[status.st_dev, status.st_ino] = status.st_blocks
    return found
