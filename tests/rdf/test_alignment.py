"""Which record of a new edition is which of the old one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.rdf.alignment import Item, align

VISIT, CONCERT = Item("홍구구 대표단 서초구 방문", "2016-07"), Item("합창단 공연", "2013")
LETTER = Item("서신 송부", "2020-04")
ITEMS = st.builds(
    Item,
    st.text("가나다라마바사", min_size=1, max_size=6),
    st.dates().map(lambda day: day.isoformat()),
)


@pytest.mark.parametrize(
    ("new", "pairs"),
    [
        ([LETTER, VISIT, CONCERT], {0: 2, 1: 0, 2: 1}),
        ([VISIT, VISIT._replace(dates="2017-07"), CONCERT, LETTER], {0: 0, 2: 1, 3: 2}),
        ([VISIT._replace(dates="2017-07"), CONCERT, LETTER], {0: 0, 1: 1, 2: 2}),
        ([VISIT, CONCERT._replace(text="어린이 합창단 축하 공연"), LETTER], {0: 0, 1: 1, 2: 2}),
        ([CONCERT._replace(dates="2013-05-02"), LETTER, VISIT], {0: 1, 1: 2, 2: 0}),
        ([VISIT, Item("업무협약 체결", "2013"), LETTER], {0: 0, 2: 2}),
        ([VISIT, LETTER, CONCERT._replace(dates="2014")], {0: 0, 1: 2}),
    ],
    ids=["moved", "inserted", "date corrected", "reworded", "more precise and moved", "replaced", "another concert"],
)
def test_records_are_recognized(new: list[Item], pairs: dict[int, int]) -> None:
    """By equal content, else by their place and a part of their content."""
    assert align([VISIT, CONCERT, LETTER], new) == pairs


@given(st.lists(ITEMS, unique=True), st.randoms(use_true_random=False), st.sets(st.integers(0, 20)))
def test_what_stays_as_it_was_is_itself(items: list[Item], random: object, dropped: set[int]) -> None:
    """Whatever is left out, and in whatever order the rest stands, each item is paired with itself."""
    new = [item for place, item in enumerate(items) if place not in dropped]
    random.shuffle(new)  # type: ignore[attr-defined] # Hypothesis gives its own generator
    pairs = align(items, new)
    assert [items[pairs[place]] for place in range(len(new))] == new


@given(st.lists(ITEMS), st.lists(ITEMS))
def test_no_record_is_two(old: list[Item], new: list[Item]) -> None:
    """Pairs share no position, and two builds pair alike."""
    pairs = align(old, new)
    assert len(set(pairs.values())) == len(pairs)
    assert pairs == align(list(old), list(new))
