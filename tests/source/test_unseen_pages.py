"""Pages of the family written by hand to be hard: what they say is read, what they leave open is reported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.domain import City, Exchange, Page, Statistic
from kg.source import read_page, write_page

PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))


def reading(page: Page) -> Iterator[str]:
    """Tell a page as it was read: what each line was taken for, each city with its facts, and the doubts."""
    for line in page.lines:
        if line.role == "unread":
            yield f"{line.number} not read: {line.text.strip()}"
    metadata = page.metadata
    yield f"page: {page.title} | {metadata.department} | {metadata.phone} | {metadata.room} | {metadata.last_modified}"
    for city in page.cities:
        yield from of_city(city)
    for doubt in page.doubts:
        reads = f" → {doubt.reading}" if doubt.reading else ""
        yield f"{doubt.severity} {doubt.place.line}:{doubt.place.start} {doubt.rule} “{doubt.printed}”{reads}"


def of_city(city: City) -> Iterator[str]:
    """Tell what was read of a city."""
    yield f"city: {' '.join(city.path)} ({city.body}) {city.homepage or ''}".rstrip()
    agreement = city.agreement
    if agreement:
        date = agreement.date.edtf if agreement.date else "undated"
        where = agreement.concluded_in or agreement.method or "nowhere"
        yield f"  agreement: {agreement.title} = {agreement.instrument}, {date}, {where}"
    yield from (f"  {name}: {figure(one)}" for name in ("area", "population") if (one := getattr(city, name)))
    for unit in (*city.divisions, *city.organs):
        named = ", ".join(unit.names) or unit.remark or ""
        yield f"  {unit.category}: {unit.count} {unit.label} = {unit.kind or 'unknown'} {named}".rstrip()
    yield from (f"  characteristic: {one.text}" for one in city.characteristics)
    for exchange in city.exchanges:
        for one in (exchange, *exchange.notes):
            yield from of_exchange(one)


def figure(one: Statistic) -> str:
    """Tell a figure."""
    about = "about " if one.approximate else ""
    return (
        f"{about}{one.value:f} {one.unit}, {one.as_of.edtf if one.as_of else 'of no year'}, {one.basis or 'no basis'}"
    )


def of_exchange(one: Exchange) -> Iterator[str]:
    """Tell what was read of an exchange line."""
    dates = ", ".join(f"{each.date.edtf}" for each in one.occurrences) or "undated"
    stated = "" if one.direction_stated else " (inferred)" if one.direction != "unstated" else ""
    kinds = " + ".join(filter(None, (one.primary_kind, *one.further_kinds))) or "unclassified"
    yield f"  {one.places['description'].line} {kinds}, {one.direction}{stated}, {dates}: {one.description}"
    for delegation in one.delegations:
        whose = "+".join(f"{party.path[-1]}/{party.body}" for party in delegation.whose)
        count = f" {delegation.head_count} people" if delegation.head_count is not None else ""
        person = f" {delegation.person}" if delegation.person else ""
        yield f"      who: {whose}{person} {delegation.label or ''}".rstrip() + count
    if one.visited:
        yield f"      visited: {' + '.join(f'{party.path[-1]}/{party.body}' for party in one.visited)}"
    for name in ("purpose", "intended_instrument"):
        if getattr(one, name):
            yield f"      {name}: {getattr(one, name)}"
    for name in ("occasions", "items"):
        if getattr(one, name):
            yield f"      {name}: {' | '.join(getattr(one, name))}"
    yield from (f"      anniversary: {each.ordinal} of {each.of}" for each in one.anniversaries)
    for document in one.concludes:
        date = document.date.edtf if document.date else "undated"
        yield f"      concludes: {document.title} = {document.instrument}, {date}, {document.concluded_in or 'nowhere'}"
    if one.concludes_founding or one.intends_founding:
        yield f"      {'concludes' if one.concludes_founding else 'intends'} the founding agreement"


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_unseen_page(file: Path) -> None:
    """The page is read as ``….expected`` says, which was gone through line by line, and written back byte for byte."""
    text = file.read_bytes().decode()
    page = read_page(text, file.stem)
    assert list(reading(page)) == file.with_suffix(".expected").read_text("utf-8").splitlines()
    assert write_page(page) == text


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_every_line_has_one_role(file: Path) -> None:
    """Every line is accounted for once; each that was not read has an error on that line."""
    page = read_page(file.read_bytes().decode(), file.stem)
    assert [line.number for line in page.lines] == list(range(1, len(page.lines) + 1))
    unread = [line.number for line in page.lines if line.role == "unread"]
    assert unread == [doubt.place.line for doubt in page.doubts if doubt.rule == "unread-line"]
