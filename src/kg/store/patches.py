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
        added, removed = _composed(self.added, self.removed, other.added, other.removed)
        created, dropped = _composed(self.created, self.dropped, other.created, other.dropped)
        return Patch(added, removed, created, dropped)

    def to_bytes(self) -> bytes:
        """Write it compressed, the same bytes for the same patch."""
        return gzip.compress(self.to_text().encode(), _LEVEL, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Patch:
        """Read it back.

        :raises StoreError: it is not what ``to_bytes`` writes
        """
        try:
            return cls.from_text(gzip.decompress(data).decode())
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


def _composed(
    added: Iterable[str], removed: Iterable[str], added_then: Iterable[str], removed_then: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    added, removed, added_then, removed_then = set(added), set(removed), set(added_then), set(removed_then)
    more = (added - removed_then) | (added_then - removed)
    less = (removed - added_then) | (removed_then - added)
    return tuple(sorted(more)), tuple(sorted(less))


def _unreadable(error: Exception) -> StoreError:
    return StoreError(
        Message(ko=f"판의 변경 기록을 읽을 수 없습니다: {error}.", en=f"A record of changes cannot be read: {error}."),
        cure=Message(ko="백업에서 복원하십시오(kg restore-backup).", en="Restore a backup (kg restore-backup)."),
    )
