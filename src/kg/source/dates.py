"""Dates as the page writes them: text ⇄ ``DateSpan``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.domain import DateSpan, PartialDate

_DASH = "[~\u223c\uff5e\u301c\u2013]"
APPROXIMATE = "초순?|상순|중순?|하순|말|경|께|무렵|봄|여름|가을|겨울"
"""What makes a date less precise; it is read as the month or the year that it lies in."""
_PARTS_OF_YEAR = {"상반기": (1, 6), "하반기": (7, 12)} | {
    f"{number}분기": (3 * number - 2, 3 * number) for number in range(1, 5)
}
_PART_OF_YEAR = re.compile(rf"\s*(?P<part>{'|'.join(_PARTS_OF_YEAR)})(?:\s*중)?")
_YEAR = rf"(?:\s*년|(?=\s*{_DASH}\s*\d{{4}}\s*년))"
_MONTH = rf"(?:\s*월|(?=\s*{_DASH}\s*\d{{1,2}}\s*월(?!\s*\d)))"
_DAY = rf"(?:\s*일|(?=\s*{_DASH}\s*\d{{1,2}}\s*일))"
"""The words behind a number; the first of a range may leave its own to the last: ``4~6월``."""
_DATE = re.compile(
    rf"""(?:
      (?P<year>\d{{4}}|['’‘´]\d{{2}}){_YEAR}(?:\s*(?P<month>\d{{1,2}}){_MONTH}(?:\s*(?P<day>\d{{1,2}}){_DAY})?)?
    | (?P<month_only>\d{{1,2}}){_MONTH}(?:\s*(?P<day_of_month>\d{{1,2}}){_DAY})?
    | (?P<day_only>\d{{1,2}}){_DAY}
    | (?P<dotted_year>\d{{4}}|['’‘´]\s?\d{{2}})\s*\.\s*(?P<dotted_month>\d{{1,2}})(?:\s*월|
        (?:\s*\.\s*(?P<dotted_day>\d{{1,2}})(?!\d))?(?:\s*\.)?)
    | (?P<iso_year>\d{{4}})-(?P<iso_month>\d{{1,2}})(?:-(?P<iso_day>\d{{1,2}})(?!\d))?
    | (?P<slash_year>\d{{4}})/(?P<slash_month>\d{{1,2}})(?:/(?P<slash_day>\d{{1,2}})(?!\d))?
    )(?:\s*\([월화수목금토일]\))?(?:\s*(?:{APPROXIMATE})(?![가-힣]))?(?:\s*까지)?""",
    re.VERBOSE,
)
_DOTTED_NEXT = re.compile(
    r"(?P<first>\d{1,2})(?:\s*\.\s*(?P<second>\d{1,2})(?!\d))?(?:\s*\.)?(?:\s*\([월화수목금토일]\))?"
)
_COMMA = re.compile(r"\s*[,、·ㆍ/]\s*|\s+및\s+")
_TILDE = re.compile(rf"\s*{_DASH}\s*|\s+-\s+|(?<=\.)-(?=\d)|부터\s*")
_PLACE = re.compile(r"/\s*(?P<place>[^/()\d'’\s][^/()]*)$")
_CENTURY_BEGINS = 70
"""From here on a year of two digits is one of the last century: no tie of a Korean district is older."""
_LOOKS_DATED = re.compile(
    r"(?<!\d)\d{4}\s*년(?!\s*(?:전|대(?!표)|간|부터|산|생))|(?<![\d-])(?:19|20)\d{2}\s*[./-]\s*\d{1,2}"
    r"|['’‘´]\s*\d{2}\s*[.년]|^\s*\d{1,2}\s*\.\s*\d{1,2}\s*\.|(?<!\d)\d{1,2}\s*월(?![가-힣])"
)


class DateError(ValueError):
    """Text that looks like dates and cannot be read: from which offset on, and the name of the cause."""

    def __init__(self, offset: int, cause: str) -> None:
        """Keep the offset and the cause."""
        super().__init__(cause)
        self.offset, self.cause = offset, cause


@dataclass(frozen=True)
class DatedText:
    """One date or range with its offsets in the text that was read."""

    date: DateSpan
    start: int
    end: int


@dataclass(frozen=True)
class DateList:
    """The dates of one bracket, and the place that stands behind them after a slash, with its offset."""

    dates: tuple[DatedText, ...]
    place: str | None = None
    place_start: int = 0


@dataclass(frozen=True)
class _Read:
    """A date as read, which lends the next one its year or month; ``dotted``: it was written ``2018.10.3.``."""

    date: PartialDate
    dotted: bool


def looks_dated(text: str) -> bool:
    """Return whether the text of a bracket means to give dates.

    >>> [looks_dated(text) for text in ("2000년1월", "2015.06.04/중국 학벽시", "소림사 8명", "2004년부터")]
    [True, True, False, False]
    """
    return _LOOKS_DATED.search(text) is not None


def parse_dates(text: str) -> DateList:
    """Read a list of dates and ranges; a missing year or month is that of the date before.

    Raise ``DateError`` where the text is no such list.

    >>> [dated.date.edtf for dated in parse_dates("2014년 3월, 9월").dates]
    ['2014-03', '2014-09']
    >>> [dated.date.edtf for dated in parse_dates("2018. 10. 3.~10. 5.").dates]
    ['2018-10-03/2018-10-05']
    """
    tail = _PLACE.search(text)
    place = (tail["place"].rstrip() or None) if tail else None
    end = len(text[: tail.start() if tail and place else None].rstrip())
    position, before, dates = len(text) - len(text.lstrip()), None, []
    while True:
        dated, before = _parse_span(text, position, before)
        dates.append(dated)
        if dated.end == end:
            return DateList(tuple(dates), place, tail.start("place") if tail and place else 0)
        comma = _COMMA.match(text, dated.end)
        if not comma:
            raise DateError(dated.end, "unread-behind-date")
        position = comma.end()


def _parse_span(text: str, position: int, before: _Read | None) -> tuple[DatedText, _Read]:
    first, end = _parse_date(text, position, before)
    part = _PART_OF_YEAR.match(text, end) if first.date.month is None else None
    if part:
        months = (PartialDate(first.date.year, month) for month in _PARTS_OF_YEAR[part["part"]])
        return DatedText(DateSpan(*months), position, part.end()), first
    tilde = _TILDE.match(text, end)
    if not tilde:
        return DatedText(DateSpan(first.date), position, end), first
    last, end = _parse_date(text, tilde.end(), first)
    if last.date.latest < first.date.earliest:
        raise DateError(position, "range-reversed")
    return DatedText(DateSpan(first.date, last.date), position, end), last


def _parse_date(text: str, position: int, before: _Read | None) -> tuple[_Read, int]:
    match = _DATE.match(text, position)
    follows = before if before and before.dotted and not match else None
    match = _DOTTED_NEXT.match(text, position) if follows else match
    if not match:
        raise DateError(position, "no-date")
    part = {name: _number(value) for name, value in match.groupdict().items() if value}
    year, month, day = (
        _dotted_parts(part, follows.date, position) if follows else _parts(part, before.date if before else None)
    )
    if year is None or (day is not None and month is None):
        raise DateError(position, "date-incomplete")
    if 0 in (month, day):
        raise DateError(position, "not-in-calendar")
    if before and not any(name.endswith("year") for name in part) and _turns_the_year(before.date, month):
        year += 1
    try:
        date = PartialDate(year, month, day)
    except ValueError:
        raise DateError(position, "not-in-calendar") from None
    return _Read(date, dotted=follows is not None or "dotted_year" in part), match.end()


def _number(text: str) -> int:
    """Read a number; a year of two digits is written behind an apostrophe."""
    if text[0].isdigit():
        return int(text)
    year = int(text[1:])
    return year + (1900 if year >= _CENTURY_BEGINS else 2000)


def _turns_the_year(before: PartialDate, month: int | None) -> bool:
    """Return whether a month without a year lies in the next one: ``2025년 12월, 1월``."""
    return before.month is not None and month is not None and before.month - month > _HALF_A_YEAR


_HALF_A_YEAR = 6
_Parts = tuple[int | None, int | None, int | None]
"""Year, month and day."""


def _parts(part: dict[str, int], before: PartialDate | None) -> _Parts:
    years = (part.get(name) for name in ("year", "dotted_year", "iso_year", "slash_year"))
    year = next((year for year in years if year is not None), before.year if before else None)
    carried = before.month if before and "day_only" in part else None
    months = (part.get(name) for name in ("month", "month_only", "dotted_month", "iso_month", "slash_month"))
    days = (part.get(name) for name in ("day", "day_of_month", "day_only", "dotted_day", "iso_day", "slash_day"))
    return (
        year,
        next((month for month in months if month is not None), carried),
        next((day for day in days if day is not None), None),
    )


def _dotted_parts(part: dict[str, int], before: PartialDate, position: int) -> _Parts:
    """Read what follows ``2018.10.3.`` (a month and day, or a day) or ``2019.5.`` (a month)."""
    if before.day is None:
        if "second" in part:
            raise DateError(position, "no-date")
        return before.year, part["first"], None
    if "second" in part:
        return before.year, part["first"], part["second"]
    return before.year, before.month, part["first"]


def format_date(date: PartialDate) -> str:
    """Write a date as the page does.

    >>> format_date(PartialDate(2020, 12))
    '2020년 12월'
    """
    month = f" {date.month}월" if date.month else ""
    return f"{date.year:04}년{month}" + (f" {date.day}일" if date.day else "")


def format_span(span: DateSpan) -> str:
    """Write a date or a range as the page does.

    >>> format_span(DateSpan(PartialDate(2000, 1), PartialDate(2001, 1)))
    '2000년 1월 ~ 2001년 1월'
    """
    first = format_date(span.first)
    return first if span.last is None else f"{first} ~ {format_date(span.last)}"


def format_dates(spans: tuple[DateSpan, ...]) -> str:
    """Write a list of dates as the page does, each with its year.

    >>> format_dates((DateSpan(PartialDate(2011)), DateSpan(PartialDate(2013, 5))))
    '2011년, 2013년 5월'
    """
    return ", ".join(format_span(span) for span in spans)
