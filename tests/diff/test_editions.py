"""A new edition of the page meets changes made by hand: nothing of either is lost without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.diff import conflicts_in_words, merge_three_way
from kg.diff.three_way_merge import MergeResult
from kg.domain import Iris
from kg.rdf import Language, Sides, index_lines

IRIS = Iris("https://kg.seocho.example/")
KG, ID = "https://kg.seocho.example/ontology#", "https://kg.seocho.example/id"
COMMENT = "<http://www.w3.org/2000/01/rdf-schema#comment>"
POPULATION = "statistic/hongkou-population"
VISIT = "exchange/hongkou-2016-07"
NEWER = ("787,000명", "790,000명")
DROPPED = ("    • 홍구구 대표단 서초구 우호방문 (2016년7월)\n", "")
REWORDED = ("서초구 우호방문", "서초구 친선방문")
LANGUAGES: tuple[Language, ...] = ("ko", "en", "zh")
Edition = Callable[..., frozenset[str]]


def quad(subject: str, predicate: str, node: str, graph: str = "page") -> str:
    """Write a quad of ours."""
    name = predicate if predicate.startswith("<") else f"<{KG}{predicate}>"
    return f"<{ID}/{subject}> {name} {node} <https://kg.seocho.example/graphs/{graph}> ."


def number(value: int) -> str:
    """Write a whole number."""
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#integer>'


def kinds(meeting: MergeResult) -> list[tuple[str, str]]:
    """Return the kinds of the conflicts and what they are about."""
    return [(conflict.kind, conflict.subject.removeprefix(f"<{ID}/")[:-1]) for conflict in meeting.conflicts]


def about(lines: frozenset[str], subject: str, graph: str = "page") -> set[str]:
    """Return the lines on a subject, or on its parts, in a graph."""
    slug = subject.partition("/")[2]
    heads = (f"<{ID}/{subject}>", *(f"<{ID}/{kind}/{slug}." for kind in ("event", "delegation")))
    return {line for line in lines if line.startswith(heads) and f"graphs/{graph}>" in line}


@pytest.fixture
def words(edition: Edition, small: str) -> Callable[[MergeResult], list[str]]:
    """Give what tells conflicts in words, in all languages."""

    def told(meeting: MergeResult) -> list[str]:
        sides = Sides(index_lines(edition(small)), index_lines(meeting.outcome()), IRIS)
        return [next(conflicts_in_words(meeting.conflicts, sides, language)) for language in LANGUAGES]

    return told


def test_without_changes_by_hand_the_new_edition_is_the_outcome(edition: Edition, small: str) -> None:
    """Where nothing was changed by hand, the new edition is all there is."""
    new = edition(small.replace(*NEWER))
    assert merge_three_way(edition(small), edition(small), new, IRIS) == MergeResult(new, new, ())


def test_changes_by_hand_stay_on_top(edition: Edition, small: str) -> None:
    """What was added and removed by hand stays so, whatever else the page changed."""
    base, new = edition(small), edition(small.replace(*NEWER))
    added = {
        quad(VISIT, COMMENT, '"확인함"@ko'),
        "<http://example.org/a> <http://example.org/b> _:c <http://example.org/g> .",
    }
    removed = {line for line in base if "characteristic/hongkou.2>" in line and "graphs/page" in line}
    meeting = merge_three_way(base, (base - removed) | added, new, IRIS)
    assert not meeting.conflicts
    assert meeting.outcome() == (new - removed) | added


def test_what_both_say_is_no_conflict(edition: Edition, small: str) -> None:
    """A value that was mended by hand before the page was mended the same way is agreed."""
    base, new = edition(small), edition(small.replace(*NEWER))
    old_value, new_value = quad(POPULATION, "value", number(787000)), quad(POPULATION, "value", number(790000))
    meeting = merge_three_way(base, (base - {old_value}) | {new_value}, new, IRIS)
    assert not meeting.conflicts
    assert meeting.outcome() == new


def test_a_value_that_both_changed_is_a_conflict(
    edition: Edition, small: str, words: Callable[[MergeResult], list[str]]
) -> None:
    """Both changed the population: either side can be preferred, and the sentence gives all three values."""
    base, new = edition(small), edition(small.replace(*NEWER))
    old, by_hand = quad(POPULATION, "value", number(787000)), quad(POPULATION, "value", number(788000))
    meeting = merge_three_way(base, (base - {old}) | {by_hand}, new, IRIS)
    assert kinds(meeting) == [("changed", POPULATION)]
    assert meeting.outcome("page") == new
    assert meeting.outcome("hand") == (new - {quad(POPULATION, "value", number(790000))}) | {by_hand}
    assert words(meeting) == [
        "홍구구 인구 값: 직접 수정한 값 788,000, 새 페이지의 값 790,000, 이전 값 787,000",
        "Hongkou District, population, value: 788,000 (manual change), 790,000 (new page), 787,000 (before)",
        "虹口区人口数值：手工修改为788,000，新网页为790,000，原为787,000",
    ]


def test_a_value_removed_by_hand_that_the_page_now_changes_is_a_conflict(edition: Edition, small: str) -> None:
    """A single value that was taken out by hand, and that the page gives anew, is for a person to decide."""
    base, new = edition(small), edition(small.replace(*NEWER))
    old = quad(POPULATION, "value", number(787000))
    meeting = merge_three_way(base, base - {old}, new, IRIS)
    assert kinds(meeting) == [("changed", POPULATION)]
    assert meeting.outcome("hand") == new - {quad(POPULATION, "value", number(790000))}
    assert meeting.outcome("page") == new


def test_other_languages_of_a_contested_name_are_not_touched(edition: Edition, small: str) -> None:
    """A conflict over one language decides nothing about another."""
    base, new = edition(small), edition(small.replace(*REWORDED))
    old = quad(VISIT, "description", '"홍구구 대표단 서초구 우호방문"@ko')
    mine = {quad(VISIT, "description", '"홍구구 방문단"@ko'), quad(VISIT, "description", '"A visit"@en')}
    meeting = merge_three_way(base, (base - {old}) | mine, new, IRIS)
    assert kinds(meeting) == [("changed", VISIT)]
    assert quad(VISIT, "description", '"A visit"@en') in meeting.outcome("page")
    assert mine <= meeting.outcome("hand")


def test_a_set_of_values_takes_in_both_sides(edition: Edition, small: str) -> None:
    """A property with several values holds what either side added; only where both replaced one is there a conflict."""
    base = edition(small)
    topics = [quad(VISIT, "topic", f"<{ID}/topic/{name}>") for name in ("culture", "sport", "health")]
    meeting = merge_three_way(base, base | {topics[0]}, base | {topics[1]}, IRIS)
    assert not meeting.conflicts
    assert meeting.outcome() == base | {topics[0], topics[1]}
    meeting = merge_three_way(base | {topics[2]}, base | {topics[0]}, base | {topics[1]}, IRIS)
    assert kinds(meeting) == [("changed", VISIT)]


def test_a_changed_record_that_left_the_page_is_a_conflict(
    edition: Edition, small: str, words: Callable[[MergeResult], list[str]]
) -> None:
    """An exchange with a remark by hand is no longer on the page: it goes, or it stays whole."""
    base, new = edition(small), edition(small.replace(*DROPPED))
    remark = quad(VISIT, COMMENT, '"확인함"@ko')
    meeting = merge_three_way(base, base | {remark}, new, IRIS)
    assert kinds(meeting) == [("gone", VISIT)]
    assert meeting.outcome("page") == new
    kept = meeting.outcome("hand")
    assert about(kept, VISIT) == about(base, VISIT) | {remark}
    assert kept - new == about(base, VISIT) | {remark}
    assert words(meeting) == [
        "홍구구 2016년 7월 교류: 직접 수정하거나 추가한 내용이 있으나 새 페이지에 없는 항목입니다.",
        "Hongkou District, exchange of July 2016: changed manually, and no longer on the new page",
        "虹口区2016年7月交流：有手工修改或补充的内容，但新网页中已无此项",
    ]


def test_a_part_added_to_a_record_that_left_the_page_is_a_conflict(edition: Edition, small: str) -> None:
    """An event that was added by hand to an exchange that is gone would hang in the air."""
    base, new = edition(small), edition(small.replace(*DROPPED))
    event = quad("event/more", "record", f"<{ID}/{VISIT}>")
    assert kinds(merge_three_way(base, base | {event}, new, IRIS)) == [("gone", VISIT)]


def test_a_record_removed_by_hand_stays_removed(edition: Edition, small: str) -> None:
    """The page still says it as before: the removal stands, though its lines have other numbers now."""
    base, new = edition(small), edition(small.replace("중국\n\n", "중국\n\n\n", 1))
    removed = {line for line in base if "hongkou-2016-07" in line}
    meeting = merge_three_way(base, base - removed, new, IRIS)
    assert not meeting.conflicts
    assert not [line for line in meeting.outcome() if "hongkou-2016-07" in line]


def test_a_removed_record_that_the_page_changed_is_a_conflict(
    edition: Edition, small: str, words: Callable[[MergeResult], list[str]]
) -> None:
    """What was removed by hand and is worded otherwise on the page now is for a person to decide."""
    base, new = edition(small), edition(small.replace(*REWORDED))
    removed = {line for line in base if "hongkou-2016-07" in line}
    meeting = merge_three_way(base, base - removed, new, IRIS)
    assert kinds(meeting) == [("removed", VISIT)]
    assert not about(meeting.outcome("hand"), VISIT)
    assert about(meeting.outcome("page"), VISIT) == about(new, VISIT)
    assert words(meeting)[0] == "홍구구 2016년 7월 교류: 직접 삭제하였으나 새 페이지에서 내용이 바뀐 항목입니다."


def test_a_change_to_a_passage_stays_with_it(edition: Edition, small: str) -> None:
    """A remark on a passage is on the same passage in the next edition, whatever number its line has."""
    base, new = edition(small), edition(small.replace("중국\n\n", "중국\n\n\n", 1))
    passage = next(line for line in base if '"홍구구 대표단(6명) 서초구"' in line and "passage" in line)
    remark = quad(passage.split(f"<{ID}/")[1].split(">")[0], COMMENT, '"확인함"@ko')
    meeting = merge_three_way(base, base | {remark}, new, IRIS)
    assert not meeting.conflicts
    assert meeting.outcome() == new | {remark}


def test_a_change_to_a_passage_that_is_gone_is_a_conflict(edition: Edition, small: str) -> None:
    """The line was taken off the page: a remark on a passage of it is not put on the passage of another line."""
    base, new = edition(small), edition(small.replace(*DROPPED))
    slug = next(line for line in base if '"2016년7월"' in line and "passage" in line).split("passage/")[1].split(">")[0]
    remark = quad(f"passage/{slug}", COMMENT, '"확인함"@ko', "provenance")
    meeting = merge_three_way(base, base | {remark}, new, IRIS)
    assert kinds(meeting) == [("gone", f"passage/{slug}")]
    assert meeting.outcome("page") == new
    kept = meeting.outcome("hand") - new
    assert [line for line in kept if "확인함" in line]
    assert not [line for line in new if f"<{ID}/passage/{slug}>" in line]


def test_a_change_that_points_to_a_passage_that_is_gone_is_a_conflict(edition: Edition, small: str) -> None:
    """What was said by hand to be read from a line that was taken off the page is not put on another line."""
    base, new = edition(small), edition(small.replace(*DROPPED))
    slug = next(line for line in base if '"2016년7월"' in line and "passage" in line).split("passage/")[1].split(">")[0]
    source = quad("municipality/hongkou", "<http://purl.org/dc/terms/source>", f"<{ID}/passage/{slug}>")
    meeting = merge_three_way(base, base | {source}, new, IRIS)
    assert kinds(meeting) == [("gone", f"passage/{slug}")]
    assert meeting.outcome("page") == new


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        (("    • 황포강이", "    • 번화가입니다.\n    • 황포강이"), "characteristic/hongkou.2"),
        (("구장1, 부구장5", "서기1, 구장1, 부구장5"), "unit-count/hongkou-organ.3"),
    ],
)
def test_a_change_to_a_numbered_thing_stays_with_it(
    edition: Edition, small: str, change: tuple[str, str], subject: str
) -> None:
    """The second characteristic of a city keeps its identifier when another is put before it."""
    base, new = edition(small), edition(small.replace(*change))
    remark = quad(subject, COMMENT, '"확인함"@ko')
    meeting = merge_three_way(base, base | {remark}, new, IRIS)
    assert not meeting.conflicts
    assert meeting.outcome() == new | {remark}
    text = "text" if "characteristic" in subject else "unitLabel"
    assert [line for line in base if line.startswith(f"<{ID}/{subject}> <{KG}{text}>")] == [
        line for line in new if line.startswith(f"<{ID}/{subject}> <{KG}{text}>")
    ]


def test_the_second_exchange_of_a_month_keeps_its_identifier(edition: Edition, small: str) -> None:
    """Another exchange of the same month above it takes none of the identifiers: a change stays with its text."""
    twice = small.replace(
        "우호방문 (2016년7월)", "우호방문 (2016년7월)\n    • 홍구구 문화공연단 서초구 방문 (2016년7월)"
    )
    thrice = twice.replace(
        "    • 홍구구 대표단 서초구", "    • 홍구구 의회 서초구 방문 (2016년7월)\n    • 홍구구 대표단 서초구"
    )
    base, new = edition(twice), edition(thrice, after=twice)
    for end in ("", "-2"):
        subject = f"exchange/hongkou-2016-07{end}"
        remark = quad(subject, COMMENT, '"확인함"@ko')
        meeting = merge_three_way(base, base | {remark}, new, IRIS)
        assert not meeting.conflicts
        assert meeting.outcome() == new | {remark}
        assert about(base, subject) == about(new, subject)


CHANGES = [
    NEWER, DROPPED, REWORDED,
    ("중국\n\n", "중국\n\n\n"), ("    • 황포강이", "    • 번화가입니다.\n    • 황포강이"), ("2016년7월", "2016년8월"),
    ("    • 조장시 대표 서초구의회 방문 (2016년 4월)\n", ""), ("(6명)", "(7명)"),
]  # fmt: skip


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_change_by_hand_is_lost_without_a_word(edition: Edition, small: str, data: st.DataObject) -> None:
    """Without a conflict, all that was added by hand is there and all that was removed is not, under its new name."""
    text = small
    for old, new in data.draw(st.lists(st.sampled_from(CHANGES), max_size=3)):
        text = text.replace(old, new)
    base, newer = edition(small), edition(text)
    pool = sorted(line for line in base if "graphs/page" in line)
    removed = data.draw(st.sets(st.sampled_from(pool), max_size=5))
    subjects = data.draw(st.sets(st.sampled_from(sorted({line.split(" ")[0] for line in pool})), max_size=4))
    added = {
        f'{subject} {COMMENT} "by hand: {place}" <https://kg.seocho.example/graphs/page> .'
        for place, subject in enumerate(sorted(subjects))
    }
    meeting = merge_three_way(base, (base - removed) | added, newer, IRIS)
    for_sure = "" if meeting.conflicts else "all"
    for lines in (meeting.page_preferred, meeting.hand_preferred):
        remarks = [line for line in lines if "by hand: " in line]
        if for_sure or lines is meeting.hand_preferred:
            assert len(remarks) == len(added)
    kept = {line for line in removed if line in meeting.outcome()}
    contested = {conflict.subject for conflict in meeting.conflicts}
    assert all(line.split(" ")[0] in contested for line in kept)


ADDED = (
    "    • 홍구구 대표단 서초구 우호방문 (2016년7월)\n",
    "    • 홍구구 대표단 서초구 우호방문 (2016년7월)\n    • 홍구구 대표단 서초구 방문 (2025년3월)\n",
)


def loose(line: str) -> str:
    """Take a statement out of its graph."""
    return f"{line.rpartition(' <')[0]} ."


def test_what_was_said_in_no_graph_stands_once_when_the_page_says_it_too(edition: Edition, small: str) -> None:
    """The same statement is not made twice, in the default graph and in that of the page."""
    base, new = edition(small), edition(small.replace(*ADDED))
    by_hand = frozenset(map(loose, about(new, "exchange/hongkou-2025-03")))
    assert by_hand
    assert merge_three_way(base, base | by_hand, new, IRIS).outcome() == new


def test_an_exchange_told_by_hand_and_by_the_page_with_other_dates_is_a_conflict(edition: Edition, small: str) -> None:
    """Two occurrences of one visit would be counted twice: somebody decides."""
    base, new = edition(small), edition(small.replace(*ADDED))
    by_hand = loose(quad("exchange/hongkou-2025-03", "event", f"<{ID}/event/another>"))
    assert kinds(merge_three_way(base, base | {by_hand}, new, IRIS)) == [("changed", "exchange/hongkou-2025-03")]
