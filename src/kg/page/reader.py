"""The page: text → model. What cannot be read is kept as a line of its own and reported, never dropped or guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from kg.model import HOME, Agreement, Characteristic, City, Doubt, Furniture, Metadata, Page, Party, Passage, SourceLine
from kg.page.doubts import find_doubts
from kg.page.exchanges import date_brackets, read_exchange
from kg.page.fields import FieldReading, UnreadError, read_field, read_metadata
from kg.page.notes import EditorialNote, apply_notes
from kg.page.outline import OutlineLine, read_outline
from kg.page.parties import Names

_SURVEY = re.compile(r".*만족하십니까\s?\?")
_BODIES = {"인민정부": "government"}
_GROUPS = {"일반현황": "general", "지역특성": "characteristics", "주요교류내용": "exchanges"}
_SHORTEST_PATH = 2


@dataclass
class _Section:
    """What has been read of one city so far; the exchange lines wait until its agreement is known."""

    path: tuple[str, ...]
    body: str
    values: dict[str, Any]
    places: dict[str, Passage]
    group: str = ""
    group_indent: int = 0
    agreement: dict[str, Any] = field(default_factory=dict)
    agreement_places: dict[str, Passage] = field(default_factory=dict)
    exchange_lines: list[OutlineLine] = field(default_factory=list)

    def add(self, reading: FieldReading, line: OutlineLine) -> None:
        """Take over what one line says; raise ``UnreadError`` when the section has said it before."""
        values, places = (
            (self.agreement, self.agreement_places) if reading.of == "agreement" else (self.values, self.places)
        )
        again = [name for name in reading.values if name in values and reading.role != "characteristic"]
        if again:
            raise UnreadError(line.place, "같은 항목이 두 번 있습니다.", "This item stands in the section twice.")
        for name, value in reading.values.items():
            values[name] = (*values.get(name, ()), *value) if isinstance(value, tuple) else value
        places.update(reading.places)

    def city(self) -> City:
        """Return the city with its exchanges."""
        founding = self._founding()
        exchanges = []
        names = Names(self.path)
        for line in self.exchange_lines:
            exchange = read_exchange(line.text, line.place, names, founding)
            if line.is_note:
                exchanges[-1] = replace(exchanges[-1], notes=(*exchanges[-1].notes, exchange))
            else:
                exchanges.append(exchange)
        values = {**self.values, "agreement": founding, "exchanges": tuple(exchanges)}
        return City(path=self.path, body=self.body, places=self.places, **values)

    def _founding(self) -> Agreement | None:
        if not self.agreement:
            return None
        parties = (Party(HOME), Party(self.path, self.body))
        return Agreement(**{"title": "", **self.agreement}, parties=parties, places=self.agreement_places)


def read_page(text: str, name: str, notes: tuple[EditorialNote, ...] = ()) -> Page:
    """Read a page of the office; ``name`` is what the page is called in IRIs, ``notes`` are an editor's remarks.

    Every line is in the result, once; those that could not be read have the role ``unread`` and a doubt of severity
    ``error`` each.
    """
    page = _PageReader(text, name).read()
    doubts = (*page.doubts, *find_doubts(page), *apply_notes(page, notes))
    return replace(page, doubts=tuple(sorted(doubts, key=lambda doubt: (doubt.place, doubt.rule))))


class _PageReader:
    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.texts = text.split("\n")
        self.outline = read_outline(text)
        self.cities: list[City] = []
        self.roles: list[str] = []
        self.furniture: list[Furniture] = []
        self.doubts: list[Doubt] = []
        self.title: str | None = None
        self.title_places: dict[str, Passage] = {}
        self.metadata: dict[str, Any] = {}
        self.metadata_places: dict[str, Passage] = {}
        self.heading: OutlineLine | None = None
        self.section: _Section | None = None

    def read(self) -> Page:
        for line in self.outline:
            self.roles.append(self._read_line(line))
        self._close_section()
        return Page(
            name=self.name,
            title=self.title,
            cities=tuple(self.cities),
            metadata=Metadata(**self.metadata, places=self.metadata_places),
            lines=tuple(
                SourceLine(n, text, role) for n, (text, role) in enumerate(zip(self.texts, self.roles, strict=True), 1)
            ),
            furniture=tuple(self.furniture),
            doubts=tuple(self.doubts),
            places=self.title_places,
        )

    def _read_line(self, line: OutlineLine) -> str:
        if not line.text and not line.marker:
            return "blank"
        self.furniture += line.furniture()
        try:
            if not line.marker and not line.indent:
                return self._unindented(line)
            return self._metadata(line) or self._item(line)
        except UnreadError as error:
            self._doubt("unread-line", error.place, error.ko, error.en)
            return "unread"

    def _doubt(self, rule: str, place: Passage, ko: str, en: str) -> None:
        printed = self.texts[place.line - 1][place.start - 1 : place.end - 1]
        self.doubts.append(Doubt(rule, "error", place, printed, "", ko, en))

    # -- headings ----------------------------------------------------------------------------------------------

    def _unindented(self, line: OutlineLine) -> str:
        if _SURVEY.fullmatch(line.text):
            self._close_section()
            self.furniture.append(Furniture("survey", line.place))
            return "survey"
        following = next((other for other in self.outline[line.number :] if other.text), None)
        if following is None:
            raise UnreadError(line.place, "제목도 항목도 아닌 줄입니다.", "This line is no heading and no item.")
        if following.marker:
            return self._section_title(line)
        self._close_section()
        if len(line.text.split()) < _SHORTEST_PATH:
            return self._page_title(line)
        if self.heading is not None:
            raise UnreadError(line.place, "제목 다음에 또 제목이 있습니다.", "This heading follows a heading.")
        self.heading = line
        return "heading"

    def _page_title(self, line: OutlineLine) -> str:
        if self.title is None:
            self.title, self.title_places = line.text, {"title": line.place}
            return "page-title"
        self.furniture.append(Furniture("country heading", line.place))
        return "country-heading"

    def _section_title(self, line: OutlineLine) -> str:
        self._close_section()
        heading, self.heading = self.heading or line, None
        words = [word for word in heading.text.split() if word not in _BODIES]
        if len(words) < _SHORTEST_PATH:
            raise UnreadError(
                line.place, "국가와 도시의 이름이 없는 제목입니다.", "This heading names no country and city."
            )
        body = _BODIES.get(line.text.split()[-1], "municipality")
        values = {"heading": heading.text, "title": line.text}
        self.section = _Section(tuple(words), body, values, {"heading": heading.place, "title": line.place})
        return "section-title"

    def _close_section(self) -> None:
        if self.section is not None:
            self.cities.append(self.section.city())
        self.section = None

    # -- items -------------------------------------------------------------------------------------------------

    def _metadata(self, line: OutlineLine) -> str | None:
        inside = self.section is not None and self.section.group and line.indent > self.section.group_indent
        reading = None if inside else read_metadata(line)
        if reading is None:
            return None
        if set(reading.values) & set(self.metadata):
            raise UnreadError(line.place, "같은 항목이 두 번 있습니다.", "This item stands on the page twice.")
        self.metadata |= reading.values
        self.metadata_places |= reading.places
        self.furniture += reading.furniture
        return reading.role

    def _item(self, line: OutlineLine) -> str:
        section = self.section
        if section is None or not line.marker:
            raise UnreadError(
                line.place, "어느 도시의 항목인지 알 수 없는 줄입니다.", "This line is no item of a city."
            )
        label = re.sub(r"[\s:：]", "", line.text)
        if label in _GROUPS:
            section.group, section.group_indent = _GROUPS[label], line.indent
            self.furniture.append(Furniture("group label", line.place))
            return "group"
        if line.indent <= section.group_indent:
            section.group = ""
        if section.group == "exchanges":
            return self._exchange(line, section)
        reading = _characteristic(line) if section.group == "characteristics" else read_field(line)
        section.add(reading, line)
        self.furniture += reading.furniture
        return reading.role

    def _exchange(self, line: OutlineLine, section: _Section) -> str:
        if line.is_note and not section.exchange_lines:
            raise UnreadError(line.place, "주석이 딸릴 교류가 없습니다.", "There is no exchange above this note.")
        section.exchange_lines.append(line)
        brackets, faults = date_brackets(line.text)
        for bracket in brackets:
            self.furniture += _bracket_furniture(line.place, bracket.inside, bracket.end, line.text)
        for fault in faults:
            self._doubt("unread-date", line.place.within(fault.start, fault.end), fault.error.ko, fault.error.en)
        return "note" if line.is_note else "exchange"


def _characteristic(line: OutlineLine) -> FieldReading:
    only = Characteristic(line.text, places={"text": line.place})
    return FieldReading("characteristic", "city", {"characteristics": (only,)})


def _bracket_furniture(place: Passage, inside: int, end: int, text: str) -> Iterator[Furniture]:
    yield Furniture("bracket", place.within(inside - 1, inside))
    yield Furniture("bracket", place.within(end - 1, end))
    for match in re.finditer(r"[,/]", text[inside : end - 1]):
        yield Furniture("separator", place.within(inside + match.start(), inside + match.end()))
