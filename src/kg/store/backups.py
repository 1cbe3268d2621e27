"""Backup of a store to a tar file while it is in use, and restore from such a file."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.domain import InputFileError, StoreError
from kg.locales import Message
from kg.store.durable import sync, sync_tree
from kg.store.editions import FOLDER
from kg.store.layout import FORMER_POINTER

_FILES = ("FORMAT", "HEAD", "pins.json", "tokens.json", "built", "register.tsv", "audit.jsonl", "audit.jsonl.1")
_FOLDERS = ("commits", "snapshots", "reports", "damaged", FOLDER)
_POINTERS = ("HEAD", FORMER_POINTER)

_GROWING = frozenset({"audit.jsonl"})

IsRestored = Callable[[Path], bool]
"""Returns whether the current version of an extracted store can be checked out."""


@contextmanager
def atomic_file(file: Path) -> Iterator[Path]:
    """Yield a temporary path, and rename it to the file on success; on failure an older file stays."""
    path = file.with_name(f".{file.name}.new")
    try:
        yield path
        sync(path)
        path.replace(file)
        sync(file.parent)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def link_directory(store: Path) -> Iterator[Path]:
    """Yield a temporary directory inside the store, for hard links to its files."""
    frozen = Path(tempfile.mkdtemp(prefix=".backup-", dir=store))
    try:
        yield frozen
    finally:
        shutil.rmtree(frozen, ignore_errors=True)


def link_files(store: Path, frozen: Path) -> None:
    """Hard-link the files of a store into a directory; the caller holds the lock of the store.

    The audit log, which grows in place, is copied.
    """
    for path in _members(store):
        target = frozen / path.relative_to(store)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target) if path.name in _GROWING else target.hardlink_to(path)


def write(store: Path, file: Path) -> None:
    """Write the hard-linked files of a store to a tar file."""
    with tarfile.open(file, "w", format=tarfile.PAX_FORMAT) as archive:
        for path in _members(store):
            archive.add(path, str(path.relative_to(store)), recursive=False)


def _members(store: Path) -> Iterator[Path]:
    yield from (store / name for name in _FILES if (store / name).is_file())
    for folder in _FOLDERS:
        yield from (path for path in sorted((store / folder).glob("*")) if not path.name.startswith("."))


def verify_backup(file: Path, is_restored: IsRestored) -> None:
    """Verify a backup by restoring it to a temporary directory.

    :raises StoreError: it cannot be restored
    """
    with tempfile.TemporaryDirectory(prefix="kg-backup-") as elsewhere:
        _extract(file, Path(elsewhere))
        if not is_restored(Path(elsewhere)):
            raise _damaged(file)


def restore(file: Path, store: Path, is_restored: IsRestored) -> None:
    """Restore a store from a tar file into an empty or new directory.

    :raises StoreError: the directory is not empty, or the current version in the file is damaged
    :raises InputFileError: the file is no backup
    """
    if store.exists() and any(store.iterdir()):
        raise _not_empty(store)
    atomic_file = store / ".restoring"
    atomic_file.mkdir(parents=True)
    try:
        _extract(file, atomic_file)
        if not is_restored(atomic_file):
            raise _damaged(file)
        sync_tree(atomic_file)
        for path in sorted(atomic_file.iterdir(), key=lambda path: path.name in _POINTERS):
            path.rename(store / path.name)
            sync(store)
    finally:
        shutil.rmtree(atomic_file, ignore_errors=True)
    sync(store.parent)


def _extract(file: Path, target: Path) -> None:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(target, filter="data")
    except (tarfile.TarError, EOFError, FileNotFoundError, IsADirectoryError) as error:
        raise _no_backup(file, str(error)) from error
    if not any((target / name).is_file() for name in _POINTERS):
        raise _no_backup(file, f"it has no {_POINTERS[0]}")


def _damaged(file: Path) -> StoreError:
    return StoreError(
        Message("store.backup_damaged", file=file),
        cure=Message("store.backup_damaged_cure"),
    )


def _not_empty(store: Path) -> StoreError:
    return StoreError(
        Message("store.not_empty", store=store),
        cure=Message("store.not_empty_cure"),
    )


def _no_backup(file: Path, reason: str) -> InputFileError:
    return InputFileError(
        Message("store.not_a_backup", file=file, reason=reason),
        cure=Message("store.not_a_backup_cure"),
    )
