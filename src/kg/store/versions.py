"""The versions on disk: immutable directories, one of them current; how the next one is made."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kg.errors import KgError, StoreError
from kg.store.archive import TRIPLES, gone, no_version
from kg.store.backups import link_all, pack, unpack
from kg.store.contents import clone, digest_after, digest_of, patching
from kg.store.durable import exclusive, fresh_directory, replace_file, serving, sync, sync_tree, writing
from kg.store.folding import fold, tidy
from kg.store.history import History, Version
from kg.store.making import BACKUP, set_aside, sweep, sweep_deeply, write
from kg.store.opening import clear
from kg.store.patches import Patch
from kg.store.pins import Pin, Pins, not_pinned
from kg.store.records import RESTORED, Record, Signature
from kg.store.retention import Policy
from kg.store.soundness import Damage, find_damage, mend, nothing_sound

__all__ = ["Candidate", "Gate", "Store", "Verdict", "Version", "open_gate"]

_LOG = logging.getLogger(__name__)


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


class Store(History):
    """The store: a directory of versions and the name of the current one."""

    def __init__(self, path: Path, policy: Policy | None = None) -> None:
        """Name the directory and say what it keeps; nothing is read or made yet."""
        super().__init__(path)
        self.policy = policy or Policy()
        self.pins = Pins(path / "pins.json")
        self._waiting: set[int] = set()

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
        version stays. What ``only_if``, ``change`` or ``gate`` raises leaves the store as it was. When this returns,
        the version is on the disk.

        :raises BudgetError: another writer does not finish
        :raises StoreError: the disk is full or cannot be written
        """
        with self._locked():
            base = self.current()
            only_if(base)
            sweep(self.archive, base.number if base else 0)
            version = self._changed(base, change, signature, gate)
            self._keep(signature.time)
            return version

    def restore(
        self,
        number: int,
        signature: Signature,
        gate: Gate = open_gate,
        *,
        only_if: Callable[[Version | None], None] = _any,
    ) -> Version:
        """Make the next version, which holds what an earlier one holds; its facts say which.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it was pruned
        """

        def change(oxigraph: Path) -> Patch:
            current = self.current()
            return patching(self.between(current.number, number) if current else Patch())(oxigraph)

        self.archive.record(number)
        facts = {**signature.facts, RESTORED: str(number)}
        return self.commit(change, replace(signature, kind="restore", facts=facts), gate, only_if=only_if)

    def pin(self, number: int, pin: Pin) -> None:
        """Keep a version from being pruned.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it was pruned already
        """
        with self._locked():
            if number not in self._numbers():
                raise no_version(number)
            if not self.archive.is_kept(number):
                raise gone(number)
            self.pins.set(number, pin)

    def unpin(self, number: int) -> None:
        """Let a version be pruned again.

        :raises NotFoundError: it is not pinned
        """
        with self._locked():
            if number not in self.pins.listed():
                raise not_pinned(number)
            self.pins.set(number, None)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with writing():
            if not self.archive.path.is_dir():
                self.archive.path.mkdir(parents=True, exist_ok=True)
                sync(self.path.parent)
            with exclusive(self.path / "lock"):
                yield

    def _changed(
        self, base: Version | None, change: Callable[[Path], Patch], signature: Signature, gate: Gate
    ) -> Version:
        with fresh_directory(self.archive.path) as fresh:
            oxigraph = fresh / TRIPLES
            clone(base.oxigraph if base else None, oxigraph)
            patch = change(oxigraph)
            if base and patch.is_empty:
                return base
            verdict = gate(Candidate(base.oxigraph if base else None, oxigraph, patch))
            number = 1 + max(base.number if base else 0, *self.damaged(), 0)
            record = self._record(number, base, patch, signature, verdict)
            write(fresh, record, patch, verdict.report, base.path if base else None)
            return self._put_in_place(fresh, number)

    def _record(
        self, number: int, base: Version | None, patch: Patch, signature: Signature, verdict: Verdict
    ) -> Record:
        return Record(
            number=number,
            time=max(signature.time, base.record.time) if base else signature.time,
            author=signature.author,
            message=signature.message,
            kind=signature.kind,
            facts=signature.facts,
            added=len(patch.added),
            removed=len(patch.removed),
            warnings=verdict.warnings,
            files={},
            content=digest_after(base.record.content or digest_of(base.oxigraph) if base else "", patch),
        )

    def _put_in_place(self, fresh: Path, number: int) -> Version:
        sync_tree(fresh)
        directory = self.archive.directory(number)
        fresh.chmod(0o755)
        fresh.rename(directory)
        try:
            sync(self.archive.path)
            replace_file(Path(self._pointer), f"{directory.name}\n".encode("ascii"))
        except OSError:
            current = self.current()
            if current is None or current.number != number:
                shutil.rmtree(directory, ignore_errors=True)
            raise
        return Version(directory, directory / TRIPLES)

    def _keep(self, now: datetime) -> None:
        """Fold and prune; the commit is done, whatever comes of that."""
        try:
            if self.policy.prunes:
                tidy(self.archive, self._numbers(), self.policy, self.pins.listed(), now)
            else:
                self._waiting = fold(self.archive, self._numbers(), self.policy, self._waiting)
        except (OSError, KgError) as error:
            _LOG.warning("Older versions could not be folded: %s", error)

    # -- surviving -------------------------------------------------------------------------------------------------

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Be the one server of the store.

        :raises StoreError: another server is
        """
        with serving(self.path):
            yield

    def check(self) -> tuple[Damage, ...]:
        """See that the current version is as it was written; where not, mend it or go back to the last that is.

        :raises StoreError: none is
        """
        found = list(self._repointed())
        while (current := self.current()) and (files := find_damage(self.archive, current.number)):
            with self._locked():
                sweep(self.archive, current.number)
                found.append(self._mended(current.number, tuple(files)))
        if current:
            self._clean(current)
        return tuple(found)

    def _clean(self, current: Version) -> None:
        """Remove what a crash left behind, and do what the policy says; what cannot be done is logged."""
        try:
            with self._locked():
                sweep(self.archive, current.number)
                sweep_deeply(self.path, self.archive)
                clear(self.path / "opened")
                tidy(self.archive, self._numbers(), self.policy, self.pins.listed(), current.record.time)
        except (OSError, KgError) as error:
            _LOG.warning("What a crash may have left behind stays: %s", error)

    def _repointed(self) -> Iterator[Damage]:
        """Have ``CURRENT`` name the last version where it names none."""
        try:
            current = self.current()
            is_sound = current is None or current.path.is_dir()
        except StoreError:
            is_sound = False
        if not is_sound:
            last = max(self.archive.numbers(), default=None)
            if last is None:
                raise nothing_sound(self.path)
            with self._locked():
                replace_file(Path(self._pointer), f"{last:06}\n".encode("ascii"))
            yield Damage(last, ("CURRENT",), is_mended=True)

    def _mended(self, number: int, files: tuple[str, ...]) -> Damage:
        numbers = self._numbers()
        try:
            mend(self.archive, numbers, number)
        except KgError as error:
            _LOG.warning("Version %s cannot be made again: %s", number, error)
            kept = [before for before in numbers if before < number and self.archive.is_kept(before)]
            if not kept:
                raise nothing_sound(self.path) from error
            replace_file(Path(self._pointer), f"{kept[-1]:06}\n".encode("ascii"))
            set_aside(self.archive, number, self.path / "damaged")
            return Damage(number, files, is_mended=False)
        return Damage(number, files, is_mended=True)

    def damaged(self) -> tuple[int, ...]:
        """Return the numbers of the versions that were set aside, below ``damaged/``, until they are removed there."""
        return tuple(sorted(int(path.name) for path in (self.path / "damaged").glob("[0-9]*")))

    def backup(self, file: Path) -> None:
        """Write the whole store into a tar file, as it is at this moment; it may be in use."""
        target = self.path / f"{BACKUP}{os.getpid()}"
        with writing():
            try:
                with self._locked():
                    target.mkdir()
                    link_all(self.path, self.archive, self._numbers(), target)
                pack(target, file)
            finally:
                shutil.rmtree(target, ignore_errors=True)

    def restore_backup(self, file: Path) -> None:
        """Make this store, which is empty, of a tar file that ``backup`` wrote.

        :raises StoreError: the store is not empty, or the file is damaged
        :raises InputFileError: the file is no backup
        """
        with writing():
            unpack(file, self.path)
