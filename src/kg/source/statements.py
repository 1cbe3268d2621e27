"""What the lines of a page state: each record as the line, or the lines, that it takes on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from kg.domain import City, Exchange, Page, Passage, UnitCount
from kg.source.composition import compose_exchange, states
from kg.source.dates import format_span
from kg.source.quantities import format_statistic
from kg.source.units import format_unit_counts


@dataclass(frozen=True)
class Statement:
    """What one line states: ``key`` finds the same line in two models of a page.

    ``place`` is where its value stands (nothing for a record that was never on the page), ``states`` what it says,
    ``label`` and ``value`` the same in words; ``level`` is ``heading``, ``item``, ``nested`` or ``note``.
    """

    key: str
    place: Passage | None
    states: object
    value: str
    label: str = ""
    level: str = "item"
    group: str | None = None
    exchange: Exchange | None = None

    @property
    def words(self) -> str:
        """The line without its indent and bullet."""
        return f"{self.label}{self.value}"


def statements_of_city(city: City) -> Iterator[Statement]:
    """Yield the lines of a section in the page's order; what the section does not say has none."""
    heading, title = city.places.get("heading"), city.places.get("title")
    if heading is None or heading != title:
        yield Statement("heading", heading, city.heading, city.heading, level="heading")
    yield Statement("title", title, city.title, city.title, level="heading")
    yield from _agreement(city)
    yield from _general(city)
    new = count()
    for one in city.characteristics:
        place = one.places.get("text")
        key = f"characteristic {place.line if place else f'new {next(new)}'}"
        yield Statement(key, place, one.text, one.text, level="nested", group="characteristics")
    yield from _exchanges(city)
    if city.homepage:
        yield Statement("homepage", city.places.get("homepage"), city.homepage, city.homepage, "홈페이지 : ")


def _agreement(city: City) -> Iterator[Statement]:
    agreement = city.agreement
    if agreement is None:
        return
    places = agreement.places
    if agreement.date:
        value = format_span(agreement.date)
        yield Statement("agreement date", places.get("date"), agreement.date, value, "결 연 일 : ")
    if agreement.title:
        concluded = f" (체결장소 : {agreement.concluded_in})" if agreement.concluded_in else ""
        concluded = f" (체결방법 : {agreement.method})" if agreement.method else concluded
        says = (agreement.title, agreement.concluded_in, agreement.method)
        yield Statement("agreement title", places.get("title"), says, f"{agreement.title}{concluded}", "결연명칭 : ")
    if agreement.background:
        place = places.get("background")
        yield Statement("background", place, agreement.background, agreement.background, "결연배경 : ")


def _general(city: City) -> Iterator[Statement]:
    for key, label, statistic in (("area", "면 적 : ", city.area), ("population", "인 구 : ", city.population)):
        if statistic:
            place, value = statistic.places.get("printed"), format_statistic(statistic)
            yield Statement(key, place, statistic, value, label, "nested", "general")
    for key, label, units in (("divisions", "행정구역 : ", city.divisions), ("organs", "행정기구 : ", city.organs)):
        if units:
            yield Statement(key, _first(units), units, format_unit_counts(units), label, "nested", "general")


def _first(units: tuple[UnitCount, ...]) -> Passage | None:
    return min((unit.places["printed"] for unit in units if unit.places), default=None)


def _exchanges(city: City) -> Iterator[Statement]:
    """Yield the exchanges as printed, and each new one behind the last that did not begin later."""
    printed = [one for one in city.exchanges if "description" in one.places]
    ordered = sorted(printed, key=lambda one: one.places["description"].line)
    new = [one for one in city.exchanges if "description" not in one.places]
    for exchange in sorted(new, key=lambda one: one.start):
        earlier = [index for index, other in enumerate(ordered, 1) if other.start <= exchange.start]
        ordered.insert(max(earlier, default=0), exchange)
    number = count()
    for exchange in ordered:
        key = _key("exchange", exchange, next(number))
        yield _exchange(key, exchange, city, "nested")
        for note in exchange.notes:
            yield _exchange(_key(f"{key} note", note, next(number)), note, city, "note")


def _key(kind: str, exchange: Exchange, number: int) -> str:
    place = exchange.places.get("description")
    return f"{kind} {place.line if place else f'new {number}'}"


def _exchange(key: str, exchange: Exchange, city: City, level: str) -> Statement:
    place, words = exchange.places.get("description"), compose_exchange(exchange, city)
    return Statement(key, place, states(exchange), words, level=level, group="exchanges", exchange=exchange)


def statements_of_page(page: Page) -> Iterator[Statement]:
    """Yield the title of a page and what the page says of itself."""
    if page.title:
        yield Statement("page title", page.places.get("title"), page.title, page.title, level="heading")
    metadata = page.metadata
    modified = metadata.last_modified.isoformat() if metadata.last_modified else None
    rows: Mapping[str, tuple[str, str | None]] = {
        "department": ("자료관리부서 ", metadata.department),
        "phone": ("담당전화 ", metadata.phone),
        "room": ("위치 ", metadata.room),
        "last_modified": ("최종수정일 ", modified),
    }
    for name, (label, value) in rows.items():
        if value:
            yield Statement(name, metadata.places.get(name), value, value, label, group="metadata")
