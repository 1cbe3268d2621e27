"""The table of exchange lines: how officers write them, and how each is read.

The readings were judged from the Korean, in the section of 중국 상해시 홍구구. To teach the reader a new wording, add a
line here and a word to ``kg.source.verbs`` or ``kg.source.words``.
"""

import csv
from pathlib import Path

import pytest

from kg.domain import Delegation, Page
from kg.source import read_page

TABLE = Path(__file__).with_name("exchange-lines.tsv")
SECTION = "중국\n\n중국 상해시 홍구구\n\n중국 상해시 홍구구\n  • 주요교류내용\n    • "


def table() -> list[dict[str, str]]:
    """Read the table; ``-`` stands for nothing."""
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def row_of(page: Page) -> dict[str, str]:
    """Write the one exchange of a page as a row of the table, without its findings."""
    exchange = page.cities[0].exchanges[0]
    row = {
        "kinds": " ".join(sorted(filter(None, (exchange.primary_kind, *exchange.further_kinds)))),
        "direction": exchange.direction,
        "status": exchange.status,
        "dates": " ".join(one.date.edtf for one in exchange.occurrences),
        "people": ", ".join(people(one) for one in exchange.delegations if one.label),
    }
    return {name: value or "-" for name, value in row.items()}


def people(one: Delegation) -> str:
    """Write a delegation: whose, what it is called, how many."""
    whose = "양측" if len(one.whose) > 1 else one.whose[0].path[-1]
    return f"{whose}:{one.label}" + (f"={one.head_count}" if one.head_count else "")


@pytest.mark.parametrize("row", table(), ids=lambda row: row["line"])
def test_a_line_is_read_as_the_table_says(row: dict[str, str]) -> None:
    """Kinds, direction, status, dates and people are those of the table; what is open has its finding."""
    page = read_page(SECTION + row["line"], "page")
    expected = {name: row[name] for name in ("direction", "status", "dates", "people")}
    assert row_of(page) == {"kinds": " ".join(sorted(row["kinds"].split())), **expected}
    rules = {doubt.rule for doubt in page.doubts}
    assert set(row["findings"].split()) - {"-"} <= rules
    assert ("direction-unstated" in rules) == (row["direction"] == "unstated")
    assert ("unclassified" in rules) == (row["kinds"] == "-")
    assert ("not-held" in rules) == (row["status"] != "held")


def test_the_table_covers_every_kind_direction_and_status() -> None:
    """At least 400 lines, with each value that the reader has."""
    rows = table()
    assert len({row["line"] for row in rows}) >= 400
    assert {row["direction"] for row in rows} == {"to-seocho", "from-seocho", "mutual", "unstated"}
    assert {row["status"] for row in rows} == {"held", "planned", "postponed", "cancelled"}
