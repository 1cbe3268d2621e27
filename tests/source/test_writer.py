"""The writer: what changed is written anew in the page's manner, all else stays byte for byte."""

import difflib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kg.domain import (
    HOME,
    Agreement,
    Characteristic,
    City,
    DateSpan,
    Delegation,
    Exchange,
    Occurrence,
    Page,
    PartialDate,
    Party,
    Statistic,
    UnitCount,
)
from kg.source import read_page, write_page

TEXT = """해외 우호도시

중국

중국 산동성 위해시

중국 산동성 위해시
  • 결 연 일 : 2010년 5월 3일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정(체결장소 : 위해시)
  • 일반현황
    • 면 적 : 5,797 ㎢
    • 행정구역 : 2개구
  • 주요교류내용
    • 서초구-위해시 간 우호도시 협정 체결 (2010년5월)
      ※ 위해시 대표단(6명) 서초구 방문 (2010. 4. 1.~4. 3.)
    • 위해시 대표단 서초구 방문 (2014년 3월, 9월)
    • 위해시장의 서신 접수 (2020년3월) 및 회신 (2020년4월)
  • 특산품 : 해산물

일본

일본 교토부 교토시

일본 교토부 교토시
  • 결 연 일 : 1999년

이 페이지에서 제공하는 정보에 대하여 만족하십니까?

  • 자료관리부서 행정지원과
  • 최종수정일 2024-08-08
"""
Change = Callable[[City], City]


def diff(page: Page, text: str = TEXT) -> list[str]:
    """Return what the writer changes on the page: the lines taken out and the lines set in, in order."""
    lines = difflib.ndiff(text.split("\n"), write_page(page).split("\n"))
    return [line for line in lines if line[0] in "+-"]


def changed(change: Change, text: str = TEXT, city: int = 0) -> list[str]:
    """Read the page, change one city, and return what the writer changes."""
    page = read_page(text, "page")
    cities = list(page.cities)
    cities[city] = change(cities[city])
    return diff(replace(page, cities=tuple(cities)), text)


def with_exchange(number: int, change: Callable[[Exchange], Exchange]) -> Change:
    """Change one exchange of a city."""

    def apply(city: City) -> City:
        lines = list(city.exchanges)
        lines[number] = change(lines[number])
        return replace(city, exchanges=tuple(lines))

    return apply


def adding(*exchanges: Exchange) -> Change:
    """Add exchanges to a city."""
    return lambda city: replace(city, exchanges=(*city.exchanges, *exchanges))


def visit(year: int, month: int | None = None, description: str = "") -> Exchange:
    """Make an exchange that was never on a page."""
    when = (Occurrence(DateSpan(PartialDate(year, month)), "to-seocho", direction_stated=True),)
    people = () if description else (Delegation((Party(("중국", "산동성", "위해시")),), "대표단", 12),)
    return Exchange(
        description,
        when,
        "visit",
        direction="to-seocho",
        direction_stated=True,
        delegations=people,
        visited=(Party(HOME),),
    )


def test_unchanged_page_comes_back() -> None:
    """A page that was only read is written as it was."""
    assert diff(read_page(TEXT, "page")) == []


# -- changed values ----------------------------------------------------------------------------------------------


def agreement_of(city: City) -> Agreement:
    """Return the agreement of a city."""
    assert city.agreement
    return city.agreement


def area_of(city: City) -> Statistic:
    """Return the area of a city."""
    assert city.area
    return city.area


FIELD_CHANGES: list[tuple[Change, list[str]]] = [
    (
        lambda city: replace(city, agreement=replace(agreement_of(city), date=DateSpan(PartialDate(2011, 6)))),
        ["-   • 결 연 일 : 2010년 5월 3일", "+   • 결 연 일 : 2011년 6월"],
    ),
    (
        lambda city: replace(city, agreement=replace(agreement_of(city), concluded_in=None, method="우편")),
        [
            "-   • 결연명칭 : 서초구 - 위해시 우호도시 협정(체결장소 : 위해시)",
            "+   • 결연명칭 : 서초구 - 위해시 우호도시 협정 (체결방법 : 우편)",
        ],
    ),
    (
        lambda city: replace(city, area=replace(area_of(city), value=Decimal("5800.5"))),
        ["-     • 면 적 : 5,797 ㎢", "+     • 면 적 : 5,800.5㎢"],
    ),
    (lambda city: replace(city, area=None), ["-     • 면 적 : 5,797 ㎢"]),
    (
        lambda city: replace(city, divisions=(*city.divisions, UnitCount("division", "현", 1))),
        ["-     • 행정구역 : 2개구", "+     • 행정구역 : 2개 구, 1개 현"],
    ),
    (
        lambda city: replace(city, population=Statistic(Decimal(2_800_000), "명", approximate=True)),
        ["+     • 인 구 : 약 280만명"],
    ),
    (
        lambda city: replace(city, agreement=replace(agreement_of(city), background="위해시의 제안")),
        ["+   • 결연배경 : 위해시의 제안"],
    ),
    (lambda city: replace(city, homepage="http://www.weihai.gov.cn"), ["+   • 홈페이지 : http://www.weihai.gov.cn"]),
    (
        lambda city: replace(city, characteristics=(Characteristic("바다에 접합니다."), Characteristic("따뜻합니다."))),
        ["+   • 지역특성", "+     • 바다에 접합니다.", "+     • 따뜻합니다."],
    ),
]


@pytest.mark.parametrize(("change", "expected"), FIELD_CHANGES, ids=range(len(FIELD_CHANGES)))
def test_changed_fields(change: Change, expected: list[str]) -> None:
    """A changed field keeps its label and its line; a new one stands where such fields stand; one that is gone goes."""
    assert changed(change) == expected


def dated(*dates: PartialDate) -> Callable[[Exchange], Exchange]:
    """Give the occurrences of an exchange other dates."""
    return lambda one: replace(
        one,
        occurrences=tuple(
            replace(occurrence, date=DateSpan(day)) for occurrence, day in zip(one.occurrences, dates, strict=True)
        ),
    )


def test_changed_date_keeps_the_words_of_its_line() -> None:
    """Only the date is written anew where the rest of the line can stay."""
    assert changed(with_exchange(0, dated(PartialDate(2010, 5, 3)))) == [
        "-     • 서초구-위해시 간 우호도시 협정 체결 (2010년5월)",
        "+     • 서초구-위해시 간 우호도시 협정 체결 (2010년 5월 3일)",
    ]
    assert changed(with_exchange(2, dated(PartialDate(2020, 3), PartialDate(2021, 4)))) == [
        "-     • 위해시장의 서신 접수 (2020년3월) 및 회신 (2020년4월)",
        "+     • 위해시장의 서신 접수 (2020년3월) 및 회신 (2021년 4월)",
    ]


def test_changed_date_never_changes_another() -> None:
    """Where a date lends its year to the next, the list is written out."""
    assert changed(with_exchange(1, dated(PartialDate(2015, 3), PartialDate(2014, 9)))) == [
        "-     • 위해시 대표단 서초구 방문 (2014년 3월, 9월)",
        "+     • 위해시 대표단 서초구 방문 (2014년 9월, 2015년 3월)",
    ]


def test_changed_head_count() -> None:
    """A head count is set into the words of its line."""
    counted = with_exchange(1, lambda one: replace(one, delegations=(replace(one.delegations[0], head_count=9),)))
    assert changed(counted) == [
        "-     • 위해시 대표단 서초구 방문 (2014년 3월, 9월)",
        "+     • 위해시 대표단(9명) 서초구 방문 (2014년 3월, 9월)",
    ]

    def recount(one: Exchange) -> Exchange:
        note = one.notes[0]
        return replace(one, notes=(replace(note, delegations=(replace(note.delegations[0], head_count=7),)),))

    assert changed(with_exchange(0, recount)) == [
        "-       ※ 위해시 대표단(6명) 서초구 방문 (2010. 4. 1.~4. 3.)",
        "+       ※ 위해시 대표단(7명) 서초구 방문 (2010. 4. 1.~4. 3.)",
    ]


def test_changed_description() -> None:
    """Other words are written with the dates behind them."""
    assert changed(with_exchange(0, lambda one: replace(one, description="우호도시 협정 조인"))) == [
        "-     • 서초구-위해시 간 우호도시 협정 체결 (2010년5월)",
        "+     • 우호도시 협정 조인 (2010년 5월)",
    ]


def test_changed_names() -> None:
    """A title and what the page says of itself are written on their lines."""
    page = read_page(TEXT, "page")
    metadata = replace(page.metadata, last_modified=date(2025, 1, 2), phone="02-2155-6168")
    assert diff(replace(page, title="우호도시", metadata=metadata)) == [
        "- 해외 우호도시",
        "+ 우호도시",
        "-   • 최종수정일 2024-08-08",
        "+   • 최종수정일 2025-01-02",
        "+   • 담당전화 02-2155-6168",
    ]
    assert diff(replace(page, metadata=replace(page.metadata, department=None))) == ["-   • 자료관리부서 행정지원과"]
    assert changed(lambda city: replace(city, heading="중국 위해시")) == ["- 중국 산동성 위해시", "+ 중국 위해시"]


# -- new records -------------------------------------------------------------------------------------------------


def test_new_exchange_stands_by_its_date() -> None:
    """A new exchange, with or without words, stands behind those that did not begin later."""
    assert changed(adding(visit(2012, 7))) == ["+     • 위해시 대표단(12명) 서초구 방문 (2012년 7월)"]
    lines = write_page(with_cities(adding(visit(2012, 7)))).split("\n")
    at = lines.index("    • 위해시 대표단(12명) 서초구 방문 (2012년 7월)")
    assert "※ 위해시 대표단(6명)" in lines[at - 1]
    assert "(2014년 3월, 9월)" in lines[at + 1]
    first = write_page(with_cities(adding(visit(2001, description="민간교류 시작")))).split("\n")
    assert first[first.index("    • 민간교류 시작 (2001년)") - 1] == "  • 주요교류내용"


def with_cities(change: Change) -> Page:
    """Read the page and change its first city."""
    page = read_page(TEXT, "page")
    return replace(page, cities=(change(page.cities[0]), *page.cities[1:]))


def test_equal_new_exchanges_are_all_written() -> None:
    """Two exchanges with the same values are two lines, beside one that was printed as well."""
    line = "+     • 위해시 대표단(12명) 서초구 방문 (2012년 7월)"
    assert changed(adding(visit(2012, 7), visit(2012, 7))) == [line, line]


def test_new_note_stands_below_its_exchange() -> None:
    """A new note stands behind the notes that are there."""
    note = visit(2010, 5, "환영 행사")
    assert changed(with_exchange(0, lambda one: replace(one, notes=(*one.notes, note)))) == [
        "+       ※ 환영 행사 (2010년 5월)"
    ]
    noted = write_page(with_cities(with_exchange(0, lambda one: replace(one, notes=(*one.notes, note))))).split("\n")
    assert noted[noted.index("      ※ 환영 행사 (2010년 5월)") - 1].startswith("      ※ 위해시 대표단(6명)")
    assert changed(adding(replace(visit(2022), notes=(note,)))) == [
        "+     • 위해시 대표단(12명) 서초구 방문 (2022년)",
        "+       ※ 환영 행사 (2010년 5월)",
    ]


def new_city(*path: str) -> City:
    """Make a city that was never on a page."""
    name = " ".join(path)
    return City(
        path=path,
        heading=name,
        title=name,
        agreement=Agreement("우호도시 협정", "agreement", DateSpan(PartialDate(2020)), concluded_in="서초구"),
        area=Statistic(Decimal("827.8"), "㎢"),
        characteristics=(Characteristic("옛 수도입니다."),),
        exchanges=(visit(2021, 3, "화상회의 개최"),),
        homepage="http://www.example.org",
    )


NEW_CITY = """
  • 결 연 일 : 2020년
  • 결연명칭 : 우호도시 협정 (체결장소 : 서초구)
  • 일반현황
    • 면 적 : 827.8㎢
  • 지역특성
    • 옛 수도입니다.
  • 주요교류내용
    • 화상회의 개최 (2021년 3월)
  • 홈페이지 : http://www.example.org
"""


def test_new_city_stands_behind_those_of_its_country() -> None:
    """A new city is written whole, behind the last city of its country, or at the end where it is the first of one."""
    page = read_page(TEXT, "page")
    name = "중국 하남성 학벽시"
    whole = write_page(replace(page, cities=(*page.cities, new_city(*name.split()))))
    assert whole == TEXT.replace("  • 특산품 : 해산물\n", f"  • 특산품 : 해산물\n\n{name}\n\n{name}{NEW_CITY}")
    name = "호주 퍼스시"
    whole = write_page(replace(page, cities=(*page.cities, new_city(*name.split()))))
    assert whole == TEXT.replace("  • 결 연 일 : 1999년\n", f"  • 결 연 일 : 1999년\n\n{name}\n\n{name}{NEW_CITY}")


def test_new_city_reads_back() -> None:
    """What was written of a city that was on no page is what is read of it."""
    page = read_page(TEXT, "page")
    city = new_city("호주", "퍼스시")
    read = read_page(write_page(replace(page, cities=(*page.cities, city))), "page").cities[-1]
    assert (read.path, read.area, read.characteristics, read.homepage) == (
        city.path, city.area, city.characteristics, city.homepage,
    )  # fmt: skip
    assert agreement_of(read).date == agreement_of(city).date


# -- records that are gone ---------------------------------------------------------------------------------------


def test_removed_exchange_takes_its_notes_with_it() -> None:
    """An exchange that is gone takes its line, and its notes theirs."""
    assert changed(lambda city: replace(city, exchanges=city.exchanges[1:])) == [
        "-     • 서초구-위해시 간 우호도시 협정 체결 (2010년5월)",
        "-       ※ 위해시 대표단(6명) 서초구 방문 (2010. 4. 1.~4. 3.)",
    ]
    unnoted = with_exchange(0, lambda one: replace(one, notes=()))
    assert changed(unnoted) == ["-       ※ 위해시 대표단(6명) 서초구 방문 (2010. 4. 1.~4. 3.)"]


def test_removed_city() -> None:
    """A city that is gone, the first or the last, takes its section and the blank lines above it."""
    page = read_page(TEXT, "page")
    start, end = TEXT.index("\n중국 산동성 위해시"), TEXT.index("\n일본\n")
    assert write_page(replace(page, cities=page.cities[1:])) == TEXT[:start] + TEXT[end:]
    start, end = TEXT.index("\n일본 교토부 교토시"), TEXT.index("\n이 페이지에서")
    assert write_page(replace(page, cities=page.cities[:1])) == TEXT[:start] + TEXT[end:]


def test_city_in_place_of_another() -> None:
    """A city that is gone and one that is new do not get in each other's way."""
    page = read_page(TEXT, "page")
    name = "일본 나라현 나라시"
    start, end = TEXT.index("\n일본 교토부 교토시"), TEXT.index("\n이 페이지에서")
    whole = write_page(replace(page, cities=(page.cities[0], new_city(*name.split()))))
    assert whole == f"{TEXT[:start]}\n{name}\n\n{name}{NEW_CITY}{TEXT[end:]}"


# -- the manner of the page --------------------------------------------------------------------------------------

TABS = (
    "일본 교토시\r\n\t○ 결연일자: 1999년\r\n\t○ 교류실적\r\n\t\t- 교토시 대표단 서초구 방문(2001년)\r\n"
    "\r\n\t○ 최종수정일: 2024-08-08\r\n"
)


def test_manner_of_the_page() -> None:
    """New lines have the indent, the bullets, the line ends and the headings of the page they are set into."""
    assert changed(adding(visit(2012, 7)), TABS) == ["+ \t\t- 위해시 대표단(12명) 서초구 방문 (2012년 7월)\r"]
    dated_anew = changed(lambda city: replace(city, agreement=Agreement("", date=DateSpan(PartialDate(2000)))), TABS)
    assert dated_anew == ["- \t○ 결연일자: 1999년\r", "+ \t○ 결연일자: 2000년\r"]
    page = read_page(TABS, "page")
    perth = City(("호주", "퍼스시"), "호주 퍼스시", "호주 퍼스시")
    whole = write_page(replace(page, cities=(*page.cities, perth)))
    assert whole == TABS.replace("(2001년)\r\n", "(2001년)\r\n\r\n호주 퍼스시\r\n")


def test_city_on_a_page_without_cities() -> None:
    """A city can be set into a page that has none, before the survey line."""
    text = "중국\n\n이 페이지에서 제공하는 정보에 대하여 만족하십니까?\n"
    page = read_page(text, "page")
    city = City(("중국", "위해시"), "중국 위해시", "중국 위해시")
    assert write_page(replace(page, cities=(city,))) == text.replace("중국\n", "중국\n\n중국 위해시\n\n중국 위해시\n")
