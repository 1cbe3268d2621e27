"""The brackets of an exchange line that hold dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.domain import Boilerplate, Passage
from kg.source.dates import DateError, DateList, looks_dated, parse_dates
from kg.source.verbs import STATUS

BLANK = "\x1f"
"""What stands for a bracket of dates while the rest of the line is read; it counts as white space."""
_BRACKET = re.compile(r"\s*\((?P<inside>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_LOOSE = re.compile(
    r"^(?P<before>['’‘]?\d[^가-힣()]*(?:[년월일말초][^가-힣()]*)*)(?=[\s,:])|\s(?P<behind>['’‘]?\d{2,4}\s?[년.][\d년월일.~\s-]*)$"
)
"""Dates without a bracket, at the head of a line or at its end."""
_SEPARATOR = re.compile(r"[,/、·ㆍ]|(?<=\s)및(?=\s)")


@dataclass(frozen=True)
class DateBracket:
    """One bracket of dates with its offsets in the line's text; ``inside`` is where its content begins."""

    dates: DateList
    start: int
    end: int
    inside: int

    def boilerplate(self, text: str, place: Passage) -> Iterator[Boilerplate]:
        """Yield the bracket itself and what parts the dates in it."""
        if text[self.start : self.inside].strip():
            yield Boilerplate("bracket", place.within(self.inside - 1, self.inside))
            yield Boilerplate("bracket", place.within(self.end - 1, self.end))
        for match in _SEPARATOR.finditer(text, self.inside, self.end - 1):
            yield Boilerplate("separator", place.within(*match.span()))


@dataclass(frozen=True)
class BracketFault:
    """A bracket that looks like dates and cannot be read: the cause, and the offsets of what cannot be read.

    ``inside`` is where the content of the bracket begins.
    """

    cause: str
    start: int
    end: int
    inside: int


def date_brackets(text: str) -> tuple[tuple[DateBracket, ...], tuple[BracketFault, ...]]:
    """Find the brackets that hold dates, and those that should and cannot be read.

    >>> [bracket.dates.dates[0].date.edtf for bracket in date_brackets("방문 (2014년 3월, 9월)")[0]]
    ['2014-03']
    >>> [fault.cause for fault in date_brackets("방문 (2021년 미상)")[1]]
    ['unread-behind-date']
    """
    brackets, faults = [], []
    for match in _BRACKET.finditer(text):
        if not looks_dated(match["inside"]):
            continue
        inside, end = match.span("inside")
        try:
            inside, dates = _dates_with_status(match["inside"], inside)
        except DateError as error:
            unread = text[inside + error.offset : end]
            start = end - len(unread.lstrip()) if unread.strip() else inside
            faults.append(BracketFault(error.cause, start, end, inside))
            continue
        brackets.append(DateBracket(dates, match.start(), match.end(), inside))
    loose = None if brackets or faults else _loose_dates(text)
    return (loose,) if loose else tuple(brackets), tuple(faults)


def _dates_with_status(text: str, inside: int) -> tuple[int, DateList]:
    """Read the dates of a bracket, beside which it may say that nothing took place; raise ``DateError``."""
    try:
        return inside, parse_dates(text)
    except DateError as error:
        status = STATUS.search(text)
        if status is None:
            raise
        first = re.search(r"['’‘]?\d", text)
        start = first.start() if first and status.start() < first.start() else 0
        for end in (len(text), error.offset, status.start()):
            dates = _dates_or_none(text[start:end].rstrip(" ,·/:→-"))
            if dates:
                return inside + start, dates
        raise


def _dates_or_none(text: str) -> DateList | None:
    try:
        return parse_dates(text)
    except DateError:
        return None


def _loose_dates(text: str) -> DateBracket | None:
    match = _LOOSE.search(text)
    name = match and str(match.lastgroup)
    if not match or not name or not looks_dated(match[name]):
        return None
    printed = match[name].rstrip(" ,")
    dates = _dates_or_none(printed)
    start = match.start(name)
    return DateBracket(dates, start, start + len(printed), start) if dates else None


def blank_out(text: str, brackets: tuple[DateBracket, ...]) -> str:
    """Return the text with its brackets of dates blanked, so that every offset stays."""
    for bracket in brackets:
        text = text[: bracket.start] + BLANK * (bracket.end - bracket.start) + text[bracket.end :]
    return text
