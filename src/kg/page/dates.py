"""Dates as the page writes them: text ⇄ ``DateSpan``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import DateSpan, PartialDate

_DATE = re.compile(
    r"""(?P<year>\d{4})\s*년(?:\s*(?P<month>\d{1,2})\s*월(?:\s*(?P<day>\d{1,2})\s*일)?)?
    | (?P<month_only>\d{1,2})\s*월(?:\s*(?P<day_of_month>\d{1,2})\s*일)?
    | (?P<day_only>\d{1,2})\s*일
    | (?P<dotted_year>\d{4})\s*[.-]\s*(?P<dotted_month>\d{1,2})(?:\s*[.-]\s*(?P<dotted_day>\d{1,2})(?!\d))?\.?""",
    re.VERBOSE,
)
_COMMA = re.compile(r"\s*[,、·]\s*|\s+및\s+")
_TILDE = re.compile(r"\s*[~∼～〜–]\s*|\s+-\s+")  # noqa: RUF039 - the dashes are the characters meant
_PLACE = re.compile(r"\s*/\s*(?P<place>[^/()]*\S)\s*$")
_LOOKS_DATED = re.compile(r"(?<!\d)\d{4}\s*(?:년|[.-]\s*\d{1,2})|^\s*['’]?\d{1,2}\s*[.]\s*\d|(?<!\d)\d{1,2}\s*월")


class DateError(ValueError):
    """Text that looks like dates and cannot be read: ``offset`` says from where on."""

    def __init__(self, offset: int, ko: str, en: str) -> None:
        """Keep the offset and the reason in both languages."""
        super().__init__(en)
        self.offset, self.ko, self.en = offset, ko, en


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


def looks_dated(text: str) -> bool:
    """Say whether the text of a bracket means to give dates.

    >>> [looks_dated(text) for text in ("2000년1월", "2015.06.04/중국 학벽시", "소림사 8명", "2019")]
    [True, True, False, False]
    """
    return _LOOKS_DATED.search(text) is not None


def parse_dates(text: str) -> DateList:
    """Read a list of dates and ranges; a missing year or month is that of the date before.

    Raise ``DateError`` where the text is no such list.

    >>> [dated.date.edtf for dated in parse_dates("2014년 3월, 9월").dates]
    ['2014-03', '2014-09']
    """
    tail = _PLACE.search(text)
    end = tail.start() if tail else len(text.rstrip())
    position, before, dates = len(text) - len(text.lstrip()), None, []
    while True:
        dated, before = _parse_span(text, position, before)
        dates.append(dated)
        if dated.end == end:
            break
        comma = _COMMA.match(text, dated.end)
        if not comma:
            raise DateError(dated.end, "날짜 뒤에 읽을 수 없는 글이 있습니다.", "What follows the date cannot be read.")
        position = comma.end()
    return DateList(tuple(dates), tail["place"] if tail else None, tail.start("place") if tail else 0)


def _parse_span(text: str, position: int, before: PartialDate | None) -> tuple[DatedText, PartialDate]:
    first, end = _parse_date(text, position, before)
    tilde = _TILDE.match(text, end)
    if not tilde:
        return DatedText(DateSpan(first), position, end), first
    last, end = _parse_date(text, tilde.end(), first)
    if last.latest < first.earliest:
        raise DateError(position, "끝나는 날이 시작하는 날보다 앞섭니다.", "The range ends before it begins.")
    return DatedText(DateSpan(first, last), position, end), last


def _parse_date(text: str, position: int, before: PartialDate | None) -> tuple[PartialDate, int]:
    match = _DATE.match(text, position)
    if not match:
        raise DateError(position, "날짜로 읽을 수 없습니다.", "This cannot be read as a date.")
    part = {name: int(value) for name, value in match.groupdict().items() if value}
    year = part.get("year", part.get("dotted_year", before.year if before else None))
    carried = before.month if before and "day_only" in part else None
    month = part.get("month", part.get("month_only", part.get("dotted_month", carried)))
    day = part.get("day", part.get("day_of_month", part.get("day_only", part.get("dotted_day"))))
    if year is None or (day and not month):
        raise DateError(position, "연도나 월이 없는 날짜입니다.", "The date lacks its year or month.")
    if month == 0 or day == 0:
        raise DateError(position, "달력에 없는 날짜입니다.", "There is no such date in the calendar.")
    try:
        return PartialDate(year, month, day), match.end()
    except ValueError:
        raise DateError(position, "달력에 없는 날짜입니다.", "There is no such date in the calendar.") from None


def format_date(date: PartialDate) -> str:
    """Write a date as the page does.

    >>> format_date(PartialDate(2020, 12))
    '2020년 12월'
    """
    month = f" {date.month}월" if date.month else ""
    return f"{date.year}년{month}" + (f" {date.day}일" if date.day else "")


def format_span(span: DateSpan) -> str:
    """Write a date or a range as the page does."""
    first = format_date(span.first)
    return first if span.last is None else f"{first} ~ {format_date(span.last)}"


def format_dates(spans: tuple[DateSpan, ...]) -> str:
    """Write a list of dates as the page does, each with its year."""
    return ", ".join(format_span(span) for span in spans)
