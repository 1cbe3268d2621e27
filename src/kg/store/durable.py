"""Files that survive a power cut: written, flushed to the disk, then put in place in one step."""

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
"""How long a writer waits for another one."""
_PAUSE_SECONDS = 0.005
_SERVING_SECONDS = 1.0
"""How long the processes of a server that was killed may take to end."""


def sync(path: Path) -> None:
    """Flush a file or a directory to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(directory: Path) -> None:
    """Flush every file below a directory to the disk, then every directory, innermost first."""
    for folder, _, names in os.walk(directory, topdown=False):
        for name in names:
            sync(Path(folder) / name)
        sync(Path(folder))


def replace_file(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace a file in one step: a reader sees the old content or the new, and so does a restart."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


@contextmanager
def exclusive(path: Path, seconds: float = BUSY_SECONDS) -> Iterator[None]:
    """Hold a lock that only one process of the machine has at a time, waiting for it so many seconds.

    :raises BudgetError: another one holds it for longer
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not lock_within(descriptor, seconds):
            raise _busy()
        yield
    finally:
        os.close(descriptor)


def lock_within(descriptor: int, seconds: float) -> bool:
    """Lock an open file for us alone, waiting so many seconds; tell whether it was done."""
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
def serving(store: Path) -> Iterator[None]:
    """Be the one that serves a store; one that cannot be written needs no lock.

    :raises StoreError: another one serves it
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
def writing() -> Iterator[None]:
    """Translate what a full or read-only disk raises, from the system or from the engine.

    :raises StoreError: it cannot be written
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
