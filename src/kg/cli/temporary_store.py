"""A store for a server that has no place for one: its changes end with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.domain import StoreError
from kg.locales import Message


def is_writable(store: Path) -> bool:
    """Return whether a store can be written, or created."""
    path = store.absolute()
    while not path.exists():
        path = path.parent
    return os.access(path, os.W_OK | os.X_OK)


@contextmanager
def temporary_store(place: Path) -> Iterator[Path]:
    """Make a temporary directory for a store; remove it in the end.

    :raises StoreError: no directory can be written, neither the place nor a temporary one
    """
    try:
        folder = TemporaryDirectory(prefix="kg-")
    except OSError as error:
        raise StoreError(
            Message("command.no_place", place=place),
            cure=Message("command.no_place_cure"),
        ) from error
    with folder as path:
        yield Path(path)


def temporary_store_in_words(place: Path, store: Path) -> tuple[str, str]:
    """Return the warning, in English and Korean."""
    warning = Message("command.temporary_store", place=place, store=store)
    return f"{warning}", f"   {warning.in_language('ko')}"
