"""Sets of Unicode code points: ranges, categories, blocks and case variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, groupby
from unicodedata import category

Range = tuple[int, int]
LAST = 0x10FFFF
_LAST_CASED = 0x1E943
"""No character above it has a case (Unicode 16)."""


@dataclass(frozen=True, slots=True)
class CodePoints:
    """A set of code points as ranges that are in order and apart; a range has a first and a last code point."""

    ranges: tuple[Range, ...]

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> CodePoints:
        """Return the union of ranges, in any order.

        >>> CodePoints.of([(5, 9), (1, 4), (7, 12)])
        CodePoints(ranges=((1, 12),))
        """
        merged: list[Range] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def __or__(self, other: CodePoints) -> CodePoints:
        """Return the union."""
        return CodePoints.of(chain(self.ranges, other.ranges))

    def __invert__(self) -> CodePoints:
        """Return the complement."""
        firsts = [0, *(last + 1 for _, last in self.ranges)]
        lasts = [*(first - 1 for first, _ in self.ranges), LAST]
        return CodePoints(tuple(pair for pair in zip(firsts, lasts, strict=True) if pair[0] <= pair[1]))

    def __sub__(self, other: CodePoints) -> CodePoints:
        """Return the difference."""
        return ~(~self | other)

    def __len__(self) -> int:
        """Return the number of code points."""
        return sum(last - first + 1 for first, last in self.ranges)

    def __iter__(self) -> Iterator[int]:
        """Yield the code points in order."""
        return chain.from_iterable(range(first, last + 1) for first, last in self.ranges)

    def with_case_variants(self) -> CodePoints:
        """Return the set with all case variants of its members (F&O 5.6.2, flag i)."""
        variants = _case_variants()
        cased = (point for first, last in self.ranges for point in range(first, min(last, _LAST_CASED) + 1))
        return self | CodePoints.of((other, other) for point in cased for other in variants.get(point, ()))


def of_characters(characters: str) -> CodePoints:
    """Return the set of the characters of a text."""
    return CodePoints.of((ord(character), ord(character)) for character in characters)


@cache
def of_category(name: str) -> CodePoints | None:
    """Return the set of a general category such as ``Lu`` or ``L``, or None where there is none.

    >>> of_category("Zl")
    CodePoints(ranges=((8232, 8232),))
    """
    found = [ranges for known, ranges in _categories().items() if known.startswith(name)]
    is_name = name in _CATEGORIES or any(name == known[0] for known in _CATEGORIES)
    return CodePoints.of(chain.from_iterable(found)) if is_name else None


@cache
def of_block(name: str) -> CodePoints | None:
    """Return the set of a block by its name without spaces, such as ``BasicLatin``, or None where there is none."""
    return _blocks().get(name)


_CATEGORIES = (
    "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Zs Zl Zp Sm Sc Sk So Cc Cf Cs Co Cn".split()  # noqa: SIM905
)


@cache
def _categories() -> dict[str, list[Range]]:
    ranges: dict[str, list[Range]] = defaultdict(list)
    first = 0
    for name, points in groupby(map(category, map(chr, range(LAST + 1)))):
        after = first + sum(1 for _ in points)
        ranges[name].append((first, after - 1))
        first = after
    return ranges


@cache
def _blocks() -> dict[str, CodePoints]:
    text = resources.files(__package__).joinpath("unicode_blocks.txt").read_text("utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {name: CodePoints(((int(first, 16), int(last, 16)),)) for first, last, name in rows}


@cache
def _case_variants() -> dict[int, frozenset[int]]:
    """Map each character that has a case to the characters with the same lower case or the same upper case."""
    same: dict[str, set[int]] = defaultdict(set)
    forms: dict[int, tuple[str, str]] = {}
    for point in range(_LAST_CASED + 1):
        lower, upper = chr(point).lower(), chr(point).upper()
        if lower != upper:
            forms[point] = "l" + lower, "u" + upper
            same[forms[point][0]].add(point)
            same[forms[point][1]].add(point)
    return {point: frozenset(same[lower] | same[upper]) for point, (lower, upper) in forms.items()}
