"""Headings: which lines at the margin head a city, a country or the page, and which are stray."""

import pytest

from kg.source import read_page
from kg.source.headings import read_headings
from kg.source.outline import read_outline

SECTION = "  • 결 연 일 : 2010년 5월 3일\n  • 주요교류내용\n    • 서초구 대표단 방문 (2012년 7월)\n"


def roles(text: str) -> list[str]:
    """Return the roles of the lines at the margin."""
    return [heading.role for heading in read_headings(read_outline(text)).values()]


def paths(text: str) -> list[tuple[str, ...]]:
    """Return the names of the cities of a page."""
    return [city.path for city in read_page(text, "page").cities]


def test_title_and_doubled_heading() -> None:
    """A page has a title, and each city is named above its section once more."""
    text = f"중국\n\n중국 산동성 위해시\n\n중국 위해시 인민정부\n{SECTION}"
    assert roles(text) == ["page-title", "heading", "section-title"]
    city = read_page(text, "page").cities[0]
    assert (city.path, city.body) == (("중국", "산동성", "위해시"), "government")
    assert (city.heading, city.title) == ("중국 산동성 위해시", "중국 위해시 인민정부")


def test_single_heading() -> None:
    """A section may have one heading only, on the first line or behind a blank one."""
    assert paths(f"일본 교토시\n{SECTION}\n미국 어바인시\n{SECTION}") == [("일본", "교토시"), ("미국", "어바인시")]
    assert paths(f"일본 교토시\n{SECTION}미국 어바인시\n{SECTION}") == [("일본", "교토시"), ("미국", "어바인시")]


def test_countries() -> None:
    """A page of several countries may name each above its cities."""
    japan = f"일본(1)\n\n일본 교토시\n{SECTION}"
    text = f"해외 우호도시 현황\n\n{japan}\n미국 (1개 도시)\n\n미국 어바인시\n\n미국 어바인시\n{SECTION}"
    assert roles(text) == [
        "page-title",
        "country-heading",
        "section-title",
        "country-heading",
        "heading",
        "section-title",
    ]
    assert paths(text) == [("일본", "교토시"), ("미국", "어바인시")]


@pytest.mark.parametrize("stray", ["관리자 확인 필요", "준비중", "아래 내용은 수정 중입니다.", "비고 : 없음", "1234"])
def test_stray_line_in_a_list_is_no_city(stray: str) -> None:
    """A line at the margin between the items of a list is reported, and makes no city."""
    page = read_page(f"일본 교토시\n{SECTION}{stray}\n    • 교토시 대표단 서초구 방문 (2013년)\n", "page")
    assert [city.path for city in page.cities] == [("일본", "교토시")]
    errors = [
        (doubt.place.line, doubt.place.start, doubt.printed) for doubt in page.doubts if doubt.severity == "error"
    ]
    assert errors[0] == (5, 1, stray)


def test_unrelated_line_above_a_title_names_no_city() -> None:
    """A line above a title that is not its heading does not name the city."""
    page = read_page(f"중국\n\n국제교류 소개\n\n중국 산동성 위해시\n{SECTION}", "page")
    assert [city.path for city in page.cities] == [("중국", "산동성", "위해시")]
    assert [line.role for line in page.lines if line.text == "국제교류 소개"] == ["unread"]


def test_items_below_a_doubtful_heading_are_given_to_no_city() -> None:
    """Where a stray line may have been a heading, what follows is reported rather than given to the city above."""
    page = read_page(f"일본 교토시\n{SECTION}이름 모를 도시\n    • 대표단 방문 (2015년)\n", "page")
    assert [line.role for line in page.lines][4:6] == ["unread", "unread"]
    assert len(page.cities[0].exchanges) == 1


def test_a_heading_without_a_city_is_unread() -> None:
    """One word is no country and city."""
    page = read_page(f"해외\n\n교토시\n{SECTION}", "page")
    assert page.cities == ()
    assert {line.role for line in page.lines} == {"page-title", "blank", "unread"}
