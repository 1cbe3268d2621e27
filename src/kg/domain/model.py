"""The domain as frozen values: a page, its cities, agreements, figures and exchanges, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kg.domain.dates import DateSpan, PartialDate
from kg.locales import Translatable

HOME = ("대한민국", "서울특별시", "서초구")
"""The path of names of the municipality whose page this is."""


@dataclass(frozen=True, order=True)
class Passage:
    """A stretch of one line: line and start column from 1, the end column behind the last character."""

    line: int
    start: int
    end: int

    def within(self, start: int, end: int) -> Passage:
        """Return a part of this passage, given as offsets into its text.

        >>> Passage(3, 10, 20).within(2, 5)
        Passage(line=3, start=12, end=15)
        """
        return Passage(self.line, self.start + start, self.start + end)


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was read from the page: ``places`` says, for each field, where."""

    places: Mapping[str, Passage] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Party:
    """Who acts: a municipality (its path of names, the country first) or one of its bodies."""

    path: tuple[str, ...]
    body: str = "municipality"

    @property
    def is_home(self) -> bool:
        """Whether it belongs to the municipality whose page this is."""
        return self.path == HOME


@dataclass(frozen=True)
class Agreement(Record):
    """A document between two parties: the founding one of a tie, or one that an exchange line tells of."""

    title: str
    instrument: str | None = None
    date: DateSpan | None = None
    concluded_in: str | None = None
    method: str | None = None
    background: str | None = None
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True)
class Statistic(Record):
    """A figure: value and unit, of when, on what basis, and the text as printed."""

    measure: str
    value: Decimal
    unit: str
    approximate: bool = False
    as_of: PartialDate | None = None
    basis: str | None = None
    printed: str = field(default="", compare=False)


@dataclass(frozen=True)
class UnitCount(Record):
    """How many units of one kind: administrative divisions or organs, with their names where the page gives them."""

    category: str
    label: str
    count: int
    kind: str | None = None
    names: tuple[str, ...] = ()
    remark: str | None = None
    count_first: bool = True
    printed: str = field(default="", compare=False)


@dataclass(frozen=True)
class Characteristic(Record):
    """One sentence about a city."""

    text: str


@dataclass(frozen=True)
class Delegation(Record):
    """Who took part: whose people, what they are called, how many, and the name where one is given."""

    whose: tuple[Party, ...]
    label: str | None = None
    head_count: int | None = None
    person: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Anniversary(Record):
    """The n-th return of a founding or of an agreement."""

    of: str
    ordinal: int


@dataclass(frozen=True)
class Occurrence(Record):
    """One dated occurrence of an exchange."""

    date: DateSpan
    direction: str = "unstated"
    direction_stated: bool = False
    act: str | None = None
    bracket: int = field(default=0, compare=False)
    printed: str = field(default="", compare=False)


@dataclass(frozen=True)
class Exchange(Record):
    """One line of the list of exchanges: what it says, its occurrences, and how it was read.

    ``status`` is ``held``, ``planned``, ``postponed`` or ``cancelled``: only what was held took place.
    """

    description: str
    occurrences: tuple[Occurrence, ...] = ()
    primary_kind: str | None = None
    further_kinds: tuple[str, ...] = ()
    direction: str = "unstated"
    direction_stated: bool = False
    status: str = "held"
    delegations: tuple[Delegation, ...] = ()
    visited: tuple[Party, ...] = ()
    purpose: str | None = None
    intended_instrument: str | None = None
    intends_founding: bool = False
    occasions: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    anniversaries: tuple[Anniversary, ...] = ()
    concludes: tuple[Agreement, ...] = ()
    concludes_founding: bool = False
    notes: tuple[Exchange, ...] = ()

    @property
    def start(self) -> date:
        """The first day of its first occurrence; the end of time for a line without a date."""
        return min((occurrence.date.start for occurrence in self.occurrences), default=date.max)


@dataclass(frozen=True)
class City(Record):
    """One section of the page: a city, its tie and everything said of it."""

    path: tuple[str, ...]
    heading: str
    title: str
    body: str = "municipality"
    agreement: Agreement | None = None
    area: Statistic | None = None
    population: Statistic | None = None
    divisions: tuple[UnitCount, ...] = ()
    organs: tuple[UnitCount, ...] = ()
    characteristics: tuple[Characteristic, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    homepage: str | None = None

    @property
    def name(self) -> str:
        """The city's own name, without those above it."""
        return self.path[-1]


@dataclass(frozen=True)
class Metadata(Record):
    """What the page says of itself."""

    department: str | None = None
    phone: str | None = None
    room: str | None = None
    last_modified: date | None = None


@dataclass(frozen=True)
class SourceLine:
    """One line as it stands on the page; ``role`` names what it is."""

    number: int
    text: str
    role: str


@dataclass(frozen=True)
class Boilerplate:
    """A stretch of the page that states nothing: a bullet, a label, a bracket, the survey line; ``name`` says which."""

    name: str
    place: Passage


@dataclass(frozen=True)
class Doubt:
    """Something that looks wrong or ambiguous, or cannot be read: the text, the reading used, and why.

    ``severity`` is ``error`` (cannot be read), ``warning`` (wrong, or probably so) or ``note`` (ambiguous, incomplete).
    """

    rule: str
    severity: str
    place: Passage
    printed: str
    reading: str
    reason: Translatable


@dataclass(frozen=True)
class Page:
    """The whole page: its lines as printed and what was read from them."""

    name: str
    title: str | None
    cities: tuple[City, ...]
    metadata: Metadata
    lines: tuple[SourceLine, ...]
    boilerplate: tuple[Boilerplate, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    places: Mapping[str, Passage] = field(default_factory=dict, compare=False, repr=False)

    def exchanges(self) -> Iterator[tuple[City, Exchange]]:
        """Yield every exchange line with its city, the notes apart."""
        yield from ((city, exchange) for city in self.cities for exchange in city.exchanges)
