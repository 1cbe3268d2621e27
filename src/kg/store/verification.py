"""Findings of the verification of a store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.domain import StoreError
from kg.locales import Message
from kg.store.pointer import HEAD


@dataclass(frozen=True)
class Corruption:
    """A damaged file of a version; a lost version cannot be checked out any more."""

    number: int
    file: str
    is_lost: bool = False

    @property
    def is_of_head(self) -> bool:
        """Whether it affects the current version."""
        return self.is_lost or self.file == HEAD

    def in_words(self) -> str:
        """Describe it in one line."""
        if self.is_lost:
            return f"version {self.number} is lost: it cannot be checked out; restore a backup (kg restore-backup)"
        return f"version {self.number}: {self.file} is damaged"


def no_intact_version(path: Path) -> StoreError:
    """Return the error for a store without an intact version."""
    return StoreError(
        Message("store.all_damaged", path=path),
        cure=Message("store.restore_other_cure"),
    )
