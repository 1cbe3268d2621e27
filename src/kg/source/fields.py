"""The labelled lines of a section, such as ``면 적 : 41㎢``: label and value → fields of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kg.domain import (
    Agreement,
    Boilerplate,
    Characteristic,
    City,
    Column,
    DateSpan,
    Metadata,
    Passage,
    labelled,
    spelled,
)
from kg.source.dates import DateError, format_span, parse_dates
from kg.source.outline import OutlineLine
from kg.source.quantities import format_statistic, parse_statistic
from kg.source.units import format_unit_counts, parse_unit_counts
from kg.source.words import instrument

_FIELD = re.compile(r"(?P<label>[^:：]{1,12}?)\s*(?P<colon>[:：])\s*(?P<value>.*)", re.DOTALL)
_IN_TITLE = tuple(column for column in labelled(Agreement) if column.group == "title")
_TITLE = re.compile(
    rf"(?P<title>.*?)\s*\(\s*(?P<label>{spelled(*_IN_TITLE)})\s*(?P<colon>[:：])\s*(?P<value>[^()]*?)\s*\)"
    r"(?P<more>.*)"
)
_HOMEPAGE = re.compile(r"https?://[^\s/]\S*")
_METADATA = re.compile(rf"(?P<label>{spelled(*labelled(Metadata))})(?:\s*(?P<colon>[:：])\s*|\s+)(?P<value>.+)")


class UnreadError(Exception):
    """A line that the grammar does not know: where the reading stopped, and the name of the cause."""

    def __init__(self, place: Passage, cause: str) -> None:
        """Keep the place and the cause."""
        super().__init__(cause)
        self.place, self.cause = place, cause


@dataclass(frozen=True)
class FieldReading:
    """What one labelled line says: ``values`` of the city or of its agreement, and where each stands.

    ``role`` names the line; ``of`` is ``city``, ``agreement`` or ``metadata``.
    """

    role: str
    of: str
    values: Mapping[str, object]
    places: Mapping[str, Passage] = field(default_factory=dict)
    boilerplate: tuple[Boilerplate, ...] = ()


def group_of(line: OutlineLine) -> str | None:
    """Return the group of lines that a line is the label of: ``general``, ``characteristics`` or ``exchanges``."""
    return _GROUPS.get(re.sub(r"[\s:：]", "", line.text)) if line.marker else None


def is_field(line: OutlineLine) -> bool:
    """Return whether a line has a label that is known."""
    match = _FIELD.fullmatch(line.text)
    return bool(line.marker and match) and _unspaced(match) in _FIELDS


def _unspaced(match: re.Match[str] | None) -> str:
    return re.sub(r"\s", "", match["label"]) if match else ""


def read_field(line: OutlineLine) -> FieldReading:
    """Read a labelled line; raise ``UnreadError`` for an unknown label or a value that cannot be read."""
    match = _FIELD.fullmatch(line.text)
    column, of = _FIELDS.get(_unspaced(match), (None, ""))
    if not match or not column:
        raise UnreadError(line.place, "unknown-label")
    if not match["value"]:
        raise UnreadError(line.place, "no-value")
    reading = _read_value(column, of, match["value"], line.place.within(*match.span("value")))
    return _with_label(reading, match, line.place)


def _read_value(column: Column, of: str, value: str, place: Passage) -> FieldReading:
    if (of, column.name) == ("agreement", "title"):
        return _agreement_title(value, place)
    role = {"city": column.name, "metadata": of}.get(of, f"{of}-{column.name}")
    commas: tuple[Boilerplate, ...] = ()
    if column.form == "unit-counts":
        commas = tuple(Boilerplate("separator", place.within(*comma.span())) for comma in re.finditer(",", value))
    values = {column.name: _PARSERS[column.form](column, value, place)}
    return FieldReading(role, of, values, {column.name: place}, commas)


def _with_label(reading: FieldReading, match: re.Match[str], place: Passage) -> FieldReading:
    """Add the label and the colon to the boilerplate of the reading."""
    label = Boilerplate("label", place.within(*match.span("label")))
    colon = [Boilerplate("separator", place.within(*match.span("colon")))] if match["colon"] else []
    return replace(reading, boilerplate=(label, *colon, *reading.boilerplate))


def is_metadata(line: OutlineLine) -> bool:
    """Return whether a line looks like one in which the page speaks of itself."""
    return _METADATA.fullmatch(line.text) is not None


def read_metadata(line: OutlineLine) -> FieldReading:
    """Read a line in which the page speaks of itself; raise ``UnreadError`` when it cannot be read."""
    match = _METADATA.fullmatch(line.text)
    if not match:
        raise UnreadError(line.place, "unknown-label")
    place = line.place.within(*match.span("value"))
    reading = _read_value(_column(labelled(Metadata), match), "metadata", match["value"], place)
    return _with_label(reading, match, line.place)


def _column(columns: tuple[Column, ...], match: re.Match[str]) -> Column:
    return next(column for column in columns if re.fullmatch(spelled(column), match["label"]))


def _one_date(text: str, place: Passage, precision: str | None = None) -> DateSpan:
    try:
        dates = parse_dates(text)
    except DateError as error:
        raise UnreadError(place.within(min(error.offset, len(text) - 1), len(text)), error.cause) from None
    date = dates.dates[0].date
    if len(dates.dates) != 1 or dates.place or precision not in {None, date.precision}:
        raise UnreadError(place, "not-one-date")
    return date


def _agreement_title(value: str, place: Passage) -> FieldReading:
    match = _TITLE.fullmatch(value)
    title = match["title"] if match else value
    if not title:
        raise UnreadError(place, "no-value")
    values: dict[str, object] = {"title": title, "instrument": instrument(title)}
    places = {"title": place.within(0, len(title)), "instrument": place.within(0, len(title))}
    if not match:
        return FieldReading("agreement-title", "agreement", values, places)
    name = _column(_IN_TITLE, match).name
    values[name], places[name] = match["value"], place.within(*match.span("value"))
    bracket = value.rindex("(", 0, match.start("label"))
    boilerplate = (
        Boilerplate("label", place.within(*match.span("label"))),
        Boilerplate("separator", place.within(*match.span("colon"))),
        Boilerplate("bracket", place.within(bracket, bracket + 1)),
        Boilerplate("bracket", place.within(match.start("more") - 1, match.start("more"))),
    )
    return FieldReading("agreement-title", "agreement", values, places, boilerplate)


def _verbatim(_: Column, value: str, __: Passage) -> str:
    return value


def _statistic(_: Column, value: str, place: Passage) -> object:
    statistic = parse_statistic(value, place)
    if statistic is None:
        raise UnreadError(place, "no-figure")
    return statistic


def _units(column: Column, value: str, place: Passage) -> object:
    units = parse_unit_counts(column.term.removesuffix("Count"), value, place)
    if units is None:
        raise UnreadError(place, "no-unit-list")
    return units


def _web_address(_: Column, value: str, place: Passage) -> str:
    if not _HOMEPAGE.fullmatch(value):
        raise UnreadError(place, "no-web-address")
    return value


_PARSERS: Mapping[str, Callable[[Column, str, Passage], object]] = {
    "ko": _verbatim,
    "text": _verbatim,
    "iri": _web_address,
    "day": lambda _, value, place: _one_date(value, place, "day").start,
    "span": lambda _, value, place: _one_date(value, place),
    "statistic": _statistic,
    "unit-counts": _units,
    "records": lambda _, value, place: (Characteristic(value, places={"text": place}),),
}
_FORMATS: Mapping[str, Callable[[Any], str]] = {
    "day": lambda day: day.isoformat(),
    "span": format_span,
    "statistic": format_statistic,
    "unit-counts": format_unit_counts,
}


def format_value(column: Column, value: object) -> str:
    """Write the value of a labelled line as the page does."""
    return _FORMATS.get(column.form, str)(value)


_FIELDS = {
    re.sub(r"\s", "", label): (column, of)
    for of, record_type in (("agreement", Agreement), ("city", City))
    for column in labelled(record_type)
    if column.group not in ("title", "exchanges")
    for label in column.labels
}
_GROUPS = {
    "일반현황": "general",
    "지역특성": "characteristics",
    "주요교류내용": "exchanges",
    "주요교류실적": "exchanges",
    "주요교류현황": "exchanges",
    "교류내용": "exchanges",
    "교류실적": "exchanges",
}
