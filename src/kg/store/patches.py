"""What a version added to the one before it and removed from it: sorted N-Quads lines, written much as RDF Patch is."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import Message, StoreError

_ROWS = (("A", "added"), ("D", "removed"), ("AG", "created"), ("DG", "dropped"))
_LEVEL = 6


@dataclass(frozen=True)
class Patch:
    r"""Quads as N-Quads lines without the line break, sorted; and graphs that began or ceased to be, by name.

    Every added quad is new, every removed one was there. ``created`` and ``dropped`` hold IRIs, or ``_:`` names.

    >>> one = Patch(added=('<http://a/s> <http://a/p> "1" .',))
    >>> one.then(one.inverse()).is_empty
    True
    >>> Patch.from_bytes(one.to_bytes()) == one
    True
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        added: Iterable[str] = (),
        removed: Iterable[str] = (),
        created: Iterable[str] = (),
        dropped: Iterable[str] = (),
    ) -> Patch:
        """Return a patch of these lines and names, put in order."""
        return cls(tuple(sorted(added)), tuple(sorted(removed)), tuple(sorted(created)), tuple(sorted(dropped)))

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.added or self.removed or self.created or self.dropped)

    def inverse(self) -> Patch:
        """Return the patch that takes this one back."""
        return Patch(self.removed, self.added, self.dropped, self.created)

    def then(self, other: Patch) -> Patch:
        """Return the one patch that does what this one does and the other one after it."""
        return Patch.in_turn((self, other))

    @classmethod
    def in_turn(cls, patches: Iterable[Patch]) -> Patch:
        """Return the one patch that does what all of them do, one after the other."""
        quads, graphs = _Sum(), _Sum()
        for patch in patches:
            quads.take(patch.added, patch.removed)
            graphs.take(patch.created, patch.dropped)
        return cls.of(quads.more, quads.less, graphs.more, graphs.less)

    def to_bytes(self) -> bytes:
        """Write it compressed, the same bytes for the same patch."""
        return gzip.compress(self.to_text().encode(), _LEVEL, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Patch:
        """Read it back.

        :raises StoreError: it is not what ``to_bytes`` writes
        """
        try:
            return cls.from_text(_decompressed(data))
        except (OSError, EOFError, ValueError) as error:
            raise _unreadable(error) from error

    def to_text(self) -> str:
        """Write a row for each quad and graph: ``A`` and ``D`` before a quad, ``AG`` and ``DG`` before a graph."""
        return "".join(f"{sign} {line}\n" for sign, name in _ROWS for line in getattr(self, name))

    @classmethod
    def from_text(cls, text: str) -> Patch:
        """Read what ``to_text`` writes; raise ``ValueError`` for anything else."""
        found: dict[str, list[str]] = {sign: [] for sign, _ in _ROWS}
        for row in text.split("\n")[:-1]:
            sign, _, line = row.partition(" ")
            if sign not in found:
                raise ValueError(f"no row of a patch begins with {sign!r}")
            found[sign].append(line)
        return cls(*(tuple(found[sign]) for sign, _ in _ROWS))


def _decompressed(data: bytes) -> str:
    if not data:
        raise EOFError("the file is empty")
    return gzip.decompress(data).decode()


class _Sum:
    """Lines added and removed, as more patches come."""

    def __init__(self) -> None:
        self.more: set[str] = set()
        self.less: set[str] = set()

    def take(self, added: Iterable[str], removed: Iterable[str]) -> None:
        for line in added:
            self.less.remove(line) if line in self.less else self.more.add(line)
        for line in removed:
            self.more.remove(line) if line in self.more else self.less.add(line)


def _unreadable(error: Exception) -> StoreError:
    return StoreError(
        Message(ko=f"판의 변경 기록을 읽을 수 없습니다: {error}.", en=f"A record of changes cannot be read: {error}."),
        cure=Message(ko="백업에서 복원하십시오(kg restore-backup).", en="Restore a backup (kg restore-backup)."),
    )
