"""The page: text → model. What cannot be read is kept as a line of its own and reported, never dropped or guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import Any

from kg.domain import Boilerplate, Characteristic, City, Metadata, Page, Passage, SourceLine
from kg.locales import Message
from kg.source.acts import names_act
from kg.source.brackets import date_brackets
from kg.source.fields import FieldReading, UnreadError, group_of, is_metadata, read_field, read_metadata
from kg.source.findings.review import find_doubts
from kg.source.findings.rules import Finding, doubt_of
from kg.source.headings import Heading, read_headings
from kg.source.notes import EditorialNote, apply_notes
from kg.source.outline import OutlineLine, read_outline
from kg.source.section import Section

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST_LINE = 2000
"""Longest line, in characters, that is parsed; a longer one is kept and reported as unread."""


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
        self.headings = read_headings(self.outline)
        self.cities: list[City] = []
        self.boilerplate: list[Boilerplate] = []
        self.findings: list[Finding] = []
        self.title: OutlineLine | None = None
        self.metadata: dict[str, Any] = {}
        self.metadata_places: dict[str, Passage] = {}
        self.section: Section | None = None

    def read(self) -> Page:
        roles = [self._read_line(line) for line in self.outline]
        self._close_section()
        lines = zip(self.outline, self.texts, roles, strict=True)
        return Page(
            name=self.name,
            title=self.title.text if self.title else None,
            cities=tuple(self.cities),
            metadata=Metadata(**self.metadata, places=self.metadata_places),
            lines=tuple(SourceLine(line.number, text, role) for line, text, role in lines),
            boilerplate=tuple(self.boilerplate),
            doubts=tuple(doubt_of(finding, self.texts) for finding in self.findings),
            places={"title": self.title.place} if self.title else {},
        )

    def _read_line(self, line: OutlineLine) -> str:
        if line.is_blank:
            return "blank"
        self.boilerplate += line.boilerplate()
        try:
            return self._role(line)
        except UnreadError as error:
            self._find("unread-line", error.place, error.cause)
            return "unread"

    def _role(self, line: OutlineLine) -> str:
        """Take over what a line says and return its role; raise ``UnreadError`` when it cannot be read."""
        if len(line.text) > LONGEST_LINE:
            raise UnreadError(line.place, "line-too-long")
        if _CONTROL.search(line.text):
            raise UnreadError(line.place, "control-character")
        if is_metadata(line) and self._is_behind_sections(line):
            self._close_section()
            return self._metadata(line)
        if line.is_heading:
            return self._heading(line, self.headings[line.number])
        return self._item(line)

    def _find(self, rule: str, place: Passage, cause: str) -> None:
        self.findings.append(Finding(rule, place, parameters={"cause": Message(f"cause.{cause}")}))

    # -- headings ----------------------------------------------------------------------------------------------

    def _heading(self, line: OutlineLine, heading: Heading) -> str:
        if heading.ends_section:
            self._close_section()
        if heading.role in {"unread", "metadata"}:
            raise UnreadError(line.place, "stray-line")
        if heading.role == "section-title":
            self.section = Section.open(line, heading)
        elif heading.role == "page-title":
            self.title = line
        elif heading.role != "heading":
            self.boilerplate.append(Boilerplate(heading.role.replace("-", " "), line.place))
        return heading.role

    def _close_section(self) -> None:
        if self.section is not None:
            self.cities.append(self.section.city())
        self.section = None

    # -- what the page says of itself --------------------------------------------------------------------------

    def _is_behind_sections(self, line: OutlineLine) -> bool:
        """Return whether no item of a city follows below the line; a survey line ends the last section for certain.

        A ``위치`` alone may be that of the city: it needs another such line beside it.
        """
        if self.section is None:
            return True
        label = self.section.group_line
        if label is not None and line.indent > label.indent:
            return False
        rest = [other for other in self.outline[line.number :] if not other.is_blank]
        below = list(takewhile(lambda other: not other.is_heading, rest))
        ends_there = len(below) == len(rest) or self.headings[rest[len(below)].number].role != "survey"
        in_company = bool(below or self.metadata) or not line.text.startswith("위치")
        return ends_there and in_company and all(is_metadata(other) for other in below)

    def _metadata(self, line: OutlineLine) -> str:
        reading = read_metadata(line)
        if set(reading.values) & set(self.metadata):
            raise UnreadError(line.place, "item-twice")
        self.metadata |= reading.values
        self.metadata_places |= reading.places
        self.boilerplate += reading.boilerplate
        return reading.role

    # -- items of a city ---------------------------------------------------------------------------------------

    def _item(self, line: OutlineLine) -> str:
        section = self.section
        if section is None:
            raise UnreadError(line.place, "no-section")
        if not line.marker:
            raise UnreadError(line.place, "no-bullet")
        if not line.text:
            raise UnreadError(line.place, "no-value")
        group = group_of(line)
        if group is not None:
            section.open_group(group, line)
            self.boilerplate.append(Boilerplate("group label", line.place))
            return "group"
        group = section.group_of(line)
        if group == "characteristics" and _tells_an_exchange(line):
            self.findings.append(Finding("exchange-label-missing", line.place))
            section.group = group = "exchanges"
        if group == "exchanges":
            return self._exchange(line, section)
        reading = _characteristic(line) if group == "characteristics" else read_field(line)
        section.add(reading, line)
        self.boilerplate += reading.boilerplate
        return reading.role

    def _exchange(self, line: OutlineLine, section: Section) -> str:
        if line.is_note and not section.exchange_lines:
            raise UnreadError(line.place, "note-without-exchange")
        section.exchange_lines.append(line)
        brackets, faults = date_brackets(line.text)
        for bracket in brackets:
            self.boilerplate += bracket.boilerplate(line.text, line.place)
        for fault in faults:
            self._find("unread-date", line.place.within(fault.start, fault.end), fault.cause)
        return "note" if line.is_note else "exchange"


def _tells_an_exchange(line: OutlineLine) -> bool:
    """Return whether a line names an act and ends in the bracket of its dates, as no characteristic does."""
    brackets, _ = date_brackets(line.text)
    return bool(brackets) and brackets[-1].end == len(line.text) and names_act(line.text)


def _characteristic(line: OutlineLine) -> FieldReading:
    only = Characteristic(line.text, places={"text": line.place})
    return FieldReading("characteristic", "city", {"characteristics": (only,)})
