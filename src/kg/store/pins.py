"""Pinned versions, which never expire."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.domain import NotFoundError, StoreError
from kg.locales import Message
from kg.store.durable import replace_file


@dataclass(frozen=True)
class Pin:
    """Who pinned a version, why, and when (as the caller wrote it)."""

    author: str
    message: str
    time: str


class Pins:
    """The file ``pins.json``; writers hold the lock of the store."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file; the first pin creates it."""
        self._path = path

    def listed(self) -> dict[int, Pin]:
        """Return the pins by version.

        :raises StoreError: the file is damaged
        """
        try:
            read = json.loads(self._path.read_bytes())
            return {int(number): Pin(**pin) for number, pin in read.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as error:
            raise _damaged(self._path) from error

    def set(self, number: int, pin: Pin | None) -> None:
        """Pin a version, or unpin it (None)."""
        pins = self.listed()
        if pin:
            pins[number] = pin
        else:
            pins.pop(number, None)
        written = {str(version): asdict(kept) for version, kept in sorted(pins.items())}
        replace_file(self._path, f"{json.dumps(written, ensure_ascii=False, indent=1)}\n".encode())


def _damaged(path: Path) -> StoreError:
    return StoreError(
        Message("store.pins_damaged", path=path),
        cure=Message("store.pins_damaged_cure"),
    )


def not_pinned(number: int) -> NotFoundError:
    """Return the error for a version that is not pinned."""
    return NotFoundError(
        Message("store.not_pinned", number=number),
        cure=Message("store.not_pinned_cure"),
    )
