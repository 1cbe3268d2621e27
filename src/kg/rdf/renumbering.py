"""Renumbering between editions of terms with a number in their IRI: lines, passages, characteristics."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from kg.domain import Iris
from kg.rdf.quads import read_quad

_BY_LINE = re.compile(r"(?P<page>.+)\.(?P<number>\d+)\.(?P<rest>.+)")
_NUMBERED = re.compile(r"(?P<stem>.+)\.(?P<number>\d+)")
_OF_ONE_DAY = re.compile(r"(?P<stem>.+?)(?:-(?P<number>[2-9]))?")
_PARTS = ("event", "delegation", "anniversary")
_KINDS = {"line": "lineText", "characteristic": "text", "unit-count": "unitLabel", "exchange": "description"}


def moved_terms(terms: Iterable[str], base: Iterable[str], new: Iterable[str], iris: Iris) -> Mapping[str, str]:
    """Map terms of one edition to their names in the next; unchanged and removed ones are left out.

    The editions are lines of N-Quads.

    Where the numbers of a row changed, its texts are laid side by side: each is what it was when its text is the same.
    What is gone while another text has its number gets a name that the new edition does not know.
    """
    wanted = {(kind, slug): term for term in terms for kind, slug in _kind_and_slug(term, iris)}
    if not wanted:
        return {}
    moves = _Moves(_rows(base, iris), _rows(new, iris))
    found = {}
    for (kind, slug), term in wanted.items():
        moved = moves.slug(kind, slug)
        if moved != slug:
            found[term] = f"<{iris.resource(kind, moved)}>"
    return found


def _kind_and_slug(term: str, iris: Iris) -> Iterator[tuple[str, str]]:
    head = f"<{iris.resource('', '')}".removesuffix("/")
    kind, slash, slug = term.removeprefix(head).removesuffix(">").partition("/")
    if term.startswith(head) and slash and kind in {*_KINDS, *_PARTS, "passage", "doubt"}:
        yield kind, slug


Rows = Mapping[tuple[str, str], Mapping[int, str]]


def _rows(lines: Iterable[str], iris: Iris) -> Rows:
    """Collect the texts of each row by number."""
    names = tuple(f" <{iris.ontology}{term}> " for term in _KINDS.values())
    kinds = {f"<{iris.ontology}{term}>": kind for kind, term in _KINDS.items()}
    rows: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for quad in (read_quad(line) for line in lines if any(name in line for name in names)):
        kind = kinds.get(quad.predicate)
        place = _place(kind, quad.subject, iris) if kind else None
        if kind and place:
            rows[kind, place[0]][place[1]] = quad.object
    return rows


def _place(kind: str, subject: str, iris: Iris) -> tuple[str, int] | None:
    head = f"<{iris.resource(kind, '')}"
    return _split(kind, subject[len(head) : -1]) if subject.startswith(head) else None


def _split(kind: str, slug: str) -> tuple[str, int] | None:
    match = (_OF_ONE_DAY if kind == "exchange" else _NUMBERED).fullmatch(slug)
    return (match["stem"], int(match["number"] or 1)) if match else None


def _joined(kind: str, stem: str, number: int) -> str:
    if kind == "exchange":
        return stem if number == 1 else f"{stem}-{number}"
    return f"{stem}.{number}"


class _Moves:
    def __init__(self, base: Rows, new: Rows) -> None:
        self._base, self._new = base, new
        self._known: dict[tuple[str, str], dict[int, int | None]] = {}

    def slug(self, kind: str, slug: str) -> str:
        if kind in ("passage", "doubt"):
            match = _BY_LINE.fullmatch(slug)
            line = self.slug("line", f"{match['page']}.{match['number']}") if match else ""
            return f"{line}.{match['rest']}" if match else slug
        if kind in _PARTS:
            record, dot, rest = slug.partition(".")
            return f"{self.slug('exchange', record)}{dot}{rest}"
        place = _split(kind, slug)
        if place is None:
            return slug
        stem, number = place
        numbers = self._numbers(kind, stem)
        if numbers.get(number, number) == number:
            return slug
        moved = numbers[number]
        return f"{slug}-kept" if moved is None else _joined(kind, stem, moved)

    def _numbers(self, kind: str, stem: str) -> dict[int, int | None]:
        """Map old to new numbers; None for a removed text whose number is taken by another."""
        if (kind, stem) not in self._known:
            self._known[kind, stem] = _aligned(self._base.get((kind, stem), {}), self._new.get((kind, stem), {}))
        return self._known[kind, stem]


def _aligned(base: Mapping[int, str], new: Mapping[int, str]) -> dict[int, int | None]:
    if base == new or len(base) == len(new) == 1:
        return {}
    old_numbers, new_numbers = sorted(base), sorted(new)
    matcher = SequenceMatcher(None, [base[n] for n in old_numbers], [new[n] for n in new_numbers], autojunk=False)
    moved: dict[int, int | None] = {number: None for number in old_numbers if number in new}
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and end - start == new_end - new_start):
            for offset in range(end - start):
                moved[old_numbers[start + offset]] = new_numbers[new_start + offset]
    return moved
