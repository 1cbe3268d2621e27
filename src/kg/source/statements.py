"""What the lines of a page state: each record as the line, or the lines, that it takes on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from kg.domain import Agreement, City, Column, Exchange, Metadata, Page, Passage, Record, columns, labelled
from kg.source.composition import compose_exchange, states
from kg.source.fields import format_value


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
    if city.agreement:
        yield from _agreement(city.agreement)
    for column in labelled(City):
        if column.name == "characteristics":
            yield from _characteristics(city)
        elif column.name == "exchanges":
            yield from _exchanges(city)
        elif getattr(city, column.name):
            yield _field(city, column)


def _field(record: Record, column: Column, key: str = "", colon: str = " : ") -> Statement:
    """Return the labelled line of a field; a record of its own stands where it was printed."""
    value = getattr(record, column.name)
    records = value if isinstance(value, tuple) else (value,)
    places = [one.places["printed"] for one in records if isinstance(one, Record) and "printed" in one.places]
    return Statement(
        key or column.name,
        min(places, default=None) if isinstance(records[0], Record) else record.places.get(column.name),
        value,
        format_value(column, value),
        f"{column.labels[0]}{colon}",
        "nested" if column.group == "general" else "item",
        column.group,
    )


def _agreement(agreement: Agreement) -> Iterator[Statement]:
    behind = [one for one in columns(Agreement) if one.group == "title"]
    for column in labelled(Agreement):
        if column in behind or not getattr(agreement, column.name):
            continue
        line = _field(agreement, column, f"agreement {column.name}")
        if column.name == "title":
            said = [(one.label, getattr(agreement, one.name)) for one in behind]
            inside = "".join([f" ({label} : {value})" for label, value in said if value][-1:])
            line = replace(line, states=(line.states, *said), value=f"{line.value}{inside}")
        yield line


def _characteristics(city: City) -> Iterator[Statement]:
    new = count()
    for one in city.characteristics:
        place = one.places.get("text")
        key = f"characteristic {place.line if place else f'new {next(new)}'}"
        yield Statement(key, place, one.text, one.text, level="nested", group="characteristics")


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
    for column in labelled(Metadata):
        if getattr(page.metadata, column.name):
            yield replace(_field(page.metadata, column, colon=" "), group="metadata")
