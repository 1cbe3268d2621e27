"""Conversion of a store of format 1, where each version was a RocksDB directory, to a log of commits.

Every record, changeset, report and pin is kept; tokens, audit log and editions stay as they are. The old files are
removed when ``HEAD`` stands, so that a crash leaves a store of either format.
"""

from __future__ import annotations

import gzip
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph

from kg.errors import Message, StoreError
from kg.store.contents import lines_of, quads_of
from kg.store.durable import replace_file, sync
from kg.store.layout import FORMAT, FORMER_POINTER
from kg.store.log import Commit, CommitLog, checksums
from kg.store.patches import Content, Patch, digest_after
from kg.store.records import Record

_LOG = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLD_VERSIONS, _OLD_NAME = "versions", "format-1"


@dataclass(frozen=True)
class _Former:
    """The directory of one version of format 1."""

    path: Path

    @property
    def number(self) -> int:
        return int(self.path.name)

    @property
    def has_changes(self) -> bool:
        return (self.path / "changes.rdfp.gz").is_file()

    @property
    def is_full(self) -> bool:
        return (self.path / "oxigraph").is_dir()

    def patch(self) -> Patch:
        """Read the changeset; its lines are serialized anew, as the engine does it."""
        read = Patch.from_text(gzip.decompress((self.path / "changes.rdfp.gz").read_bytes()).decode())
        added, removed = (lines_of(quads_of(lines)) for lines in (read.added, read.removed))
        return Patch.of(added, removed, read.created, read.dropped)

    def report(self) -> bytes:
        file = self.path / "report.nt.gz"
        return file.read_bytes() if file.is_file() else b""

    def content(self) -> Content:
        """Read the RocksDB directory."""
        store = pyoxigraph.Store.read_only(str(self.path / "oxigraph"))
        quads = (store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b"").decode().split("\n")[:-1]
        names = (name.value if isinstance(name, pyoxigraph.NamedNode) else str(name) for name in store.named_graphs())
        return Content(frozenset(quads), frozenset(names))

    def fields(self) -> dict[str, Any]:
        """Return the fields of the record; the records of the first program have but facts."""
        read: dict[str, Any] = json.loads((self.path / "version.json").read_bytes())
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
        }


def convert(path: Path) -> None:
    """Convert the store in a directory; whoever calls holds its lock.

    :raises StoreError: the current version cannot be read
    """
    _LOG.warning("The store %s is converted to format %s.", path, FORMAT.number)
    current = int((path / FORMER_POINTER).read_text("ascii"))
    formers = [_Former(one) for one in sorted((path / _OLD_VERSIONS).glob("[0-9]*")) if int(one.name) <= current]
    try:
        _write(CommitLog(path), formers)
    except (OSError, ValueError, KeyError) as error:
        raise _unconvertible(path, error) from error
    if not CommitLog(path).is_whole(current):
        raise _unconvertible(path, "the current version is damaged")
    FORMAT.write(path)
    replace_file(path / "HEAD", f"{current:06}\n".encode("ascii"))
    _set_aside(path)


def _write(log: CommitLog, formers: list[_Former]) -> None:
    content: Content | None = Content()
    parent: Record | None = None
    for place, former in enumerate(formers):
        patch, after = _change(formers, place, content)
        is_cut_off = after is not None and content is None
        parent = _record(former, parent, patch, after)
        if patch is None:
            log.append_expired(parent)
        else:
            log.append(Commit(parent, patch.to_text().encode(), former.report()))
        if is_cut_off and after is not None:
            log.write_snapshot(former.number, after)
        content = after


def _change(formers: list[_Former], place: int, before: Content | None) -> tuple[Patch | None, Content | None]:
    """Return what a version changed and what it holds; None for what is not kept."""
    former = formers[place]
    if former.has_changes:
        patch = former.patch()
        return patch, before.after(patch) if before is not None else _content(formers, place)
    if not former.is_full:
        return None, None
    content = former.content()
    return (before or Content()).changes_to(content), content


def _content(formers: list[_Former], place: int) -> Content | None:
    """Return what a version holds whose predecessor is expired: from a later full version, changes reverted."""
    if formers[place].is_full:
        return formers[place].content()
    reverted: list[Patch] = []
    for later in formers[place + 1 :]:
        if not later.has_changes:
            return None
        reverted.insert(0, later.patch().inverse())
        if later.is_full:
            return later.content().after(*reverted)
    return None


def _record(former: _Former, parent: Record | None, patch: Patch | None, after: Content | None) -> Record:
    fields = former.fields()
    if patch is not None:
        fields |= {"added": len(patch.added), "removed": len(patch.removed)}
    read = json.loads((former.path / "version.json").read_bytes())
    content = read.get("content", "")
    if after is not None:
        content = digest_after("", Patch(added=tuple(after.quads), created=tuple(after.graphs)))
    return Record(
        number=former.number,
        **fields,
        files=checksums(patch.to_text().encode(), former.report()) if patch is not None else {},
        content=content,
        size=len(after.quads) if after is not None else 0,
        parent=parent.number if parent else 0,
        parent_digest=parent.digest if parent else "",
    )


def _set_aside(path: Path) -> None:
    """Remove the old files: all that they said stands in the log."""
    old = path / _OLD_NAME
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
        Message(
            ko=f"이전 형식의 저장소 {path}를 변환하지 못했습니다: {error}.",
            en=f"The store {path} of the former format could not be converted: {error}.",
        ),
        cure=Message(
            ko="백업을 빈 디렉터리에 복원하십시오(kg restore-backup).",
            en="Restore a backup into an empty directory (kg restore-backup).",
        ),
    )
