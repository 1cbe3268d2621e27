"""Durable files and file locks: write, fsync, rename."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.domain import BudgetError, Message, StoreError

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
    errno.ENOSPC: Message(ko="디스크가 가득 찼습니다", en="The disk is full"),
    errno.EDQUOT: Message(ko="디스크 할당량을 다 썼습니다", en="The disk quota is used up"),
    errno.EFBIG: Message(ko="파일이 허용된 크기를 넘었습니다", en="A file grew larger than it may"),
    errno.EROFS: Message(ko="저장소가 읽기 전용입니다", en="The store is on a read-only file system"),
    errno.EACCES: Message(ko="저장소에 쓸 권한이 없습니다", en="The store may not be written"),
    errno.EIO: Message(ko="디스크 입출력 오류입니다", en="The disk fails"),
}


def _unwritable(reason: Message) -> StoreError:
    return StoreError(
        Message(ko=f"{reason.ko}. 바뀐 것은 없습니다.", en=f"{reason.en}; nothing was changed."),
        cure=Message(
            ko="공간과 권한을 확보한 뒤 다시 시도하십시오.", en="Make room or give the permission, then do it again."
        ),
    )


def _already_serving(store: Path) -> StoreError:
    return StoreError(
        Message(ko=f"다른 서버가 이미 {store}를 서비스하고 있습니다.", en=f"Another server already serves {store}."),
        cure=Message(
            ko="그 서버를 멈추거나 KG_STORE로 다른 디렉터리를 지정하십시오.",
            en="Stop it, or name another directory with KG_STORE.",
        ),
    )


def _busy() -> BudgetError:
    return BudgetError(
        Message(ko="다른 쓰기 작업이 끝나지 않았습니다.", en="Another writer is busy and does not finish."),
        cure=Message(ko="잠시 후 다시 시도하십시오.", en="Do it again a little later."),
    )
