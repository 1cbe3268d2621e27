"""Durable files and file locks: write, fsync, rename."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.domain import BudgetError, StoreError
from kg.locales import Message

BUSY_SECONDS = 10.0
"""How long a writer waits for the lock: as long as a query may run by default."""
_PAUSE_SECONDS = 0.005
"""Polling interval: flock has no timeout."""
_SERVING_SECONDS = 1.0
"""How long the processes of a killed server may take to exit."""


def sync(path: Path) -> None:
    """Fsync a file or a directory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(directory: Path) -> None:
    """Fsync all files below a directory, then the directories, innermost first."""
    for folder, _, names in os.walk(directory, topdown=False):
        for name in names:
            sync(Path(folder) / name)
        sync(Path(folder))


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace a file atomically and durably: write, fsync, rename, fsync of the directory."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


@contextmanager
def exclusive_lock(path: Path, seconds: float = BUSY_SECONDS) -> Iterator[None]:
    """Hold an exclusive file lock, waiting up to ``seconds`` for it.

    :raises BudgetError: another process holds it for longer
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not lock_within(descriptor, seconds):
            raise _busy()
        yield
    finally:
        os.close(descriptor)


def lock_within(descriptor: int, seconds: float) -> bool:
    """Try to lock an open file exclusively for up to ``seconds``; return whether it succeeded."""
    deadline = time.monotonic() + seconds
    while not _locked(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def serving_lock(store: Path) -> Iterator[None]:
    """Hold the lock of the store's only server; a read-only store needs none.

    :raises StoreError: another server holds it
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(store / "serving", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES):
            raise
        yield
        return
    try:
        if not lock_within(descriptor, _SERVING_SECONDS):
            raise _already_serving(store)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def translated_disk_errors() -> Iterator[None]:
    """Translate errors of a full, read-only or failing disk, from the system or from the engine.

    :raises StoreError: the disk cannot be written
    """
    try:
        yield
    except OSError as error:
        for number, reason in _REASONS.items():
            if error.errno == number or os.strerror(number) in str(error):
                raise _unwritable(reason) from error
        raise


_REASONS = {
    errno.ENOSPC: Message("store.disk_full"),
    errno.EDQUOT: Message("store.quota_used"),
    errno.EFBIG: Message("store.file_too_large"),
    errno.EROFS: Message("store.read_only"),
    errno.EACCES: Message("store.no_permission"),
    errno.EIO: Message("store.disk_fails"),
}


def _unwritable(reason: Message) -> StoreError:
    return StoreError(
        Message("store.unwritable", reason=reason),
        cure=Message("store.unwritable_cure"),
    )


def _already_serving(store: Path) -> StoreError:
    return StoreError(
        Message("store.already_served", store=store),
        cure=Message("store.already_served_cure"),
    )


def _busy() -> BudgetError:
    return BudgetError(
        Message("store.busy"),
        cure=Message("store.busy_cure"),
    )
