"""The page: model → text. A line whose record is unchanged stays as printed; any other is written from its values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.model import City, Exchange, Page, Passage, SourceLine
from kg.page.composition import compose_exchange
from kg.page.dates import format_span
from kg.page.quantities import format_statistic
from kg.page.reader import read_page
from kg.page.units import format_unit_counts

_PREFIX = re.compile(r"\s*(?:[^\w\s]\s+)?")
_ITEM, _NESTED, _NOTE = "  • ", "    • ", "      ※ "
_GROUPS = {"general": "일반현황", "characteristic": "지역특성", "exchange": "주요교류내용"}


@dataclass(frozen=True)
class _Written:
    """What one line states, and that in words: ``key`` finds the same line in two models of a section."""

    key: str
    line: int | None
    states: object
    words: str
    prefix: str = _ITEM
    group: str | None = None


def write_page(page: Page) -> str:
    """Write the page: byte for byte as printed where nothing has changed.

    A record that is new is set where the page keeps such records: an exchange by its date, a field behind those that
    come before it, a city behind the last. A record that is gone takes its line with it.
    """
    texts = {line.number: line.text for line in page.lines}
    whole = [texts.get(number, "") for number in range(1, max(texts, default=0) + 1)]
    printed = read_page("\n".join(whole), page.name)
    edits = _Edits(texts)
    sections = _Sections(printed)
    now = {city.places["title"].line: city for city in page.cities if "title" in city.places}
    for city in printed.cities:
        line = city.places["title"].line
        if line in now:
            _write_city(city, now[line], sections.role_lines(line), edits)
        else:
            edits.drop(sections.lines(line))
    for city in page.cities:
        if "title" not in city.places:
            edits.insert(sections.last, ["", city.heading, "", city.title, *_compose_city(city)])
    _write_lines(list(_metadata(printed)), list(_metadata(page)), edits)
    return "\n".join(edits.text())


class _Edits:
    """The lines of the page, with what replaces them and what is set in behind them."""

    def __init__(self, texts: dict[int, str]) -> None:
        self.texts = texts
        self.behind: dict[int, list[str]] = {}

    def replace(self, line: int, words: str) -> None:
        """Write other words on a line, behind its own indent and marker."""
        match = _PREFIX.match(self.texts[line])
        self.texts[line] = f"{match[0] if match else ''}{words}"

    def insert(self, line: int, texts: list[str]) -> None:
        self.behind.setdefault(line, []).extend(texts)

    def drop(self, lines: list[int]) -> None:
        for line in lines:
            self.texts.pop(line, None)

    def text(self) -> Iterator[str]:
        for number in sorted({0, *self.texts, *self.behind}):
            if number in self.texts:
                yield self.texts[number]
            yield from self.behind.get(number, ())


class _Sections:
    """Which lines of a page belong to which city: from its heading to the line before the next."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.starts = [city.places["heading"].line for city in page.cities]
        tail = next((line.number for line in page.lines if line.role in ("survey", "metadata")), len(page.lines) + 1)
        self.ends = [*(start - 1 for start in self.starts[1:]), tail - 1]
        self.last = self._last_item()

    def _last_item(self) -> int:
        inside = [line for line in self.page.lines if line.number <= self.ends[-1] and line.role != "blank"]
        return inside[-1].number if inside else 0

    def lines(self, title_line: int) -> list[int]:
        """Return the lines of the section with its title on a line."""
        spans = zip(self.starts, self.ends, strict=True)
        return next(list(range(start, end + 1)) for start, end in spans if start <= title_line <= end)

    def role_lines(self, title_line: int) -> list[SourceLine]:
        """Return the same lines with their roles, the blank ones behind the last item left out."""
        lines = [self.page.lines[number - 1] for number in self.lines(title_line)]
        while lines and lines[-1].role == "blank":
            lines.pop()
        return lines


def _write_city(printed: City, now: City, lines: list[SourceLine], edits: _Edits) -> None:
    before, after = list(_written(printed)), list(_written(now))
    _write_lines(before, after, edits)
    known = {written.key for written in before}
    for written in after:
        if written.key not in known:
            _set_in(written, after, lines, edits)
    for exchange in now.exchanges:
        place = exchange.places.get("description")
        fresh = [note for note in exchange.notes if "description" not in note.places]
        if place and fresh:
            edits.insert(place.line, [f"{_NOTE}{compose_exchange(note, now)}" for note in fresh])


def _write_lines(before: list[_Written], after: list[_Written], edits: _Edits) -> None:
    now = {written.key: written for written in after}
    for written in before:
        if written.line is None or written.line not in edits.texts:
            continue
        if written.key not in now:
            edits.drop([written.line])
        elif now[written.key].states != written.states:
            edits.replace(written.line, now[written.key].words)


def _set_in(written: _Written, after: list[_Written], lines: list[SourceLine], edits: _Edits) -> None:
    """Insert a new line behind the last line that comes before it in the order of the section."""
    position = after.index(written)
    earlier = [other.line for other in after[:position] if other.line is not None and other.group == written.group]
    text = f"{written.prefix}{written.words}"
    if earlier:
        edits.insert(_behind_notes(max(earlier), lines), [text])
        return
    label = _GROUPS.get(written.group or "")
    group_line = next((line.number for line in lines if label and re.sub(r"[\s•]", "", line.text) == label), None)
    if group_line is not None:
        edits.insert(group_line, [text])
        return
    above = [other.line for other in after[:position] if other.line is not None]
    edits.insert(
        _behind_notes(max(above, default=lines[0].number), lines), [f"{_ITEM}{label}", text] if label else [text]
    )


def _behind_notes(line: int, lines: list[SourceLine]) -> int:
    following = {other.number: other.role for other in lines}
    while following.get(line + 1) == "note":
        line += 1
    return line


def _compose_city(city: City) -> Iterator[str]:
    group = None
    for written in _written(city):
        if written.group not in (None, group):
            group = written.group
            yield f"{_ITEM}{_GROUPS[group or '']}"
        if written.key not in ("heading", "title"):
            yield f"{written.prefix}{written.words}"


def _written(city: City) -> Iterator[_Written]:
    """Yield the lines of a section in the page's order; what the section does not say has none."""
    yield _Written("heading", _line(city.places, "heading"), city.heading, city.heading, "")
    if _line(city.places, "heading") != _line(city.places, "title"):
        yield _Written("title", _line(city.places, "title"), city.title, city.title, "")
    yield from _agreement(city)
    yield from _general(city)
    for number, characteristic in enumerate(city.characteristics):
        line = _line(characteristic.places, "text")
        key = f"characteristic {line or f'new {number}'}"
        yield _Written(key, line, characteristic.text, characteristic.text, _NESTED, "characteristic")
    yield from _exchanges(city)
    if city.homepage:
        yield _Written("homepage", _line(city.places, "homepage"), city.homepage, f"홈페이지 : {city.homepage}")


def _agreement(city: City) -> Iterator[_Written]:
    agreement = city.agreement
    if agreement is None:
        return
    if agreement.date:
        words = f"결 연 일 : {format_span(agreement.date)}"
        yield _Written("agreement date", _line(agreement.places, "date"), agreement.date, words)
    if agreement.title:
        states = (agreement.title, agreement.concluded_in, agreement.method)
        concluded = f"(체결장소 : {agreement.concluded_in})" if agreement.concluded_in else ""
        concluded = f"(체결방법 : {agreement.method})" if agreement.method else concluded
        words = f"결연명칭 : {agreement.title} {concluded}".rstrip()
        yield _Written("agreement title", _line(agreement.places, "title"), states, words)
    if agreement.background:
        words = f"결연배경 : {agreement.background}"
        yield _Written("background", _line(agreement.places, "background"), agreement.background, words)


def _general(city: City) -> Iterator[_Written]:
    for key, label, statistic in (("area", "면 적", city.area), ("population", "인 구", city.population)):
        if statistic:
            words = f"{label} : {format_statistic(statistic)}"
            yield _Written(key, _line(statistic.places, "printed"), statistic, words, _NESTED, "general")
    for key, label, units in (("divisions", "행정구역", city.divisions), ("organs", "행정기구", city.organs)):
        if units:
            line = next((_line(unit.places, "printed") for unit in units if unit.places), None)
            yield _Written(key, line, units, f"{label} : {format_unit_counts(units)}", _NESTED, "general")


def _exchanges(city: City) -> Iterator[_Written]:
    printed = [exchange for exchange in city.exchanges if "description" in exchange.places]
    ordered = sorted(printed, key=lambda exchange: exchange.places["description"].line)
    for exchange in sorted(set(city.exchanges) - set(printed), key=lambda exchange: exchange.start):
        earlier = [index for index, other in enumerate(ordered, 1) if other.start <= exchange.start]
        ordered.insert(max(earlier, default=0), exchange)
    for number, exchange in enumerate(ordered):
        line = _line(exchange.places, "description")
        key = f"exchange {line or f'new {number}'}"
        yield _Written(key, line, _states(exchange), compose_exchange(exchange, city), _NESTED, "exchange")
        for index, note in enumerate(exchange.notes):
            note_line = _line(note.places, "description")
            if note_line is not None or line is None:
                words = compose_exchange(note, city)
                yield _Written(
                    f"note {note_line or f'{key} {index}'}", note_line, _states(note), words, _NOTE, "exchange"
                )


def _states(exchange: Exchange) -> object:
    """Return what of an exchange is in print: how it was understood is not."""
    dates = sorted((occurrence.date, occurrence.act or "") for occurrence in exchange.occurrences)
    people = [(delegation.label, delegation.head_count) for delegation in exchange.delegations]
    return exchange.description, dates, people


def _metadata(page: Page) -> Iterator[_Written]:
    metadata = page.metadata
    modified = metadata.last_modified.isoformat() if metadata.last_modified else None
    rows = (
        ("department", "자료관리부서", metadata.department),
        ("phone", "담당전화", metadata.phone),
        ("room", "위치", metadata.room),
        ("last_modified", "최종수정일", modified),
    )
    for name, label, value in rows:
        if value:
            yield _Written(name, _line(metadata.places, name), value, f"{label} {value}")


def _line(places: Mapping[str, Passage], name: str) -> int | None:
    return places[name].line if name in places else None
