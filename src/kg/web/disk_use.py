"""The size of a store on the disk, for the metrics."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

_DISK_SECONDS = 30.0
"""How long the size of the store is kept: measuring it reads the entry of each of its files."""
_BLOCK = 512


class DiskUse:
    """The disk usage of a directory; hard links count once."""

    def __init__(self, directory: Path) -> None:
        """Take the directory."""
        self._directory = directory
        self._measured = (-_DISK_SECONDS, 0)

    def bytes(self) -> int:
        """Return its size in bytes, at most 30 s old."""
        when, taken = self._measured
        now = time.monotonic()
        if now - when >= _DISK_SECONDS:
            taken = sum(_blocks(self._directory).values()) * _BLOCK
            self._measured = (now, taken)
        return taken


def _blocks(directory: Path) -> dict[tuple[int, int], int]:
    """Return the blocks of each file by device and inode; files removed meanwhile are left out."""
    found: dict[tuple[int, int], int] = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(OSError):
                status = Path(folder, name).lstat()
                found[status.st_dev, status.st_ino] = status.st_blocks
    return found
