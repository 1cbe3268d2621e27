"""The sha256 of each file of a triple store: taken when it is made, compared when it is to be trusted."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from kg.store.archive import SUMS, TRIPLES

_TRANSIENT = ("LOG*", "LOCK", "IDENTITY", "OPTIONS-*", "*.log")
"""What the engine writes beside its data: words for people, its options, and logs of what is flushed already."""


def seal(directory: Path, base: Path | None = None) -> None:
    """Write the checksums of a version's triple store, as ``sha256sum`` does.

    ``base`` is the directory of the version it is a clone of: a file that both share is not read again.
    """
    for name in _files(directory):
        if any(fnmatch(name, pattern) for pattern in _TRANSIENT):
            (directory / TRIPLES / name).unlink()
    known, shared = (_read(base), _files(base)) if base else ({}, {})
    lines = []
    for name, number in sorted(_files(directory).items()):
        path = f"{TRIPLES}/{name}"
        is_known = path in known and shared.get(name) == number
        lines.append(f"{known[path] if is_known else sha256(directory / path)}  {path}\n")
    (directory / SUMS).write_text("".join(lines), "utf-8")


def damaged_files(directory: Path, files: Mapping[str, str]) -> list[str]:
    """Return the names of what is not as it was: of ``files``, and the triple store where there is one."""
    found = [name for name, digest in files.items() if not _is_sound(directory / name, digest)]
    if (directory / TRIPLES).exists() and not is_sound(directory):
        found.append(TRIPLES)
    return found


def is_sound(directory: Path) -> bool:
    """Tell whether a version's triple store is as it was written."""
    known = _read(directory)
    return bool(known) and all(_is_sound(directory / name, digest) for name, digest in known.items())


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(directory: Path) -> dict[str, str]:
    try:
        rows = (directory / SUMS).read_text("utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    return {name: digest for digest, _, name in (row.partition("  ") for row in rows)}


def _files(directory: Path) -> dict[str, int]:
    """Return the files of a version's triple store, each with its number on the disk, which its other names share."""
    try:
        with os.scandir(directory / TRIPLES) as entries:
            return {entry.name: entry.inode() for entry in entries}
    except FileNotFoundError:
        return {}


def _is_sound(path: Path, digest: str) -> bool:
    try:
        return sha256(path) == digest
    except OSError:
        return False
