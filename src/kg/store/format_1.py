"""Conversion of a store of format 1, where each version was a RocksDB directory, to a log of commits.

All commit infos, changesets, reports and pins are kept; tokens, audit log and editions are not touched. The old files
are removed after ``HEAD`` is written, so that a crash leaves a store of either format.
"""

from __future__ import annotations

import gzip
import json
import logging
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph

from kg.diff import Content, Patch
from kg.domain import StoreError
from kg.locales import Message
from kg.store.commit_info import CommitInfo
from kg.store.contents import lines_of, name_of, quads_of
from kg.store.durable import sync
from kg.store.layout import FORMAT, FORMER_POINTER
from kg.store.log import Commit, CommitLog, checksums
from kg.store.pointer import write_head

_LOG = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLD_VERSIONS, _OLD_NAME = "versions", "format-1"
_NEW_FOLDERS = ("commits", "snapshots", "reports")
_DAMAGE = (OSError, EOFError, ValueError, KeyError, TypeError, SyntaxError, RuntimeError, zlib.error)
"""The exceptions of reading a damaged file or RocksDB directory."""
_T = TypeVar("_T")


class _Former:
    """The directory of one version of format 1; damaged parts are None."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = int(path.name)

    @cached_property
    def commit_info(self) -> dict[str, Any] | None:
        """The fields of the record; the first release wrote facts only."""
        return self._read("version.json", lambda file: _fields(json.loads(file.read_bytes())))

    @cached_property
    def patch(self) -> Patch | None:
        """The changeset, with its lines serialized again by the engine."""
        return self._read("changes.rdfp.gz", lambda file: _patch(gzip.decompress(file.read_bytes()).decode()))

    def content(self) -> Content | None:
        """Read the RocksDB directory."""
        return self._read("oxigraph", lambda directory: _content_of(directory, self._digest))

    def report(self) -> bytes:
        file = self.path / "report.nt.gz"
        return file.read_bytes() if file.is_file() else b""

    @property
    def _digest(self) -> str:
        digest: str = self.commit_info["content"] if self.commit_info else ""
        return digest

    def _read(self, name: str, read: Callable[[Path], _T]) -> _T | None:
        if not (self.path / name).exists():
            return None
        try:
            return read(self.path / name)
        except _DAMAGE as error:
            _LOG.warning("%s of version %s is damaged: %s", name, self.number, error)
            return None


def _fields(read: dict[str, Any]) -> dict[str, Any]:
    facts = read["facts"]
    return {
        "time": datetime.fromisoformat(read["time"]) if "time" in read else _EPOCH,
        "author": read.get("author", facts.get("by", "")),
        "message": read.get("message", ""),
        "kind": read.get("kind", "build" if "digest" in facts else "update"),
        "facts": facts,
        "added": read.get("added", 0),
        "removed": read.get("removed", 0),
        "warnings": read.get("warnings", 0),
        "content": read.get("content", ""),
    }


def _patch(text: str) -> Patch:
    read = Patch.from_text(text)
    added, removed = (lines_of(quads_of(lines)) for lines in (read.added, read.removed))
    return Patch.of(added, removed, read.created, read.dropped)


def _content_of(directory: Path, digest: str) -> Content:
    store = pyoxigraph.Store.read_only(str(directory))
    quads = (store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b"").decode().split("\n")[:-1]
    content = Content(frozenset(quads), frozenset(map(name_of, store.named_graphs())))
    if digest not in ("", content.digest):
        raise ValueError("it does not hold what its record says")
    return content


def convert(path: Path) -> None:
    """Convert the store in a directory; the caller holds its lock.

    Damaged parts of older versions are left out, as if they had expired.

    :raises StoreError: the current version cannot be read
    """
    _LOG.warning("The store %s is converted to format %s.", path, FORMAT.number)
    for folder in _NEW_FOLDERS:  # left by an interrupted conversion
        shutil.rmtree(path / folder, ignore_errors=True)
    directories = sorted((path / _OLD_VERSIONS).glob("[0-9]*"))
    try:
        current = int((path / FORMER_POINTER).read_text("ascii"))
    except ValueError:
        current = max((int(directory.name) for directory in directories), default=0)
    log = CommitLog(path)
    try:
        _write(log, [_Former(one) for one in directories if int(one.name) <= current])
    except ValueError as error:
        raise _unconvertible(path, error) from error
    if not log.is_intact(current):
        raise _unconvertible(path, "the current version is damaged")
    FORMAT.write(path)
    write_head(path, CommitLog(path).commit_info(current))
    remove_former(path)


def _write(log: CommitLog, formers: list[_Former]) -> None:
    """Write a commit for each version whose record can be read.

    A version after a skipped one gets all changes since the last converted one.
    """
    content: Content | None = Content()
    written, parent = content, None
    for place, former in enumerate(formers):
        patch, after = _change(formers, place, content)
        if written is not content:
            patch = (written or Content()).changes_to(after) if after is not None else None
        content = after
        if former.commit_info is None:
            continue
        patch = None if after is None else patch
        parent = _commit_info(former, parent, patch, after)
        if patch is None:
            log.append_expired(parent)
        else:
            log.append(Commit(parent, patch.to_text().encode(), former.report()))
        if after is not None and written is None:
            log.write_snapshot(former.number, after)
        written = after


def _change(formers: list[_Former], place: int, before: Content | None) -> tuple[Patch | None, Content | None]:
    """Return the changeset and the content of a version; None for each that is not kept."""
    patch = formers[place].patch
    if patch is not None:
        return patch, before.after(patch) if before is not None else _content(formers, place)
    content = formers[place].content()
    return ((before or Content()).changes_to(content), content) if content is not None else (None, None)


def _content(formers: list[_Former], place: int) -> Content | None:
    """Return the content of a version after an expired one, by reverting changesets from a later snapshot."""
    content = formers[place].content()
    if content is not None:
        return content
    reverted: list[Patch] = []
    for later in formers[place + 1 :]:
        if later.patch is None:
            return None
        reverted.insert(0, later.patch.inverse())
        content = later.content()
        if content is not None:
            return content.after(*reverted)
    return None


def _commit_info(former: _Former, parent: CommitInfo | None, patch: Patch | None, after: Content | None) -> CommitInfo:
    fields = {**(former.commit_info or {})}
    if patch is not None:
        fields |= {"added": len(patch.added), "removed": len(patch.removed)}
    if after is not None:
        fields |= {"content": after.digest, "size": len(after.quads)}
    return CommitInfo(
        number=former.number,
        **fields,
        files=checksums(patch.to_text().encode(), former.report()) if patch is not None else {},
        parent=parent.number if parent else 0,
        parent_digest=parent.digest if parent else "",
    )


def remove_former(path: Path) -> None:
    """Remove the old files of a converted store."""
    old = path / _OLD_NAME
    if not old.exists() and not (path / FORMER_POINTER).exists():
        return
    old.mkdir(exist_ok=True)
    for name in _old_files(path):
        with suppress(FileNotFoundError):
            (path / name).rename(old / name)
    sync(path)
    shutil.rmtree(old)


def _old_files(path: Path) -> Iterator[str]:
    yield from (FORMER_POINTER, _OLD_VERSIONS, "opened")
    yield from (one.name for one in path.glob(".backup-*"))


def _unconvertible(path: Path, error: Exception | str) -> StoreError:
    return StoreError(
        Message("store.not_converted", path=path, error=error),
        cure=Message("store.restore_empty_cure"),
    )
