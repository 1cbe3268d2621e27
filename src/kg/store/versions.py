"""The store: a log of commits, and ``HEAD``, which names the current version."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from kg.diff import Checkout, Content, Patch, digest_after
from kg.domain import KgError, StoreError, TooLargeError
from kg.locales import Message
from kg.store import backups
from kg.store.durable import exclusive, serving, writing
from kg.store.editions import Editions
from kg.store.format_1 import convert, remove_former
from kg.store.layout import FORMAT, check_format, is_former
from kg.store.log import Commit, CommitLog, checksums, gone, no_version
from kg.store.pins import Pin, Pins, not_pinned
from kg.store.pointer import HEAD, read_head, write_head
from kg.store.records import RESTORED, CommitInfo, Kind, Signature
from kg.store.retention import Policy
from kg.store.verification import Damage, nothing_sound

__all__ = ["Pending", "Store", "Version"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """One immutable version of the graph; ``path`` is the directory of its store."""

    path: Path
    number: int

    @cached_property
    def record(self) -> CommitInfo:
        """What is known of the version without reading its content."""
        return CommitLog(self.path).record(self.number)

    @property
    def facts(self) -> Mapping[str, str]:
        """What was said of the version when it was made, such as the digest of its sources."""
        return self.record.facts

    @property
    def identity(self) -> str:
        """What tells this version from any other of any store."""
        return self.record.digest

    @cached_property
    def modified(self) -> int:
        """When the version was made: seconds since 1970."""
        return int(self.record.time.timestamp())

    def content(self) -> Content:
        """Check the version out.

        :raises GoneError: it is expired
        :raises StoreError: every way to it is damaged
        """
        return CommitLog(self.path).content(self.number)

    def checkout(self) -> Checkout:
        """Check the version out without reading its lines.

        :raises GoneError: it is expired
        :raises StoreError: every way to it is damaged
        """
        return CommitLog(self.path).checkout(self.number)


@dataclass(frozen=True)
class Pending:
    """What is to be committed: a changeset, and what validation found: how many warnings, and their report (gzip)."""

    patch: Patch
    warnings: int = 0
    report: bytes = b""


def _any(_current: Version | None) -> None:
    """Commit on whatever is current."""


class Store:
    """A directory with a commit log and ``HEAD``; one process writes at a time, any number read."""

    def __init__(self, path: Path, policy: Policy | None = None) -> None:
        """Name the directory and say what it keeps; nothing is read or made yet."""
        self.path = path
        self.policy = policy or Policy()
        self.log = CommitLog(path)
        self.pins = Pins(path / "pins.json")
        self._pointer = str(path / HEAD)
        self._current: tuple[tuple[int, int], Version] | None = None

    # -- reading ---------------------------------------------------------------------------------------------------

    def current(self) -> Version | None:
        """Return the current version, or None before the first; a commit by another process is seen at once.

        :raises StoreError: ``HEAD`` is damaged, or the store is of another format
        """
        try:
            status = os.stat(self._pointer)  # noqa: PTH116 - asked before every answer; a Path takes three times as long
        except FileNotFoundError:
            check_format(self.path)
            self._convert()
            return self._read_head() if Path(self._pointer).exists() else None
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._current is None or self._current[0] != stamp:
            self._current = (stamp, self._read_head())
        return self._current[1]

    def require_current(self) -> Version:
        """Return the current version.

        :raises StoreError: nothing was committed yet
        """
        current = self.current()
        if current is None:
            raise _empty(self.path)
        return current

    def _read_head(self) -> Version:
        check_format(self.path)
        try:
            return Version(self.path, read_head(self.path).number)
        except ValueError as error:
            raise _damaged_head(self.path) from error

    def _convert(self) -> None:
        """Convert a store of the former format, at its first opening."""
        if is_former(self.path):
            with writing(), exclusive(self.path / "lock"):
                if is_former(self.path):
                    convert(self.path)

    def version(self, number: int) -> Version:
        """Return the version with that number.

        :raises NotFoundError: there never was one
        :raises GoneError: it is expired
        """
        current = self.current()
        if current is None or number > current.number:
            raise no_version(number)
        self.log.record(number)
        if not self.log.is_kept(number):
            raise gone(number)
        return Version(self.path, number)

    def records(self) -> tuple[CommitInfo, ...]:
        """Return the record of every version there ever was, oldest first; those that are damaged are left out."""
        return tuple(self._records(self._numbers()))

    def last(self, kind: Kind) -> CommitInfo | None:
        """Return the record of the newest version of a kind, or None."""
        return next((record for record in self._records(reversed(self._numbers())) if record.kind == kind), None)

    def _records(self, numbers: Iterator[int] | tuple[int, ...]) -> Iterator[CommitInfo]:
        for number in numbers:
            try:
                yield self.log.record(number)
            except StoreError as error:
                _LOG.warning("%s", error)

    def at(self, moment: datetime) -> Version:
        """Return the version that was current at a moment.

        :raises NotFoundError: there was none yet
        :raises GoneError: it is expired
        """
        before = [record.number for record in self.records() if record.time <= moment]
        if not before:
            raise no_version(0)
        return self.version(before[-1])

    def patch(self, number: int) -> Patch:
        """Return what a version changed.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it is expired
        """
        return self.log.patch(number)

    def between(self, first: int, second: int) -> Patch:
        """Return what changed from one version to another, which may be the older one.

        :raises NotFoundError: there never was one of them
        :raises GoneError: one of them is expired
        """
        if first > second:
            return self.between(second, first).inverse()
        for number in (first, second):
            self.version(number)
        try:
            commits = self.log.chain(second, first)
            if commits is not None:
                return Patch.in_turn(map(self.log.patch, commits))
        except StoreError as error:
            _LOG.warning("%s", error)
        return self.version(first).content().changes_to(self.version(second).content())

    def _numbers(self) -> tuple[int, ...]:
        current = self.current()
        return self.log.numbers(current.number) if current else ()

    # -- writing ---------------------------------------------------------------------------------------------------

    def commit(
        self,
        change: Callable[[Version | None], Pending],
        signature: Signature,
        *,
        only_if: Callable[[Version | None], None] = _any,
    ) -> Version:
        """Make the next version of the changeset that ``change`` returns for the current one.

        An empty changeset leaves the current version. What ``only_if`` or ``change`` raises leaves the store as it
        was. When this returns, the version is on the disk.

        :raises BudgetError: another writer does not finish
        :raises TooLargeError: the version would exceed the capacity of the embedded store
        :raises StoreError: the disk is full or cannot be written
        """
        with self._locked():
            base = self.current()
            only_if(base)
            pending = change(base)
            if base and pending.patch.is_empty:
                return base
            record = self._record(base, pending, signature)
            self._check_capacity(record)
            self._append(record, pending)
            version = Version(self.path, record.number)
            self._compact(record)
            return version

    def restore(
        self,
        number: int,
        change: Callable[[Version, Patch], Pending],
        signature: Signature,
        *,
        only_if: Callable[[Version | None], None] = _any,
    ) -> Version:
        """Make the next version, which holds what an earlier one holds; its facts say which.

        ``change`` is given the current version and the changeset that leads to the earlier content.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it is expired
        """
        self.version(number)

        def restoring(base: Version | None) -> Pending:
            if base is None:
                raise no_version(number)
            return change(base, self.between(base.number, number))

        facts = {**signature.facts, RESTORED: str(number)}
        return self.commit(restoring, replace(signature, kind="restore", facts=facts), only_if=only_if)

    def pin(self, number: int, pin: Pin) -> None:
        """Exempt a version from retention.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it is expired
        """
        with self._locked():
            self.version(number)
            self.pins.set(number, pin)

    def unpin(self, number: int) -> None:
        """Subject a version to retention again.

        :raises NotFoundError: it is not pinned
        """
        with self._locked():
            if number not in self.pins.listed():
                raise not_pinned(number)
            self.pins.set(number, None)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with writing():
            self.path.mkdir(parents=True, exist_ok=True)
            with exclusive(self.path / "lock"):
                yield

    def _record(self, base: Version | None, pending: Pending, signature: Signature) -> CommitInfo:
        patch, before = pending.patch, base.record if base else None
        return CommitInfo(
            number=1 + max(before.number if before else 0, *self.log.quarantined(), 0),
            time=max(signature.time, before.time) if before else signature.time,
            author=signature.author,
            message=signature.message,
            kind=signature.kind,
            facts=signature.facts,
            added=len(patch.added),
            removed=len(patch.removed),
            warnings=pending.warnings,
            files=checksums(patch.to_text().encode(), pending.report),
            content=digest_after(before.content if before else "", patch),
            size=(before.size if before else 0) + len(patch.added) - len(patch.removed),
            parent=before.number if before else 0,
            parent_digest=before.digest if before else "",
        )

    def _check_capacity(self, record: CommitInfo) -> None:
        if record.size > self.policy.capacity and record.added > record.removed:
            raise _over_capacity(record.size, self.policy.capacity)

    def _append(self, record: CommitInfo, pending: Pending) -> None:
        if not (self.path / FORMAT.name).exists():
            FORMAT.write(self.path)
        self.log.append(Commit(record, pending.patch.to_text().encode(), pending.report))
        write_head(self.path, record)

    def _compact(self, record: CommitInfo) -> None:
        """Take the snapshot that is due and expire old versions; the commit is done, whatever comes of that."""
        try:
            since = [self.log.record(number) for number in self._since_snapshot(record)]
            if self.policy.needs_snapshot(since):
                self.log.write_snapshot(record.number, self.log.content(record.number))
            self._expire(record.time)
        except (OSError, KgError) as error:
            _LOG.warning("Old versions were not compacted: %s", error)

    def _since_snapshot(self, record: CommitInfo) -> tuple[int, ...]:
        last = max((number for number in self.log.snapshots() if number <= record.number), default=0)
        return tuple(number for number in self.log.numbers(record.number) if number > last)

    def _expire(self, now: datetime) -> None:
        if not self.policy.expires:
            return
        records = self.records()
        kept = {record.number for record in records if self.log.is_kept(record.number)}
        doomed = self.policy.expired(records, self.pins.listed(), now) & kept
        for record in records:
            is_cut_off = record.parent in doomed and record.number in kept - doomed
            if is_cut_off and not self.log.has_snapshot(record.number):
                self.log.write_snapshot(record.number, self.log.content(record.number))
        for number in sorted(doomed):
            self.log.expire(number)

    # -- surviving -------------------------------------------------------------------------------------------------

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Be the one server of the store.

        :raises StoreError: another server is
        """
        with serving(self.path):
            yield

    def check(self) -> tuple[Damage, ...]:
        """Verify the whole store, and repair it: the head first, then the log.

        :raises StoreError: no version can be checked out
        """
        return tuple(dict.fromkeys((*self.check_head(), *self.check_log())))

    def check_head(self) -> tuple[Damage, ...]:
        """Verify what is to be served.

        Where the head cannot be checked out, the log is verified, and ``HEAD`` goes back to the last version that can.

        :raises StoreError: no version can
        """
        found = [*self._check_pointer()]
        current = self.current()
        while current and not self.log.is_whole(current.number):
            found += (*self.check_log(), Damage(current.number, "content", is_lost=True))
            current = self._fall_back(current.number)
        return tuple(dict.fromkeys(found))

    def check_log(self) -> tuple[Damage, ...]:
        """Verify every file of the log, quarantine damaged commits, and expire old ones; the store may be in use."""
        found: list[Damage] = []
        if current := self.current():
            self._try(partial(remove_former, self.path))
            for number, name in tuple(self.log.verify(current.number)):
                found.append(Damage(number, name))
                if name.startswith("commits/"):
                    self._try(partial(self.log.quarantine, number))
            self._try(lambda: self._expire(current.record.time))
        return tuple(found)

    def _check_pointer(self) -> Iterator[Damage]:
        """Have ``HEAD`` name the newest commit where it names none."""
        damage = self._damage_of_head()
        if damage:
            newest = max((record.number for record in self._records(self.log.numbers())), default=0)
            if not newest:
                raise nothing_sound(self.path)
            self._move_head(newest)
            yield damage

    def _damage_of_head(self) -> Damage | None:
        """Say what is wrong with ``HEAD``: it is no number, or that of a commit that is not there.

        :raises StoreError: the store is of a newer format
        """
        check_format(self.path)
        try:
            current = self.current()
        except StoreError:
            return Damage(max(self.log.numbers(), default=0), HEAD)
        if current is None:
            return None
        if current.number not in self.log.numbers():
            return Damage(current.number, "content", is_lost=True)
        return None if self._is_named(current) else Damage(current.number, HEAD)

    def _is_named(self, current: Version) -> bool:
        """Tell whether the commit that ``HEAD`` names has the digest that ``HEAD`` has; a damaged one may."""
        try:
            return current.identity == read_head(self.path).digest
        except StoreError:
            return True

    def _fall_back(self, number: int) -> Version:
        earlier = [one for one in self.log.numbers(number - 1) if self.log.is_kept(one)]
        if not earlier:
            raise nothing_sound(self.path)
        self._move_head(earlier[-1])
        with self._locked():
            self.log.quarantine(number)
            self.log.remove_snapshot(number)
        return Version(self.path, earlier[-1])

    def _move_head(self, number: int) -> None:
        with self._locked():
            write_head(self.path, self.log.record(number))
        self._current = None

    def _try(self, work: Callable[[], None]) -> None:
        """Do what the store can do without."""
        try:
            with self._locked():
                work()
        except (OSError, KgError) as error:
            _LOG.warning("The store was not repaired: %s", error)

    def verify(self) -> tuple[Damage, ...]:
        """Compare every file with its checksums, and check the current version out; nothing is changed.

        :raises StoreError: the store is of a newer format
        """
        damage = self._damage_of_head()
        current = None if damage else self.current()
        found = [damage] if damage else []
        found += [Damage(number, name) for number, name in self.log.verify(current.number if current else math.inf)]
        if current and not self.log.is_whole(current.number):
            found.append(Damage(current.number, "content", is_lost=True))
        found += [Damage(number, f"damaged/{number:06}") for number in self.damaged()]
        return (*found, *(Damage(current.number if current else 0, name) for name in self._damaged_beside()))

    def _damaged_beside(self) -> Iterator[str]:
        """Yield the names of the damaged files that are no part of the log."""
        try:
            self.pins.listed()
        except StoreError:
            yield "pins.json"
        yield from Editions(self.path).damaged()

    def damaged(self) -> tuple[int, ...]:
        """Return the numbers of the commits in quarantine, until an operator removes them from ``damaged/``."""
        return self.log.quarantined()

    def backup(self, file: Path) -> None:
        """Write the whole store into a tar file, which is proved to be restorable; the store may be in use.

        :raises StoreError: the file cannot be restored
        """
        self.current()
        with writing(), backups.fresh(file) as fresh:
            with backups.linked(self.path) as frozen:
                with self._locked():
                    backups.link(self.path, frozen)
                backups.write(frozen, fresh)
            backups.prove(fresh, _check_restored)

    def restore_backup(self, file: Path) -> None:
        """Make this store, which is empty, of a tar file that ``backup`` wrote.

        :raises StoreError: the store is not empty, or its current version is damaged in the file
        :raises InputFileError: the file is no backup
        """
        with writing():
            backups.restore(file, self.path, _check_restored)


def _check_restored(path: Path) -> bool:
    """Tell whether the current version of a store can be checked out, which is converted before if need be.

    :raises StoreError: the store is of a newer format
    """
    check_format(path)
    try:
        current = Store(path).current()
        return current is not None and CommitLog(path).is_whole(current.number)
    except KgError:
        return False


def _empty(path: Path) -> StoreError:
    return StoreError(
        Message("store.empty", path=path),
        cure=Message("store.empty_cure"),
    )


def _damaged_head(path: Path) -> StoreError:
    return StoreError(
        Message("store.head_damaged", path=path),
        cure=Message("store.head_damaged_cure"),
    )


def _over_capacity(size: int, capacity: int) -> TooLargeError:
    return TooLargeError(
        Message("store.capacity", size=size, capacity=capacity),
        cure=Message("store.capacity_cure"),
    )
