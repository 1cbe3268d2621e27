"""Small pages as datasets: their lines of N-Quads, beside the names of terms and places."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from kg.build.build import vocabulary_graph
from kg.domain import Iris, Page
from kg.rdf import Gazetteer, Naming, RdfDataset, Register, elsewhere_graph, map_page, name_pages, nquads
from kg.source import read_page

HOME = Path(__file__).parents[2]
IRIS = Iris("https://kg.seocho.example/")

SMALL = """중국

중국 상해시 홍구구
  • 결 연 일 : 1999년 10월 21일
  • 결연명칭 : 서초구 - 홍구구 우호교류 비망록 조인 (체결장소 : 홍구구)
  • 일반현황
    • 인 구 : 787,000명(2019년 기준)
    • 행정기구 : 구장1, 부구장5, 19국
  • 지역특성
    • 황포강이 통과하고 있어 경치가 아름답습니다.
    • 각종 학교가 다수 위치하여 있습니다.
  • 주요교류내용
    • 홍구구 대표단(6명) 서초구 친선방문 (2000년 7월 10일)
    • 홍구구 대표단 서초구 우호방문 (2016년7월)

중국 산동성 조장시
  • 결 연 일 : 2016년 11월
  • 결연명칭 : 서초구와 조장시간 우호도시 관계수립 의향서(체결방법:우편)
  • 주요교류내용
    • 서초구의회 대표단 조장시 방문 (2013년11월)
    • 조장시 대표 서초구의회 방문 (2016년 4월)
"""

Edition = Callable[..., frozenset[str]]


@pytest.fixture(scope="session")
def edition() -> Edition:
    """Give what makes the text of a page its dataset, as lines of N-Quads: that of the edition after another one."""
    gazetteer = Gazetteer((HOME / "data" / "identifiers.json").read_text("utf-8"), IRIS)
    others = {"elsewhere": elsewhere_graph(gazetteer), "vocabulary": vocabulary_graph(HOME, IRIS)}
    around = frozenset(line for line in nquads(RdfDataset(others, IRIS)).decode().splitlines() if "abel> " in line)

    @cache
    def named(text: str, after: str | None) -> tuple[Page, Naming, Register]:
        page, known = read_page(text, "page"), named(after, None)[2] if after else Register()
        (naming,), register = name_pages((page,), gazetteer, IRIS, known)
        return page, naming, register

    @cache
    def lines(text: str, after: str = SMALL) -> frozenset[str]:
        page, naming, _ = named(text, after)
        facts, provenance = map_page(page, naming, sha256(text.encode()).hexdigest())
        made = nquads(RdfDataset({"page": facts, "provenance": provenance}, IRIS))
        return around | frozenset(made.decode().splitlines())

    return lines


@pytest.fixture(scope="session")
def small() -> str:
    """Give the text of a page of two cities."""
    return SMALL
