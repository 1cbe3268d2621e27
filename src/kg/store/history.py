"""Reading a store: the current version, the ones before it, what is remembered of them, what changed between them."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from kg.errors import KgError, Message, StoreError
from kg.store.archive import RECORD, TRIPLES, Archive, gone, no_version
from kg.store.contents import differing
from kg.store.opening import make_whole
from kg.store.patches import Patch
from kg.store.records import Kind, Record

_LOG = logging.getLogger(__name__)
_FEW = 4
_MOST_BYTES = 16 * 2**10
_MOST_LETTERS = 64 * 2**10


@dataclass(frozen=True)
class Version:
    """One immutable version: the directory of its record, and its triple store, to be opened read-only."""

    path: Path
    oxigraph: Path

    @property
    def number(self) -> int:
        """The number of the version, from 1."""
        return int(self.path.name)

    @cached_property
    def record(self) -> Record:
        """What is remembered of the version."""
        return Record.from_bytes((self.path / RECORD).read_bytes(), self.number)

    @property
    def facts(self) -> Mapping[str, str]:
        """What was said of the version when it was made, such as the digest of its sources."""
        return self.record.facts

    @cached_property
    def identity(self) -> str:
        """What tells this version from any other: a digest of its record, which has the digests of all its files."""
        return hashlib.sha256((self.path / RECORD).read_bytes()).hexdigest()

    @cached_property
    def modified(self) -> int:
        """When the version was made: seconds since 1970."""
        return int(self.record.time.timestamp())


class History:
    """The versions of a store, up to the current one."""

    def __init__(self, path: Path) -> None:
        """Name the directory; nothing is read yet."""
        self.path = path
        self.archive = Archive(path / "versions")
        self._pointer = str(path / "CURRENT")
        self._current: tuple[tuple[int, int], Version] | None = None

    def current(self) -> Version | None:
        """Return the current version, or None before the first; a change by another process is seen at once."""
        try:
            status = os.stat(self._pointer)  # noqa: PTH116 - asked before every answer; a Path takes three times as long
        except FileNotFoundError:
            return None
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._current is None or self._current[0] != stamp:
            try:
                number = int(Path(self._pointer).read_text("ascii"))
            except ValueError as error:
                raise no_pointer(self.path) from error
            directory = self.archive.directory(number)
            self._current = (stamp, Version(directory, directory / TRIPLES))
        return self._current[1]

    def version(self, number: int) -> Version:
        """Return the version with that number; one that is kept as changes is made whole again.

        :raises NotFoundError: there never was one
        :raises GoneError: it was pruned
        :raises StoreError: what it would be made from is damaged
        """
        if number not in self._numbers():
            raise no_version(number)
        directory = self.archive.directory(number)
        if self.archive.is_full(number):
            return Version(directory, directory / TRIPLES)
        if not self.archive.is_kept(number):
            raise gone(number)
        return Version(directory, make_whole(self.archive, self._numbers(), number, self.path / "opened"))

    def records(self) -> tuple[Record, ...]:
        """Return what is remembered of every version there ever was, the oldest first."""
        return tuple(self.archive.record(number) for number in self._numbers())

    def last(self, kind: Kind) -> Record | None:
        """Return what is remembered of the newest version of a kind, or None."""
        records = map(self.archive.record, reversed(self._numbers()))
        return next((record for record in records if record.kind == kind), None)

    def at(self, moment: datetime) -> Version:
        """Return the version that was current at a moment.

        :raises NotFoundError: there was none yet
        :raises GoneError: it was pruned
        """
        before = [record.number for record in self.records() if record.time <= moment]
        if not before:
            raise no_version(0)
        return self.version(before[-1])

    def patch(self, number: int) -> Patch:
        """Return what a version changed.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it was pruned
        """
        return self.archive.patch(number)

    def between(self, first: int, second: int) -> Patch:
        """Return what changed from one version to another, which may be the older one.

        :raises NotFoundError: there never was one of them
        :raises GoneError: one of them was pruned
        """
        if first > second:
            return self.between(second, first).inverse()
        steps = [number for number in self._numbers() if first < number <= second]
        for number in (first, second):
            if not self.archive.is_kept(self.archive.record(number).number):
                raise gone(number)
        if not all(map(self.archive.has_changes, steps)):
            return differing(self.version(first).oxigraph, self.version(second).oxigraph)
        return Patch.in_turn(map(self.archive.patch, steps))

    def step(self, before: Version, after: Version) -> Patch | None:
        """Return what changed from a version to one soon after it; None where that is not known, or not a little."""
        numbers = range(before.number + 1, after.number + 1)
        if not 0 < len(numbers) <= _FEW:
            return None
        try:
            if sum(map(self.archive.size_of_changes, numbers)) > _MOST_BYTES:
                return None
            patch = Patch.in_turn(map(self.archive.patch, numbers))
            return patch if len(patch.to_text()) <= _MOST_LETTERS else None
        except (KgError, OSError) as error:
            _LOG.warning("What changed since version %s cannot be read: %s", before.number, error)
            return None

    def _numbers(self) -> tuple[int, ...]:
        current = self.current()
        return self.archive.numbers(current.number) if current else ()


def no_pointer(path: Path) -> StoreError:
    """Return the error for a store whose ``CURRENT`` is damaged."""
    return StoreError(
        Message(ko=f"{path}의 CURRENT 파일이 손상되었습니다.", en=f"The file CURRENT of {path} is damaged."),
        cure=Message(ko="서버를 다시 시작하면 고칩니다(kg serve).", en="Starting the server mends it (kg serve)."),
    )
