"""The labelled lines of a section, such as ``면 적 : 41㎢``: label and value → what the line says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from kg.model import Characteristic, DateSpan, Furniture, Passage
from kg.page.dates import DateError, parse_dates
from kg.page.outline import OutlineLine
from kg.page.quantities import parse_statistic, parse_unit_counts
from kg.page.words import instrument

_FIELD = re.compile(r"(?P<label>[^:：]{1,12}?)\s*(?P<colon>[:：])\s*(?P<value>.*)")
_CONCLUDED = re.compile(r"(?P<title>.*?)\s*\(\s*(?P<label>체결\s?(?:장소|방법)\s*[:：])\s*(?P<value>[^()]*?)\s*\)")
_HOMEPAGE = re.compile(r"https?://\S+")
_METADATA = re.compile(
    r"(?P<label>(?:자료)?(?:관리|담당)부서|담당\s?전화|전화번호|위치|최종\s?수정일)\s*[:：]?\s+(?P<value>.+)"
)


class UnreadError(Exception):
    """A line that the grammar does not know; ``place`` is where the reading stopped."""

    def __init__(self, place: Passage, ko: str, en: str) -> None:
        """Keep the place and the reason in both languages."""
        super().__init__(en)
        self.place, self.ko, self.en = place, ko, en


@dataclass(frozen=True)
class FieldReading:
    """What one labelled line says: ``values`` of the city or of its agreement, and where each stands.

    ``role`` names the line; ``of`` is ``city``, ``agreement`` or ``metadata``.
    """

    role: str
    of: str
    values: Mapping[str, object]
    places: Mapping[str, Passage] = field(default_factory=dict)
    furniture: tuple[Furniture, ...] = ()


def read_field(line: OutlineLine) -> FieldReading:
    """Read a labelled line; raise ``UnreadError`` for an unknown label or a value that cannot be read."""
    match = _FIELD.fullmatch(line.text)
    reader = _READERS.get(re.sub(r"\s", "", match["label"])) if match else None
    if not match or not reader:
        raise UnreadError(line.place, "알지 못하는 항목입니다.", "This item has a label that is not known.")
    reading = reader(match["value"], line.place.within(*match.span("value")))
    label = Furniture("label", line.place.within(*match.span("label")))
    colon = Furniture("separator", line.place.within(*match.span("colon")))
    return FieldReading(reading.role, reading.of, reading.values, reading.places, (label, colon, *reading.furniture))


def read_metadata(line: OutlineLine) -> FieldReading | None:
    """Read a line in which the page speaks of itself; nothing when it is none."""
    match = _METADATA.fullmatch(line.text)
    if not match:
        return None
    label = match["label"].replace(" ", "")
    name = {"위치": "room", "최종수정일": "last_modified"}.get(label, "phone" if "전화" in label else "department")
    place = line.place.within(*match.span("value"))
    value = match["value"] if name != "last_modified" else _one_date(match["value"], place, "day").start
    label_place = line.place.within(*match.span("label"))
    return FieldReading("metadata", "metadata", {name: value}, {name: place}, (Furniture("label", label_place),))


def _one_date(text: str, place: Passage, precision: str | None = None) -> DateSpan:
    try:
        dates = parse_dates(text)
    except DateError as error:
        raise UnreadError(place.within(error.offset, len(text)), error.ko, error.en) from None
    date = dates.dates[0].date
    if len(dates.dates) != 1 or dates.place or precision not in (None, date.precision):
        raise UnreadError(place, "날짜 하나로 읽을 수 없습니다.", "This cannot be read as one date.")
    return date


def _agreement_date(value: str, place: Passage) -> FieldReading:
    return FieldReading("agreement-date", "agreement", {"date": _one_date(value, place)}, {"date": place})


def _agreement_title(value: str, place: Passage) -> FieldReading:
    match = _CONCLUDED.fullmatch(value)
    title = match["title"] if match else value
    values: dict[str, object] = {"title": title, "instrument": instrument(title)}
    places = {"title": place.within(0, len(title)), "instrument": place.within(0, len(title))}
    if not match:
        return FieldReading("agreement-title", "agreement", values, places)
    name = "method" if "방법" in match["label"] else "concluded_in"
    values[name], places[name] = match["value"], place.within(*match.span("value"))
    furniture = (
        Furniture("label", place.within(*match.span("label"))),
        Furniture("bracket", place.within(value.rindex("("), value.rindex("(") + 1)),
        Furniture("bracket", place.within(match.end() - 1, match.end())),
    )
    return FieldReading("agreement-title", "agreement", values, places, furniture)


def _background(value: str, place: Passage) -> FieldReading:
    return FieldReading("agreement-background", "agreement", {"background": value}, {"background": place})


def _statistic(value: str, place: Passage, *, measure: str) -> FieldReading:
    statistic = parse_statistic(measure, value, place)
    if statistic is None:
        raise UnreadError(place, "수량으로 읽을 수 없습니다.", "This cannot be read as a figure with its unit.")
    return FieldReading(measure, "city", {measure: statistic}, {measure: place})


def _units(value: str, place: Passage, *, category: str) -> FieldReading:
    units = parse_unit_counts(category, value, place)
    if units is None:
        raise UnreadError(place, "개수의 목록으로 읽을 수 없습니다.", "This cannot be read as a list of counted units.")
    commas = tuple(Furniture("separator", place.within(*comma.span())) for comma in re.finditer(",", value))
    return FieldReading(f"{category}s", "city", {f"{category}s": units}, {f"{category}s": place}, commas)


def _homepage(value: str, place: Passage) -> FieldReading:
    if not _HOMEPAGE.fullmatch(value):
        raise UnreadError(place, "홈페이지 주소로 읽을 수 없습니다.", "This cannot be read as a web address.")
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
    "행정구역": partial(_units, category="division"),
    "행정기구": partial(_units, category="organ"),
    "지역특성": _characteristics,
    "홈페이지": _homepage,
}
