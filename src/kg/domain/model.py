"""The domain as frozen values: a page, its cities, agreements, figures and exchanges, each with its place.

The fields of the page are a table here: each has a ``Column`` that says how it stands on the page and in the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from kg.domain.columns import Column
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

    title: Annotated[str, Column("title", "ko", ("결연명칭",), weight=4)]
    instrument: Annotated[str | None, Column("instrument", "instrument")] = None
    date: Annotated[DateSpan | None, Column("startDate", "span", ("결 연 일", "결연일자"), order=-1)] = None
    concluded_in: Annotated[str | None, Column("concludedInPrinted", "ko", ("체결장소",), "title")] = None
    method: Annotated[str | None, Column("conclusionMethod", "ko", ("체결방법",), "title", weight=1)] = None
    background: Annotated[str | None, Column("background", "ko", ("결연배경",), weight=2)] = None
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True)
class Statistic(Record):
    """A figure: value and unit, of when, on what basis, and the text as printed."""

    value: Annotated[Decimal, Column("value", "decimal")]
    unit: Annotated[str, Column("unitPrinted", "printed")]
    approximate: Annotated[bool, Column("approximate", "truth")] = False
    as_of: PartialDate | None = None
    basis: Annotated[str | None, Column("basis", "basis")] = None
    printed: Annotated[str, Column("printed", "printed")] = field(default="", compare=False)


@dataclass(frozen=True)
class UnitCount(Record):
    """How many units of one kind: administrative divisions or organs, with their names where the page gives them."""

    category: Annotated[str, Column("category", "text")]
    label: Annotated[str, Column("unitLabel", "ko")]
    count: Annotated[int, Column("count", "number")]
    kind: Annotated[str | None, Column("unitKind", "unit-kind")] = None
    names: Annotated[tuple[str, ...], Column("unitName", "ko")] = ()
    remark: Annotated[str | None, Column("remark", "ko")] = None
    count_first: bool = True
    printed: Annotated[str, Column("printed", "printed")] = field(default="", compare=False)


@dataclass(frozen=True)
class Characteristic(Record):
    """One sentence about a city."""

    text: Annotated[str, Column("text", "ko", weight=2)]


@dataclass(frozen=True)
class Delegation(Record):
    """Who took part: whose people, what they are called, how many, and the name where one is given."""

    whose: tuple[Party, ...]
    label: Annotated[str | None, Column("role", "ko")] = None
    head_count: Annotated[int | None, Column("headCount", "number")] = None
    person: Annotated[str | None, Column("personName", "ko", weight=4)] = None
    origin: Annotated[str | None, Column("origin", "ko")] = None


@dataclass(frozen=True)
class Anniversary(Record):
    """The n-th return of a founding or of an agreement."""

    of: str
    ordinal: Annotated[int, Column("ordinal", "number")]


@dataclass(frozen=True)
class Occurrence(Record):
    """One dated occurrence of an exchange."""

    date: Annotated[DateSpan, Column("startDate", "span")]
    direction: Annotated[str, Column("direction", "direction")] = "unstated"
    direction_stated: Annotated[bool, Column("directionStated", "truth")] = False
    act: Annotated[str | None, Column("act", "ko")] = None
    bracket: Annotated[int, Column("bracket", "number")] = field(default=0, compare=False)
    printed: Annotated[str, Column("datePrinted", "printed")] = field(default="", compare=False)


@dataclass(frozen=True)
class Exchange(Record):
    """One line of the list of exchanges: what it says, its occurrences, and how it was read.

    ``status`` is ``held``, ``planned``, ``postponed`` or ``cancelled``: only what was held took place.
    """

    description: Annotated[str, Column("description", "ko", weight=3)]
    occurrences: tuple[Occurrence, ...] = ()
    primary_kind: Annotated[str | None, Column("primaryKind", "exchange-kind")] = None
    further_kinds: Annotated[tuple[str, ...], Column("furtherKind", "exchange-kind")] = ()
    direction: Annotated[str, Column("direction", "direction")] = "unstated"
    direction_stated: Annotated[bool, Column("directionStated", "truth")] = False
    status: Annotated[str, Column("status", "exchange-status", default="held")] = "held"
    delegations: tuple[Delegation, ...] = ()
    visited: tuple[Party, ...] = ()
    purpose: Annotated[str | None, Column("purpose", "ko")] = None
    intended_instrument: Annotated[str | None, Column("intendedInstrument", "instrument")] = None
    intends_founding: bool = False
    occasions: Annotated[tuple[str, ...], Column("occasion", "ko")] = ()
    items: Annotated[tuple[str, ...], Column("item", "ko")] = ()
    received: Annotated[tuple[str, ...], Column("received", "ko")] = ()
    sent: Annotated[tuple[str, ...], Column("sent", "ko")] = ()
    topics: Annotated[tuple[str, ...], Column("topic", "topic")] = ()
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
    heading: Annotated[str, Column("heading", "ko", weight=5)]
    title: Annotated[str, Column("sectionTitle", "ko")]
    body: str = "municipality"
    agreement: Agreement | None = None
    area: Annotated[Statistic | None, Column("area", "statistic", ("면 적",), "general")] = None
    population: Annotated[Statistic | None, Column("population", "statistic", ("인 구", "인구수"), "general")] = None
    divisions: Annotated[tuple[UnitCount, ...], Column("divisionCount", "unit-counts", ("행정구역",), "general")] = ()
    organs: Annotated[tuple[UnitCount, ...], Column("organCount", "unit-counts", ("행정기구",), "general")] = ()
    characteristics: Annotated[
        tuple[Characteristic, ...], Column("characteristic", "records", ("지역특성",), "characteristics")
    ] = ()
    exchanges: Annotated[tuple[Exchange, ...], Column("exchangedWith", "records", ("주요교류내용",), "exchanges")] = ()
    homepage: Annotated[str | None, Column("homepage", "iri", ("홈페이지",))] = None

    @property
    def name(self) -> str:
        """The city's own name, without those above it."""
        return self.path[-1]


@dataclass(frozen=True)
class Metadata(Record):
    """What the page says of itself."""

    department: Annotated[
        str | None, Column("department", "ko", ("자료관리부서", "자료담당부서", "관리부서", "담당부서"))
    ] = None
    phone: Annotated[str | None, Column("phone", "text", ("담당전화", "담당전화번호", "전화", "전화번호"))] = None
    room: Annotated[str | None, Column("room", "ko", ("위치",))] = None
    last_modified: Annotated[date | None, Column("lastModified", "day", ("최종수정일",))] = None


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
