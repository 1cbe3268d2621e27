"""The printed page as a sheet to be edited: its lines, its sections, and the manner in which it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.domain import City, Page, Passage
from kg.source.fields import group_of
from kg.source.outline import read_outline

GROUPS = {"general": "일반현황", "characteristics": "지역특성", "exchanges": "주요교류내용"}
_LEVELS = {"heading": "", "item": "  • ", "nested": "    • ", "note": "      ※ "}
_LEVEL_OF_ROLE = {
    "agreement-date": "item",
    "agreement-title": "item",
    "group": "item",
    "characteristic": "nested",
    "exchange": "nested",
    "note": "note",
}
_BOUNDARIES = frozenset({"heading", "country-heading", "survey", "metadata", "page-title"})


@dataclass(frozen=True)
class Manner:
    """How a page is written: what stands before the words of a line of each level, and how lines end.

    ``doubled``: the name of a city stands above its section once more.
    """

    prefixes: Mapping[str, str]
    ending: str
    doubled: bool

    @classmethod
    def of(cls, page: Page) -> Manner:
        """Take the manner from the first line of each level; a level that the page has not has our own."""
        prefixes: dict[str, str] = {}
        for line, outline in zip(page.lines, read_outline("\n".join(line.text for line in page.lines)), strict=True):
            level = _LEVEL_OF_ROLE.get(line.role)
            if level:
                prefixes.setdefault(level, line.text[: outline.start - 1])
        ending = "\r" if any(line.text.endswith("\r") for line in page.lines) else ""
        doubled = not page.cities or any(city.places["heading"] != city.places["title"] for city in page.cities)
        return cls({**_LEVELS, **prefixes}, ending, doubled)


class Sheet:
    """The lines of a page, with replacements and insertions."""

    def __init__(self, page: Page) -> None:
        """Take over the lines of a page as printed."""
        self.page = page
        self.manner = Manner.of(page)
        self.texts = {line.number: line.text for line in page.lines}
        self.behind: dict[int, list[str]] = {}

    def text_at(self, place: Passage) -> str:
        """Return the text of a line from a column to its last character."""
        return self.page.lines[place.line - 1].text[place.start - 1 :].rstrip()

    def replace(self, place: Passage, value: str) -> None:
        """Write another value from a column on; what stands before it and the blanks at the end stay."""
        text = self.texts[place.line]
        self.texts[place.line] = f"{text[: place.start - 1]}{value}{text[len(text.rstrip()) :]}"

    def insert(self, line: int, texts: Iterable[str]) -> None:
        """Set lines in behind a line, behind those that were set in there before."""
        self.behind.setdefault(line, []).extend(f"{text}{self.manner.ending}" for text in texts)

    def drop(self, lines: Iterable[int]) -> None:
        """Take lines out."""
        for line in lines:
            self.texts.pop(line, None)

    def text(self) -> str:
        """Return the page as edited."""
        texts: list[str] = []
        for number in sorted({0, *self.texts, *self.behind}):
            if number in self.texts:
                texts.append(self.texts[number])
            texts += self.behind.get(number, ())
        return "\n".join(texts)

    # -- sections ----------------------------------------------------------------------------------------------

    def section(self, city: City) -> range:
        """Return the lines of a city's section, from its heading to its last line that is not blank."""
        start, title = city.places["heading"].line, city.places["title"].line
        titles = {other.places["title"].line for other in self.page.cities if other is not city}
        last = title
        for line in self.page.lines[title:]:
            if line.role in _BOUNDARIES or line.number in titles:
                break
            last = last if line.role == "blank" else line.number
        return range(start, last + 1)

    def drop_section(self, city: City) -> None:
        """Take a city out, and the blank lines above it."""
        lines = self.section(city)
        above = lines.start - 1
        while above and self.page.lines[above - 1].role == "blank":
            above -= 1
        self.drop(range(above + 1, lines.stop))

    def last_line(self, country: str) -> int:
        """Return the line behind which a new city of a country is set in."""
        own = [city for city in self.page.cities if city.path[0] == country] or self.page.cities
        if own:
            return max(self.section(city).stop - 1 for city in own)
        tail = (line.number for line in self.page.lines if line.role in {"survey", "metadata"})
        end = next(tail, len(self.page.lines) + 1)
        filled = [line.number for line in self.page.lines if line.role != "blank" and line.number < end]
        return max(filled, default=0)

    def group_line(self, group: str, lines: range) -> int | None:
        """Return the line of a section that is the label of a group."""
        outline = read_outline("\n".join(self.page.lines[number - 1].text for number in lines))
        found = (number for number, line in zip(lines, outline, strict=True) if group_of(line) == group)
        return next(found, None)

    def behind_notes(self, line: int) -> int:
        """Return the last note below a line, or the line itself."""
        while line < len(self.page.lines) and self.page.lines[line].role == "note":
            line += 1
        return line
