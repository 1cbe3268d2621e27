"""The commit log on disk: one immutable file for each commit, and snapshots to check versions out from.

A file is gzip: one line of JSON with the commit info and checksums, then the rows of the changeset.
``commits/000012.rdfp.gz`` is commit 12; a snapshot has the rows of the changeset from the empty dataset. Of an expired
commit only the first line is kept, as ``commits/000012.json``. Files are never modified in place.
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
from kg.store.commit_info import CommitInfo
from kg.store.durable import replace_file, sync

CHANGESET, REPORT = "changeset", "report"
"""The keys of ``CommitInfo.files``."""
_COMMIT, _EXPIRED, _SNAPSHOT, _REPORT = ".rdfp.gz", ".json", ".rdfp.gz", ".nt.gz"
_LEVEL = 6
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error)
"""The exceptions of reading a damaged file."""


@dataclass(frozen=True)
class _Route:
    """A plan of a checkout: a snapshot (0: the empty dataset), and the commits to apply or to revert."""

    start: int
    commits: tuple[int, ...]
    is_backward: bool


class CommitLog:
    """The files of the commits; listings end at ``last``, since a crash may leave a commit after ``HEAD``."""

    def __init__(self, path: Path) -> None:
        """Take the store's directory; commit infos, which are immutable, are cached."""
        self.path = path
        self._commit_infos: dict[int, CommitInfo] = {}

    # -- listing ---------------------------------------------------------------------------------------------------

    def numbers(self, last: float = math.inf) -> tuple[int, ...]:
        """Return the numbers of all commits up to one, oldest first."""
        return tuple(number for number in sorted({*self._listed("commits")}) if number <= last)

    def snapshots(self) -> tuple[int, ...]:
        """Return the numbers of the versions that have a snapshot, oldest first."""
        return tuple(sorted(self._listed("snapshots")))

    def quarantined(self) -> tuple[int, ...]:
        """Return the numbers of the commits in ``damaged/``, until an operator removes them."""
        return tuple(sorted(self._listed("damaged")))

    def is_kept(self, number: int) -> bool:
        """Return whether the changeset of a commit is kept."""
        return self._commit_file(number).is_file()

    def has_snapshot(self, number: int) -> bool:
        """Return whether the version has a snapshot."""
        return self._snapshot_file(number).is_file()

    def _listed(self, folder: str) -> Iterator[int]:
        try:
            names = os.listdir(self.path / folder)  # noqa: PTH208 - thousands of names, and nothing but names
        except FileNotFoundError:
            return iter(())
        return (int(name.partition(".")[0]) for name in names if name[:1].isdigit())

    # -- reading ---------------------------------------------------------------------------------------------------

    def commit_info(self, number: int) -> CommitInfo:
        """Return the commit info of a commit.

        :raises NotFoundError: there never was such a commit
        :raises StoreError: its file is damaged
        """
        if number not in self._commit_infos:
            self._commit_infos[number] = self._read_commit_info(number)
        return self._commit_infos[number]

    def _read_commit_info(self, number: int) -> CommitInfo:
        try:
            commit_info = CommitInfo.from_line(self._first_line(number))
        except FileNotFoundError:
            raise (version_corrupt if number in self.quarantined() else version_not_found)(number) from None
        except _UNREADABLE as error:
            raise version_corrupt(number) from error
        if commit_info.number != number:
            raise version_corrupt(number)
        return commit_info

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
            return Patch.from_text(self._rows(self.commit_info(number)).decode())
        except ValueError as error:
            raise version_corrupt(number) from error

    def _rows(self, commit_info: CommitInfo) -> bytes:
        """Return the rows of a commit; its file must still have this commit info."""
        found, rows = self._read(commit_info.number)
        if found.digest != commit_info.digest:
            raise version_corrupt(commit_info.number)
        return rows

    def _read(self, number: int) -> tuple[CommitInfo, bytes]:
        """Read the commit info and the rows of a commit, and verify the checksums."""
        try:
            line, rows = _unpack(self._commit_file(number).read_bytes())
            commit_info = CommitInfo.from_line(line)
            if commit_info.number != number or _sha256(rows) != commit_info.files[CHANGESET]:
                raise version_corrupt(number)
        except FileNotFoundError:
            raise (version_corrupt if number in self.quarantined() else version_expired)(number) from None
        except _UNREADABLE as error:
            raise version_corrupt(number) from error
        return commit_info, rows

    def content(self, number: int) -> Content:
        """Check a version out, and read its lines; see ``checkout``."""
        return self.checkout(number).content()

    def checkout(self, number: int) -> Checkout:
        """Check a version out: from the nearest intact snapshot, with the commits between applied or reverted.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it is expired
        :raises StoreError: no snapshot leads to it through intact commits
        """
        commit_info = self.commit_info(number)
        if not self.is_kept(number):
            raise version_expired(number)
        failure: KgError = version_corrupt(number)
        for route in self._routes(commit_info):
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
                number = self.commit_info(number).parent
            except KgError:
                return None
        return tuple(reversed(found)) if number == first else None

    def _routes(self, commit_info: CommitInfo) -> Iterator[_Route]:
        """Yield the checkout plans of a version, the shorter of the nearest two first."""
        snapshots = self.snapshots()
        earlier = [*reversed([number for number in snapshots if number <= commit_info.number]), 0]
        forward = (self._forward(start, commit_info.number) for start in earlier)
        backward = (self._backward(start, commit_info.number) for start in snapshots if start > commit_info.number)
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
        return Checkout(rows, Patch.composed(patches))

    def _snapshot_rows(self, number: int) -> bytes:
        """Return the rows of a snapshot, and verify their checksum."""
        try:
            line, rows = _unpack(self._snapshot_file(number).read_bytes())
            header = json.loads(line)
            if header["rows"] != _sha256(rows) or not self._is_of(number, header["content"]):
                raise version_corrupt(number)
        except _UNREADABLE as error:
            raise version_corrupt(number) from error
        return rows

    def _is_of(self, number: int, digest: str) -> bool:
        """Return whether the commit info has this content digest; true if it is damaged."""
        try:
            return self.commit_info(number).content == digest
        except KgError:
            return True

    # -- writing ---------------------------------------------------------------------------------------------------

    def append(self, commit: Commit) -> None:
        """Write a commit durably; it takes effect when ``HEAD`` names it."""
        number = commit.commit_info.number
        self._commit_infos.pop(number, None)
        if commit.report:
            self._publish(self._report_file(number), commit.report)
        self._publish(self._commit_file(number), _pack(commit.commit_info.to_line(), commit.rows))

    def append_expired(self, commit_info: CommitInfo) -> None:
        """Write the commit info of an expired commit."""
        self._publish(self._expired_file(commit_info.number), commit_info.to_line())

    def write_snapshot(self, number: int, content: Content) -> None:
        """Write the snapshot of a version durably."""
        rows = Patch.of(content.quads, created=content.graphs).to_text().encode()
        header = {"number": number, "content": self.commit_info(number).content, "rows": _sha256(rows)}
        self._publish(self._snapshot_file(number), _pack(f"{json.dumps(header)}\n".encode(), rows))

    def expire(self, number: int) -> None:
        """Remove the changeset of a commit, and keep its commit info."""
        self.append_expired(self.commit_info(number))
        for file in (self._commit_file(number), self._snapshot_file(number), self._report_file(number)):
            file.unlink(missing_ok=True)

    def quarantine(self, number: int) -> None:
        """Move the files of a damaged commit to ``damaged/``; its snapshot stays, since later versions need it."""
        target = self.path / "damaged"
        target.mkdir(exist_ok=True)
        for file in (self._commit_file(number), self._expired_file(number), self._report_file(number)):
            if file.exists():
                file.rename(target / file.name)
                sync(file.parent)
        sync(target)
        self._commit_infos.pop(number, None)

    def remove_snapshot(self, number: int) -> None:
        """Remove the snapshot of a version."""
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
                commit_info = self._verified(number)
            except KgError:
                yield number, f"commits/{number:06}{_COMMIT if self.is_kept(number) else _EXPIRED}"
                continue
            known[number] = commit_info.digest
            if commit_info.parent not in seen:
                yield commit_info.parent, f"commits/{commit_info.parent:06}{_COMMIT}"
            if commit_info.parent in known and known[commit_info.parent] != commit_info.parent_digest:
                yield number, f"commits/{number:06}{_COMMIT}"
            if REPORT in commit_info.files and not self._has_report(commit_info) and self.is_kept(number):
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
            commit_info, _ = self._read(number)
        except GoneError:
            commit_info = self._read_commit_info(number)
        self._commit_infos[number] = commit_info
        return commit_info

    def is_intact(self, number: int) -> bool:
        """Return whether a version can be checked out, and its content matches its digest."""
        try:
            return self.content(number).digest == self.commit_info(number).content
        except KgError:
            return False

    def report(self, number: int) -> bytes:
        """Return the validation report of a commit (N-Triples, gzip); empty if there is none, or it is damaged."""
        try:
            report = self._report_file(number).read_bytes()
        except FileNotFoundError:
            return b""
        return report if _sha256(report) == self.commit_info(number).files.get(REPORT) else b""

    def _has_report(self, commit_info: CommitInfo) -> bool:
        return bool(self.report(commit_info.number))

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
    """A commit to be written: its commit info, its serialized changeset, and its validation report (gzip)."""

    commit_info: CommitInfo
    rows: bytes
    report: bytes = b""


def checksums(rows: bytes, report: bytes) -> dict[str, str]:
    """Return the checksums of a changeset and of a report, which may be empty, for ``CommitInfo.files``."""
    return {CHANGESET: _sha256(rows)} | ({REPORT: _sha256(report)} if report else {})


def _pack(line: bytes, rows: bytes) -> bytes:
    return gzip.compress(line + rows, _LEVEL, mtime=0)


def _unpack(data: bytes) -> tuple[bytes, bytes]:
    line, end, rows = gzip.decompress(data).partition(b"\n")
    return line + end, rows


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def version_not_found(number: int) -> NotFoundError:
    """Return the error for a version that never existed."""
    return NotFoundError(
        Message("store.version_missing", number=number),
        cure=Message("store.version_missing_cure"),
    )


def version_expired(number: int) -> GoneError:
    """Return the error for an expired version."""
    return GoneError(
        Message("store.version_expired", number=number),
        cure=Message("store.version_expired_cure"),
    )


def version_corrupt(number: int) -> StoreError:
    """Return the error for a version whose files fail verification."""
    return StoreError(
        Message("store.version_damaged", number=number),
        cure=Message("store.version_damaged_cure"),
    )
