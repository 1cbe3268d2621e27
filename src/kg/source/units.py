"""Counted units as the page writes them: lists of administrative divisions and of organs."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.domain import Passage, UnitCount
from kg.source.words import UNIT_KINDS

_INSIDE = r"\s*(?:\((?P<inside>[^()]*)\))?"
_COUNT_FIRST = re.compile(rf"(?P<count>\d{{1,9}})\s*(?:개(?!발)\s*)?(?P<label>[가-힣A-Za-z][^\d()]*?){_INSIDE}")
_COUNT_LAST = re.compile(rf"(?P<label>[가-힣A-Za-z][^\d()]*?)\s*(?P<count>\d{{1,9}})\s*(?:명|개)?{_INSIDE}")
_ITEM = re.compile(r"(?:[^,()]|\([^()]*\))+")
_COMMAS = re.compile(r"\s*,\s*")


def parse_unit_counts(category: str, text: str, place: Passage) -> tuple[UnitCount, ...] | None:
    """Read a list of counted units, the number before or behind its label; nothing when an item is none.

    >>> [(unit.label, unit.count) for unit in parse_unit_counts("organ", "구장1, 24국", Passage(1, 1, 9))]
    [('구장', 1), ('국', 24)]
    """
    units, position = [], 0
    while item := _ITEM.match(text, position):
        printed = item[0].strip()
        start = item.start() + len(item[0]) - len(item[0].lstrip())
        match = _COUNT_FIRST.fullmatch(printed) or _COUNT_LAST.fullmatch(printed)
        if not match:
            return None
        units.append(_unit_count(category, match, place.within(start, start + len(printed))))
        if item.end() == len(text):
            return tuple(_with_kind_of_deputy(unit, units) for unit in units)
        comma = _COMMAS.match(text, item.end())
        if not comma:
            return None
        position = comma.end()
    return None


def _with_kind_of_deputy(unit: UnitCount, units: list[UnitCount]) -> UnitCount:
    """Return a head whose title lost a syllable (``장`` beside ``부구장``) with the kind of head that is meant."""
    deputies = [other.label[1:] for other in units if re.fullmatch(r"부.+장", other.label)]
    lost = unit.label == "장" and len(deputies) == 1
    return replace(unit, kind=UNIT_KINDS.get(deputies[0])) if lost else unit


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
    return names if all(re.fullmatch(rf"[가-힣]+{re.escape(suffix)}", name) for name in names) else ()


def format_unit_counts(units: tuple[UnitCount, ...]) -> str:
    """Write a list of counted units as the page does.

    >>> format_unit_counts((UnitCount("organ", "구장", 1, count_first=False), UnitCount("organ", "국", 24)))
    '구장1, 24국'
    """
    return ", ".join(_format_unit_count(unit) for unit in units)


def _format_unit_count(unit: UnitCount) -> str:
    inside = ", ".join(unit.names) or unit.remark
    tail = f"({inside})" if inside else ""
    if unit.category == "division":
        return f"{unit.count}개 {unit.label}{tail}"
    return f"{unit.count}{unit.label}{tail}" if unit.count_first else f"{unit.label}{unit.count}{tail}"
