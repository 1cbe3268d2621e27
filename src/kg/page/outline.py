"""The outline of a page: each line with its indent, marker and text, before anything is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import Furniture, Passage

BULLETS = "•·ㆍ▪■○◦●▶*-"
_LINE = re.compile(rf"(?P<indent>\ufeff?\s*)(?:(?P<marker>[{re.escape(BULLETS)}※])(?=\s)\s*)?(?P<text>.*?)\s*")


@dataclass(frozen=True)
class OutlineLine:
    """One line: its number from 1, how far it is indented, its marker (a bullet, ``※`` or none) and its text."""

    number: int
    indent: int
    marker: str
    text: str
    start: int

    @property
    def place(self) -> Passage:
        """Where its text stands."""
        return Passage(self.number, self.start, self.start + len(self.text))

    @property
    def is_note(self) -> bool:
        """Whether it is a note below the line before it."""
        return self.marker == "※"

    def furniture(self) -> Iterator[Furniture]:
        """Yield its marker, if it has one."""
        if self.marker:
            yield Furniture("bullet", Passage(self.number, self.indent + 1, self.indent + 2))


def read_outline(text: str) -> tuple[OutlineLine, ...]:
    """Part a page into its lines; a blank line has no text.

    >>> [(line.indent, line.marker, line.text) for line in read_outline("중국\\n  • 면 적 : 41㎢")]
    [(0, '', '중국'), (2, '•', '면 적 : 41㎢')]
    """
    return tuple(_outline_line(number, line) for number, line in enumerate(text.split("\n"), 1))


def _outline_line(number: int, line: str) -> OutlineLine:
    match = _LINE.fullmatch(line)
    if not match:
        return OutlineLine(number, 0, "", line, 1)
    return OutlineLine(number, match.end("indent"), match["marker"] or "", match["text"], match.start("text") + 1)
