"""Dates that are known to the day, the month or the year (EDTF levels 0 and 1), in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_interval, format_skeleton

from kg.locales.language import Language

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([?~%]?)\Z")
_SKELETONS: Final = {1: "y", 2: "yMMMM"}
_BETWEEN: Final = {1: "y", 2: "yMMMM", 3: "yMMMd"}
_QUALIFIERS: Final = {"?": "date.uncertain", "~": "date.approximate", "%": "date.doubtful"}


@dataclass(frozen=True)
class _Partial:
    """A date, the number of its parts that are known, and whether it is uncertain (?), approximate (~), both (%)."""

    day: date
    known: int
    qualifier: str


def in_words(edtf: str, language: Language) -> str:
    """Format an EDTF date or interval in a language; return anything else unchanged.

    >>> from kg.locales.language import CHINESE, ENGLISH, KOREAN
    >>> [in_words("2016-11", language) for language in (KOREAN, ENGLISH, CHINESE)]
    ['2016년 11월', 'November 2016', '2016年11月']
    >>> in_words("2014-05-12/2014-05-15", KOREAN), in_words("2012~", ENGLISH)
    ('2014년 5월 12일~15일', 'around 2012')
    """
    start_text, slash, end_text = edtf.partition("/")
    start, end = _read(start_text), _read(end_text)
    if not slash:
        return _single(start, language) if start else edtf
    if start and end:
        return _interval(start, end, language)
    if start and end_text in ("", ".."):
        return language.translate("date.since", date=_single(start, language))
    if end and start_text in ("", ".."):
        return language.translate("date.until", date=_single(end, language))
    return edtf


def as_datetime(edtf: str) -> str | None:
    """Return the ``datetime`` of an HTML ``time`` element, or None for what it cannot say.

    >>> as_datetime("2016-11"), as_datetime("2012~"), as_datetime("2014/2015")
    ('2016-11', '2012', None)
    """
    return edtf.rstrip("?~%") if _read(edtf) else None


def _read(text: str) -> _Partial | None:
    match = _DATE.match(text)
    if not match:
        return None
    year, month, day, qualifier = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return _Partial(first, 1 + bool(month) + bool(day), qualifier)


def _single(partial: _Partial, language: Language) -> str:
    skeleton = _SKELETONS.get(partial.known)
    text = (
        str(format_skeleton(skeleton, partial.day, locale=language.locale)) if skeleton else language.date(partial.day)
    )
    key = _QUALIFIERS.get(partial.qualifier)
    return language.translate(key, date=text) if key else text


def _interval(start: _Partial, end: _Partial, language: Language) -> str:
    if start.known == end.known and not (start.qualifier or end.qualifier):
        return str(format_interval(start.day, end.day, _BETWEEN[start.known], locale=language.locale))
    return language.translate("date.between", start=_single(start, language), end=_single(end, language))
