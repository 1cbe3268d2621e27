"""Dates: every form of the family of pages, what is no date, and what is a wrong one."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import DateSpan, PartialDate, Passage
from kg.source import read_page
from kg.source.dates import DateError, format_date, format_dates, looks_dated, parse_dates
from kg.source.exchanges import read_exchange
from kg.source.parties import PartyNames

FORMS = {
    "2000년1월": "2000-01",
    "2020년 12월": "2020-12",
    "1997년": "1997",
    "1998년 4월 28일": "1998-04-28",
    "2011년, 2013년, 2015년": "2011 2013 2015",
    "2000년7월, 2000년12월": "2000-07 2000-12",
    "2014년 3월, 9월": "2014-03 2014-09",
    "2014년 3월 및 9월": "2014-03 2014-09",
    "2014년 3월·9월": "2014-03 2014-09",
    "2000년1월 ~ 2001년1월 ": "2000-01/2001-01",
    "2000년 7월 10일 ~ 7월 15일": "2000-07-10/2000-07-15",
    "2000년 7월 10일 ~ 15일": "2000-07-10/2000-07-15",
    "2017년 4월~6월": "2017-04/2017-06",
    "2017년 ~ 2018년": "2017/2018",
    "2017년 4월 - 6월": "2017-04/2017-06",
    "1992~1993년": "1992/1993",
    "2017년 4~6월": "2017-04/2017-06",
    "2013년 5월 15~17일": "2013-05-15/2013-05-17",
    "2013년 5월, 7월 15 ~ 17일": "2013-05 2013-07-15/2013-07-17",
    "2018년 10월 3일, 5일": "2018-10-03 2018-10-05",
    "2015.06.04": "2015-06-04",
    "2016.10.13.": "2016-10-13",
    "2019.5.": "2019-05",
    "2019.5": "2019-05",
    "2013. 6월": "2013-06",
    "2019.5.3.(금)": "2019-05-03",
    "2019년 5월 3일(금)": "2019-05-03",
    "2018. 10. 3.~10. 5.": "2018-10-03/2018-10-05",
    "2018.10.3.~5.": "2018-10-03/2018-10-05",
    "2018.10.3.(수) ~ 10.5.(금)": "2018-10-03/2018-10-05",
    "2019.5.~6.": "2019-05/2019-06",
    "2019.5., 9.": "2019-05 2019-09",
    "2018.12.30.~2019.1.2.": "2018-12-30/2019-01-02",
    "2024-08-08": "2024-08-08",
    "2025/8/19": "2025-08-19",
    "'19.5.3": "2019-05-03",
    "’25. 8. 19.": "2025-08-19",
    "'98년 4월": "1998-04",
    "2021년 상반기": "2021-01/2021-06",
    "2021년 4분기": "2021-10/2021-12",
    "2019년 5월경": "2019-05",
    "2025년 8월 말": "2025-08",
    "2025년 8월 / 10월": "2025-08 2025-10",
    "2025년 12월, 1월": "2025-12 2026-01",
    "2012년 12월 30일 ~ 1월 2일": "2012-12-30/2013-01-02",
    "2009-03": "2009-03",
}


@pytest.mark.parametrize(("text", "edtf"), FORMS.items(), ids=FORMS)
def test_forms(text: str, edtf: str) -> None:
    """Each form of date, list and range is read; what a list leaves out carries over."""
    dates = parse_dates(text)
    assert " ".join(dated.date.edtf for dated in dates.dates) == edtf
    assert dates.place is None
    assert looks_dated(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [("2015.06.04/중국 학벽시", "중국 학벽시"), ("2016.10.13./한국 서초구", "한국 서초구"), ("2016.10.13./", None)],
)
def test_place_behind_slash(text: str, place: str | None) -> None:
    """A place may stand behind the date."""
    if place is None:
        with pytest.raises(DateError):
            parse_dates(text)
        return
    dates = parse_dates(text)
    assert (dates.place, text[dates.place_start :]) == (place, place)


def test_each_date_knows_its_place() -> None:
    """The offsets of a date are those of its own characters."""
    text = " 2014년 3월, 9월 10일 ~ 12일 "
    assert [text[dated.start : dated.end] for dated in parse_dates(text).dates] == ["2014년 3월", "9월 10일 ~ 12일"]


NO_DATES = [
    "2004년부터",
    "7300년전 유적",
    "24주년",
    "제6회",
    "10권",
    "소림사 8명",
    "2019",
    "6명",
    "02-2155-6168",
    "街道, 한국의 ‘동’에 해당",
    "1990년대",
    "600여년",
    "1.5톤",
    "3.1운동",
    "2년간",
    "월드컵",
    "총 3회",
    "",
]


@pytest.mark.parametrize("text", NO_DATES)
def test_numbers_that_are_no_dates(text: str) -> None:
    """A bracket with a number that is no date of an exchange is not taken for dates."""
    assert not looks_dated(text)
    line = f"서초구 대표단 방문 ({text})"
    exchange = read_exchange(line, Passage(1, 1, len(line) + 1), PartyNames(("중국", "학벽시")), None)
    assert exchange.occurrences == ()
    assert exchange.description == line


FAULTS = {
    "매년 5월": ("매년 5월", "no-date"),
    "2009년 2월 30일": ("2009년 2월 30일", "not-in-calendar"),
    "2011년 13월": ("2011년 13월", "not-in-calendar"),
    "2011년 0월": ("2011년 0월", "not-in-calendar"),
    "2011.00.10": ("2011.00.10", "not-in-calendar"),
    "0000년 5월": ("0000년 5월", "not-in-calendar"),
    "3월, 2014년": ("3월, 2014년", "date-incomplete"),
    "2014년, 5일": ("5일", "date-incomplete"),
    "2012년 ~ 2011년": ("2012년 ~ 2011년", "range-reversed"),
    "2012년 5월 30일 ~ 3월 2일": ("2012년 5월 30일 ~ 3월 2일", "range-reversed"),
    "2003년 4월 ~ 현재": ("현재", "no-date"),
    "2019년 5월,": ("2019년 5월,", "no-date"),
    "2019.5.~6.10.": ("6.10.", "no-date"),
    "2015-2016": ("2015-2016", "not-in-calendar"),
    "2017년 4~6월 5일": ("4~6월 5일", "unread-behind-date"),
    "2017년 4~6": ("4~6", "unread-behind-date"),
    "2019년 대표단 5명": ("대표단 5명", "unread-behind-date"),
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.items(), ids=FAULTS)
def test_what_cannot_be_read_is_reported(text: str, fault: tuple[str, str]) -> None:
    """A bracket that means to give dates and cannot be read is an error with its place; the line keeps its words."""
    line = f"    • 서초구 대표단 방문 ({text})"
    page = read_page(f"일본 교토시\n  • 주요교류내용\n{line}", "page")
    doubt = next(doubt for doubt in page.doubts if doubt.rule == "unread-date")
    assert (doubt.severity, doubt.printed) == ("error", fault[0])
    assert line[doubt.place.start - 1 : doubt.place.end - 1] == doubt.printed
    exchange = page.cities[0].exchanges[0]
    assert exchange.occurrences == ()
    assert text in exchange.description
    with pytest.raises(DateError, match=fault[1]):
        parse_dates(text)


# -- properties --------------------------------------------------------------------------------------------------

days = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
partial_dates = st.builds(
    lambda day, precision: PartialDate(*(day.year, day.month, day.day)[:precision]), days, st.integers(1, 3)
)


@st.composite
def spans(draw: st.DrawFn) -> DateSpan:
    """Draw a date or a range that does not end before it begins."""
    first, last = sorted((draw(partial_dates), draw(partial_dates)), key=lambda date: (date.earliest, date.latest))
    return DateSpan(first, last) if draw(st.booleans()) else DateSpan(first)


@given(partial_dates)
def test_a_date_is_read_as_it_was_written(date: PartialDate) -> None:
    """Text and value of a date are each other's inverse."""
    assert parse_dates(format_date(date)).dates[0].date == DateSpan(date)
    assert PartialDate.from_edtf(date.edtf) == date


@given(st.lists(spans(), min_size=1, max_size=5))
def test_a_list_is_read_as_it_was_written(dates: list[DateSpan]) -> None:
    """So are those of a list of dates and ranges."""
    text = format_dates(tuple(dates))
    assert [dated.date for dated in parse_dates(text).dates] == dates
    assert all(DateSpan.from_edtf(date.edtf) == date for date in dates)


@given(
    days,
    st.sampled_from(
        ["{y}.{m}.{d}", "{y}. {m}. {d}.", "{y}-{m:02}-{d:02}", "{y}년{m}월{d}일", "{y}년 {m:02}월 {d:02}일"]
    ),
)
def test_every_form_of_a_day(day: dt.date, form: str) -> None:
    """A day is the same day in every form."""
    text = form.format(y=day.year, m=day.month, d=day.day)
    assert parse_dates(text).dates[0].date.start == day


@given(st.text("0123456789년월일.~-, /()매초", max_size=14))
def test_any_text_is_dates_or_an_error(text: str) -> None:
    """Whatever stands there, it is read to its end or it is an error at a place within it."""
    offset = 0
    try:
        printed = [text[dated.start : dated.end] for dated in parse_dates(text).dates]
    except DateError as error:
        printed, offset = ["-"], error.offset
    assert all(part.strip() for part in printed)
    assert 0 <= offset <= len(text)
