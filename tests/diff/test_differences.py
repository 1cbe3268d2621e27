"""What a change did: gathered by things, told in sentences, and no triple lost or told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.diff import Patch, difference, sentences
from kg.diff.difference_words import ChangeSentence
from kg.diff.differences import ChangedStatement
from kg.domain import Iris
from kg.rdf import Index, Language, Sides, index_lines, read_quad

IRIS = Iris("https://kg.seocho.example/")
KG, ID = "https://kg.seocho.example/ontology#", "https://kg.seocho.example/id"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
PREF_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
LANGUAGES: tuple[Language, ...] = ("ko", "en", "zh")
Edition = Callable[[str], frozenset[str]]


def told(
    before: frozenset[str], after: frozenset[str], language: Language = "ko", most: int = 200
) -> tuple[ChangeSentence, ...]:
    """Tell what changed from one dataset to another."""
    sides = Sides(index_lines(before), index_lines(after), IRIS)
    patch = Patch.of(after - before, before - after)
    return sentences(difference(patch, sides), sides, language, most)


def texts(before: frozenset[str], after: frozenset[str], language: Language = "ko") -> list[str]:
    """Return the sentences but those on lines, places and files."""
    aside = ("원문 ", "프로그램", "Lines ", "Line ", "Program", "Places ", "程序", "原文", "1 doubt", "2 doubts")
    return [sentence.text for sentence in told(before, after, language) if not sentence.text.startswith(aside)]


def quad(subject: str, predicate: str, node: str, graph: str = "page") -> str:
    """Write a quad of ours."""
    return f"<{ID}/{subject}> {predicate} {node} <https://kg.seocho.example/graphs/{graph}> ."


REWORDED = "“홍구구 대표단 서초구 우호방문” → “홍구구 대표단 서초구 친선방문”"
WEIHAI = """
중국 산동성 위해시
  • 결 연 일 : 2020년 5월 1일
  • 결연명칭 : 서초구 - 위해시 우호도시 협정
  • 주요교류내용
    • 위해시 대표단 서초구 방문 (2021년 4월)
"""
GOLDEN = {
    "exchange added": (
        ("우호방문 (2016년7월)", "우호방문 (2016년7월)\n    • 홍구구 대표단 서초구 방문 (2025년 3월)"),
        [
            "홍구구: 교류 1건 추가, 2025년 3월 방문",
            "Hongkou District: 1 exchange added: visit, March 2025",
            "虹口区：新增1项交流，2025年3月访问",
        ],
    ),
    "two exchanges added": (
        (
            "우호방문 (2016년7월)",
            "우호방문 (2016년7월)\n    • 위로 서신 송부 (2020년4월)\n    • 홍구구 대표단 서초구 방문 (2025년 3월, 4월)",
        ),
        [
            "홍구구: 교류 2건 추가, 2020년 4월 서신, 2025년 3월 등 2회 방문",
            "Hongkou District: 2 exchanges added: letter, April 2020; visit, March 2025 and 1 more",
            "虹口区：新增2项交流，2020年4月信函、2025年3月等2次访问",
        ],
    ),
    "exchange removed": (
        ("    • 서초구의회 대표단 조장시 방문 (2013년11월)\n", ""),
        [
            "조장시: 교류 1건 삭제, 2013년 11월 방문",
            "Zaozhuang City: 1 exchange removed: visit, November 2013",
            "枣庄市：删除1项交流，2013年11月访问",
        ],
    ),
    "description changed": (
        ("서초구 우호방문 (2016년7월)", "서초구 친선방문 (2016년7월)"),
        [
            f"홍구구 2016년 7월 교류 내용: {REWORDED}",
            f"Hongkou District, exchange of July 2016, description: {REWORDED}",
            f"虹口区2016年7月交流内容：{REWORDED}",
        ],
    ),
    "population changed": (
        ("787,000명", "790,000명"),
        [
            "홍구구 인구: 787,000명 → 790,000명",
            "Hongkou District, population: 787,000 people → 790,000 people",
            "虹口区人口：787,000人 → 790,000人",
        ],
    ),
    "an organ more": (
        ("부구장5, 19국", "부구장5, 1판공실, 20국"),
        [
            "홍구구 행정구역·기구: “국 19” → “국 20”, “판공실 1”",
            "Hongkou District, divisions and offices: “국 19” → “국 20”, “판공실 1”",
            "虹口区行政区划与机构：“국 19” → “국 20”、“판공실 1”",
        ],
    ),
    "characteristic on top": (
        ("    • 황포강이", "    • 번화가입니다.\n    • 황포강이"),
        [
            "홍구구 지역특성 추가: “번화가입니다.”",
            "Hongkou District, characteristics added: “번화가입니다.”",
            "虹口区地区特色新增：“번화가입니다.”",
        ],
    ),
    "agreement added": (
        (
            "우호방문 (2016년7월)",
            "우호방문 (2016년7월)\n      ※ 서초구-홍구구 간 문화분야 MOU 체결(2016.07.04/중국 홍구구)",
        ),
        [
            "홍구구: 협정 문서 1건 추가, 2016년 7월 4일 “문화분야 MOU”",
            "Hongkou District: 1 agreement added: “문화분야 MOU”, July 4, 2016",
            "虹口区：新增1份协议文件，2016年7月4日“문화분야 MOU”",
        ],
    ),
    "a city renamed": (
        ("조장시", "대장시"),
        ["조장시: 대장시로 이름 변경", "조장시: renamed to 대장시", "조장시：更名为대장시"],
    ),
    "a new city": (
        ("\n중국 산동성 조장시\n", f"{WEIHAI}\n중국 산동성 조장시\n"),
        [
            "위해시: 우호도시 추가, 결연일 2020년 5월 1일, 교류 1건",
            "위해시: friendship city added, friendship since May 1, 2020, exchanges: 1",
            "위해시：新增友好城市，结好日期2020年5月1日，交流1项",
        ],
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_new_edition_is_told_as_a_person_would(name: str, edition: Edition, small: str) -> None:
    """What the page says anew is a sentence on the city; other triples do not drown it."""
    (old, new), expected = GOLDEN[name]
    assert old in small
    before, after = edition(small), edition(small.replace(old, new))
    news = [[found.text for found in told(before, after, language) if not found.is_aside] for language in LANGUAGES]
    assert [texts[0] for texts in news] == expected


@pytest.mark.parametrize("name", GOLDEN)
def test_a_change_is_told_once(name: str, edition: Edition, small: str) -> None:
    """What follows from a change is told aside: the lines, the findings, the texts that have a new name."""
    before, after = edition(small), edition(small.replace(*GOLDEN[name][0]))
    assert sum(not sentence.is_aside for sentence in told(before, after)) == (2 if name == "agreement added" else 1)


def test_lines_that_only_have_other_numbers_are_not_told(edition: Edition, small: str) -> None:
    """A line on top moves all lines: one sentence tells of that line, and no other is on the page."""
    before, after = edition(small), edition(small.replace("중국\n\n", "중국\n\n\n", 1))
    assert next(found.text for found in told(before, after) if found.text.startswith("원문")) == "원문 1줄 추가"
    assert not texts(before, after)


HAND = {
    "label": (
        [quad("municipality/hongkou", LABEL, '"홍커우구"@ko')],
        [quad("municipality/hongkou", LABEL, '"홍구구"@ko', graph) for graph in ("page", "elsewhere")],
        ["홍구구: 홍커우구로 이름 변경", "홍구구: renamed to 홍커우구", "홍구구：更名为홍커우구"],
    ),
    "foreign graph": (
        ["<http://example.org/a> <http://example.org/b> _:c <http://example.org/g> ."],
        [],
        ["그래프 <http://example.org/g>: 트리플 1개 추가", "Graph <http://example.org/g>: triples added: 1",
         "图<http://example.org/g>：新增1个三元组"],
    ),
    "vocabulary": (
        [quad("exchange-kind/visit", PREF_LABEL, '"친선 방문"@ko', "vocabulary")],
        [quad("exchange-kind/visit", PREF_LABEL, '"방문"@ko', "vocabulary")],
        ["어휘 “방문” 이름(한국어): “방문” → “친선 방문”", "Term “Visit”, name (Korean): “방문” → “친선 방문”",
         "词汇 “访问”名称（韩语）：“방문” → “친선 방문”"],
    ),
    "an unknown thing in the default graph": (
        ['<http://example.org/a> <http://example.org/b> "c" .'],
        [],
        ["<http://example.org/a> <http://example.org/b> 추가: “c”",
         "<http://example.org/a>, <http://example.org/b> added: “c”",
         "<http://example.org/a><http://example.org/b>新增：“c”"],
    ),
    "a remark on a passage": (
        [quad("passage/page.13.7-40", "<http://example.org/b>", '"c"', "provenance")],
        [],
        [f"<{ID}/passage/page.13.7-40> <http://example.org/b> 추가: “c”",
         f"<{ID}/passage/page.13.7-40>, <http://example.org/b> added: “c”",
         f"<{ID}/passage/page.13.7-40><http://example.org/b>新增：“c”"],
    ),
    "a wrong date": (
        [quad("statistic/hongkou-population", f"<{KG}asOf>", '"2020-13"')],
        [quad("statistic/hongkou-population", f"<{KG}asOf>", '"2019"')],
        ["홍구구 인구 기준 시점: 2019년 → 2020-13", "Hongkou District, population, as of: 2019 → 2020-13",
         "虹口区人口统计时点：2019年 → 2020-13"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HAND)
def test_a_change_by_hand_is_told_as_a_person_would(name: str, edition: Edition, small: str) -> None:
    """Labels, terms of the vocabulary, graphs of others and what nobody knows are told too."""
    added, removed, expected = HAND[name]
    before = edition(small)
    after = before - set(removed) | set(added)
    assert [texts(before, after, language) for language in LANGUAGES] == [[text] for text in expected]


def test_graphs_without_triples_are_told(edition: Edition, small: str) -> None:
    """A graph that was created or dropped though empty has a sentence."""
    sides = Sides(index_lines(edition(small)), index_lines(edition(small)), IRIS)
    patch = Patch.of(created=["http://example.org/new"], dropped=["http://example.org/old"])
    found = sentences(difference(patch, sides), sides, "ko")
    assert [sentence.text for sentence in found] == [
        "그래프 <http://example.org/new> 생성",
        "그래프 <http://example.org/old> 삭제",
    ]


def accounted(found: Iterable[ChangeSentence]) -> Counter[ChangedStatement]:
    """Count how often each statement is told."""
    return Counter(statement for sentence in found for statement in sentence.statements)


EXTRA = [
    '<http://example.org/a> <http://example.org/b> "c \\"d\\" ." .',
    '_:a <http://example.org/b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://example.org/g> .',
    "<http://example.org/a> <http://example.org/b> <<( <http://e/s> <http://e/p> <http://e/o> )>> .",
    quad("event/hongkou-2016-07.2016-07", f"<{KG}record>", f"<{ID}/event/hongkou-2016-07.2016-07>"),
    quad("exchange/none", f"<{KG}record>", f"<{ID}/exchange/none>"),
    quad("municipality/hongkou", "<http://www.w3.org/ns/prov#wasDerivedFrom>", "<http://example.org/news>"),
]


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_triple_is_told_exactly_once(edition: Edition, small: str, data: st.DataObject) -> None:
    """Whatever was added and removed: each triple belongs to one sentence, or to the one that counts the rest."""
    changes = [change for change, _ in GOLDEN.values()]
    text = small
    for old, new in data.draw(st.lists(st.sampled_from(changes), max_size=3)):
        text = text.replace(old, new)
    before, after = edition(small), edition(text)
    pool = sorted(line for line in before | after if "ontology#" in line and "graphs/vocabulary" not in line)
    after = after.symmetric_difference(data.draw(st.sets(st.sampled_from([*pool, *EXTRA]), max_size=20)))
    if data.draw(st.booleans()):
        before, after = after, before
    most = data.draw(st.sampled_from([0, 1, 5, 200]))
    found = told(before, after, data.draw(st.sampled_from(LANGUAGES)), most)
    expected = [ChangedStatement(is_added=True, quad=read_quad(line)) for line in after - before]
    expected += [ChangedStatement(is_added=False, quad=read_quad(line)) for line in before - after]
    assert accounted(found) == Counter(expected)
    assert len(found) <= most + 1
    assert all(sentence.text for sentence in found)


def test_what_is_left_untold_is_counted(edition: Edition, small: str) -> None:
    """The last sentence says how many triples the others do not tell."""
    found = told(edition(small), edition(small.replace("787,000명", "790,000명")), "ko", 1)
    assert found[0].text == "홍구구 인구: 787,000명 → 790,000명"
    assert found[1].text == f"그 밖의 트리플 {len(found[1].statements)}개"


class Counted(Index[str]):
    """A dataset that counts how often it is asked."""

    def __init__(self, lines: frozenset[str]) -> None:
        """Hold these lines."""
        super().__init__(read_quad(line)[:3] for line in lines)
        self.asked = 0

    def about(self, subject: str) -> Mapping[str, Sequence[str]]:
        """Answer and count."""
        self.asked += 1
        return super().about(subject)

    def pointing(self, node: str) -> Sequence[tuple[str, str]]:
        """Answer and count."""
        self.asked += 1
        return super().pointing(node)


def test_the_effort_follows_the_change_and_not_the_graph(edition: Edition, small: str) -> None:
    """The same change of a small graph and of one ten times its size asks the same questions."""
    added = {
        quad("exchange/new", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{KG}ExchangeRecord>"),
        quad("exchange/new", f"<{KG}exchangedWith>", f"<{ID}/municipality/hongkou>"),
    }
    more = {line.replace("/id/", f"/id/of-{copy}/") for copy in range(9) for line in edition(small)}
    asked = []
    for before in (edition(small), edition(small) | more):
        sides = Sides(Counted(before), Counted(before | added), IRIS)
        sentences(difference(Patch.of(added), sides), sides, "ko")
        asked.append((sides.before.asked, sides.after.asked))  # type: ignore[attr-defined]
    assert asked[0] == asked[1]
    assert sum(asked[0]) < 100
