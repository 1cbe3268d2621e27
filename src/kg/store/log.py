"""The commit log on disk: one immutable file for each commit, and snapshots to check versions out from.

A file is gzip: one line of JSON that carries checksums, then rows of a changeset. ``commits/000012.rdfp.gz`` is commit
12; a snapshot has the same rows, as the changeset from nothing. The content of an expired commit is gone: of it the
first line alone is left, in ``commits/000012.json``. Nothing here is ever changed in place.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.diff import Checkout, Content, Patch
from kg.domain import GoneError, KgError, NotFoundError, StoreError
from kg.locales import Message
from kg.store.durable import replace_file, sync
from kg.store.records import CommitInfo

CHANGESET, REPORT = "changeset", "report"
"""The names that the checksums of a record have."""
_COMMIT, _EXPIRED, _SNAPSHOT, _REPORT = ".rdfp.gz", ".json", ".rdfp.gz", ".nt.gz"
_LEVEL = 6
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error)
"""What reading a damaged file raises."""


@dataclass(frozen=True)
class _Route:
    """A way to check a version out: a snapshot (0: nothing), and the commits to apply to it or to revert."""

    start: int
    commits: tuple[int, ...]
    is_backward: bool


class CommitLog:
    """The files of the commits; ``last`` bounds every listing, for a crash may leave a commit after ``HEAD``."""

    def __init__(self, path: Path) -> None:
        """Name the store's directory; records, which never change, are cached."""
        self.path = path
        self._records: dict[int, CommitInfo] = {}

    # -- listing ---------------------------------------------------------------------------------------------------

    def numbers(self, last: float = math.inf) -> tuple[int, ...]:
        """Return the numbers of all commits up to one, oldest first."""
        return tuple(number for number in sorted({*self._listed("commits")}) if number <= last)

    def snapshots(self) -> tuple[int, ...]:
        """Return the numbers of the versions that have a snapshot, oldest first."""
        return tuple(sorted(self._listed("snapshots")))

    def quarantined(self) -> tuple[int, ...]:
        """Return the numbers of the commits that were found damaged, until an operator removes them there."""
        return tuple(sorted(self._listed("damaged")))

    def is_kept(self, number: int) -> bool:
        """Tell whether more than the record of a commit is kept."""
        return self._commit_file(number).is_file()

    def has_snapshot(self, number: int) -> bool:
        """Tell whether the version has a snapshot."""
        return self._snapshot_file(number).is_file()

    def _listed(self, folder: str) -> Iterator[int]:
        try:
            names = os.listdir(self.path / folder)  # noqa: PTH208 - thousands of names, and nothing but names
        except FileNotFoundError:
            return iter(())
        return (int(name.partition(".")[0]) for name in names if name[:1].isdigit())

    # -- reading ---------------------------------------------------------------------------------------------------

    def record(self, number: int) -> CommitInfo:
        """Return the record of a commit.

        :raises NotFoundError: there never was such a commit
        :raises StoreError: its file is damaged
        """
        if number not in self._records:
            self._records[number] = self._read_record(number)
        return self._records[number]

    def _read_record(self, number: int) -> CommitInfo:
        try:
            record = CommitInfo.from_line(self._first_line(number))
        except FileNotFoundError:
            raise (damaged if number in self.quarantined() else no_version)(number) from None
        except _UNREADABLE as error:
            raise damaged(number) from error
        if record.number != number:
            raise damaged(number)
        return record

    def _first_line(self, number: int) -> bytes:
        try:
            with gzip.open(self._commit_file(number)) as file:
                return file.readline()
        except FileNotFoundError:
            return self._expired_file(number).read_bytes()

    def patch(self, number: int) -> Patch:
        """Return the changeset of a commit.

        :raises NotFoundError: there never was such a commit
        :raises GoneError: it is expired
        :raises StoreError: its file is damaged
        """
        try:
            return Patch.from_text(self._rows(self.record(number)).decode())
        except ValueError as error:
            raise damaged(number) from error

    def _rows(self, record: CommitInfo) -> bytes:
        """Return the rows of a commit, whose record was read before and must be the same in the file."""
        found, rows = self._read(record.number)
        if found.digest != record.digest:
            raise damaged(record.number)
        return rows

    def _read(self, number: int) -> tuple[CommitInfo, bytes]:
        """Read the file of a commit once: its record and its rows, compared with their checksums."""
        try:
            line, rows = _unpack(self._commit_file(number).read_bytes())
            record = CommitInfo.from_line(line)
            if record.number != number or _sha256(rows) != record.files[CHANGESET]:
                raise damaged(number)
        except FileNotFoundError:
            raise (damaged if number in self.quarantined() else gone)(number) from None
        except _UNREADABLE as error:
            raise damaged(number) from error
        return record, rows

    def content(self, number: int) -> Content:
        """Check a version out, and read its lines; see ``checkout``."""
        return self.checkout(number).content()

    def checkout(self, number: int) -> Checkout:
        """Check a version out: from the nearest undamaged snapshot, with the commits between applied or reverted.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it is expired
        :raises StoreError: every way to it is damaged
        """
        record = self.record(number)
        if not self.is_kept(number):
            raise gone(number)
        failure: KgError = damaged(number)
        for route in self._routes(record):
            try:
                return self._along(route)
            except KgError as error:
                failure = error
        raise failure

    def chain(self, last: int, first: int) -> tuple[int, ...] | None:
        """Return the commits that lead from version ``first`` to version ``last``, oldest first.

        None where one of them is expired or damaged, or ``first`` is no ancestor of ``last``.
        """
        found: list[int] = []
        number = last
        while number > first:
            try:
                if not self.is_kept(number):
                    return None
                found.append(number)
                number = self.record(number).parent
            except KgError:
                return None
        return tuple(reversed(found)) if number == first else None

    def _routes(self, record: CommitInfo) -> Iterator[_Route]:
        """Yield the ways to a version, the shorter of the nearest two first."""
        snapshots = self.snapshots()
        earlier = [*reversed([number for number in snapshots if number <= record.number]), 0]
        forward = (self._forward(start, record.number) for start in earlier)
        backward = (self._backward(start, record.number) for start in snapshots if start > record.number)
        nearest = [route for route in (next(forward), next(backward, None)) if route]
        yield from sorted(nearest, key=lambda route: len(route.commits))
        yield from (route for route in (*forward, *backward) if route)

    def _forward(self, start: int, number: int) -> _Route | None:
        commits = self.chain(number, start)
        return None if commits is None else _Route(start, commits, is_backward=False)

    def _backward(self, start: int, number: int) -> _Route | None:
        commits = self.chain(start, number)
        return None if commits is None else _Route(start, commits, is_backward=True)

    def _along(self, route: _Route) -> Checkout:
        rows = self._snapshot_rows(route.start) if route.start else b""
        patches = [self.patch(number) for number in route.commits]
        if route.is_backward:
            patches = [patch.inverse() for patch in reversed(patches)]
        return Checkout(rows, Patch.in_turn(patches))

    def _snapshot_rows(self, number: int) -> bytes:
        """Return the rows of a snapshot, compared with their checksum."""
        try:
            line, rows = _unpack(self._snapshot_file(number).read_bytes())
            header = json.loads(line)
            if header["rows"] != _sha256(rows) or not self._is_of(number, header["content"]):
                raise damaged(number)
        except _UNREADABLE as error:
            raise damaged(number) from error
        return rows

    def _is_of(self, number: int, digest: str) -> bool:
        """Tell whether a version has this digest by its record; one whose record is damaged may have any."""
        try:
            return self.record(number).content == digest
        except KgError:
            return True

    # -- writing ---------------------------------------------------------------------------------------------------

    def append(self, commit: Commit) -> None:
        """Write a commit, durably; it is part of the store when ``HEAD`` names it."""
        number = commit.record.number
        self._records.pop(number, None)
        if commit.report:
            self._publish(self._report_file(number), commit.report)
        self._publish(self._commit_file(number), _pack(commit.record.to_line(), commit.rows))

    def append_expired(self, record: CommitInfo) -> None:
        """Write the record of a commit whose changes are not kept."""
        self._publish(self._expired_file(record.number), record.to_line())

    def write_snapshot(self, number: int, content: Content) -> None:
        """Write the snapshot of a version, durably."""
        rows = Patch.of(content.quads, created=content.graphs).to_text().encode()
        header = {"number": number, "content": self.record(number).content, "rows": _sha256(rows)}
        self._publish(self._snapshot_file(number), _pack(f"{json.dumps(header)}\n".encode(), rows))

    def expire(self, number: int) -> None:
        """Remove what a commit changed, and keep its record."""
        self.append_expired(self.record(number))
        for file in (self._commit_file(number), self._snapshot_file(number), self._report_file(number)):
            file.unlink(missing_ok=True)

    def quarantine(self, number: int) -> None:
        """Move the files of a damaged commit out of the way, to ``damaged/``; later versions need its snapshot."""
        target = self.path / "damaged"
        target.mkdir(exist_ok=True)
        for file in (self._commit_file(number), self._expired_file(number), self._report_file(number)):
            if file.exists():
                file.rename(target / file.name)
                sync(file.parent)
        sync(target)
        self._records.pop(number, None)

    def remove_snapshot(self, number: int) -> None:
        """Remove the snapshot of a version that is none any more."""
        self._snapshot_file(number).unlink(missing_ok=True)

    def _publish(self, file: Path, content: bytes) -> None:
        if not file.parent.is_dir():
            file.parent.mkdir(parents=True, exist_ok=True)
            sync(self.path)
        replace_file(file, content)

    # -- verifying -------------------------------------------------------------------------------------------------

    def verify(self, last: float = math.inf) -> Iterator[tuple[int, str]]:
        """Yield the number of each damaged commit with the name of its damaged file.

        Each file is compared with its checksums, and each record with the digest of its parent. The store may be in
        use: what expires meanwhile is not damaged.
        """
        known: dict[int, str] = {}
        seen = {0, *self.numbers(last), *self.quarantined()}
        for number in self.numbers(last):
            try:
                record = self._verified(number)
            except KgError:
                yield number, f"commits/{number:06}{_COMMIT if self.is_kept(number) else _EXPIRED}"
                continue
            known[number] = record.digest
            if record.parent not in seen:
                yield record.parent, f"commits/{record.parent:06}{_COMMIT}"
            if record.parent in known and known[record.parent] != record.parent_digest:
                yield number, f"commits/{number:06}{_COMMIT}"
            if REPORT in record.files and not self._has_report(record) and self.is_kept(number):
                yield number, f"reports/{number:06}{_REPORT}"
        for number in self.snapshots():
            if number <= last:
                try:
                    self._snapshot_rows(number)
                except KgError:
                    if self.has_snapshot(number):
                        yield number, f"snapshots/{number:06}{_SNAPSHOT}"

    def _verified(self, number: int) -> CommitInfo:
        try:
            record, _ = self._read(number)
        except GoneError:
            record = self._read_record(number)
        self._records[number] = record
        return record

    def is_whole(self, number: int) -> bool:
        """Tell whether a version can be checked out, and holds what its record says."""
        try:
            return self.content(number).digest == self.record(number).content
        except KgError:
            return False

    def report(self, number: int) -> bytes:
        """Return the validation report of a commit (N-Triples, gzip); nothing where it has none, or it is damaged."""
        try:
            report = self._report_file(number).read_bytes()
        except FileNotFoundError:
            return b""
        return report if _sha256(report) == self.record(number).files.get(REPORT) else b""

    def _has_report(self, record: CommitInfo) -> bool:
        return bool(self.report(record.number))

    def _commit_file(self, number: int) -> Path:
        return self.path / "commits" / f"{number:06}{_COMMIT}"

    def _expired_file(self, number: int) -> Path:
        return self.path / "commits" / f"{number:06}{_EXPIRED}"

    def _snapshot_file(self, number: int) -> Path:
        return self.path / "snapshots" / f"{number:06}{_SNAPSHOT}"

    def _report_file(self, number: int) -> Path:
        return self.path / "reports" / f"{number:06}{_REPORT}"


@dataclass(frozen=True)
class Commit:
    """A commit to be written: its record, its changeset serialized, and its validation report (gzip)."""

    record: CommitInfo
    rows: bytes
    report: bytes = b""


def checksums(rows: bytes, report: bytes) -> dict[str, str]:
    """Return the checksums of a changeset and of a report, which may be empty, as a record carries them."""
    return {CHANGESET: _sha256(rows)} | ({REPORT: _sha256(report)} if report else {})


def _pack(line: bytes, rows: bytes) -> bytes:
    return gzip.compress(line + rows, _LEVEL, mtime=0)


def _unpack(data: bytes) -> tuple[bytes, bytes]:
    line, end, rows = gzip.decompress(data).partition(b"\n")
    return line + end, rows


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def no_version(number: int) -> NotFoundError:
    """Return the error for a version that never was."""
    return NotFoundError(
        Message("store.version_missing", number=number),
        cure=Message("store.version_missing_cure"),
    )


def gone(number: int) -> GoneError:
    """Return the error for a version of which only the record is kept."""
    return GoneError(
        Message("store.version_expired", number=number),
        cure=Message("store.version_expired_cure"),
    )


def damaged(number: int) -> StoreError:
    """Return the error for a version whose files are not as they were written."""
    return StoreError(
        Message("store.version_damaged", number=number),
        cure=Message("store.version_damaged_cure"),
    )
