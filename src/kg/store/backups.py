"""A whole store as one tar file, taken while it is in use; and a store made from such a file."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

from kg.errors import InputFileError, KgError, Message, StoreError
from kg.store.archive import RECORD, Archive
from kg.store.checksums import damaged_files
from kg.store.durable import sync, sync_tree
from kg.store.editions import FOLDER

_LINKED = ("CURRENT", "pins.json", "tokens.json", "built")
_COPIED = ("audit.jsonl",)
_POINTER = "CURRENT"


def link_all(store: Path, archive: Archive, numbers: tuple[int, ...], target: Path) -> None:
    """Give all files of a store a second name below a directory; whoever calls holds the lock of the store."""
    for name in _LINKED:
        if (store / name).is_file():
            os.link(store / name, target / name)
    for name in _COPIED:
        if (store / name).is_file():
            shutil.copy2(store / name, target / name)
    if (store / FOLDER).is_dir():
        shutil.copytree(store / FOLDER, target / FOLDER, copy_function=os.link)
    for number in numbers:
        shutil.copytree(archive.directory(number), target / "versions" / f"{number:06}", copy_function=os.link)


def pack(directory: Path, file: Path) -> None:
    """Write a directory into a tar file, put in place in one step when it is on the disk."""
    fresh = file.with_name(f".{file.name}.new")
    try:
        with tarfile.open(fresh, "w", format=tarfile.PAX_FORMAT) as archive:
            for path in sorted(directory.rglob("*")):
                archive.add(path, str(path.relative_to(directory)), recursive=False)
        sync(fresh)
        fresh.replace(file)
        sync(file.parent)
    finally:
        fresh.unlink(missing_ok=True)


def unpack(file: Path, store: Path) -> None:
    """Make a store of a tar file, in a directory that is empty or not there yet.

    :raises StoreError: the directory is not empty, or a version in the file is damaged
    :raises InputFileError: the file is no backup
    """
    if store.exists() and any(store.iterdir()):
        raise _not_empty(store)
    fresh = store / ".restoring"
    fresh.mkdir(parents=True)
    try:
        _extract(file, fresh)
        _verify(file, fresh)
        sync_tree(fresh)
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == _POINTER):
            path.rename(store / path.name)
            sync(store)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    sync(store.parent)


def _extract(file: Path, target: Path) -> None:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(target, filter="data")
    except (tarfile.TarError, EOFError, FileNotFoundError, IsADirectoryError) as error:
        raise _no_backup(file, str(error)) from error
    if not (target / _POINTER).is_file():
        raise _no_backup(file, f"it has no {_POINTER}")


def _verify(file: Path, target: Path) -> None:
    found = list(_damage(Archive(target / "versions")))
    if found:
        raise StoreError(
            Message(ko=f"백업이 손상되었습니다: {', '.join(found)}.", en=f"{file} is damaged: {', '.join(found)}."),
            cure=Message(ko="다른 백업을 쓰십시오.", en="Use another backup."),
        )


def _damage(archive: Archive) -> Iterator[str]:
    for path in sorted(archive.path.iterdir()):
        number = int(path.name)
        try:
            record = archive.record(number)
        except KgError:
            yield f"{path.name}/{RECORD}"
            continue
        if record.content:
            kept = record.files if archive.is_kept(number) else {}
            yield from (f"{path.name}/{name}" for name in damaged_files(path, kept))


def _not_empty(store: Path) -> StoreError:
    return StoreError(
        Message(ko=f"{store}가 비어 있지 않습니다.", en=f"{store} is not empty."),
        cure=Message(ko="KG_STORE로 빈 디렉터리를 지정하십시오.", en="Name an empty directory with KG_STORE."),
    )


def _no_backup(file: Path, reason: str) -> InputFileError:
    return InputFileError(
        Message(ko=f"백업 파일이 아닙니다: {file} ({reason}).", en=f"{file} is no backup: {reason}."),
        cure=Message(ko="kg backup으로 만든 파일을 지정하십시오.", en="Give a file that 'kg backup' wrote."),
    )
