"""The versions on disk: immutable directories, one of them current."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import pyoxigraph

from kg.errors import Message, StoreError
from kg.store.durable import exclusive, replace_file, sync, sync_tree

Gate = Callable[[Path], Mapping[str, bytes]]
"""What stands before a changed clone: it refuses by raising, or returns the files for download of the new version."""


def open_gate(oxigraph: Path) -> Mapping[str, bytes]:
    """Let every change through; there is but ``kg.nq`` to download, for the other files would tell what was."""
    dumped = pyoxigraph.Store.read_only(str(oxigraph)).dump(format=pyoxigraph.RdfFormat.N_QUADS) or b""
    return {"kg.nq": b"".join(sorted(dumped.splitlines(keepends=True)))}


@dataclass(frozen=True)
class Version:
    """One immutable version: ``oxigraph/``, ``downloads/`` and ``version.json`` in a directory of its own."""

    path: Path

    @property
    def number(self) -> int:
        """The number of the version, from 1."""
        return int(self.path.name)

    @cached_property
    def oxigraph(self) -> Path:
        """The directory of the triple store; to be opened read-only."""
        return self.path / "oxigraph"

    @property
    def downloads(self) -> Path:
        """The directory of the distributions."""
        return self.path / "downloads"

    @cached_property
    def _record(self) -> dict[str, dict[str, str]]:
        record: dict[str, dict[str, str]] = json.loads((self.path / "version.json").read_bytes())
        return record

    @property
    def facts(self) -> Mapping[str, str]:
        """What was said of the version when it was made, such as the digests of its sources."""
        return MappingProxyType(self._record["facts"])

    @property
    def digests(self) -> Mapping[str, str]:
        """The sha256 of each file in ``downloads/``, by name, in hexadecimal digits."""
        return MappingProxyType(self._record["files"])

    @cached_property
    def identity(self) -> str:
        """What tells this version from any other, one of the same number in a store that was made anew included."""
        record = self.path / "version.json"
        return hashlib.sha256(record.read_bytes() + str(record.stat().st_mtime_ns).encode()).hexdigest()

    @cached_property
    def modified(self) -> int:
        """When the version was made: seconds since 1970."""
        return int((self.path / "version.json").stat().st_mtime)


class Store:
    """The store: a directory of versions and the name of the current one."""

    def __init__(self, path: Path) -> None:
        """Name the directory; nothing is read or made yet."""
        self.path = path
        self._pointer = str(path / "CURRENT")
        self._current: tuple[tuple[int, int], Version] | None = None

    def publish(self, quads: bytes, files: Mapping[str, bytes], facts: Mapping[str, str]) -> Version:
        """Make the next version from N-Quads and the files for download, and make it current.

        :raises StoreError: the quads do not parse, or a file name is no plain name
        """

        def fill(oxigraph: Path) -> None:
            store = pyoxigraph.Store(oxigraph)
            store.bulk_load(quads, pyoxigraph.RdfFormat.N_QUADS)
            store.flush()

        try:
            return self._make(fill, lambda _oxigraph: files, facts)
        except SyntaxError as error:
            raise _unreadable_quads(error) from error

    def derive(self, change: Callable[[Path], None], gate: Gate, facts: Mapping[str, str]) -> Version:
        """Make the next version by changing a clone of the current one, and make it current if the gate lets it.

        ``change``, then ``gate``, is given the clone's ``oxigraph/`` directory; what either raises leaves the store
        as it was.
        """

        def fill(oxigraph: Path) -> None:
            base = self.current()
            clone(base.oxigraph if base else None, oxigraph)
            change(oxigraph)

        return self._make(fill, gate, facts)

    def current(self) -> Version | None:
        """Return the current version, or None before the first; a change by another process is seen at once."""
        try:
            status = os.stat(self._pointer)  # noqa: PTH116 - asked before every answer; a Path takes three times as long
        except FileNotFoundError:
            return None
        stamp = (status.st_ino, status.st_mtime_ns)
        if self._current is None or self._current[0] != stamp:
            name = Path(self._pointer).read_text("ascii").strip()
            self._current = (stamp, Version(self.path / "versions" / name))
        return self._current[1]

    def versions(self) -> tuple[Version, ...]:
        """List the current version and all before it, the oldest first."""
        current = self.current()
        return tuple(version for version in self._directories() if current and version.number <= current.number)

    def version(self, number: int) -> Version:
        """Return the version with that number.

        :raises StoreError: there is none
        """
        path = self.path / "versions" / f"{number:06}"
        if path.is_dir():
            return Version(path)
        raise StoreError(
            Message(ko=f"{number}번째 판이 없습니다.", en=f"There is no version {number}."),
            cure=Message(
                ko="있는 판의 번호를 쓰십시오(kg history).", en="Give the number of one that is (kg history)."
            ),
        )

    def _make(self, fill: Callable[[Path], None], gate: Gate, facts: Mapping[str, str]) -> Version:
        versions = self.path / "versions"
        versions.mkdir(parents=True, exist_ok=True)
        with exclusive(self.path / "lock"):
            self._sweep()
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=versions))
            try:
                fill(fresh / "oxigraph")
                _write_files(fresh, gate(fresh / "oxigraph"), facts)
                return self._put_in_place(fresh)
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise

    def _directories(self) -> tuple[Version, ...]:
        return tuple(Version(path) for path in sorted((self.path / "versions").glob("[0-9]*")))

    def _sweep(self) -> None:
        """Remove what a crash left behind: half-made versions, and finished ones that never became current."""
        finished = set(self.versions())
        for abandoned in (self.path / "versions").glob(".new-*"):
            shutil.rmtree(abandoned)
        for version in self._directories():
            if version not in finished:
                shutil.rmtree(version.path)

    def _put_in_place(self, fresh: Path) -> Version:
        sync_tree(fresh)
        last = max((version.number for version in self.versions()), default=0)
        version = Version(self.path / "versions" / f"{last + 1:06}")
        fresh.chmod(0o755)
        fresh.rename(version.path)
        sync(version.path.parent)
        replace_file(Path(self._pointer), f"{version.path.name}\n".encode("ascii"))
        return version


def clone(oxigraph: Path | None, target: Path) -> None:
    """Clone a triple store that nobody writes to, sharing its files by hard links; an empty one from None."""
    if oxigraph is None:
        pyoxigraph.Store(target).flush()
    else:
        pyoxigraph.Store.read_only(str(oxigraph)).backup(target)


def _write_files(fresh: Path, files: Mapping[str, bytes], facts: Mapping[str, str]) -> None:
    (fresh / "downloads").mkdir()
    for name, content in files.items():
        if not name or Path(name).name != name or name.startswith("."):
            raise StoreError(
                Message(ko=f"파일 이름으로 쓸 수 없습니다: {name}", en=f"{name!r} cannot be the name of a download."),
                cure=Message(ko="폴더 없이 이름만 쓰십시오.", en="Give a plain name without a folder."),
            )
        (fresh / "downloads" / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    record = json.dumps({"facts": dict(facts), "files": digests}, ensure_ascii=False, indent=2, sort_keys=True)
    (fresh / "version.json").write_text(f"{record}\n", "utf-8")


def _unreadable_quads(error: SyntaxError) -> StoreError:
    return StoreError(
        Message(ko=f"N-Quads를 읽을 수 없습니다: {error.msg}", en=f"The N-Quads cannot be read: {error.msg}."),
        cure=Message(ko="N-Quads 파일을 다시 만드십시오.", en="Write the quads anew."),
    )
