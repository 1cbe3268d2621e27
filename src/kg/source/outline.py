"""The outline of a page: each line with its indent, marker and text, before anything is understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.domain import Boilerplate, Passage

BULLETS = frozenset("•·ㆍ▪■□○◦●◆◇▶∙‣")
DASHES = frozenset("-*")
"""Bullets only when a blank follows them."""
NOTE = "※"
_TAB = 4


@dataclass(frozen=True)
class OutlineLine:
    """One line: its number from 1, how deep it is indented, its marker (a bullet, ``※`` or none) and its text.

    ``marker_start`` and ``start`` are the columns of the marker and of the text.
    """

    number: int
    indent: int
    marker: str
    text: str
    start: int
    marker_start: int = 0

    @property
    def place(self) -> Passage:
        """Where its text stands; its marker, when it has no text."""
        if self.marker and not self.text:
            return Passage(self.number, self.marker_start, self.marker_start + 1)
        return Passage(self.number, self.start, self.start + len(self.text))

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing on it."""
        return not self.text and not self.marker

    @property
    def is_heading(self) -> bool:
        """Whether it stands at the margin without a marker, as headings do."""
        return not self.is_blank and not self.marker and not self.indent

    @property
    def is_note(self) -> bool:
        """Whether it is a note below the line before it."""
        return self.marker == NOTE

    def boilerplate(self) -> Iterator[Boilerplate]:
        """Yield its marker, if it has one."""
        if self.marker:
            yield Boilerplate("bullet", Passage(self.number, self.marker_start, self.marker_start + 1))


def read_outline(text: str) -> tuple[OutlineLine, ...]:
    r"""Part a page into its lines; a blank line has no text.

    >>> [(line.indent, line.marker, line.text) for line in read_outline("중국\n  • 면 적 : 41㎢")]
    [(0, '', '중국'), (2, '•', '면 적 : 41㎢')]
    """
    return tuple(_outline_line(number, line) for number, line in enumerate(text.split("\n"), 1))


def _outline_line(number: int, line: str) -> OutlineLine:
    body = line.removeprefix("\ufeff")
    text = body.lstrip()
    before = len(line) - len(text)
    indent = len(body[: len(body) - len(text)].expandtabs(_TAB))
    if not _is_marked(text):
        return OutlineLine(number, indent, "", text.rstrip(), before + 1)
    behind = text[1:].lstrip()
    return OutlineLine(number, indent, text[0], behind.rstrip(), len(line) - len(behind) + 1, before + 1)


def _is_marked(text: str) -> bool:
    if text[:1] in DASHES:
        return text[1:2].isspace()
    return text[:1] in BULLETS or text[:1] == NOTE
