"""The table of exchange lines: how officers write them, and how each is read.

The readings were judged from the Korean, in the section of 중국 상해시 홍구구. To teach the reader a new wording, add a
line here and a word to ``kg.source.verbs`` or ``kg.source.words``.
"""

import csv
from pathlib import Path

import pytest

from kg.domain import Delegation, Page
from kg.source import read_page

TABLE = Path(__file__).with_name("exchange-lines.tsv")
SECTION = "중국\n\n중국 상해시 홍구구\n\n중국 상해시 홍구구\n  • 주요교류내용\n    • "


def table() -> list[dict[str, str]]:
    """Read the table; ``-`` stands for nothing."""
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def row_of(page: Page) -> dict[str, str]:
    """Write the one exchange of a page as a row of the table, without its findings."""
    exchange = page.cities[0].exchanges[0]
    row = {
        "kinds": " ".join(sorted(filter(None, (exchange.primary_kind, *exchange.further_kinds)))),
        "direction": exchange.direction,
        "status": exchange.status,
        "dates": " ".join(one.date.edtf for one in exchange.occurrences),
        "people": ", ".join(people(one) for one in exchange.delegations if one.label),
    }
    return {name: value or "-" for name, value in row.items()}


def people(one: Delegation) -> str:
    """Write a delegation: whose, what it is called, how many."""
    whose = "양측" if len(one.whose) > 1 else one.whose[0].path[-1]
    return f"{whose}:{one.label}" + (f"={one.head_count}" if one.head_count else "")


@pytest.mark.parametrize("row", table(), ids=lambda row: row["line"])
def test_a_line_is_read_as_the_table_says(row: dict[str, str]) -> None:
    """Kinds, direction, status, dates and people are those of the table; what is open has its finding."""
    page = read_page(SECTION + row["line"], "page")
    expected = {name: row[name] for name in ("direction", "status", "dates", "people")}
    assert row_of(page) == {"kinds": " ".join(sorted(row["kinds"].split())), **expected}
    rules = {doubt.rule for doubt in page.doubts}
    assert set(row["findings"].split()) - {"-"} <= rules
    assert ("direction-unstated" in rules) == (row["direction"] == "unstated")
    assert ("unclassified" in rules) == (row["kinds"] == "-")
    assert ("not-held" in rules) == (row["status"] != "held")


def test_the_table_covers_every_kind_direction_and_status() -> None:
    """At least 400 lines, with each value that the reader has."""
    rows = table()
    assert len({row["line"] for row in rows}) >= 400
    assert {row["direction"] for row in rows} == {"to-seocho", "from-seocho", "mutual", "unstated"}
    assert {row["status"] for row in rows} == {"held", "planned", "postponed", "cancelled"}


TRAVELS = [
    "{x} 대표단 {y} 방문",
    "{y}를 {x} 대표단이 방문",
    "{y}에 {x} 대표단 방문",
    "{x} 대표단의 {y} 방문",
    "{x}에서 {y} 방문",
    "{y} 초청으로 {x} 대표단 방문",
    "{x} 대표단, {y}의 초청을 받아 방문",
    "{y}에서 {x} 대표단 초청",
    "{y}를 방문한 {x} 대표단 환영",
    "{y}를 {x} 의장이 방문",
    "{x} 의장 {y} 의장 예방",
    "{y} 의장을 {x} 대표단이 예방",
    "{y} 의장, {x} 대표단 접견",
    "{x} 대표단을 {y} 의장이 접견",
    "{y} 의장 면담을 위해 {x} 대표단 방문",
    "답방으로 {x} 대표단 {y} 방문",
    "{y} 대표단 방문에 대한 답방으로 {x} 대표단 {y} 방문",
    "{x}에서 {y}로 공무원 1명 파견",
    "{y}로 {x} 공무원 1명 파견",
    "{x} 공무원 {y} 파견 근무",
    "{x}에서 {y}에 마스크 기증",
    "{y}에 {x}가 서한 발송",
    "{x} 의장 서한 {y} 접수",
    "{y}에서 열린 축제에 {x} 예술단 참가",
    "{x} 예술단 {y} 축제 참가",
    "{y} 우수시설을 {x} 공무원이 시찰",
    "{x} 축구단 {y}에서 친선경기",
]
"""Wordings in which ``x`` goes, or sends something, to ``y``."""


@pytest.mark.parametrize("words", TRAVELS)
def test_a_direction_turns_when_the_names_change_places(words: str) -> None:
    """Who went where follows from the wording alone: with the two names exchanged the direction is the other."""
    for x, y, direction in (("서초구", "홍구구", "from-seocho"), ("홍구구", "서초구", "to-seocho")):
        page = read_page(SECTION + words.format(x=x, y=y) + " (2018년 5월)", "page")
        assert page.cities[0].exchanges[0].direction == direction


@pytest.mark.parametrize(
    ("words", "status"),
    [
        *(
            (words, "cancelled")
            for words in ("취소", "취소됨", "취소하기로 함", "(취소)", "무산", "불발", "중단", "불가")
        ),
        *(
            (words, "cancelled")
            for words in ("못함", "하지 못하였음", "하지 않음", "안 함", "미실시", "취소(코로나19)")
        ),
        *((words, "postponed") for words in ("연기", "무기한 연기", "(연기)", "보류", "보류하기로 함", "순연", "유보")),
        *(
            (words, "planned")
            for words in ("예정", "예정임", "추진", "추진 중", "계획", "하기로 함", "(예정)", "준비 중")
        ),
    ],
)
@pytest.mark.parametrize("act", ["홍구구 대표단 서초구 방문", "서초구 공무원 1명 홍구구 파견", "양 구 업무협약 체결"])
def test_what_did_not_take_place_is_never_told_as_done(act: str, words: str, status: str) -> None:
    """A status is read behind every act, before and within the bracket of dates, and concludes no document."""
    for line in (f"{act} {words} (2025년 5월)", f"{act} {words}", f"{act} (2025년 5월, {words.strip('()')})"):
        exchange = read_page(SECTION + line, "page").cities[0].exchanges[0]
        assert (exchange.status, exchange.concludes) == (status, ())
