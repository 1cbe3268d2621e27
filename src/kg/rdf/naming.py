"""Minting of IRIs: each record of a page keeps the slug that it has in the register of identifiers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rdflib import URIRef

from kg.domain import Agreement, City, Delegation, Doubt, Exchange, Iris, Page, Party, Passage, slug
from kg.rdf.alignment import ALIKE, Item
from kg.rdf.external_facts import Gazetteer
from kg.rdf.register import Assignment, Register

_TIE = "seocho-"
_OF_PAGE = frozenset({"country-heading", "metadata", "page-title", "survey"})
_ANY = 0.0
"""For parts of a record: what stands in the place of a part is that part, however it is worded now."""


class Naming:
    """The IRIs of the records of a page."""

    def __init__(self, iris: Iris, gazetteer: Gazetteer, page: str) -> None:
        """Take the name of the page."""
        self.iris, self.gazetteer, self.page = iris, gazetteer, page
        self._taken: Counter[tuple[str, str]] = Counter()
        self.slugs: dict[tuple[str, int], str] = {}

    def iri(self, kind: str, name: str) -> URIRef:
        """Return the IRI with this slug."""
        return URIRef(self.iris.resource(kind, name))

    def of(self, kind: str, record: object) -> URIRef:
        """Return the IRI of a record of the page: an exchange, an event, a delegation, a finding."""
        return self.iri(kind, self.slugs[kind, id(record)])

    def city(self, city: City) -> str:
        """Return the slug of a city, which the slugs of its records begin with."""
        return self.slugs["friendship", id(city)].removeprefix(_TIE)

    def party(self, party: Party) -> URIRef:
        """Return the IRI of a municipality, or of a body of it."""
        if party.body == "municipality":
            return self.gazetteer.iri(party.path)
        return self.iri("body", f"{self.gazetteer.slug(party.path)}-{party.body}")

    def line(self, number: int) -> URIRef:
        """Return the IRI of a line of the page."""
        return self.iri("line", self.slugs["line", number])

    def passage(self, place: Passage) -> URIRef:
        """Return a new IRI for a passage of a line: each record read from the same passage has its own."""
        name = f"{self.slugs['line', place.line]}.{place.start}-{place.end}"
        self._taken["passage", name] += 1
        number = self._taken["passage", name]
        return self.iri("passage", name if number == 1 else f"{name}-{number}")


def name_pages(
    pages: Sequence[Page], gazetteer: Gazetteer, iris: Iris, known: Register
) -> tuple[tuple[Naming, ...], Register]:
    """Name the records of all pages of an edition; return also the register with the edition in it."""
    assignment = Assignment(known)
    cities = _Cities(assignment, gazetteer)
    stems = [cities.names(page) for page in pages]
    namings = tuple(Naming(iris, gazetteer.renamed(cities.renamed), page.name) for page in pages)
    for page, naming, names in zip(pages, namings, stems, strict=True):
        _PageNaming(page, assignment, naming).add(names)
    return namings, assignment.register()


class _Cities:
    """Recognizes cities: by their slug or path, else by the date of the founding agreement."""

    def __init__(self, assignment: Assignment, gazetteer: Gazetteer) -> None:
        self.assignment, self.gazetteer = assignment, gazetteer
        self.renamed: dict[tuple[str, ...], str] = {}

    def names(self, page: Page) -> dict[int, str]:
        """Return the slugs in which those of the records of a city begin, by the identity of the city."""
        stems = {id(city): stem for city in page.cities if (stem := self._of_same_name(city))}
        for city in page.cities:
            stem = stems.get(id(city)) or self._of_same_date(city, stems)
            stems[id(city)] = self._assign(city, page, stem)
        return stems

    def _of_same_name(self, city: City) -> str | None:
        place = self.gazetteer.find(city.path)
        row = self.assignment.find("municipality", place.slug) if place else None
        if row and not row.is_replaced:
            return row.of
        rows = self.assignment.rows("municipality")
        return next((row.of for row in rows if row.text == " ".join(city.path) and not row.is_replaced), None)

    def _of_same_date(self, city: City, stems: Mapping[int, str]) -> str | None:
        """Return the stem of a renamed city; of two known places, neither is the other renamed."""
        is_known = self.gazetteer.find(city.path) is not None
        for row in self.assignment.rows("friendship"):
            stem = row.slug.removeprefix(_TIE)
            if not row.state and row.dates == _founded(city) != "" and stem not in stems.values():
                return None if is_known and self._municipality(stem) in self.gazetteer.places else stem
        return None

    def _municipality(self, stem: str) -> str | None:
        rows = self.assignment.rows("municipality")
        return next((row.slug for row in rows if row.of == stem and not row.is_replaced), None)

    def _assign(self, city: City, page: Page, stem: str | None) -> str:
        place, old = self.gazetteer.find(city.path), self._municipality(stem) if stem else None
        name = place.slug if place else old or self.assignment.unique("municipality", self.gazetteer.slug(city.path))
        if old and old != name:
            self.assignment.replace("municipality", old, name)
        if name != self.gazetteer.slug(city.path):
            self.renamed[city.path] = name
        stem = stem or self.assignment.unique("friendship", f"{_TIE}{name}").removeprefix(_TIE)
        self.assignment.assign("friendship", f"{_TIE}{stem}", page.name, Item(city.name, _founded(city)))
        self.assignment.assign("municipality", name, stem, Item(" ".join(city.path)))
        return stem


def _founded(city: City) -> str:
    return city.agreement.date.edtf if city.agreement and city.agreement.date else ""


class _PageNaming:
    """Names the records of one page, each kind of part below the record that it is a part of."""

    def __init__(self, page: Page, assignment: Assignment, naming: Naming) -> None:
        self.page, self.assignment, self.naming = page, assignment, naming
        self.owners: dict[int, str] = {}

    def add(self, stems: Mapping[int, str]) -> None:
        for city in self.page.cities:
            stem = stems[id(city)]
            self.naming.slugs["friendship", id(city)] = f"{_TIE}{stem}"
            self._city(city, stem)
        lines = [(Item(line.text), f"{self.page.name}.{line.number}", line.number) for line in self.page.lines]
        for slug_of_line, (_, _, number) in zip(self._slugs("line", self.page.name, lines), lines, strict=True):
            self.naming.slugs["line", number] = slug_of_line
        self._doubts()

    def _slugs(self, kind: str, of: str, rows: Iterable[tuple[Item, str, object]], alike: float = ALIKE) -> list[str]:
        """Assign and keep the slugs of records, each with what it is recognized by and the slug of a new one."""
        rows = list(rows)
        slugs = self.assignment.assign_all(kind, of, [row[0] for row in rows], [row[1] for row in rows], alike)
        self.naming.slugs |= {(kind, id(record)): name for name, (_, _, record) in zip(slugs, rows, strict=True)}
        return slugs

    def _city(self, city: City, stem: str) -> None:
        if city.agreement:
            self._agreements(stem, stem, (city.agreement,), f"{stem}-founding")
        characteristics = enumerate(city.characteristics, 1)
        self._slugs("characteristic", stem, ((Item(one.text), f"{stem}.{n}", one) for n, one in characteristics))
        for of, units in ((f"{stem}-division", city.divisions), (f"{stem}-organ", city.organs)):
            self._slugs("unit-count", of, ((Item(unit.label), f"{of}.{n}", unit) for n, unit in enumerate(units, 1)))
        self._exchanges(stem, stem, city.exchanges)

    def _exchanges(self, stem: str, of: str, exchanges: Sequence[Exchange]) -> None:
        rows = [(_item(exchange), f"{stem}-{_date_slug(exchange)}", exchange) for exchange in exchanges]
        for name, exchange in zip(self._slugs("exchange", of, rows), exchanges, strict=True):
            if "description" in exchange.places:
                self.owners[exchange.places["description"].line] = name
            self._parts(stem, name, exchange)
            self._exchanges(stem, name, exchange.notes)

    def _parts(self, stem: str, of: str, exchange: Exchange) -> None:
        events = (
            (Item(one.act or "", one.date.edtf), f"{of}.{one.date.edtf.replace('/', '~')}", one)
            for one in exchange.occurrences
        )
        self._slugs("event", of, events, _ANY)
        delegations = enumerate(exchange.delegations, 1)
        self._slugs("delegation", of, ((Item(_who(one)), f"{of}.{n}", one) for n, one in delegations), _ANY)
        anniversaries = enumerate(exchange.anniversaries, 1)
        items = ((Item(f"{one.of} {one.ordinal}"), f"{of}.{n}", one) for n, one in anniversaries)
        self._slugs("anniversary", of, items, _ANY)
        self._agreements(stem, of, exchange.concludes, of)

    def _agreements(self, stem: str, of: str, agreements: Iterable[Agreement], undated: str) -> None:
        """Name agreements by their dates; one without a date is named ``undated``."""
        rows = (
            (Item(one.title, one.date.edtf), f"{stem}-{one.date.first.edtf}", one)
            if one.date
            else (Item(one.title), undated, one)
            for one in agreements
        )
        self._slugs("agreement", of, rows, _ANY)

    def _doubts(self) -> None:
        """Name the findings: each belongs to the record of its line, and to its rule."""
        groups: defaultdict[str, list[tuple[Item, str, Doubt]]] = defaultdict(list)
        owners = self._owners()
        for doubt in self.page.doubts:
            place = doubt.place
            name = f"{self.page.name}.{place.line}.{place.start}.{doubt.rule}"
            groups[f"{owners[place.line]}.{doubt.rule}"].append((Item(doubt.printed), name, doubt))
        for of, rows in groups.items():
            self._slugs("doubt", of, rows)

    def _owners(self) -> dict[int, str]:
        starts = {city.places["heading"].line: self.naming.city(city) for city in self.page.cities}
        owner, owners = self.page.name, {}
        for line in self.page.lines:
            owner = self.page.name if line.role in _OF_PAGE else starts.get(line.number, owner)
            owners[line.number] = self.owners.get(line.number, owner)
        return owners


def _item(exchange: Exchange) -> Item:
    return Item(exchange.description, " ".join(sorted(occurrence.date.edtf for occurrence in exchange.occurrences)))


def _date_slug(exchange: Exchange) -> str:
    first = min(exchange.occurrences, key=lambda occurrence: occurrence.date, default=None)
    return first.date.first.edtf if first else f"undated-{slug(exchange.description)[:40]}"


def _who(delegation: Delegation) -> str:
    whose = (party.path[-1] for party in delegation.whose)
    return " ".join(filter(None, (*whose, delegation.person, delegation.label)))


def tail(iri: URIRef) -> str:
    """Return the slug of one of our IRIs.

    >>> tail(URIRef("https://kg.seocho.example/id/exchange/hongkou-2000"))
    'hongkou-2000'
    """
    return str(iri).rsplit("/", 1)[-1]
