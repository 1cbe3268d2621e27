"""Alignment of two editions: which record of the new edition is which record of the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from kg.domain import DateSpan

ALIKE = 0.5
"""Least similarity of two texts in one place that are taken for one text and its correction."""

_MOST_PAIRS = 10_000  # a page that was rewritten is not compared pair by pair: 10,000 take about 0.1 s


class Item(NamedTuple):
    """What a record is recognized by: its text, and its dates in EDTF, separated by spaces."""

    text: str
    dates: str = ""


def align(
    old: Sequence[Item], new: Sequence[Item], alike: float = ALIKE, *, in_place: bool = True
) -> Mapping[int, int]:
    """Map positions in ``new`` to positions in ``old`` that are the same record; each is in one pair at most.

    Equal items are paired first, in their order, then wherever they moved. What is left is paired if it stands between
    the same neighbours (unless ``in_place`` is false) and its text is alike, or its dates are equal and its text half
    as alike; or, wherever it stands, if its text is equal and its dates overlap, or its dates are equal and its text is
    alike.

    >>> first, second = Item("a visit to Seocho", "2012-05"), Item("a concert", "2013")
    >>> align([first, second], [Item("an exhibition", "2012-05"), first, second._replace(dates="2013-10")])
    {1: 0, 2: 1}
    """
    pairs = dict(_equal(old, new))
    known = set(pairs.values())
    gaps = _gaps(pairs, len(old), len(new))
    left = [place for place in range(len(old)) if place not in known]
    fresh = [place for place in range(len(new)) if place not in pairs]
    if len(left) * len(fresh) > _MOST_PAIRS:
        return pairs
    found = []
    for i in left:
        for j in fresh:
            score = _score(old[i], new[j], alike, is_in_place=in_place and gaps[0][i] == gaps[1][j])
            if score:
                found.append((-score, abs(i - j), i, j))
    for _, _, i, j in sorted(found):
        if i not in known and j not in pairs:
            pairs[j] = i
            known.add(i)
    return pairs


def _equal(old: Sequence[Item], new: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of equal items: those at both ends, then blocks in order, then those that moved."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    yield from ((place, place) for place in range(start))
    yield from ((len(new) - 1 - place, len(old) - 1 - place) for place in range(end))
    left, fresh = range(start, len(old) - end), range(start, len(new) - end)
    matcher = SequenceMatcher(None, [old[i] for i in left], [new[j] for j in fresh], autojunk=False)
    pairs = {
        fresh[block.b + place]: left[block.a + place]
        for block in matcher.get_matching_blocks()
        for place in range(block.size)
    }
    known = set(pairs.values())
    moved: dict[Item, list[int]] = {}
    for i in reversed(left):
        if i not in known:
            moved.setdefault(old[i], []).append(i)
    for j in fresh:
        if j not in pairs and moved.get(new[j]):
            pairs[j] = moved[new[j]].pop()
    yield from pairs.items()


def _gaps(pairs: Mapping[int, int], olds: int, news: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return, for each position of both editions, the old positions of the nearest pairs before and after it."""
    known = set(pairs.values())
    old_marks = [place if place in known else None for place in range(olds)]
    return _between(old_marks, olds), _between([pairs.get(place) for place in range(news)], olds)


def _between(marks: list[int | None], end: int) -> list[tuple[int, int]]:
    before, after = [], []
    nearest = -1
    for mark in marks:
        before.append(nearest)
        nearest = nearest if mark is None else mark
    nearest = end
    for mark in reversed(marks):
        after.append(nearest)
        nearest = nearest if mark is None else mark
    return list(zip(before, reversed(after), strict=True))


def _score(old: Item, new: Item, alike: float, *, is_in_place: bool) -> float:
    """Return how surely two items are one record; 0 where they are not."""
    text = _similarity(old.text, new.text)
    is_dated = old.dates == new.dates != ""
    if is_in_place:
        is_same = text >= alike or (is_dated and text >= alike / 2)
    else:
        is_same = (is_dated and text >= max(alike, ALIKE)) or (old.text == new.text and _overlap(old.dates, new.dates))
    dates = 1.0 if is_dated else 0.5 if _overlap(old.dates, new.dates) else 0.0
    return 1 + text + dates + is_in_place if is_same else 0


def _overlap(one: str, other: str) -> bool:
    spans = [[DateSpan.from_edtf(date) for date in dates.split()] for dates in (one, other)]
    return any(first.overlaps(second) for first in spans[0] for second in spans[1])


def _similarity(one: str, other: str) -> float:
    """Return the share of common pairs of characters (Dice).

    >>> _similarity("방문", "방문"), _similarity("방문", "전시회"), round(_similarity("방문", "방문함"), 2)
    (1.0, 0.0, 0.57)
    """
    if one == other:
        return 1.0
    first, second = _bigrams(one), _bigrams(other)
    return 2 * (first & second).total() / (first.total() + second.total())


@cache
def _bigrams(text: str) -> Counter[str]:
    padded = f"\n{text}\n"
    return Counter(padded[place : place + 2] for place in range(len(padded) - 1))
