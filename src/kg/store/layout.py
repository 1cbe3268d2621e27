"""The format version of a store on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.domain import Message, StoreError
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
            Message(
                ko=f"{path}는 더 새로운 프로그램이 쓴 저장소입니다(형식 {number}).",
                en=f"The store {path} was written by a newer version of this program (format {number}).",
            ),
            cure=Message(
                ko=f"프로그램을 새 판으로 올리십시오. 이 프로그램은 형식 {FORMAT.number}까지 읽습니다.",
                en=f"Upgrade the program: this one reads formats up to {FORMAT.number}.",
            ),
        )
