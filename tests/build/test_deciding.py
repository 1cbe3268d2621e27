"""A new edition of the page on top of which something was changed by hand: shown, decided, committed."""

from pathlib import Path

import pytest

import kg.web
from kg.cli import main
from kg.domain import Settings
from kg.store import Store
from signing import held_by

PAGE = """중국

중국 산동성 위해시
  • 결 연 일 : 2020년 5월 1일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정
  • 일반현황
    • 인 구 : 787,000명(2019년 기준)
  • 주요교류내용
    • 위해시 대표단 서초구 방문 (2021년 4월)
"""
BY_HAND = """PREFIX kg: <https://kg.seocho.example/ontology#>
DELETE { GRAPH ?g { ?s kg:value ?v ; kg:printed ?p } }
INSERT { GRAPH ?g { ?s kg:value 788000 ; kg:printed "788,000명(2019년 기준)" } }
WHERE { GRAPH ?g { ?s kg:value ?v ; kg:printed ?p . FILTER(STRENDS(STR(?s), "population")) } }"""


@pytest.fixture
def page(source: Path) -> Path:
    """Give a page that was built into a store of its own."""
    source.write_text(PAGE, "utf-8")
    assert main(["build"]) == 0
    return source


def store(page: Path) -> Store:
    """Return the store that the page was built into."""
    return Store(page.parents[3] / "store")


def content(page: Path) -> str:
    """Return what the current version holds."""
    return held_by(store(page).current()).decode()


def test_a_new_edition_is_shown_decided_and_committed(
    page: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first difference to the last decision, nothing that was made by hand is lost without a word."""
    page.write_text(PAGE.replace("787,000", "790,000") + "    • 위해시 대표단 서초구 방문 (2025년 3월)\n", "utf-8")
    assert main(["diff"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[:2] == ["위해시 인구: 787,000명 → 790,000명", "위해시: 교류 1건 추가, 2025년 3월 방문"]
    assert len(store(page).commits()) == 1

    assert main(["update", BY_HAND]) == 0
    assert main(["diff", "1", "2", "--language", "en"]) == 0
    assert "산동성" not in capfd.readouterr().out
    assert main(["diff", "1", "--language", "zh"]) == 0
    assert capfd.readouterr().out == "위해시人口：787,000人 → 788,000人\n"

    served: list[Settings] = []
    monkeypatch.setattr(kg.web, "serve", lambda settings, *_: served.append(settings))
    assert main(["serve"]) == 0
    assert served
    assert "kg build --commit" in capfd.readouterr().err
    assert len(store(page).commits()) == 2

    assert main(["build", "--commit"]) == 1
    told = capfd.readouterr()
    assert "위해시: 교류 1건 추가, 2025년 3월 방문" in told.out
    assert "위해시 인구 값: 직접 수정한 값 788,000, 새 페이지의 값 790,000, 이전 값 787,000" in told.err
    assert "--prefer hand" in told.err
    assert len(store(page).commits()) == 2

    assert main(["build", "--prefer", "hand"]) == 0
    assert "kg build --commit" in capfd.readouterr().err
    assert len(store(page).commits()) == 2
    assert main(["build", "--prefer", "hand", "--commit"]) == 0
    assert '"788000"' in content(page)
    assert "2025-03" in content(page)

    assert main(["build"]) == 0
    assert "달라진 내용이 없습니다." in capfd.readouterr().out
    assert len(store(page).commits()) == 3


def test_a_call_for_three_versions_is_wrong(page: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Two versions are compared at most, and they must be there."""
    assert main(["diff", "1", "1", "1"]) == 2
    assert main(["diff", "1", "7"]) == 2
    assert main(["diff", "1"]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "달라진 내용이 없습니다."
    assert page.is_file()


def test_a_page_that_does_not_conform_has_no_differences(page: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What validation at the commit would refuse is told as such, by diff as by build."""
    page.write_text(PAGE.replace("인 구 : 787,000명(2019년 기준)", "면 적 : 0㎢"), "utf-8")
    assert main(["diff"]) == 1
    assert main(["build"]) == 1
    assert "violation" in capfd.readouterr().err
    assert len(store(page).commits()) == 1


EXCHANGE_BY_HAND = """PREFIX kg: <https://kg.seocho.example/ontology#> PREFIX id: <https://kg.seocho.example/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX x: <https://kg.seocho.example/id/exchange/> PREFIX city: <https://kg.seocho.example/id/municipality/>
PREFIX tie: <https://kg.seocho.example/id/friendship/> PREFIX kind: <https://kg.seocho.example/id/exchange-kind/>
PREFIX direction: <https://kg.seocho.example/id/direction/>
INSERT DATA { GRAPH <https://kg.seocho.example/graphs/page> {
  x:산동성-위해시-2025-03 a kg:ExchangeRecord ; rdfs:label "위해시 대표단 방문"@ko ;
    kg:description "위해시 대표단 방문"@ko ; kg:friendship tie:seocho-산동성-위해시 ;
    kg:exchangedWith city:산동성-위해시 ;
    kg:kind kind:visit ;
    kg:primaryKind kind:visit ; kg:directionStated true ;
    kg:direction direction:to-seocho ; kg:event id:by-hand .
  id:by-hand a kg:ExchangeEvent ; rdfs:label "방문 (2025년 3월)"@ko ; kg:edtf "2025-03" ; kg:datePrecision "month" ;
    kg:record x:산동성-위해시-2025-03 ; kg:directionStated true ;
    kg:startDate "2025-03-01"^^xsd:date ; kg:endDate "2025-03-31"^^xsd:date ;
    kg:direction direction:to-seocho } }"""


def test_an_exchange_of_the_page_takes_no_identifier_given_by_hand(page: Path) -> None:
    """Another exchange of the same month gets an identifier of its own, and keeps it."""
    assert main(["update", EXCHANGE_BY_HAND]) == 0
    page.write_text(f"{PAGE}    • 서초구 합창단 위해시 공연 (2025년 3월)\n", "utf-8")
    assert main(["build", "--commit"]) == 0
    both = ("위해시 대표단 방문", "서초구 합창단 위해시 공연")
    for slug, text in zip(("산동성-위해시-2025-03", "산동성-위해시-2025-03-2"), both, strict=True):
        assert f'exchange/{slug}> <https://kg.seocho.example/ontology#description> "{text}"@ko' in content(page)
    register = (page.parents[1] / "register.tsv").read_text("utf-8")
    assert "exchange\t산동성-위해시-2025-03-2\t" in register
    assert (store(page).path / "register.tsv").read_text("utf-8") == register
