"""Identifiers stay: over any edits of the page, an IRI denotes what it denoted, and a change tells the edit alone."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from kg.build.merging import commit_merge, merge_build
from kg.diff import difference, sentences
from kg.domain import DEFAULT_BASE_IRI, Iris, Page
from kg.rdf import (
    Gazetteer,
    Graph,
    Naming,
    RdfDataset,
    Register,
    Sides,
    index_lines,
    map_page,
    name_pages,
    nquads,
    union,
)
from kg.source import read_page
from kg.store import LocalEvaluator, Store
from signing import SIGNATURE

IRIS = Iris(DEFAULT_BASE_IRI)
ACTS = (
    "{} 대표단 서초구 방문",
    "서초구 대표단 {} 우호방문",
    "{} 서초구 탄생 축하",
    "{} 청소년 홈스테이 실시",
    "서초구 직원 {} 연수",
)
TRAITS = (
    "항구가 있습니다.",
    "교통의 요충지입니다.",
    "대학이 많습니다.",
    "온천으로 유명합니다.",
    "공업이 발달하였습니다.",
)
NAMES = ("위해시", "연태시", "소주시", "연길시", "항주시", "대련시")
BOOKKEEPING = {"source", "order", "doubt", "other"}


@dataclass
class Line:
    """A line of the page; ``key`` is the thing that it tells of, whatever it says."""

    key: int
    text: str
    dates: tuple[str, ...] = ()

    def printed(self) -> str:
        """Return the line as an office writes it."""
        return f"    • {self.text}" + (f" ({', '.join(map(in_korean, self.dates))})" if self.dates else "")


@dataclass
class Section:
    """The section of a city."""

    key: int
    name: str
    founded: str
    traits: list[Line]
    exchanges: list[Line]

    def printed(self) -> str:
        """Return the section as an office writes it."""
        return "\n".join([
            f"중국 산동성 {self.name}", "", f"중국 산동성 {self.name}",
            f"  • 결 연 일 : {in_korean(self.founded)}",
            f"  • 결연명칭 : 서초구 - {self.name} 우호도시 협정",
            "  • 지역특성", *(line.printed() for line in self.traits),
            "  • 주요교류내용", *(line.printed() for line in self.exchanges), "",
        ])  # fmt: skip


def in_korean(date: str) -> str:
    """Write a date as the page does."""
    return " ".join(f"{int(part)}{unit}" for part, unit in zip(date.split("-"), "년월일", strict=False))


class Editor:
    """Edits a page at random, one edit at a time."""

    def __init__(self, random: Random) -> None:
        """Begin with two cities."""
        self.random, self.keys = random, 0
        self.sections: list[Section] = []
        self.known: dict[tuple[object, ...], int] = {}
        for founded in ("1999-05-03", "2008-10-21"):
            self.sections.append(Section(self.key(), self.fresh_name(), founded, [], []))
        for _ in range(3):
            for section in self.sections:
                self.insert(section)
                section.traits.append(self.trait(section))

    def key(self, *said: object) -> int:
        """Return a key that nothing has; for what stood on the page before, and went, the key that it had."""
        self.keys += 1
        return self.known.pop(said, self.keys)

    def fresh_name(self) -> str:
        """Return a name that no city has."""
        return self.random.choice([name for name in NAMES if name not in {one.name for one in self.sections}])

    def trait(self, section: Section) -> Line:
        """Return a characteristic that the section does not have."""
        had = {line.text for line in section.traits}
        text = self.random.choice([text for text in TRAITS if text not in had])
        return Line(self.key(section.key, text, ()), text)

    def page(self) -> str:
        """Return the text of the page."""
        return "중국\n\n" + "\n".join(section.printed() for section in self.sections)

    def edit(self) -> tuple[str, int]:
        """Make an edit after which no two lines say the same; return its kind, and the key of what it is about."""
        kinds = (self.insert, self.insert, self.delete, self.move, self.refine, self.redate, self.reword, self.further)
        while True:
            kind = self.random.choice(
                (*kinds, self.rename, self.swap, self.add_trait, self.drop_trait, self.move_trait)
            )
            before, text = deepcopy((self.sections, self.known)), self.page()
            key = kind(self.random.choice(self.sections))
            said = [[(line.text, line.dates) for line in section.exchanges] for section in self.sections]
            if key and self.page() != text and all(len(set(lines)) == len(lines) for lines in said):
                return kind.__name__, key
            self.sections, self.known = before

    def insert(self, section: Section) -> int:
        """Insert an exchange, often of the month of another one."""
        date = f"{self.random.randint(2000, 2024)}-{self.random.randint(1, 12):02}"[: self.random.choice((4, 7))]
        others = [line.dates[0] for line in section.exchanges]
        date = self.random.choice([date, *others[:1], *others[-1:]])
        text = self.random.choice(ACTS).format(section.name)
        line = Line(self.key(section.key, text, (date,)), text, (date,))
        section.exchanges.insert(self.random.randint(0, len(section.exchanges)), line)
        return line.key

    def delete(self, section: Section) -> int:
        """Delete an exchange."""
        if len(section.exchanges) < 4:
            return 0
        return self.drop(section, section.exchanges)

    def drop(self, section: Section, lines: list[Line]) -> int:
        """Take a line out, and remember what it was."""
        line = lines.pop(self.random.randrange(len(lines)))
        self.known[section.key, line.text, line.dates] = line.key
        return line.key

    def move(self, section: Section) -> int:
        """Move an exchange."""
        line = section.exchanges.pop(self.random.randrange(len(section.exchanges)))
        section.exchanges.insert(self.random.randint(0, len(section.exchanges)), line)
        return line.key

    def refine(self, section: Section) -> int:
        """Give a date more precisely."""
        line = self.random.choice(section.exchanges)
        line.dates = tuple(
            date if len(date) == 10 else f"{date}-{self.random.randint(1, 12):02}" for date in line.dates
        )
        return line.key

    def redate(self, section: Section) -> int:
        """Correct a date."""
        line = self.random.choice(section.exchanges)
        line.dates = (f"{self.random.randint(2000, 2024)}-03", *line.dates[1:])
        return line.key

    def reword(self, section: Section) -> int:
        """Correct the wording."""
        line = self.random.choice(section.exchanges)
        change = self.random.choice(
            [("대표단", "대표단(5명)"), ("우호방문", "방문"), ("실시", "개최"), ("직원", "공무원")]
        )
        line.text = line.text.replace(*change)
        return line.key

    def further(self, section: Section) -> int:
        """Add a date to a line."""
        line = self.random.choice(section.exchanges)
        line.dates = (*line.dates, f"{self.random.randint(2000, 2024)}-11")
        return line.key if len(set(line.dates)) == len(line.dates) < 4 else 0

    def rename(self, section: Section) -> int:
        """Give a city another name, in all lines."""
        old, section.name = section.name, self.fresh_name()
        for line in section.exchanges:
            line.text = line.text.replace(old, section.name)
        return section.key

    def swap(self, section: Section) -> int:
        """Reverse the sections."""
        self.sections.reverse()
        return section.key

    def add_trait(self, section: Section) -> int:
        """Insert a characteristic."""
        if len(section.traits) == len(TRAITS):
            return 0
        section.traits.insert(self.random.randint(0, len(section.traits)), self.trait(section))
        return section.key

    def drop_trait(self, section: Section) -> int:
        """Delete a characteristic."""
        if len(section.traits) < 2:
            return 0
        return self.drop(section, section.traits)

    def move_trait(self, section: Section) -> int:
        """Move a characteristic to the end."""
        section.traits.append(section.traits.pop(0))
        return section.key


EXPECTED = {
    "insert": {("exchange", "added")},
    "delete": {("exchange", "removed")},
    "move": set(),
    "swap": set(),
    **{kind: {("exchange", "changed")} for kind in ("refine", "redate", "reword", "further")},
    **{kind: {("characteristic", "changed")} for kind in ("add_trait", "drop_trait", "move_trait")},
}
"""What a change tells after an edit of each kind; after a renaming, nothing comes or goes."""


class Publisher:
    """Publishes editions of the page in a store."""

    def __init__(self, home: Path, store: Path) -> None:
        """Begin with an empty store."""
        self.gazetteer = Gazetteer((home / "data" / "identifiers.json").read_text("utf-8"), IRIS)
        self.register, self.store = Register(), Store(store)

    def publish(self, text: str) -> tuple[Page, Naming]:
        """Commit an edition; the register goes through its file."""
        page = read_page(text, "page")
        (naming,), register = name_pages((page,), self.gazetteer, IRIS, self.register)
        again = name_pages((page,), self.gazetteer, IRIS, register)
        assert again[1] == register
        assert again[0][0].slugs.keys() == naming.slugs.keys()
        self.register = Register.parse(register.serialize())
        facts, provenance = map_page(page, naming, "0")
        graphs: dict[str, Graph] = {"page": facts, "provenance": union([provenance, register.retired(IRIS)])}
        merge = merge_build(nquads(RdfDataset(graphs, IRIS)), self.store, IRIS)
        commit_merge(merge, self.store, SIGNATURE, LocalEvaluator().change)
        return page, naming

    def told(self) -> tuple[set[tuple[str, str]], list[str]]:
        """Return what the last commit did, by kind of thing without lines and findings, and in sentences."""
        number = self.store.require_current().number
        before, after = (index_lines(self.store.version(one).content().quads) for one in (number - 1, number))
        sides = Sides(before, after, IRIS)
        found = difference(self.store.changes_between(number - 1, number), sides)
        kinds = {(thing.kind, str(thing.action)) for thing in found.things if thing.kind not in BOOKKEEPING}
        return kinds, [sentence.text for sentence in sentences(found, sides, "en") if not sentence.is_aside]


def denoted(editor: Editor, page: Page, naming: Naming) -> dict[tuple[str, str], object]:
    """Return what each identifier denotes, by the keys of the editor."""
    found: dict[tuple[str, str], object] = {}
    for section, city in zip(editor.sections, page.cities, strict=True):
        found["municipality", str(naming.gazetteer.iri(city.path))] = section.key
        found["friendship", naming.slugs["friendship", id(city)]] = section.key
        for lines, kind, records in (
            (section.traits, "characteristic", city.characteristics),
            (section.exchanges, "exchange", city.exchanges),
        ):
            for line, record in zip(lines, records, strict=True):
                found[kind, naming.slugs[kind, id(record)]] = line.key
        for line, exchange in zip(section.exchanges, city.exchanges, strict=True):
            for place, occurrence in enumerate(exchange.occurrences):
                found["event", naming.slugs["event", id(occurrence)]] = (line.key, place)
    return found


@pytest.mark.parametrize(("seed", "edits"), [(2, 25), pytest.param(0, 220, marks=pytest.mark.slow)])
def test_no_edit_changes_what_an_identifier_denotes(seed: int, edits: int, home: Path, tmp_path: Path) -> None:
    """A record keeps its identifier, no identifier has two records, and a change says what was edited."""
    editor, publisher = Editor(Random(seed)), Publisher(home, tmp_path)
    known = denoted(editor, *publisher.publish(editor.page()))
    for _ in range(edits):
        kind, key = editor.edit()
        found = denoted(editor, *publisher.publish(editor.page()))
        for iri, thing in found.items():
            assert known.setdefault(iri, thing) == thing, (kind, key, iri)
        assert len({(name, thing) for (name, _), thing in known.items()}) == len(known), (kind, key)
        told, texts = publisher.told()
        if kind == "rename":
            assert {action for _, action in told} == {"changed"}
        else:
            assert told == EXPECTED[kind], (kind, key)
        assert len(texts) == (kind not in ("move", "swap")), (kind, texts)
