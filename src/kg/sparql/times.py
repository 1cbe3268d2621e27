"""Dates, times and durations of XML Schema: literals read as points of a timeline, in their partial order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from kg.sparql.numbers import MOST_DIGITS, XSD

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_SECOND = r"(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
_TIME = rf"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):{_SECOND}|(?P<end>24:00:00(?:\.0+)?))"
_ZONE = r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_PATTERNS = {
    XSD + name: re.compile(pattern)
    for name, pattern in {
        "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?",
        "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
        "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
        "time": rf"{_TIME}{_ZONE}?",
        "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}?",
        "gYear": rf"{_YEAR}{_ZONE}?",
        "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}?",
        "gMonth": rf"--{_MONTH}{_ZONE}?",
        "gDay": rf"---{_DAY}{_ZONE}?",
    }.items()
}
_DURATION = re.compile(
    r"(?P<sign>-?)P(?=[0-9]|T[0-9])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_DURATION_PARTS = {XSD + "duration": "", XSD + "yearMonthDuration": "DT", XSD + "dayTimeDuration": "YM"}
"""The datatypes of durations, each with the letters that its lexical forms do not have before and after the T."""

TEMPORAL_TYPES = frozenset(_PATTERNS)
DURATION_TYPES = frozenset(_DURATION_PARTS)

_DAY_SECONDS = 86_400
_WIDEST_ZONE = 14 * 3600
"""Seconds that local time is ahead of or behind UTC at most (XSD 1.1 Part 2, 3.3.7)."""
_LEAP_YEAR = 1972
"""Stands for a year that a value does not have; it has a 29 February."""
_DATE_PARTS = {"year": _LEAP_YEAR, "month": 1, "day": 1}
_PARTS = ("year", "month", "day", "hour", "minute", "second", "end", "zone")
_REFERENCE_MONTHS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
"""Durations are ordered by what they give when added to the first of these months (XSD 1.1 Part 2, 3.3.6.2)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of a timeline: seconds, in UTC where it has a time zone and else in local time."""

    datatype: str
    seconds: Fraction
    has_zone: bool


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration: months and seconds, of one sign."""

    months: int
    seconds: Fraction


def parse_moment(lexical_form: str, datatype: str) -> Moment | None:
    """Return the point that a literal denotes, or None where it is none or is ill-typed.

    >>> parse_moment("2020-02-30", XSD + "date") is None
    True
    """
    pattern = _PATTERNS.get(datatype)
    found = pattern.fullmatch(lexical_form) if pattern and len(lexical_form) <= MOST_DIGITS else None
    if found is None:
        return None
    part: dict[str, str | None] = {**dict.fromkeys(_PARTS), **found.groupdict()}
    year, month, day = (int(part[name] or default) for name, default in _DATE_PARTS.items())
    if day > _days_in_month(year, month):
        return None
    time = _DAY_SECONDS if part["end"] else _seconds(part["hour"], part["minute"], part["second"])
    zone = part["zone"]
    seconds = _days(year, month) * _DAY_SECONDS + (day - 1) * _DAY_SECONDS + time - _offset(zone)
    return Moment(datatype.replace("dateTimeStamp", "dateTime"), Fraction(seconds), zone is not None)


def parse_duration(lexical_form: str, datatype: str) -> Duration | None:
    """Return the duration that a literal denotes, or None where it is none or is ill-typed."""
    if datatype not in DURATION_TYPES or len(lexical_form) > MOST_DIGITS:
        return None
    found = _DURATION.fullmatch(lexical_form)
    date, _, time = lexical_form.partition("T")
    excluded = _DURATION_PARTS[datatype]
    if not found or any(letter in date for letter in excluded) or ("T" in excluded and time):
        return None
    part = {name: text or "0" for name, text in found.groupdict().items()}
    sign = -1 if found["sign"] else 1
    seconds = int(part["days"]) * _DAY_SECONDS + _seconds(part["hours"], part["minutes"], part["seconds"])
    return Duration(sign * (12 * int(part["years"]) + int(part["months"])), sign * Fraction(seconds))


def compare_moments(a: Moment, b: Moment) -> int | None:
    """Return a number below, at or above 0, or None for points that have no order.

    Where one has a time zone and the other has none, they are ordered if they are in every time zone
    (XSD 1.1 Part 2, 3.3.7); the implicit time zone of XPath is not used, for SPARQL defines none.
    """
    if a.datatype != b.datatype:
        return None
    difference = a.seconds - b.seconds
    if a.has_zone != b.has_zone and abs(difference) <= _WIDEST_ZONE:
        return None
    return _sign(difference)


def compare_durations(a: Duration, b: Duration) -> int | None:
    """Return a number below, at or above 0, or None for durations that have no order, as P1M and P30D."""
    signs = {
        _sign((_days(year, month + a.months) - _days(year, month + b.months)) * _DAY_SECONDS + a.seconds - b.seconds)
        for year, month in _REFERENCE_MONTHS
    }
    return signs.pop() if len(signs) == 1 else None


def days_after(months: int) -> int:
    """Return the days of so many months, counted from one of the months that durations are ordered by."""
    year, month = _REFERENCE_MONTHS[0]
    return _days(year, month + months) - _days(year, month)


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def _seconds(hours: str | None, minutes: str | None, seconds: str | None) -> Fraction:
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + Fraction(seconds or 0)


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[4:]) * 60
    return -seconds if zone.startswith("-") else seconds


def _days_in_month(year: int, month: int) -> int:
    return _days(year, month + 1) - _days(year, month)


def _days(year: int, month: int) -> int:
    """Return the days from 1 March of the year 0 to the first of a month; the month may be any whole number."""
    years, month_of_year = divmod(12 * year + month - 3, 12)
    return 365 * years + years // 4 - years // 100 + years // 400 + (153 * month_of_year + 2) // 5
