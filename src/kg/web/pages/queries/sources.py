"""The source pages as printed, line by line, and the findings on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.web.pages.queries.descriptions import DoubtView, Source
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Term, iri

_XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_MARK = re.compile(r"(\d{1,6})\.(\d{1,5})-(\d{1,5})\Z", re.ASCII)

Piece = tuple[str, str]
"""A stretch of a line, and what it is: ``mark`` (what a footnote led to), ``doubt``, or nothing."""


@dataclass(frozen=True)
class TextRange:
    """A stretch of a line: columns from 1, the end exclusive."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """A line of a page, its words in the pieces that are set off."""

    number: int
    text: str
    role: str
    doubts: tuple[DoubtView, ...]

    def pieces(self, mark: TextRange | None) -> list[Piece]:
        """Return the line cut where a mark or a doubt begins or ends; what is marked is not shown as doubtful."""
        kinds = [""] * len(self.text)
        for doubt in self.doubts:
            if doubt.source:
                self._set(kinds, doubt.source.start, doubt.source.end, "doubt")
        if mark and mark.line == self.number:
            self._set(kinds, mark.start, mark.end, "mark")
        cuts = [place for place in range(1, len(kinds)) if kinds[place] != kinds[place - 1]]
        return [(self.text[a:b], kinds[a]) for a, b in zip([0, *cuts], [*cuts, len(kinds)], strict=True) if a < b]

    def _set(self, kinds: list[str], start: int, end: int, kind: str) -> None:
        for place in range(max(start, 1) - 1, min(end - 1, len(kinds))):
            kinds[place] = kind


def read_mark(text: str) -> TextRange | None:
    """Read the stretch that an address marks; None for what is none.

    >>> read_mark("38.19-23"), read_mark("38.19")
    (TextRange(line=38, start=19, end=23), None)
    """
    match = _MARK.match(text)
    return TextRange(*map(int, match.groups())) if match else None


def read_doubts(query_runner: QueryRunner) -> tuple[DoubtView, ...]:
    """Return every doubt, in the order of the pages."""
    return tuple(
        DoubtView(
            iri=row["doubt"].value,
            rule=row["rule"].value,
            severity=row["severity"].value,
            printed=row["printed"].value,
            reading=row["reading"].value if "reading" in row else "",
            reason=tuple(
                (row[name].language, row[name].value)
                for name in ("reasonKorean", "reasonChinese", "reason")
                if name in row
            ),
            source=Source(
                page=row["page"].value.rpartition("/")[2],
                line=int(row["line"].value),
                start=int(row["start"].value),
                end=int(row["end"].value),
                printed=row["printed"].value,
                line_text="",
            ),
        )
        for row in query_runner.rows("doubts")
    )


def read_lines(query_runner: QueryRunner, page: str, doubts: Sequence[DoubtView]) -> list[Line]:
    """Return the lines of a page with their findings; none for an unknown page."""
    name = page.rpartition("/")[2]
    on_line: dict[int, list[DoubtView]] = {}
    for doubt in doubts:
        if doubt.source and doubt.source.page == name:
            on_line.setdefault(doubt.source.line, []).append(doubt)
    rows = query_runner.rows("lines", page=[iri(page)])
    numbered = ((int(row["number"].value), row) for row in rows)
    return [
        Line(number, row["text"].value, row["role"].value, tuple(on_line.get(number, ()))) for number, row in numbered
    ]


def number_term(number: int) -> Term:
    """Return a number as a term."""
    return Term(str(number), datatype=_XSD_INTEGER)
