"""Every field of the table is read from its line, whichever of its labels it has, and is written back."""

from dataclasses import replace

import pytest

from kg.domain import Agreement, City, Column, Metadata, Record, labelled
from kg.source import read_page, write_page

SAMPLES = {
    "ko": "협정",
    "text": "02-2155-6114",
    "iri": "http://www.example.org/",
    "day": "2025년 5월 1일",
    "span": "1999년 10월 21일",
    "statistic": "41㎢",
    "unit-counts": "5국",
}
SECTION = "중국 상해시 홍구구\n  • {line}"
LINES: dict[type, dict[str | None, str]] = {
    Agreement: {None: SECTION, "title": "중국 상해시 홍구구\n  • 결연명칭 : 협정({line})"},
    City: {None: SECTION, "general": "중국 상해시 홍구구\n  • 일반현황\n    • {line}"},
    Metadata: {None: "중국 상해시 홍구구\n  • 결 연 일 : 1999년 10월 21일\n\n자료관리부서 국제과\n{line}"},
}
FIELDS = [
    pytest.param(record_type, column, label, id=f"{record_type.__name__}.{column.name} {label}")
    for record_type in LINES
    for column in labelled(record_type)
    for label in column.labels
    if column.form != "records" and column.name != "department"
]


def record(text: str, record_type: type[Record]) -> Record | None:
    """Read the record of a page with one city."""
    page = read_page(text, "page")
    (city,) = page.cities
    assert not [line.text for line in page.lines if line.role == "unread"]
    return page.metadata if record_type is Metadata else city.agreement if record_type is Agreement else city


@pytest.mark.parametrize(("record_type", "column", "label"), FIELDS)
def test_a_field_is_read_and_written(record_type: type[Record], column: Column, label: str) -> None:
    """A labelled line gives the field its value, and the page with the value is the same page."""
    text = LINES[record_type][column.group].format(line=f"{label} : {SAMPLES[column.form]}")
    found = record(text, record_type)
    assert getattr(found, column.name)
    assert write_page(read_page(text, "page")) == text


@pytest.mark.parametrize("column", [one for one in labelled(City) if one.form != "records"], ids=lambda one: one.name)
def test_a_new_field_is_written_under_its_first_label(column: Column) -> None:
    """A field that was never on the page is set into the section, and reads back."""
    given = read_page(LINES[City][column.group].format(line=f"{column.labels[0]} : {SAMPLES[column.form]}"), "page")
    value = getattr(given.cities[0], column.name)
    page = read_page(SECTION.format(line="결 연 일 : 1999년 10월 21일"), "page")
    written = write_page(replace(page, cities=(replace(page.cities[0], **{column.name: value}),)))
    assert f"• {column.labels[0]} : " in written
    assert getattr(read_page(written, "page").cities[0], column.name) == value
