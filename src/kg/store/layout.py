"""The format version of a store on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.domain import StoreError
from kg.locales import Message
from kg.store.durable import replace_file

FORMER_POINTER = "CURRENT"
"""The pointer to the current version in format 1, whose versions were RocksDB directories."""


@dataclass(frozen=True)
class Format:
    """The number of a store format, and its file."""

    number: int
    name: str = "FORMAT"

    def write(self, path: Path) -> None:
        """Write the file of a store."""
        replace_file(path / self.name, f"{self.number}\n".encode("ascii"))


FORMAT = Format(2)


def is_former(path: Path) -> bool:
    """Return whether a store is of format 1."""
    return (path / FORMER_POINTER).is_file() and not (path / "HEAD").exists()


def check_format(path: Path) -> None:
    """Refuse a store of a newer format.

    :raises StoreError: the format is newer than this program
    """
    try:
        number = int((path / FORMAT.name).read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return
    if number > FORMAT.number:
        raise StoreError(
            Message("store.newer_format", path=path, number=number),
            cure=Message("store.newer_format_cure", newest=FORMAT.number),
        )
