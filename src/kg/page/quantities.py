"""Figures as the page writes them: areas, head counts of a city, and lists of divisions and organs."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.model import PartialDate, Passage, Statistic, UnitCount
from kg.page.dates import format_date
from kg.page.words import BASES, UNIT_KINDS

_MAGNITUDES = {"억": 10**8, "천만": 10**7, "백만": 10**6, "만": 10**4, "천": 10**3, "": 1}
_NUMBER = r"\d(?:[\d,]*\d)?(?:\.\d+)?"
_MAGNITUDE = r"(?:억|천만|백만|만|천)"
_STATISTIC = re.compile(
    rf"(?P<approximate>약\s*)?(?P<value>(?:{_NUMBER}\s*{_MAGNITUDE}\s*)*{_NUMBER}\s*{_MAGNITUDE}?)\s*"
    r"(?P<unit>㎢|km²|km2|㎡|m²|ha|명|인)\s*(?:\((?P<basis>[^()]*)\))?\s*"
)
_BASIS = re.compile(
    r"\s*(?:(?P<year>\d{4})\s*년\s*(?:(?P<month>\d{1,2})\s*월)?\s*(?P<end>말)?\s*)?(?P<kind>[가-힣]+?인구)?\s*(?:기준)?\s*"
)
_DECEMBER = 12
_UNITS = {"km²": "㎢", "km2": "㎢", "m²": "㎡", "인": "명"}


def parse_statistic(measure: str, text: str, place: Passage) -> Statistic | None:
    """Read a figure with its unit, or return nothing when the text is none.

    >>> parse_statistic("area", "17,485 ㎢", Passage(1, 1, 9)).value
    Decimal('17485')
    """
    match = _STATISTIC.fullmatch(text)
    if not match:
        return None
    basis = _BASIS.fullmatch(match["basis"] or "")
    if basis is None or (basis["kind"] and basis["kind"] not in BASES):
        return None
    spans = {"value": match.span("value"), "unit": match.span("unit"), "approximate": match.span("approximate")}
    if match["basis"]:
        offset = match.start("basis")
        year = (basis.start("year"), max(basis.end(name) for name in ("year", "month", "end")))
        spans |= {"as_of": (offset + year[0], offset + year[1])} if basis["year"] else {}
        spans |= {"basis": match.span("basis")} if basis["kind"] else {}
    return Statistic(
        measure=measure,
        value=_value(match["value"]),
        unit=_UNITS.get(match["unit"], match["unit"]),
        approximate=match["approximate"] is not None,
        as_of=_as_of(basis),
        basis=BASES.get(basis["kind"]),
        printed=text,
        places={"printed": place} | {name: place.within(*span) for name, span in spans.items() if span[0] >= 0},
    )


def _as_of(basis: re.Match[str]) -> PartialDate | None:
    if not basis["year"]:
        return None
    whole = PartialDate(int(basis["year"]), int(basis["month"]) if basis["month"] else None)
    return PartialDate(whole.year, whole.latest.month, whole.latest.day) if basis["end"] else whole


def _format_as_of(as_of: PartialDate) -> str:
    if as_of.day is None or as_of != PartialDate(
        as_of.year, as_of.month, PartialDate(as_of.year, as_of.month).latest.day
    ):
        return format_date(as_of)
    return f"{as_of.year}년말" if as_of.month == _DECEMBER else f"{as_of.year}년 {as_of.month}월말"


def _value(text: str) -> Decimal:
    parts = re.findall(rf"({_NUMBER})\s*({_MAGNITUDE}?)", text)
    total = sum((Decimal(number.replace(",", "")) * _MAGNITUDES[unit] for number, unit in parts), Decimal())
    return total.quantize(Decimal(1)) if total == total.to_integral_value() else total.normalize()


def misplaced_comma(text: str) -> str | None:
    """Return the number in the text whose commas do not part it in threes.

    >>> misplaced_comma("약 1,18만명"), misplaced_comma("17,485 ㎢")
    ('1,18', None)
    """
    for match in re.finditer(r"\d[\d,]*\d", text):
        if "," in match[0] and not re.fullmatch(r"\d{1,3}(,\d{3})+", match[0]):
            return match[0]
    return None


def format_statistic(statistic: Statistic) -> str:
    """Write a figure as the page does.

    >>> format_statistic(Statistic(measure="population", value=Decimal(460000), unit="명", approximate=True))
    '약 46만명'
    """
    value, magnitude = statistic.value, ""
    if statistic.unit == "명" and value and value % 10_000 == 0:
        value, magnitude = value / 10_000, "만"
    return f"{'약 ' if statistic.approximate else ''}{value:,f}{magnitude}{statistic.unit}{_format_basis(statistic)}"


def _format_basis(statistic: Statistic) -> str:
    kinds = {notation: printed for printed, notation in reversed(BASES.items())}
    as_of = _format_as_of(statistic.as_of) if statistic.as_of else ""
    words = [as_of, kinds[statistic.basis] if statistic.basis else ""]
    return f"({' '.join(word for word in words if word)} 기준)" if any(words) else ""


_COUNT_FIRST = re.compile(
    r"(?P<count>\d+)\s*(?:개(?!발)\s*)?(?P<label>[가-힣A-Za-z][^\d()]*?)\s*(?:\((?P<inside>[^()]*)\))?"
)
_COUNT_LAST = re.compile(
    r"(?P<label>[가-힣A-Za-z][^\d()]*?)\s*(?P<count>\d+)\s*(?:명|개)?\s*(?:\((?P<inside>[^()]*)\))?"
)
_ITEM = re.compile(r"(?:[^,()]|\([^()]*\))+")


def parse_unit_counts(category: str, text: str, place: Passage) -> tuple[UnitCount, ...] | None:
    """Read a list of counted units, the number before or behind its label; nothing when an item is none.

    >>> [(unit.label, unit.count) for unit in parse_unit_counts("organ", "구장1, 24국", Passage(1, 1, 9))]
    [('구장', 1), ('국', 24)]
    """
    units = []
    for item in _ITEM.finditer(text):
        printed = item[0].strip()
        start = item.start() + len(item[0]) - len(item[0].lstrip())
        match = _COUNT_FIRST.fullmatch(printed) or _COUNT_LAST.fullmatch(printed)
        if not match:
            return None
        units.append(_unit_count(category, match, place.within(start, start + len(printed))))
    return tuple(units) or None


def _unit_count(category: str, match: re.Match[str], place: Passage) -> UnitCount:
    names = _names(match["label"], match["inside"] or "")
    spans = {"label": match.span("label"), "count": match.span("count"), "inside": match.span("inside")}
    places = {name: place.within(*span) for name, span in spans.items() if span[0] >= 0}
    inside = places.pop("inside", None)
    if inside:
        places["names" if names else "remark"] = inside
    return UnitCount(
        category=category,
        label=match["label"],
        count=int(match["count"]),
        kind=UNIT_KINDS.get(match["label"].replace(" ", "")),
        names=names,
        remark=None if names else match["inside"],
        count_first=match.start("count") < match.start("label"),
        printed=match[0],
        places={"printed": place, **places},
    )


def _names(label: str, inside: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in inside.split(",") if name.strip())
    suffix = label.replace(" ", "")[-1]
    return names if all(re.fullmatch(rf"[가-힣]+{suffix}", name) for name in names) else ()


def format_unit_counts(units: tuple[UnitCount, ...]) -> str:
    """Write a list of counted units as the page does."""
    return ", ".join(_format_unit_count(unit) for unit in units)


def _format_unit_count(unit: UnitCount) -> str:
    inside = ", ".join(unit.names) or unit.remark
    tail = f"({inside})" if inside else ""
    if unit.category == "division":
        return f"{unit.count}개 {unit.label}{tail}"
    return f"{unit.count}{unit.label}{tail}" if unit.count_first else f"{unit.label}{unit.count}{tail}"
