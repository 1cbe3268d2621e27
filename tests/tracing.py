"""What strace tells of a commit: everything is on the disk before anybody hears of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg"


def strace(trace: Path, *options: str) -> list[str]:
    """Return the command that writes the calls of what follows it to a file; skip where nobody may trace."""
    found = shutil.which("strace")
    if found is None or subprocess.run([found, "-o", os.devnull, "true"], check=False).returncode:
        pytest.skip("strace is not there")
    return [found, "-f", "-y", "-s", "64", "-e", CALLS, "-o", str(trace), *options]


class Trace:
    """The calls that were made, in their order."""

    def __init__(self, file: Path) -> None:
        """Read what strace wrote."""
        self._calls = [line.split(" ", 1)[1].strip() for line in file.read_text("utf-8").splitlines()]

    def first(self, *words: str, after: int = 0) -> int:
        """Return the place of the first call, after another, in which these words stand.

        :raises StopIteration: there is none
        """
        calls = enumerate(self._calls)
        return next(place for place, call in calls if place > after and all(word in call for word in words))

    def known(self, store: Path, number: int) -> int:
        """Return from where on a commit is on the disk: its file was flushed, then its directory, then ``HEAD``."""
        name = f"{number:06}.rdfp.gz"
        synced = self.first("fsync", f"/.{name}.new>")
        placed = self.first("rename", f"/commits/{name}", after=synced)
        listed = self.first("fsync", "/commits>", after=placed)
        pointer = self.first("fsync", "/.HEAD.new>", after=listed)
        switched = self.first("rename", "/HEAD", after=pointer)
        return self.first("fsync", f"/{store.name}>", after=switched)
