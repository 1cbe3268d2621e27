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
from kg.store.commit_info import RESTORED, CommitInfo, CommitMetadata, Kind
from kg.store.durable import exclusive_lock, serving_lock, translated_disk_errors
from kg.store.editions import Editions
from kg.store.format_1 import convert, remove_former
from kg.store.layout import FORMAT, check_format, is_former
from kg.store.log import Commit, CommitLog, checksums, version_expired, version_not_found
from kg.store.pins import Pin, Pins, not_pinned
from kg.store.pointer import HEAD, read_head, write_head
from kg.store.retention import Policy
from kg.store.verification import Corruption, no_intact_version

__all__ = ["PendingCommit", "Store", "Version"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """One immutable version of the graph; ``path`` is the directory of its store."""

    path: Path
    number: int

    @cached_property
    def commit_info(self) -> CommitInfo:
        """The commit info, read without the content."""
        return CommitLog(self.path).commit_info(self.number)

    @property
    def facts(self) -> Mapping[str, str]:
        """Further facts of its commit, such as the digest of the sources."""
        return self.commit_info.facts

    @property
    def identity(self) -> str:
        """The digest of its commit info; unique across stores."""
        return self.commit_info.digest

    @cached_property
    def modified(self) -> int:
        """The time of the commit in seconds since 1970."""
        return int(self.commit_info.time.timestamp())

    def content(self) -> Content:
        """Check the version out.

        :raises GoneError: the version is expired
        :raises StoreError: no snapshot leads to it through intact commits
        """
        return CommitLog(self.path).content(self.number)

    def checkout(self) -> Checkout:
        """Check the version out without reading its lines.

        :raises GoneError: the version is expired
        :raises StoreError: no snapshot leads to it through intact commits
        """
        return CommitLog(self.path).checkout(self.number)


@dataclass(frozen=True)
class PendingCommit:
    """A changeset to be committed, with the number of its validation warnings and their report (gzip)."""

    patch: Patch
    warnings: int = 0
    report: bytes = b""


def _any(_current: Version | None) -> None:
    """Accept any current version."""


class Store:
    """A directory with a commit log and ``HEAD``; one process writes at a time, any number read."""

    def __init__(self, path: Path, policy: Policy | None = None) -> None:
        """Take the directory and the retention policy; read and create nothing yet."""
        self.path = path
        self.policy = policy or Policy()
        self.log = CommitLog(path)
        self.pins = Pins(path / "pins.json")
        self._pointer = str(path / HEAD)
        self._current: tuple[tuple[int, int], Version] | None = None

    # -- reading ---------------------------------------------------------------------------------------------------

    def current(self) -> Version | None:
        """Return the current version, or None for an empty store; commits of other processes are seen at once.

        :raises StoreError: ``HEAD`` is damaged, or the store is of another format
        """
        try:
            status = os.stat(self._pointer)  # noqa: PTH116 - once per request; Path.stat takes three times as long
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

        :raises StoreError: the store is empty
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
        """Convert a store of format 1."""
        if is_former(self.path):
            with translated_disk_errors(), exclusive_lock(self.path / "lock"):
                if is_former(self.path):
                    convert(self.path)

    def version(self, number: int) -> Version:
        """Return the version with that number.

        :raises NotFoundError: it never existed
        :raises GoneError: it is expired
        """
        current = self.current()
        if current is None or number > current.number:
            raise version_not_found(number)
        self.log.commit_info(number)
        if not self.log.is_kept(number):
            raise version_expired(number)
        return Version(self.path, number)

    def commits(self) -> tuple[CommitInfo, ...]:
        """Return all commits, expired ones included, oldest first; damaged ones are left out."""
        return tuple(self._commit_infos(self._numbers()))

    def last(self, kind: Kind) -> CommitInfo | None:
        """Return the newest commit of a kind, or None."""
        return next(
            (commit for commit in self._commit_infos(reversed(self._numbers())) if commit.kind == kind),
            None,
        )

    def _commit_infos(self, numbers: Iterator[int] | tuple[int, ...]) -> Iterator[CommitInfo]:
        for number in numbers:
            try:
                yield self.log.commit_info(number)
            except StoreError as error:
                _LOG.warning("%s", error)

    def at(self, moment: datetime) -> Version:
        """Return the version that was current at a moment.

        :raises NotFoundError: there was none yet
        :raises GoneError: it is expired
        """
        before = [commit.number for commit in self.commits() if commit.time <= moment]
        if not before:
            raise version_not_found(0)
        return self.version(before[-1])

    def patch(self, number: int) -> Patch:
        """Return the changeset of a version.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it is expired
        """
        return self.log.patch(number)

    def changes_between(self, first: int, second: int) -> Patch:
        """Return the changeset from one version to another, which may be older.

        :raises NotFoundError: there never was one of them
        :raises GoneError: one of them is expired
        """
        if first > second:
            return self.changes_between(second, first).inverse()
        for number in (first, second):
            self.version(number)
        try:
            commits = self.log.chain(second, first)
            if commits is not None:
                return Patch.composed(map(self.log.patch, commits))
        except StoreError as error:
            _LOG.warning("%s", error)
        return self.version(first).content().changes_to(self.version(second).content())

    def _numbers(self) -> tuple[int, ...]:
        current = self.current()
        return self.log.numbers(current.number) if current else ()

    # -- writing ---------------------------------------------------------------------------------------------------

    def commit(
        self,
        change: Callable[[Version | None], PendingCommit],
        metadata: CommitMetadata,
        *,
        only_if: Callable[[Version | None], None] = _any,
    ) -> Version:
        """Commit the changeset that ``change`` returns for the current version.

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
            commit_info = self._commit_info(base, pending, metadata)
            self._check_capacity(commit_info)
            self._append(commit_info, pending)
            version = Version(self.path, commit_info.number)
            self._compact(commit_info)
            return version

    def restore(
        self,
        number: int,
        change: Callable[[Version, Patch], PendingCommit],
        metadata: CommitMetadata,
        *,
        only_if: Callable[[Version | None], None] = _any,
    ) -> Version:
        """Commit the content of an earlier version again; the facts name that version.

        ``change`` is given the current version and the changeset that leads to the earlier content.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it is expired
        """
        self.version(number)

        def restoring(base: Version | None) -> PendingCommit:
            if base is None:
                raise version_not_found(number)
            return change(base, self.changes_between(base.number, number))

        facts = {**metadata.facts, RESTORED: str(number)}
        return self.commit(restoring, replace(metadata, kind="restore", facts=facts), only_if=only_if)

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
        with translated_disk_errors():
            self.path.mkdir(parents=True, exist_ok=True)
            with exclusive_lock(self.path / "lock"):
                yield

    def _commit_info(self, base: Version | None, pending: PendingCommit, metadata: CommitMetadata) -> CommitInfo:
        patch, before = pending.patch, base.commit_info if base else None
        return CommitInfo(
            number=1 + max(before.number if before else 0, *self.log.quarantined(), 0),
            time=max(metadata.time, before.time) if before else metadata.time,
            author=metadata.author,
            message=metadata.message,
            kind=metadata.kind,
            facts=metadata.facts,
            added=len(patch.added),
            removed=len(patch.removed),
            warnings=pending.warnings,
            files=checksums(patch.to_text().encode(), pending.report),
            content=digest_after(before.content if before else "", patch),
            size=(before.size if before else 0) + len(patch.added) - len(patch.removed),
            parent=before.number if before else 0,
            parent_digest=before.digest if before else "",
        )

    def _check_capacity(self, commit_info: CommitInfo) -> None:
        if commit_info.size > self.policy.capacity and commit_info.added > commit_info.removed:
            raise _over_capacity(commit_info.size, self.policy.capacity)

    def _append(self, commit_info: CommitInfo, pending: PendingCommit) -> None:
        if not (self.path / FORMAT.name).exists():
            FORMAT.write(self.path)
        self.log.append(Commit(commit_info, pending.patch.to_text().encode(), pending.report))
        write_head(self.path, commit_info)

    def _compact(self, commit_info: CommitInfo) -> None:
        """Write a due snapshot and expire old versions; errors are logged, since the commit is durable already."""
        try:
            since = [self.log.commit_info(number) for number in self._since_snapshot(commit_info)]
            if self.policy.needs_snapshot(since):
                self.log.write_snapshot(commit_info.number, self.log.content(commit_info.number))
            self._expire(commit_info.time)
        except (OSError, KgError) as error:
            _LOG.warning("Old versions were not compacted: %s", error)

    def _since_snapshot(self, commit_info: CommitInfo) -> tuple[int, ...]:
        last = max((number for number in self.log.snapshots() if number <= commit_info.number), default=0)
        return tuple(number for number in self.log.numbers(commit_info.number) if number > last)

    def _expire(self, now: datetime) -> None:
        if not self.policy.expires:
            return
        commits = self.commits()
        kept = {commit.number for commit in commits if self.log.is_kept(commit.number)}
        doomed = self.policy.expired(commits, self.pins.listed(), now) & kept
        for commit in commits:
            is_cut_off = commit.parent in doomed and commit.number in kept - doomed
            if is_cut_off and not self.log.has_snapshot(commit.number):
                self.log.write_snapshot(commit.number, self.log.content(commit.number))
        for number in sorted(doomed):
            self.log.expire(number)

    # -- surviving -------------------------------------------------------------------------------------------------

    @contextmanager
    def serving_lock(self) -> Iterator[None]:
        """Hold the lock of the store's only server.

        :raises StoreError: another server holds it
        """
        with serving_lock(self.path):
            yield

    def check(self) -> tuple[Corruption, ...]:
        """Verify the whole store, and repair it: the head first, then the log.

        :raises StoreError: no version can be checked out
        """
        return tuple(dict.fromkeys((*self.check_head(), *self.check_log())))

    def check_head(self) -> tuple[Corruption, ...]:
        """Verify the head.

        Where the head cannot be checked out, the log is verified, and ``HEAD`` goes back to the last version that can.

        :raises StoreError: no version can
        """
        found = [*self._check_pointer()]
        current = self.current()
        while current and not self.log.is_intact(current.number):
            found += (*self.check_log(), Corruption(current.number, "content", is_lost=True))
            current = self._fall_back(current.number)
        return tuple(dict.fromkeys(found))

    def check_log(self) -> tuple[Corruption, ...]:
        """Verify every file of the log, quarantine damaged commits, and expire old ones; the store may be in use."""
        found: list[Corruption] = []
        if current := self.current():
            self._try(partial(remove_former, self.path))
            for number, name in tuple(self.log.verify(current.number)):
                found.append(Corruption(number, name))
                if name.startswith("commits/"):
                    self._try(partial(self.log.quarantine, number))
            self._try(lambda: self._expire(current.commit_info.time))
        return tuple(found)

    def _check_pointer(self) -> Iterator[Corruption]:
        """Point a damaged ``HEAD`` to the newest commit."""
        corruption = self._corruption_of_head()
        if corruption:
            newest = max((commit.number for commit in self._commit_infos(self.log.numbers())), default=0)
            if not newest:
                raise no_intact_version(self.path)
            self._move_head(newest)
            yield corruption

    def _corruption_of_head(self) -> Corruption | None:
        """Check ``HEAD``: it must name an existing commit and its digest.

        :raises StoreError: the store is of a newer format
        """
        check_format(self.path)
        try:
            current = self.current()
        except StoreError:
            return Corruption(max(self.log.numbers(), default=0), HEAD)
        if current is None:
            return None
        if current.number not in self.log.numbers():
            return Corruption(current.number, "content", is_lost=True)
        return None if self._is_named(current) else Corruption(current.number, HEAD)

    def _is_named(self, current: Version) -> bool:
        """Return whether the commit that ``HEAD`` names has the digest in ``HEAD``; true if the commit is damaged."""
        try:
            return current.identity == read_head(self.path).digest
        except StoreError:
            return True

    def _fall_back(self, number: int) -> Version:
        earlier = [one for one in self.log.numbers(number - 1) if self.log.is_kept(one)]
        if not earlier:
            raise no_intact_version(self.path)
        self._move_head(earlier[-1])
        with self._locked():
            self.log.quarantine(number)
            self.log.remove_snapshot(number)
        return Version(self.path, earlier[-1])

    def _move_head(self, number: int) -> None:
        with self._locked():
            write_head(self.path, self.log.commit_info(number))
        self._current = None

    def _try(self, work: Callable[[], None]) -> None:
        """Run a repair under the lock; log its failure."""
        try:
            with self._locked():
                work()
        except (OSError, KgError) as error:
            _LOG.warning("The store was not repaired: %s", error)

    def verify(self) -> tuple[Corruption, ...]:
        """Verify all checksums, and check the current version out; change nothing.

        :raises StoreError: the store is of a newer format
        """
        corruption = self._corruption_of_head()
        current = None if corruption else self.current()
        found = [corruption] if corruption else []
        found += [Corruption(number, name) for number, name in self.log.verify(current.number if current else math.inf)]
        if current and not self.log.is_intact(current.number):
            found.append(Corruption(current.number, "content", is_lost=True))
        found += [Corruption(number, f"damaged/{number:06}") for number in self.quarantined()]
        return (*found, *(Corruption(current.number if current else 0, name) for name in self._corrupt_side_files()))

    def _corrupt_side_files(self) -> Iterator[str]:
        """Yield the names of the damaged files outside the log."""
        try:
            self.pins.listed()
        except StoreError:
            yield "pins.json"
        yield from Editions(self.path).damaged()

    def quarantined(self) -> tuple[int, ...]:
        """Return the numbers of the commits in quarantine, until an operator removes them from ``damaged/``."""
        return self.log.quarantined()

    def backup(self, file: Path) -> None:
        """Back the store up to a tar file, and verify that it can be restored; the store may be in use.

        :raises StoreError: the file cannot be restored
        """
        self.current()
        with translated_disk_errors(), backups.atomic_file(file) as fresh:
            with backups.link_directory(self.path) as frozen:
                with self._locked():
                    backups.link_files(self.path, frozen)
                backups.write(frozen, fresh)
            backups.verify_backup(fresh, _check_restored)

    def restore_backup(self, file: Path) -> None:
        """Restore this empty store from a tar file that ``backup`` wrote.

        :raises StoreError: the store is not empty, or its current version is damaged in the file
        :raises InputFileError: the file is no backup
        """
        with translated_disk_errors():
            backups.restore(file, self.path, _check_restored)


def _check_restored(path: Path) -> bool:
    """Return whether the current version of a store can be checked out, after a conversion if needed.

    :raises StoreError: the store is of a newer format
    """
    check_format(path)
    try:
        current = Store(path).current()
        return current is not None and CommitLog(path).is_intact(current.number)
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
