"""The lines at the margin: which of them head the page, a country or a section, and which are neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from kg.source.fields import group_of, is_field, is_metadata
from kg.source.outline import OutlineLine
from kg.source.words import COUNTRIES

_SURVEY = re.compile(r".*만족하십니까\s?\?")
_SENTENCE = re.compile(r"[:：?!]|[.]$|[다요]$")
_BODIES = {"인민정부": "government"}
_FEWEST_NAMES, _MOST_NAMES = 2, 6


@dataclass(frozen=True)
class Heading:
    """What a line at the margin is: its role, or the cause why it cannot be read.

    A ``section-title`` has the names of its city, the body that it names, and the line of the heading above it.
    ``ends_section`` says whether the lines below it still belong to the section above.
    """

    role: str
    ends_section: bool = True
    path: tuple[str, ...] = ()
    body: str = "municipality"
    above: OutlineLine | None = None


def read_headings(outline: tuple[OutlineLine, ...]) -> dict[int, Heading]:
    r"""Return the role of each line at the margin, by line number; the role ``unread`` is for the others.

    >>> from kg.source.outline import read_outline
    >>> headings = read_headings(read_outline("일본 교토시\n\n일본 교토시\n  • 면 적 : 828㎢"))
    >>> [(number, heading.role, heading.path) for number, heading in headings.items()]
    [(1, 'heading', ()), (3, 'section-title', ('일본', '교토시'))]
    """
    return _Headings(outline).read()


class _Headings:
    def __init__(self, outline: tuple[OutlineLine, ...]) -> None:
        self.outline = outline
        self.found: dict[int, Heading] = {}
        self.above: OutlineLine | None = None

    def read(self) -> dict[int, Heading]:
        lines = [line for line in self.outline if not line.is_blank]
        for line, following in zip_longest(lines, lines[1:]):
            if line.is_heading:
                self.found[line.number] = self._heading(line, following)
        return self.found

    def _heading(self, line: OutlineLine, following: OutlineLine | None) -> Heading:
        if _SURVEY.fullmatch(line.text):
            return Heading("survey")
        if is_metadata(line):
            return Heading("metadata", ends_section=False)
        if following is not None and following.marker:
            return self._section_title(line, following)
        if following is not None and following.is_heading:
            return self._above_a_heading(line, following)
        return self._stray(line)

    def _above_a_heading(self, line: OutlineLine, following: OutlineLine) -> Heading:
        if _names_a_city(line) and _names(following)[-1:] == _names(line)[-1:]:
            self.above = line
            return Heading("heading")
        country = re.sub(r"\s*\(.*\)$", "", line.text)
        if self.found and len(country.split()) == 1 and following.text.split()[0] == country:
            return Heading("country-heading")
        return self._stray(line) if self.found else Heading("page-title")

    def _section_title(self, line: OutlineLine, following: OutlineLine) -> Heading:
        above, self.above = self.above, None
        if above is None and not self._begins_section(line, following):
            return self._stray(line)
        words = line.text.split()
        return Heading(
            "section-title", path=_names(above or line), body=_BODIES.get(words[-1], "municipality"), above=above
        )

    def _begins_section(self, line: OutlineLine, following: OutlineLine) -> bool:
        if not _names_a_city(line):
            return False
        known = is_field(following) or group_of(following) is not None
        free = line.number == 1 or self.outline[line.number - 2].is_blank or (line.number - 1) in self.found
        return (known and free) or (line.text.split()[0] in COUNTRIES and (known or free))

    def _stray(self, line: OutlineLine) -> Heading:
        """Return a line that heads nothing; the section above ends there when it might have been a heading."""
        return Heading("unread", ends_section=_names_a_city(line))


def _names(line: OutlineLine) -> tuple[str, ...]:
    return tuple(word for word in re.sub(r"\s*\([^()]*\)", "", line.text).split() if word not in _BODIES)


def _names_a_city(line: OutlineLine) -> bool:
    return _FEWEST_NAMES <= len(_names(line)) <= _MOST_NAMES and not _SENTENCE.search(line.text)
