"""Model → page text. Lines of unchanged records stay as printed; others are written from their values."""

from __future__ import annotations

from collections.abc import Iterator

from kg.domain import City, Page
from kg.source.composition import revise_exchange
from kg.source.reader import read_page
from kg.source.sheet import GROUPS, Manner, Sheet
from kg.source.statements import Statement, statements_of_city, statements_of_page


def write_page(page: Page) -> str:
    """Write the page: byte for byte as printed where nothing has changed.

    A record that is new is set where the page keeps such records: an exchange by its date, a field behind those that
    come before it, a city behind the last of its country. A record that is gone takes its line with it.
    """
    texts = {line.number: line.text for line in page.lines}
    whole = [texts.get(number, "") for number in range(1, max(texts, default=1) + 1)]
    sheet = Sheet(read_page("\n".join(whole), page.name))
    now = {city.places["title"].line: city for city in page.cities if "title" in city.places}
    for printed in sheet.page.cities:
        city = now.get(printed.places["title"].line)
        if city is None:
            sheet.drop_section(printed)
        else:
            _write_city(printed, city, sheet)
    for city in page.cities:
        if "title" not in city.places:
            sheet.insert(sheet.last_line(city.path[0]), _compose_city(city, sheet.manner))
    _write_metadata(page, sheet)
    return sheet.text()


def _write_metadata(page: Page, sheet: Sheet) -> None:
    before, after = list(statements_of_page(sheet.page)), list(statements_of_page(page))
    _revise(before, after, None, sheet)
    known = {statement.key for statement in before}
    lines = [statement.place.line for statement in before if statement.place and statement.group == "metadata"]
    for statement in after:
        if statement.key not in known and statement.group == "metadata":
            sheet.insert(max(lines, default=len(sheet.page.lines)), [_line(statement, sheet.manner)])


def _write_city(printed: City, now: City, sheet: Sheet) -> None:
    before, after = list(statements_of_city(printed)), list(statements_of_city(now))
    _revise(before, after, now, sheet)
    known = {statement.key for statement in before}
    opened: set[str] = set()
    for position, statement in enumerate(after):
        if statement.key in known or statement.level == "heading":
            continue
        place = _place_of(after[:position], statement, sheet.section(printed), sheet)
        label = GROUPS.get(statement.group or "")
        is_first = bool(label) and not any(one.group == statement.group for one in before)
        if is_first and statement.group and statement.group not in opened:
            opened.add(statement.group)
            if sheet.group_line(statement.group, sheet.section(printed)) is None:
                sheet.insert(place, [f"{sheet.manner.prefixes['item']}{label}"])
        sheet.insert(place, [_line(statement, sheet.manner)])


def _revise(before: list[Statement], after: list[Statement], city: City | None, sheet: Sheet) -> None:
    """Rewrite the lines of changed records, and remove those of removed records."""
    now = {statement.key: statement for statement in after}
    for statement in before:
        if statement.place is None:
            continue
        other = now.get(statement.key)
        if other is None and statement.level != "heading":
            sheet.drop([statement.place.line])
        elif other is not None and other.states != statement.states:
            value = other.value
            if other.exchange is not None and other.exchange.description and city is not None:
                value = revise_exchange(sheet.text_at(statement.place), other.exchange, city)
            sheet.replace(statement.place, value)


def _place_of(above: list[Statement], statement: Statement, lines: range, sheet: Sheet) -> int:
    """Return the line behind which a new one is set in: the last before it, of its own group where there is one."""
    placed = [one for one in above if one.place is not None]
    own = [one.place.line for one in placed if one.place and one.group == statement.group]
    if statement.group is None:
        own = [one.place.line for one in placed if one.place]
    if statement.level == "note":
        return sheet.behind_notes(max(own, default=lines.start))
    group_line = sheet.group_line(statement.group or "", lines)
    if not own and group_line is not None:
        return group_line
    return sheet.behind_notes(max(own or [one.place.line for one in placed if one.place], default=lines.start))


def _compose_city(city: City, manner: Manner) -> Iterator[str]:
    """Yield the lines of a section that was never on the page."""
    yield ""
    group = None
    for statement in statements_of_city(city):
        if statement.key == "heading":
            if manner.doubled:
                yield from (city.heading, "")
            continue
        if statement.group not in {None, group}:
            group = statement.group
            yield f"{manner.prefixes['item']}{GROUPS[group or '']}"
        yield _line(statement, manner)


def _line(statement: Statement, manner: Manner) -> str:
    return f"{manner.prefixes[statement.level]}{statement.words}"
