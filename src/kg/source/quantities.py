"""Figures as the page writes them: areas and populations with their unit, year and basis."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.domain import DateSpan, PartialDate, Passage, Statistic
from kg.source.dates import DateError, format_date, parse_dates
from kg.source.words import BASES

_MAGNITUDES = {"억": 10**8, "천만": 10**7, "백만": 10**6, "만": 10**4, "천": 10**3, "": 1}
_NUMBER = r"\d(?:[\d,]{0,17}\d)?(?:\.\d{1,6})?"
_MAGNITUDE = r"(?:억|천만|백만|만|천)"
_STATISTIC = re.compile(
    rf"(?P<about>약\s*)?(?P<value>(?:{_NUMBER}\s*{_MAGNITUDE}\s*){{0,4}}{_NUMBER}(?:\s*{_MAGNITUDE})?)\s*(?P<odd>여\s*)?"
    r"(?P<unit>㎢|km²|km2|제곱킬로미터|평방킬로미터|㎡|m²|ha|헥타르|명|인)\s*(?:\((?P<basis>[^()]*)\))?\s*"
)
_BASIS = re.compile(
    r"\s*(?P<date>\d{4}\s*년(?:\s*\d{1,2}\s*월(?:\s*\d{1,2}\s*일)?)?|\d{4}\.\s*\d{1,2}(?:\.\s*\d{1,2})?\.?"
    r"|\d{4}\.?(?=\s|말|기준))?\s*(?P<end>말)?\s*(?P<kind>[가-힣]+?인구)?\s*(?:기준)?\s*"
)
_DECEMBER = 12
_UNITS = {"km²": "㎢", "km2": "㎢", "제곱킬로미터": "㎢", "평방킬로미터": "㎢", "m²": "㎡", "헥타르": "ha", "인": "명"}


def parse_statistic(text: str, place: Passage) -> Statistic | None:
    """Read a figure with its unit, or return nothing when the text is none.

    >>> parse_statistic("17,485 ㎢", Passage(1, 1, 9)).value
    Decimal('17485')
    >>> parse_statistic("1억 2천만명", Passage(1, 1, 8)).value
    Decimal('120000000')
    """
    match = _STATISTIC.fullmatch(text)
    if match and match["unit"] in {"명", "인"} and not _value(match["value"]):
        return None
    basis = _BASIS.fullmatch(match["basis"] or "") if match else None
    if match is None or basis is None or (basis["kind"] and basis["kind"] not in BASES):
        return None
    try:
        as_of = _as_of(basis)
    except ValueError:
        return None
    return Statistic(
        value=_value(match["value"]),
        unit=_UNITS.get(match["unit"], match["unit"]),
        approximate=bool(match["about"] or match["odd"]),
        as_of=as_of,
        basis=BASES.get(basis["kind"]),
        printed=text,
        places={"printed": place} | {name: place.within(*span) for name, span in _spans(match, basis).items()},
    )


def _spans(match: re.Match[str], basis: re.Match[str]) -> dict[str, tuple[int, int]]:
    spans = {"value": match.span("value"), "unit": match.span("unit")}
    spans["approximate"] = match.span("about" if match["about"] else "odd")
    if basis["date"]:
        offset = match.start("basis")
        spans["as_of"] = (offset + basis.start("date"), offset + max(basis.end("date"), basis.end("end")))
    if basis["kind"]:
        spans["basis"] = match.span("basis")
    return {name: span for name, span in spans.items() if span[0] >= 0}


def _as_of(basis: re.Match[str]) -> PartialDate | None:
    """Return the date of a figure; raise ``ValueError`` for one that is in no calendar or ends in ``말`` for a day."""
    if not basis["date"]:
        if basis["end"]:
            raise DateError(0, "date-incomplete")
        return None
    year = re.fullmatch(r"(\d{4})\.?", basis["date"])
    whole = PartialDate(int(year[1])) if year else parse_dates(basis["date"]).dates[0].date.first
    if not basis["end"]:
        return whole
    if whole.day is not None:
        raise DateError(0, "unread-behind-date")
    return PartialDate(whole.year, whole.latest.month, whole.latest.day)


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

    >>> format_statistic(Statistic(value=Decimal(460000), unit="명", approximate=True))
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


def _format_as_of(as_of: PartialDate) -> str:
    if DateSpan(as_of).precision != "day" or as_of.day != PartialDate(as_of.year, as_of.month).latest.day:
        return format_date(as_of)
    return f"{as_of.year:04}년말" if as_of.month == _DECEMBER else f"{as_of.year:04}년 {as_of.month}월말"
