"""Files that survive a power cut: written, flushed to the disk, then put in place in one step."""

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
def exclusive_lock(path: Path, seconds: float = BUSY_SECONDS) -> Iterator[None]:
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
def serving_lock(store: Path) -> Iterator[None]:
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
def translated_disk_errors() -> Iterator[None]:
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
