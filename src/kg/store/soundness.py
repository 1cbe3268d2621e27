"""Finding out whether the current version is as it was written, and what is served where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError, Message, StoreError
from kg.store.archive import SUMS, TRIPLES, Archive, damaged
from kg.store.checksums import damaged_files, is_sound, seal
from kg.store.contents import digest_of, flush
from kg.store.durable import fresh_directory, sync, sync_tree
from kg.store.opening import rebuild


@dataclass(frozen=True)
class Damage:
    """A version with a damaged file, and whether it could be made again from its changes; else it was set aside."""

    number: int
    files: tuple[str, ...]
    is_mended: bool

    def in_words(self) -> str:
        """Say it in one line."""
        done = "it was made again from its changes" if self.is_mended else "it was set aside, and is not served"
        return f"version {self.number} is damaged ({', '.join(self.files)}): {done}"


def find_damage(archive: Archive, number: int) -> list[str]:
    """Return the names of a version's files that are damaged or, for the triple store, missing.

    The versions of the first program have no checksums.
    """
    try:
        record = archive.record(number)
    except KgError:
        return ["version.json"]
    if not record.content:
        return []
    found = damaged_files(archive.directory(number), record.files)
    return found if archive.is_full(number) else [*found, TRIPLES]


def mend(archive: Archive, numbers: Sequence[int], number: int) -> None:
    """Make the triple store of a version again, and be sure that it holds what it held.

    :raises KgError: it cannot be made
    """
    directory = archive.directory(number)
    record = archive.record(number)
    archive.patch(number)
    with fresh_directory(archive.path) as fresh:
        rebuild(archive, numbers, number, fresh / TRIPLES, lambda start: is_sound(archive.directory(start)))
        if digest_of(fresh / TRIPLES) != record.content:
            raise damaged(number, TRIPLES)
        put_triples(fresh, directory)


def put_triples(fresh: Path, directory: Path) -> None:
    """Give a version the triple store that was made in a directory, durably, in the place of any it had."""
    flush(fresh / TRIPLES)
    seal(fresh)
    sync_tree(fresh)
    if (directory / TRIPLES).exists():
        (directory / TRIPLES).rename(fresh / "replaced")
    (fresh / SUMS).replace(directory / SUMS)
    (fresh / TRIPLES).rename(directory / TRIPLES)
    sync(directory)


def nothing_sound(path: Path) -> StoreError:
    """Return the error for a store without a version that could be served."""
    return StoreError(
        Message(ko=f"{path}에 손상되지 않은 판이 없습니다.", en=f"No version in {path} is undamaged."),
        cure=Message(
            ko="다른 디렉터리에 백업을 복원하십시오(kg restore-backup).",
            en="Restore a backup into another directory (kg restore-backup).",
        ),
    )
