"""Model → triples, with the passage that each fact was read from."""

from __future__ import annotations

from rdflib import RDF, RDFS, Graph, Literal, URIRef

from kg.domain import (
    HOME,
    UNITS,
    Agreement,
    City,
    Exchange,
    Occurrence,
    Page,
    PartialDate,
    Party,
    Passage,
    Record,
    Statistic,
    UnitCount,
    columns,
    terms,
)
from kg.rdf.cells import Cells, value_columns
from kg.rdf.naming import Naming
from kg.rdf.provenance import Provenance

_BODY_LABELS = {
    "council": ("의회", "Council"),
    "office": ("청", "Office"),
    "government": (" 인민정부", "People's Government"),
    "party-committee": (" 당위원회", "Party Committee"),
}
_MAIN_FIELDS = ("description", "printed", "text", "label", "date", "title", "ordinal")


def map_page(page: Page, naming: Naming, sha256: str) -> tuple[Graph, Graph]:
    """Return the triples of a page, and their provenance; ``sha256`` is that of the page's file."""
    mapping = _PageMapping(page, naming, sha256)
    mapping.add_page()
    return mapping.graph, mapping.provenance.graph


class _PageMapping:
    def __init__(self, page: Page, naming: Naming, sha256: str) -> None:
        self.page, self.naming = page, naming
        self.gazetteer = naming.gazetteer
        self.kg = terms(naming.iris.ontology)
        self.cells = Cells(naming.iris)
        self.graph = Graph()
        self.provenance = Provenance(page, naming, sha256)

    def add_page(self) -> None:
        source = self.provenance.source
        self.graph.add((source, RDF.type, self.kg.SourcePage))
        self._label(
            source, f"서초구 누리집: {self.page.title or self.page.name}", f"Seocho-gu web page: {self.page.name}"
        )
        self._columns(source, self.page.metadata)
        if self.page.title:
            self.graph.add((source, self.kg.pageTitle, Literal(self.page.title, lang="ko")))
            self.provenance.derive(source, self.page.places.get("title"), self.kg.pageTitle)
        for position, city in enumerate(self.page.cities, 1):
            self._city(city, position)
        for doubt in self.page.doubts:
            self.provenance.doubt(doubt)

    # -- the small steps ---------------------------------------------------------------------------------------

    def _label(self, subject: URIRef, ko: str, en: str | None = None, zh: str | None = None) -> None:
        for text, language in ((ko, "ko"), (en, "en"), (zh, "zh-hans")):
            if text is not None:
                self.graph.add((subject, RDFS.label, Literal(text, lang=language)))

    def _state(self, subject: URIRef, term: str, node: URIRef | Literal, place: Passage | None) -> None:
        self.graph.add((subject, self.kg[term], node))
        self.provenance.derive(subject, place, self.kg[term])

    def _columns(self, subject: URIRef, record: Record) -> None:
        for column in value_columns(type(record)):
            for predicate, node in self.cells.write(column, record):
                self.graph.add((subject, predicate, node))
                self.provenance.derive(subject, record.places.get(column.name) or _main(record), predicate)

    def _place(self, path: tuple[str, ...], place: Passage | None) -> URIRef:
        """Add a place and all that it lies in; a passage gives what it names."""
        nodes = [self.gazetteer.iri(path[:depth], is_above=depth < len(path)) for depth in range(1, len(path) + 1)]
        named = [place if place and name in self._text(place) else None for name in path]
        for depth, node in enumerate(nodes):
            kind = str(node).rsplit("/", 2)[-2].capitalize()
            self.graph.add((node, RDF.type, self.kg[kind]))
            self._label(node, path[depth])
            self.provenance.derive(node, named[depth], RDFS.label)
            if depth:
                self._state(node, "within", nodes[depth - 1], named[depth] and named[depth - 1])
        return nodes[-1]

    def _text(self, place: Passage) -> str:
        return self.page.lines[place.line - 1].text[place.start - 1 : place.end - 1]

    def _party(self, party: Party, place: Passage | None) -> URIRef:
        home = party.path == HOME
        municipality = self.gazetteer.iri(party.path) if home else self._place(party.path, place)
        if home:
            self.graph.add((municipality, RDF.type, self.kg.Municipality))
            self._label(municipality, HOME[-1])
        node = self.naming.party(party)
        if node == municipality:
            return node
        ko, en = _BODY_LABELS[party.body]
        known = self.gazetteer.find(party.path)
        self.graph.add((node, RDF.type, self.kg.PublicBody))
        self._label(node, f"{party.path[-1]}{ko}", f"{known.row['en']} {en}" if known else None)
        self._state(node, "bodyOf", municipality, place)
        self._state(node, "bodyKind", URIRef(self.naming.iris.concept("body-kind", party.body)), place)
        return node

    # -- the city and its tie ----------------------------------------------------------------------------------

    def _city(self, city: City, position: int) -> None:
        place = city.places.get("heading")
        municipality, name = self._place(city.path, place), self.naming.city(city)
        self._columns(municipality, city)
        self._statistics(municipality, name, city)
        for number, characteristic in enumerate(city.characteristics, 1):
            node = self.naming.of("characteristic", characteristic)
            self.graph.add((node, RDF.type, self.kg.Characteristic))
            self.graph.add((node, self.kg.position, Literal(number)))
            self._columns(node, characteristic)
            self._state(municipality, "characteristic", node, characteristic.places.get("text"))
        friendship = self._friendship(city, municipality, position)
        for exchange in city.exchanges:
            self._exchange(city, exchange, friendship, None)

    def _friendship(self, city: City, municipality: URIRef, position: int) -> URIRef:
        place = city.places.get("title")
        friendship = self.naming.of("friendship", city)
        self.graph.add((friendship, RDF.type, self.kg.Friendship))
        self.graph.add((friendship, self.kg.position, Literal(position)))
        ours, theirs = (self.gazetteer.find(path) for path in (HOME, city.path))
        en, zh = (
            pattern.format(ours.row[column], theirs.row[column]) if ours and theirs else None
            for column, pattern in (("en", "{} and {}"), ("zh_hans", "{}与{}"))
        )
        self._label(friendship, f"서초구와 {city.name}의 결연", en, zh)
        for party in (Party(HOME), Party(city.path, city.body)):
            self._state(friendship, "party", self._party(party, place), place)
        self._state(friendship, "partner", municipality, place)
        if city.agreement:
            node = self._agreement(city.agreement, self._founding_iri(city))
            self._state(friendship, "foundedBy", node, city.agreement.places.get("date"))
            self._state(node, "founds", friendship, city.agreement.places.get("date"))
        return friendship

    def _founding_iri(self, city: City) -> URIRef:
        if city.agreement:
            return self.naming.of("agreement", city.agreement)
        return self.naming.iri("agreement", f"{self.naming.city(city)}-founding")

    def _agreement(self, agreement: Agreement, node: URIRef) -> URIRef:
        self.graph.add((node, RDF.type, self.kg.Agreement))
        self._label(node, agreement.title)
        self._columns(node, agreement)
        for party in agreement.parties:
            place = agreement.places.get("title")
            self._state(node, "party", self._party(party, place), place)
        concluded_in = self._known_place(agreement)
        if concluded_in is not None:
            self._state(node, "concludedIn", concluded_in, agreement.places.get("concluded_in"))
        return node

    def _known_place(self, agreement: Agreement) -> URIRef | None:
        """Return the party in whose municipality an agreement was concluded, when the printed place names it."""
        words = (agreement.concluded_in or "").split()
        paths = [party.path for party in agreement.parties if words and party.path[-1] == words[-1]]
        return self.gazetteer.iri(paths[0]) if paths else None

    # -- figures -----------------------------------------------------------------------------------------------

    def _statistics(self, municipality: URIRef, name: str, city: City) -> None:
        for column in columns(City):
            if column.form == "statistic" and (statistic := getattr(city, column.name)):
                node = self.naming.iri("statistic", f"{name}-{column.name}")
                self._statistic(node, statistic)
                known, english = self.gazetteer.find(city.path), column.name.replace("_", " ")
                self._label(node, f"{city.name} {column.label}", f"{known.row['en']}: {english}" if known else None)
                self._state(municipality, column.term, node, statistic.places.get("printed"))
            if column.form == "unit-counts":
                for number, unit in enumerate(getattr(city, column.name), 1):
                    node = self.naming.of("unit-count", unit)
                    self._unit_count(node, unit, number)
                    self._state(municipality, column.term, node, unit.places.get("printed"))

    def _statistic(self, node: URIRef, statistic: Statistic) -> None:
        self.graph.add((node, RDF.type, self.kg.Statistic))
        self._columns(node, statistic)
        if statistic.unit in UNITS:
            self._state(node, "unit", UNITS[statistic.unit], statistic.places.get("unit"))
        if statistic.as_of:
            self._as_of(node, statistic.as_of, statistic.places.get("as_of"))

    def _as_of(self, node: URIRef, as_of: PartialDate, place: Passage | None) -> None:
        self._state(node, "asOf", Literal(as_of.edtf), place)
        self._state(node, "asOfStart", Literal(as_of.earliest), place)
        self._state(node, "asOfEnd", Literal(as_of.latest), place)

    def _unit_count(self, node: URIRef, unit: UnitCount, number: int) -> None:
        self.graph.add((node, RDF.type, self.kg.UnitCount))
        self.graph.add((node, self.kg.position, Literal(number)))
        self._label(node, f"{unit.label} {unit.count}")
        self._columns(node, unit)

    # -- exchanges ---------------------------------------------------------------------------------------------

    def _exchange(self, city: City, exchange: Exchange, friendship: URIRef, noted: URIRef | None) -> URIRef:
        place = exchange.places.get("description")
        node = self.naming.of("exchange", exchange)
        self.graph.add((node, RDF.type, self.kg.ExchangeNote if noted else self.kg.ExchangeRecord))
        self._label(node, exchange.description)
        self._columns(node, exchange)
        self._state(node, "friendship", friendship, place)
        self._state(node, "exchangedWith", self.gazetteer.iri(city.path), place)
        for kind in filter(None, (exchange.primary_kind, *exchange.further_kinds)):
            self._state(node, "kind", URIRef(self.naming.iris.concept("exchange-kind", kind)), place)
        for party in exchange.visited:
            self._state(node, "visited", self._party(party, place), place)
        self._delegations(node, exchange)
        self._anniversaries(node, city, exchange)
        self._documents(node, city, exchange)
        for occurrence in exchange.occurrences:
            self._event(node, exchange, occurrence)
        for note in exchange.notes:
            note_node = self._exchange(city, note, friendship, node)
            self._state(node, "note", note_node, note.places.get("description"))
            self._state(note_node, "noteOn", node, note.places.get("description"))
        return node

    def _event(self, record: URIRef, exchange: Exchange, occurrence: Occurrence) -> None:
        place = occurrence.places.get("date")
        node = self.naming.of("event", occurrence)
        self.graph.add((node, RDF.type, self.kg.ExchangeEvent))
        self._label(node, f"{occurrence.act or exchange.description} ({occurrence.printed or occurrence.date.edtf})")
        self._columns(node, occurrence)
        self._state(record, "event", node, place)
        self._state(node, "record", record, place)

    def _delegations(self, record: URIRef, exchange: Exchange) -> None:
        for number, delegation in enumerate(exchange.delegations, 1):
            whole = exchange.places.get("description")
            place = delegation.places.get("label") or whole
            node = self.naming.of("delegation", delegation)
            self.graph.add((node, RDF.type, self.kg.Delegation))
            self.graph.add((node, self.kg.position, Literal(number)))
            parties = [self._party(party, whole) for party in delegation.whose]
            names = "·".join(party.path[-1] for party in delegation.whose)
            self._label(node, " ".join(filter(None, (names, delegation.person, delegation.label))))
            self._columns(node, delegation)
            for party in parties:
                self._state(node, "whose", party, whole)
            self._state(record, "participant", node, place)

    def _anniversaries(self, record: URIRef, city: City, exchange: Exchange) -> None:
        for anniversary in exchange.anniversaries:
            place = anniversary.places.get("ordinal")
            node = self.naming.of("anniversary", anniversary)
            founding = anniversary.of == "agreement" and city.agreement is not None
            of = self._founding_iri(city) if founding else self.gazetteer.iri(HOME)
            what = "우호 협정" if anniversary.of == "agreement" else "서초구 탄생"
            self.graph.add((node, RDF.type, self.kg.Anniversary))
            self._label(node, f"{what} {anniversary.ordinal}주년")
            self._columns(node, anniversary)
            self._state(node, "anniversaryOf", of, place)
            self._state(record, "anniversary", node, place)

    def _documents(self, record: URIRef, city: City, exchange: Exchange) -> None:
        place = exchange.places.get("description")
        for agreement in exchange.concludes:
            node = self.naming.of("agreement", agreement)
            self._agreement(agreement, node)
            self._concludes(record, node, agreement.places.get("title"))
        if exchange.concludes_founding:
            self._concludes(record, self._founding_iri(city), place)
        if exchange.intends_founding:
            self._state(record, "intendedAgreement", self._founding_iri(city), exchange.places.get("purpose", place))
            self._state(record, "agreement", self._founding_iri(city), exchange.places.get("purpose", place))

    def _concludes(self, record: URIRef, agreement: URIRef, place: Passage | None) -> None:
        self._state(record, "concludes", agreement, place)
        self._state(record, "agreement", agreement, place)


def _main(record: Record) -> Passage | None:
    """Return the passage that stands for the whole record."""
    return next((record.places[name] for name in _MAIN_FIELDS if name in record.places), None)
