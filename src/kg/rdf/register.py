"""The register of identifiers: every slug that was ever assigned, and what it denotes.

One row is one line, with tabs: kind, slug, the slug of the record it is a part of, dates, text, state.

======== ==========================================================================================
state    meaning
======== ==========================================================================================
(empty)  on the page
gone     no longer on the page: its slug is never assigned to another record
hand     added by a SPARQL update: assigned to a record of the page only if that is recognized
``→…``   replaced by the slug behind the arrow
======== ==========================================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rdflib import DCTERMS, OWL, Graph, Literal, URIRef

from kg.domain import Iris
from kg.rdf.alignment import ALIKE, Item, align

_HEAD = "# kind\tslug\tpart of\tdates\ttext\tstate\n"
_GONE, HAND, _ARROW = "gone", "hand", "→"


class RegisterRow(NamedTuple):
    """An identifier: a kind and a slug, what it denotes, and its state."""

    kind: str
    slug: str
    of: str
    dates: str
    text: str
    state: str = ""

    @property
    def is_replaced(self) -> bool:
        """Whether another slug replaced this one."""
        return self.state.startswith(_ARROW)

    @property
    def item(self) -> Item:
        """What its record is recognized by."""
        return Item(self.text, self.dates)


@dataclass(frozen=True)
class Register:
    """The rows of a register, those on the page first and in its order."""

    rows: tuple[RegisterRow, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Register:
        r"""Read a register; raise ``ValueError`` for a line that is no row.

        >>> Register.parse("exchange\thongkou-2012\thongkou\t2012\t방문\t\n").rows[0].slug
        'hongkou-2012'
        """
        lines = (line for line in text.split("\n") if line and not line.startswith("#"))
        try:
            return cls(tuple(RegisterRow(*line.split("\t")) for line in lines))
        except TypeError:
            raise ValueError("a row of the register does not have six columns") from None

    def serialize(self) -> str:
        """Return the register as text."""
        return _HEAD + "".join("\t".join(row) + "\n" for row in self.rows)

    def under(self, newer: Register) -> Register:
        """Return the rows of a newer register, and those here that it lacks."""
        known = {row[:2] for row in newer.rows}
        return Register((*newer.rows, *(row for row in self.rows if row[:2] not in known)))

    def retired(self, iris: Iris) -> Graph:
        """Return the statements on identifiers of things that are gone or have another one."""
        graph = Graph()
        for row in self.rows:
            if row.state and row.state != HAND:
                iri = URIRef(iris.resource(row.kind, row.slug))
                graph.add((iri, OWL.deprecated, Literal(lexical_or_value=True)))
                if row.is_replaced:
                    new = iris.resource(row.kind, row.state.removeprefix(_ARROW))
                    graph.add((iri, DCTERMS.isReplacedBy, URIRef(new)))
        return graph


class Assignment:
    """Assigns slugs to the records of an edition, and extends a register by it."""

    def __init__(self, known: Register) -> None:
        """Take the register of the editions before."""
        self._known = known
        self._groups: defaultdict[tuple[str, str], list[RegisterRow]] = defaultdict(list)
        for row in known.rows:
            self._groups[row.kind, row.of].append(row)
        self._rows: dict[tuple[str, ...], RegisterRow] = {row[:2]: row for row in known.rows}
        self._taken = set(self._rows)
        self._assigned: dict[tuple[str, ...], RegisterRow] = {}

    def find(self, kind: str, slug: str) -> RegisterRow | None:
        """Return the row of an identifier that this edition has not assigned yet."""
        return None if (kind, slug) in self._assigned else self._rows.get((kind, slug))

    def rows(self, kind: str) -> Iterator[RegisterRow]:
        """Yield the rows of a kind that this edition has not assigned yet, those that were on the page first."""
        rows = [row for key, row in self._rows.items() if row.kind == kind and key not in self._assigned]
        yield from sorted(rows, key=lambda row: row.state != "")

    def assign(self, kind: str, slug: str, of: str, item: Item) -> str:
        """Assign a slug, which a record of an edition before had, or which is new."""
        self._taken.add((kind, slug))
        self._assigned[kind, slug] = RegisterRow(kind, slug, of, item.dates, item.text)
        return slug

    def replace(self, kind: str, old: str, new: str) -> None:
        """Replace a slug by another one."""
        row = self._rows[kind, old]
        self._assigned[kind, old] = row._replace(state=f"{_ARROW}{new}")

    def assign_all(
        self, kind: str, of: str, items: Iterable[Item], slugs: Sequence[str], alike: float = ALIKE
    ) -> list[str]:
        """Assign slugs to all records of a kind that are part of one: those they had, or ``slugs``, made unique."""
        found = [Item(" ".join(item.text.split()), item.dates) for item in items]
        had = self._recognized(self._groups[kind, of], found, alike)
        return [
            self.assign(kind, had[place] if place in had else self.unique(kind, slugs[place]), of, item)
            for place, item in enumerate(found)
        ]

    def _recognized(self, rows: list[RegisterRow], items: list[Item], alike: float) -> dict[int, str]:
        live, by_hand, gone = ([row for row in rows if row.state == state] for state in ("", HAND, _GONE))
        had = {j: live[i].slug for j, i in align([row.item for row in live], items, alike).items()}
        left = [place for place in range(len(items)) if place not in had]
        fresh = [items[place] for place in left]
        pairs = align([row.item for row in by_hand], fresh, in_place=False)
        had |= {left[j]: by_hand[i].slug for j, i in pairs.items()}
        back = {row.item: row.slug for row in reversed(gone)}
        for place in left:
            if place not in had and items[place] in back:
                had[place] = back.pop(items[place])
        return had

    def unique(self, kind: str, slug: str) -> str:
        """Return a slug that was never assigned: this one, or with ``-2``, ``-3`` … behind it."""
        name, number = slug, 1
        while (kind, name) in self._taken:
            number += 1
            name = f"{slug}-{number}"
        return name

    def register(self) -> Register:
        """Return the register with this edition in it: what it lacks of the one before is gone."""
        rest = [row for key, row in self._rows.items() if key not in self._assigned]
        old = [row if row.state else row._replace(state=_GONE) for row in rest]
        rows = (*self._assigned.values(), *old)
        return Register((*(row for row in rows if not row.state), *(row for row in rows if row.state)))
