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

    def known(self, version: Path) -> int:
        """Return from where on a version is on the disk: files were flushed, then directories, then the pointer."""
        synced = [self.first("fsync", f"/{name}>") for name in ("version.json", "changes.rdfp.gz", "oxigraph.sha256")]
        own = (file for file in (version / "oxigraph").iterdir() if file.stat().st_nlink == 1)
        synced += [self.first("fsync", f"/{file.name}>") for file in own]
        directories = [self.first("fsync", name, after=max(synced)) for name in ("/oxigraph>", "/.new-")]
        placed = self.first("rename", f"/versions/{version.name}", after=max(directories))
        versions = self.first("fsync", "/versions>", after=placed)
        pointer = self.first("fsync", "/.CURRENT.new>", after=versions)
        switched = self.first("rename", "/CURRENT", after=pointer)
        return self.first("fsync", f"/{version.parents[1].name}>", after=switched)
