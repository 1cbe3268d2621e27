"""The versions on disk: immutable directories, one of them current; how the next one is made."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pyoxigraph

from kg.store.archive import CHANGES, RECORD, REPORT, TRIPLES, Archive, gone, no_version
from kg.store.contents import difference, digest_after, snapshot
from kg.store.durable import exclusive, replace_file, sync, sync_tree
from kg.store.opening import make_whole
from kg.store.patches import Patch
from kg.store.records import Record, Signature
from kg.store.retention import Policy


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


@dataclass(frozen=True)
class Candidate:
    """What stands before the gate: the triple store before (None for the first), the changed clone, the change."""

    base: Path | None
    oxigraph: Path
    patch: Patch


@dataclass(frozen=True)
class Verdict:
    """What the gate says of what it lets through: how many warnings, and the report of them (N-Triples, gzip)."""

    warnings: int = 0
    report: bytes = b""


Gate = Callable[[Candidate], Verdict]
"""What stands before a changed clone: it refuses by raising."""


def open_gate(_candidate: Candidate) -> Verdict:
    """Let every change through."""
    return Verdict()


def _any(_current: Version | None) -> None:
    """Commit on whatever is current."""


class Store:
    """The store: a directory of versions and the name of the current one."""

    def __init__(self, path: Path, policy: Policy | None = None) -> None:
        """Name the directory and say what it keeps; nothing is read or made yet."""
        self.path = path
        self.policy = policy or Policy()
        self.archive = Archive(path / "versions")
        self._pointer = str(path / "CURRENT")
        self._current: tuple[tuple[int, int], Version] | None = None

    # -- reading ---------------------------------------------------------------------------------------------------

    def current(self) -> Version | None:
        """Return the current version, or None before the first; a change by another process is seen at once."""
        try:
            status = os.stat(self._pointer)  # noqa: PTH116 - asked before every answer; a Path takes three times as long
        except FileNotFoundError:
            return None
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._current is None or self._current[0] != stamp:
            number = int(Path(self._pointer).read_text("ascii"))
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
            stores = (pyoxigraph.Store.read_only(str(self.version(number).oxigraph)) for number in (first, second))
            return difference(*map(snapshot, stores))
        patch = Patch()
        for number in steps:
            patch = patch.then(self.archive.patch(number))
        return patch

    def _numbers(self) -> tuple[int, ...]:
        current = self.current()
        return self.archive.numbers(current.number) if current else ()

    # -- writing ---------------------------------------------------------------------------------------------------

    def commit(
        self,
        change: Callable[[Path], Patch],
        signature: Signature,
        gate: Gate = open_gate,
        *,
        only_if: Callable[[Version | None], None] = _any,
    ) -> Version:
        """Make the next version by changing a clone of the current one; make it current if the gate lets it.

        ``change`` is given the clone's triple store and returns what it changed; where that is nothing, the current
        version stays. What ``only_if``, ``change`` or ``gate`` raises leaves the store as it was.

        :raises BudgetError: another writer does not finish
        :raises StoreError: the disk is full or cannot be written
        """
        self.archive.path.mkdir(parents=True, exist_ok=True)
        with exclusive(self.path / "lock"):
            base = self.current()
            only_if(base)
            self._sweep()
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self.archive.path))
            try:
                return self._changed(base, fresh, change, signature, gate)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)

    def _changed(
        self, base: Version | None, fresh: Path, change: Callable[[Path], Patch], signature: Signature, gate: Gate
    ) -> Version:
        oxigraph = fresh / TRIPLES
        clone(base.oxigraph if base else None, oxigraph)
        patch = change(oxigraph)
        if base and patch.is_empty:
            return base
        verdict = gate(Candidate(base.oxigraph if base else None, oxigraph, patch))
        (fresh / CHANGES).write_bytes(patch.to_bytes())
        if verdict.report:
            (fresh / REPORT).write_bytes(verdict.report)
        record = self._record(base, fresh, patch, signature, verdict)
        (fresh / RECORD).write_bytes(record.to_bytes())
        return self._put_in_place(fresh, record.number)

    def _record(
        self, base: Version | None, fresh: Path, patch: Patch, signature: Signature, verdict: Verdict
    ) -> Record:
        return Record(
            number=base.number + 1 if base else 1,
            time=max(signature.time, base.record.time) if base else signature.time,
            author=signature.author,
            message=signature.message,
            kind=signature.kind,
            facts=signature.facts,
            added=len(patch.added),
            removed=len(patch.removed),
            warnings=verdict.warnings,
            files={CHANGES: hashlib.sha256((fresh / CHANGES).read_bytes()).hexdigest()},
            content=digest_after(base.record.content if base else "", patch),
        )

    def _sweep(self) -> None:
        """Remove what a crash left behind: half-made versions, and finished ones that never became current."""
        current = self.current()
        for abandoned in self.archive.path.glob(".new-*"):
            shutil.rmtree(abandoned)
        for path in self.archive.path.glob("[0-9]*"):
            if current is None or int(path.name) > current.number:
                shutil.rmtree(path)

    def _put_in_place(self, fresh: Path, number: int) -> Version:
        sync_tree(fresh)
        directory = self.archive.directory(number)
        fresh.chmod(0o755)
        fresh.rename(directory)
        sync(self.archive.path)
        replace_file(Path(self._pointer), f"{directory.name}\n".encode("ascii"))
        return Version(directory, directory / TRIPLES)


def clone(oxigraph: Path | None, target: Path) -> None:
    """Clone a triple store that nobody writes to, sharing its files by hard links; an empty one from None."""
    if oxigraph is None:
        pyoxigraph.Store(target).flush()
    else:
        pyoxigraph.Store.read_only(str(oxigraph)).backup(target)
