"""The labelled lines of a section, such as ``면 적 : 41㎢``: label and value → fields of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from kg.domain import Boilerplate, Characteristic, DateSpan, Passage
from kg.source.dates import DateError, parse_dates
from kg.source.outline import OutlineLine
from kg.source.quantities import parse_statistic
from kg.source.units import parse_unit_counts
from kg.source.words import instrument

_FIELD = re.compile(r"(?P<label>[^:：]{1,12}?)\s*(?P<colon>[:：])\s*(?P<value>.*)", re.DOTALL)
_CONCLUDED = re.compile(
    r"(?P<title>.*?)\s*\(\s*(?P<label>체결\s?(?:장소|방법))\s*(?P<colon>[:：])\s*(?P<value>[^()]*?)\s*\)(?P<more>.*)"
)
_HOMEPAGE = re.compile(r"https?://[^\s/]\S*")
_METADATA = re.compile(
    r"(?P<label>(?:자료)?(?:관리|담당)\s?부서|(?:담당\s?)?전화(?:번호)?|위치|최종\s?수정일)"
    r"(?:\s*(?P<colon>[:：])\s*|\s+)(?P<value>.+)"
)
_METADATA_NAMES = {"위치": "room", "최종수정일": "last_modified"}


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
    return bool(line.marker) and _reader(_FIELD.fullmatch(line.text)) is not None


def _reader(match: re.Match[str] | None) -> Callable[[str, Passage], FieldReading] | None:
    return _READERS.get(re.sub(r"\s", "", match["label"])) if match else None


def read_field(line: OutlineLine) -> FieldReading:
    """Read a labelled line; raise ``UnreadError`` for an unknown label or a value that cannot be read."""
    match = _FIELD.fullmatch(line.text)
    reader = _reader(match)
    if not match or not reader:
        raise UnreadError(line.place, "unknown-label")
    if not match["value"]:
        raise UnreadError(line.place, "no-value")
    reading = reader(match["value"], line.place.within(*match.span("value")))
    return _with_label(reading, match, line.place)


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
    label = re.sub(r"\s", "", match["label"])
    name = _METADATA_NAMES.get(label, "phone" if "전화" in label else "department")
    place = line.place.within(*match.span("value"))
    value = match["value"] if name != "last_modified" else _one_date(match["value"], place, "day").start
    return _with_label(FieldReading("metadata", "metadata", {name: value}, {name: place}), match, line.place)


def _one_date(text: str, place: Passage, precision: str | None = None) -> DateSpan:
    try:
        dates = parse_dates(text)
    except DateError as error:
        raise UnreadError(place.within(min(error.offset, len(text) - 1), len(text)), error.cause) from None
    date = dates.dates[0].date
    if len(dates.dates) != 1 or dates.place or precision not in {None, date.precision}:
        raise UnreadError(place, "not-one-date")
    return date


def _agreement_date(value: str, place: Passage) -> FieldReading:
    return FieldReading("agreement-date", "agreement", {"date": _one_date(value, place)}, {"date": place})


def _agreement_title(value: str, place: Passage) -> FieldReading:
    match = _CONCLUDED.fullmatch(value)
    title = match["title"] if match else value
    if not title:
        raise UnreadError(place, "no-value")
    values: dict[str, object] = {"title": title, "instrument": instrument(title)}
    places = {"title": place.within(0, len(title)), "instrument": place.within(0, len(title))}
    if not match:
        return FieldReading("agreement-title", "agreement", values, places)
    name = "method" if "방법" in match["label"] else "concluded_in"
    values[name], places[name] = match["value"], place.within(*match.span("value"))
    bracket = value.rindex("(", 0, match.start("label"))
    boilerplate = (
        Boilerplate("label", place.within(*match.span("label"))),
        Boilerplate("separator", place.within(*match.span("colon"))),
        Boilerplate("bracket", place.within(bracket, bracket + 1)),
        Boilerplate("bracket", place.within(match.start("more") - 1, match.start("more"))),
    )
    return FieldReading("agreement-title", "agreement", values, places, boilerplate)


def _background(value: str, place: Passage) -> FieldReading:
    return FieldReading("agreement-background", "agreement", {"background": value}, {"background": place})


def _statistic(value: str, place: Passage, *, measure: str) -> FieldReading:
    statistic = parse_statistic(measure, value, place)
    if statistic is None:
        raise UnreadError(place, "no-figure")
    return FieldReading(measure, "city", {measure: statistic}, {measure: place})


def _units(value: str, place: Passage, *, category: str) -> FieldReading:
    units = parse_unit_counts(category, value, place)
    if units is None:
        raise UnreadError(place, "no-unit-list")
    commas = tuple(Boilerplate("separator", place.within(*comma.span())) for comma in re.finditer(",", value))
    return FieldReading(f"{category}s", "city", {f"{category}s": units}, {f"{category}s": place}, commas)


def _homepage(value: str, place: Passage) -> FieldReading:
    if not _HOMEPAGE.fullmatch(value):
        raise UnreadError(place, "no-web-address")
    return FieldReading("homepage", "city", {"homepage": value}, {"homepage": place})


def _characteristics(value: str, place: Passage) -> FieldReading:
    only = Characteristic(value, places={"text": place})
    return FieldReading("characteristic", "city", {"characteristics": (only,)}, {"characteristics": place})


_READERS: Mapping[str, Callable[[str, Passage], FieldReading]] = {
    "결연일": _agreement_date,
    "결연일자": _agreement_date,
    "결연명칭": _agreement_title,
    "결연배경": _background,
    "면적": partial(_statistic, measure="area"),
    "인구": partial(_statistic, measure="population"),
    "인구수": partial(_statistic, measure="population"),
    "행정구역": partial(_units, category="division"),
    "행정기구": partial(_units, category="organ"),
    "지역특성": _characteristics,
    "홈페이지": _homepage,
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
