"""Triples → model: the pages described by a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rdflib import PROV, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import (
    HOME,
    Agreement,
    Anniversary,
    Characteristic,
    City,
    Delegation,
    Exchange,
    Metadata,
    Occurrence,
    Page,
    PartialDate,
    Party,
    Passage,
    Record,
    SourceLine,
    Statistic,
    UnitCount,
    columns,
    terms,
)
from kg.rdf.cells import Cells, value_columns
from kg.rdf.naming import tail
from kg.rdf.rdf_dataset import RdfDataset


def read_pages(dataset: RdfDataset) -> tuple[Page, ...]:
    """Return the pages that the dataset describes; records without a page belong to the first.

    Boilerplate and findings are not in the result: they state nothing.
    """
    reader = _GraphReader(dataset)
    sources = sorted(dataset.graphs["page"].subjects(RDF.type, reader.kg.SourcePage), key=str)
    return tuple(reader.page(source, is_first=index == 0) for index, source in enumerate(sources))


class _GraphReader:
    def __init__(self, dataset: RdfDataset) -> None:
        self.graph = dataset.graphs["page"]
        self.provenance = dataset.graphs["provenance"]
        self.iris = dataset.iris
        self.kg = terms(dataset.iris.ontology)
        self.cells = Cells(dataset.iris)
        self.home = URIRef(self.iris.resource("municipality", "seocho"))
        self.passages = self._passages()

    def _passages(self) -> dict[Node, tuple[str, Passage, frozenset[Node]]]:
        found = {}
        for node in self.provenance.subjects(RDF.type, self.kg.Passage):
            line, start, end = (
                self._integer(self.provenance, node, term)
                for term in (self.kg.lineNumber, self.kg.startColumn, self.kg.endColumn)
            )
            page = tail(URIRef(str(node))).rsplit(".", 2)[0]
            gives = frozenset(self.provenance.objects(node, self.kg.gives))
            found[node] = (page, Passage(line, start, end), gives)
        return found

    def _integer(self, graph: Graph, subject: Node, term: URIRef) -> int:
        value = graph.value(subject, term)
        return int(value) if isinstance(value, Literal) else 0

    def _places(self, subject: Node, fields: dict[str, str]) -> dict[str, Passage]:
        """Return, for each field, the passage that gives its property; the smallest where several do."""
        found: dict[str, Passage] = {}
        for node in self.provenance.objects(subject, PROV.wasDerivedFrom):
            if node not in self.passages:
                continue
            _, place, gives = self.passages[node]
            for name, term in fields.items():
                known = found.get(name)
                smaller = known is None or place.end - place.start < known.end - known.start
                if self.kg[term] in gives and smaller:
                    found[name] = place
        return found

    def _record(self, subject: Node, record_type: type[Record]) -> dict[str, Any]:
        """Return the fields and places of a record."""
        terms = {column.name: column.term for column in value_columns(record_type)}
        fields: dict[str, Any] = self.cells.read(self.graph, subject, record_type)
        return {**fields, "places": self._places(subject, terms)}

    # -- pages and cities --------------------------------------------------------------------------------------

    def page(self, source: Node, *, is_first: bool) -> Page:
        name = tail(URIRef(str(source)))
        title = self.graph.value(source, self.kg.pageTitle)
        cities = [
            self._city(friendship)
            for friendship in self._ordered(self.graph.subjects(RDF.type, self.kg.Friendship))
            if self._page_of(friendship) == name or (is_first and self._page_of(friendship) is None)
        ]
        return Page(
            name=name,
            title=str(title) if title else None,
            cities=tuple(cities),
            metadata=Metadata(**self._record(source, Metadata)),
            lines=tuple(self._lines(source)),
        )

    def _lines(self, source: Node) -> Iterator[SourceLine]:
        lines = self.provenance.subjects(self.kg.page, source)
        for line in sorted(lines, key=lambda node: self._integer(self.provenance, node, self.kg.lineNumber)):
            number = self._integer(self.provenance, line, self.kg.lineNumber)
            text, role = (self.provenance.value(line, term) for term in (self.kg.lineText, self.kg.lineRole))
            yield SourceLine(number, str(text or ""), str(role or ""))

    def _page_of(self, subject: Node) -> str | None:
        derived = self.provenance.objects(subject, PROV.wasDerivedFrom)
        return next((self.passages[node][0] for node in derived if node in self.passages), None)

    def _ordered(self, nodes: Iterator[Node]) -> list[Node]:
        def key(node: Node) -> tuple[int, str]:
            position = self.graph.value(node, self.kg.position)
            return (int(position) if isinstance(position, Literal) else 10**9, str(node))

        return sorted(nodes, key=key)

    def _city(self, friendship: Node) -> City:
        municipality = self.graph.value(friendship, self.kg.partner) or friendship
        fields = self._record(municipality, City)
        path = self._path(municipality)
        parties = [self._party(node) for node in self.graph.objects(friendship, self.kg.party)]
        body = next((party.body for party in parties if party.path[-1] == path[-1]), "municipality")
        founding = self.graph.value(friendship, self.kg.foundedBy)
        fields = {"heading": " ".join(path), "title": " ".join(path), **fields}
        return City(
            **fields,
            path=path,
            body=body,
            agreement=self._agreement(founding) if founding else None,
            **self._figures(municipality),
            characteristics=self._characteristics(municipality),
            exchanges=self._exchanges(friendship, founding),
        )

    def _path(self, place: Node) -> tuple[str, ...]:
        if place == self.home:
            return HOME
        names: list[str] = []
        node: Node | None = place
        seen: set[Node] = set()
        while node is not None and node not in seen:
            seen.add(node)
            labels = [label for label in self.graph.objects(node, RDFS.label) if isinstance(label, Literal)]
            korean = sorted(str(label) for label in labels if label.language == "ko")
            names.append(korean[0] if korean else tail(URIRef(str(node))))
            node = min(self.graph.objects(node, self.kg.within), default=None, key=str)
        return tuple(reversed(names))

    def _party(self, node: Node) -> Party:
        municipality = self.graph.value(node, self.kg.bodyOf)
        if municipality is None:
            return Party(self._path(node))
        kind = self.graph.value(node, self.kg.bodyKind)
        return Party(self._path(municipality), tail(URIRef(str(kind))) if kind else "office")

    def _parties(self, subject: Node, term: URIRef) -> tuple[Party, ...]:
        parties = {self._party(node) for node in self.graph.objects(subject, term)}
        return tuple(
            sorted(parties, key=lambda party: (not party.is_home, party.path, party.body != "municipality", party.body))
        )

    def _agreement(self, node: Node) -> Agreement:
        return Agreement(**{"title": "", **self._record(node, Agreement)}, parties=self._parties(node, self.kg.party))

    # -- figures -----------------------------------------------------------------------------------------------

    def _figures(self, municipality: Node) -> dict[str, Any]:
        """Return the figures and the counted units of a city by their fields."""
        found: dict[str, Any] = {}
        for column in columns(City):
            nodes = self._ordered(self.graph.objects(municipality, self.kg[column.term]))
            if column.form == "statistic" and nodes:
                found[column.name] = self._statistic(nodes[0])
            if column.form == "unit-counts":
                found[column.name] = tuple(self._unit(node, column.term.removesuffix("Count")) for node in nodes)
        return found

    def _statistic(self, node: Node) -> Statistic:
        as_of = self.graph.value(node, self.kg.asOf)
        fields = {"unit": "", **self._record(node, Statistic)}
        return Statistic(**fields, as_of=PartialDate.from_edtf(str(as_of)) if as_of else None)

    def _unit(self, node: Node, category: str) -> UnitCount:
        unit = UnitCount(**{"category": category, "label": "", "count": 0, **self._record(node, UnitCount)})
        in_print = sorted(unit.names, key=lambda name: (unit.printed.find(name) % 10**6, name))
        count_first = category == "division" or unit.printed[:1].isdigit()
        return replace(unit, names=tuple(in_print), count_first=count_first)

    def _characteristics(self, municipality: Node) -> tuple[Characteristic, ...]:
        nodes = self._ordered(self.graph.objects(municipality, self.kg.characteristic))
        return tuple(Characteristic(**{"text": "", **self._record(node, Characteristic)}) for node in nodes)

    # -- exchanges ---------------------------------------------------------------------------------------------

    def _exchanges(self, friendship: Node, founding: Node | None) -> tuple[Exchange, ...]:
        nodes = [
            node
            for node in self.graph.subjects(self.kg.friendship, friendship)
            if (node, RDF.type, self.kg.ExchangeRecord) in self.graph
        ]
        exchanges = [(self._exchange(node, founding), str(node)) for node in nodes]
        return tuple(exchange for exchange, _ in sorted(exchanges, key=lambda pair: (*_order(pair[0]), pair[1])))

    def _exchange(self, node: Node, founding: Node | None) -> Exchange:
        documents = set(self.graph.objects(node, self.kg.concludes))
        notes = [self._exchange(note, founding) for note in self.graph.objects(node, self.kg.note)]
        return Exchange(
            **{"description": "", **self._record(node, Exchange)},
            occurrences=self._occurrences(node),
            delegations=self._delegations(node),
            visited=self._parties(node, self.kg.visited),
            anniversaries=self._anniversaries(node),
            concludes=tuple(self._agreement(document) for document in sorted(documents - {founding}, key=str)),
            concludes_founding=founding in documents,
            intends_founding=self.graph.value(node, self.kg.intendedAgreement) is not None,
            notes=tuple(sorted(notes, key=_order)),
        )

    def _occurrences(self, record: Node) -> tuple[Occurrence, ...]:
        read = (self._record(node, Occurrence) for node in self.graph.objects(record, self.kg.event))
        found = [Occurrence(**fields) for fields in read if "date" in fields]
        return tuple(sorted(found, key=lambda one: (one.bracket, one.places.get("date", _LAST), one.date)))

    def _delegations(self, record: Node) -> tuple[Delegation, ...]:
        nodes = self._ordered(self.graph.objects(record, self.kg.participant))
        return tuple(
            Delegation(**self._record(node, Delegation), whose=self._parties(node, self.kg.whose)) for node in nodes
        )

    def _anniversaries(self, record: Node) -> tuple[Anniversary, ...]:
        found = []
        for node in sorted(self.graph.objects(record, self.kg.anniversary), key=str):
            is_home = self.graph.value(node, self.kg.anniversaryOf) == self.home
            fields = {"ordinal": 0, **self._record(node, Anniversary)}
            found.append(Anniversary(**fields, of="founding-of-seocho" if is_home else "agreement"))
        return tuple(found)


_LAST = Passage(10**9, 0, 0)


def _order(exchange: Exchange) -> tuple[Passage, Any]:
    return exchange.places.get("description", _LAST), exchange.start
