"""``HEAD``: the number of the current version, and the digest of its commit info."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from kg.store.commit_info import CommitInfo
from kg.store.durable import replace_file

HEAD = "HEAD"
_CONTENT = re.compile(r"(\d{6,}) ([0-9a-f]{64})\n")


class Pointer(NamedTuple):
    """The content of ``HEAD``."""

    number: int
    digest: str


def read_head(path: Path) -> Pointer:
    """Read ``HEAD`` of a store.

    :raises ValueError: it is damaged
    """
    found = _CONTENT.fullmatch((path / HEAD).read_text("ascii"))
    if not found or not int(found[1]):
        raise ValueError("HEAD is damaged")
    return Pointer(int(found[1]), found[2])


def write_head(path: Path, commit_info: CommitInfo) -> None:
    """Replace ``HEAD`` of a store durably."""
    replace_file(path / HEAD, f"{commit_info.number:06} {commit_info.digest}\n".encode("ascii"))
