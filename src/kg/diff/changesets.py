"""Changesets between versions, and the content of versions, as N-Quads lines; serialized much as RDF Patch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

_ROWS = (("A", "added"), ("D", "removed"), ("AG", "created"), ("DG", "dropped"))
_MODULUS = 2**256


@dataclass(frozen=True)
class Patch:
    r"""A changeset: sorted N-Quads lines added and removed, and names of graphs created and dropped.

    Every added quad is new, every removed one was there. ``created`` and ``dropped`` hold IRIs, or ``_:`` names.

    >>> one = Patch(added=('<http://a/s> <http://a/p> "1" .',))
    >>> Patch.composed((one, one.inverse())).is_empty
    True
    >>> Patch.from_text(one.to_text()) == one
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
        """Return a changeset of these lines and names, sorted."""
        return cls(tuple(sorted(added)), tuple(sorted(removed)), tuple(sorted(created)), tuple(sorted(dropped)))

    @property
    def is_empty(self) -> bool:
        """Whether it is empty."""
        return not (self.added or self.removed or self.created or self.dropped)

    def inverse(self) -> Patch:
        """Return the changeset that reverts this one."""
        return Patch(self.removed, self.added, self.dropped, self.created)

    @classmethod
    def composed(cls, patches: Iterable[Patch]) -> Patch:
        """Return the composition of changesets, oldest first."""
        quads, graphs = _Sum(), _Sum()
        for patch in patches:
            quads.take(patch.added, patch.removed)
            graphs.take(patch.created, patch.dropped)
        return cls.of(quads.more, quads.less, graphs.more, graphs.less)

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


class _Sum:
    """The running composition of changesets."""

    def __init__(self) -> None:
        self.more: set[str] = set()
        self.less: set[str] = set()

    def take(self, added: Iterable[str], removed: Iterable[str]) -> None:
        for line in added:
            self.less.remove(line) if line in self.less else self.more.add(line)
        for line in removed:
            self.more.remove(line) if line in self.more else self.less.add(line)


@dataclass(frozen=True)
class Content:
    r"""All that a version holds: its quads as N-Quads lines without the line break, and the names of its graphs.

    >>> one = Content().after(Patch(added=('<http://a/s> <http://a/p> "1" .',)))
    >>> one.to_nquads()
    b'<http://a/s> <http://a/p> "1" .\n'
    """

    quads: frozenset[str] = frozenset()
    graphs: frozenset[str] = frozenset()

    def after(self, *patches: Patch) -> Content:
        """Apply changesets in order."""
        quads, graphs = set(self.quads), set(self.graphs)
        for patch in patches:
            quads.difference_update(patch.removed)
            quads.update(patch.added)
            graphs.difference_update(patch.dropped)
            graphs.update(patch.created)
        return Content(frozenset(quads), frozenset(graphs))

    def changes_to(self, other: Content) -> Patch:
        """Return the changeset from this content to another."""
        return Patch.of(
            other.quads - self.quads,
            self.quads - other.quads,
            other.graphs - self.graphs,
            self.graphs - other.graphs,
        )

    @property
    def digest(self) -> str:
        """The digest of the content, as in ``CommitInfo.content``."""
        return digest_after("", Patch(added=tuple(self.quads), created=tuple(self.graphs)))

    def to_nquads(self) -> bytes:
        """Serialize the quads as sorted N-Quads."""
        return "".join(f"{line}\n" for line in sorted(self.quads)).encode()


@dataclass(frozen=True)
class Checkout:
    r"""A checked-out version: the serialized rows of a snapshot, and the composed changeset since.

    >>> one = Checkout(b"A <http://a/s> <http://a/p> 1 <http://a/g> .\nAG <http://a/g>\n", Patch(created=("http://a/h",)))
    >>> one.content() == Content(frozenset(['<http://a/s> <http://a/p> 1 <http://a/g> .']), one.graphs())
    True
    """

    rows: bytes = b""
    patch: Patch = field(default_factory=Patch)

    def quads(self) -> bytes:
        """Return the quads as N-Quads, in no order; no line is looked at unless quads were removed."""
        lines = self._parts()[0].replace(b"\nA ", b"\n")
        if self.patch.removed:
            removed = frozenset(line.encode() for line in self.patch.removed)
            lines = b"\n".join(line for line in lines.split(b"\n") if line not in removed)
        return b"\n".join((lines, *(line.encode() for line in self.patch.added)))

    def graphs(self) -> frozenset[str]:
        """Return the names of the named graphs."""
        names = frozenset(self._parts()[1].decode().split("\nAG ")[1:])
        return names.difference(self.patch.dropped).union(self.patch.created)

    def _parts(self) -> tuple[bytes, bytes]:
        """Return the rows of quads and those of graphs, each with a line break before it and none after."""
        rows = b"\n" + self.rows.removesuffix(b"\n")
        start = rows.find(b"\nAG ")
        return (rows, b"") if start < 0 else (rows[:start], rows[start:])

    def content(self) -> Content:
        """Return the content of the version."""
        return Content(frozenset(filter(None, self.quads().decode().split("\n"))), self.graphs())


def digest_after(before: str, patch: Patch) -> str:
    """Return the digest of a content after a changeset, given its digest before.

    The empty string is the digest of no content. It is the sum of the digests of all lines and graph names, so that it
    follows from the changeset alone.

    >>> both = digest_after("", Patch(added=("a", "b")))
    >>> digest_after(both, Patch(removed=("b",))) == digest_after("", Patch(added=("a",)))
    True
    """
    total = int(before or "0", 16)
    for sign, lines in ((1, patch.added), (-1, patch.removed), (1, patch.created), (-1, patch.dropped)):
        for line in lines:
            total += sign * int.from_bytes(hashlib.sha256(line.encode()).digest())
    return f"{total % _MODULUS:064x}"
