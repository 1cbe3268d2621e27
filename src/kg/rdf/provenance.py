"""Provenance: the page, its lines, passages and doubts, and the build activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import PROV, RDF, RDFS, Graph, Literal, URIRef

from kg.domain import Doubt, Page, Passage, terms
from kg.locales import Message
from kg.rdf.naming import Naming


@dataclass(frozen=True)
class Code:
    """The program of a build: its version, and the SHA-256 of its source files."""

    version: str
    sha256: str


class Provenance:
    """Collects, during the mapping of a page, the passage of each property of each subject."""

    def __init__(self, page: Page, naming: Naming, sha256: str) -> None:
        """Add the page, whose file has this SHA-256, and its lines."""
        self.page, self.naming = page, naming
        self.kg = terms(naming.iris.ontology)
        self.graph = Graph()
        self._passages: dict[tuple[URIRef, Passage], URIRef] = {}
        self.subjects: defaultdict[int, list[tuple[Passage, URIRef]]] = defaultdict(list)
        self.source = naming.iri("page", page.name)
        self._add(
            self.source,
            (self.kg.sha256, Literal(sha256)),
            (PROV.wasDerivedFrom, naming.iri("file", sha256)),
        )
        for line in page.lines:
            node = naming.line(line.number)
            self._add(
                node,
                (RDF.type, self.kg.SourceLine),
                (self.kg.page, self.source),
                (self.kg.lineNumber, Literal(line.number)),
                (self.kg.lineText, Literal(line.text)),
                (self.kg.lineRole, Literal(line.role)),
            )

    def _add(self, subject: URIRef, *statements: tuple[URIRef, URIRef | Literal]) -> None:
        for predicate, value in statements:
            self.graph.add((subject, predicate, value))

    def derive(self, subject: URIRef, place: Passage | None, *predicates: URIRef) -> None:
        """State that these properties of a subject were read from a passage."""
        if place is None:
            return
        node = self._passages.get((subject, place)) or self._passage(place)
        self._passages[subject, place] = node
        self.graph.add((subject, PROV.wasDerivedFrom, node))
        for predicate in predicates:
            self.graph.add((node, self.kg.gives, predicate))
        self.subjects[place.line].append((place, subject))

    def _passage(self, place: Passage) -> URIRef:
        node = self.naming.passage(place)
        printed = self.page.lines[place.line - 1].text[place.start - 1 : place.end - 1]
        self._add(
            node,
            (RDF.type, self.kg.Passage),
            (self.kg.line, self.naming.line(place.line)),
            (self.kg.lineNumber, Literal(place.line)),
            (self.kg.startColumn, Literal(place.start)),
            (self.kg.endColumn, Literal(place.end)),
            (self.kg.printed, Literal(printed)),
        )
        return node

    def doubt(self, doubt: Doubt) -> None:
        """Add a doubt about all records that were read from its passage."""
        place = doubt.place
        node = self.naming.of("doubt", doubt)
        self._add(
            node,
            (RDF.type, self.kg.SourceDoubt),
            (self.kg.rule, Literal(doubt.rule)),
            (self.kg.severity, Literal(doubt.severity)),
            (self.kg.printed, Literal(doubt.printed)),
            *((self.kg.reason, Literal(text, lang=tag.lower())) for tag, text in doubt.reason.texts()),
            (PROV.wasDerivedFrom, self._passage(place)),
        )
        if doubt.reading:
            self.graph.add((node, self.kg.readingUsed, Literal(doubt.reading)))
        for other, subject in self.subjects[place.line]:
            if other.start < place.end and place.start < other.end:
                self.graph.add((node, self.kg.about, subject))


def activity_graph(naming: Naming, inputs: Mapping[str, str], code: Code) -> Graph:
    """Return the build activity: its input files and the version of the program.

    ``inputs`` is the SHA-256 of each file by its name. There is no time in it, so that two builds give the same bytes.
    """
    graph = Graph()
    kg = terms(naming.iris.ontology)
    activity, agent = naming.iri("activity", "build"), naming.iri("agent", f"kg-{code.version}")
    dataset = URIRef(naming.iris.document("dataset"))
    for subject, predicate, value in (
        (activity, RDF.type, PROV.Activity),
        *((activity, RDFS.label, Literal(text, lang=tag.lower())) for tag, text in Message("catalog.activity").texts()),
        (activity, PROV.wasAssociatedWith, agent),
        (agent, RDF.type, PROV.SoftwareAgent),
        (agent, RDFS.label, Literal(f"kg {code.version}", lang="en")),
        (agent, kg.codeVersion, Literal(code.version)),
        (agent, kg.codeSha256, Literal(code.sha256)),
        (dataset, PROV.wasGeneratedBy, activity),
    ):
        graph.add((subject, predicate, value))
    for name, sha256 in sorted(inputs.items()):
        _add_input(graph, naming, activity, name, sha256)
    return graph


def _add_input(graph: Graph, naming: Naming, activity: URIRef, name: str, sha256: str) -> None:
    kg = terms(naming.iris.ontology)
    file, dataset = naming.iri("file", sha256), URIRef(naming.iris.document("dataset"))
    graph.add((file, RDF.type, PROV.Entity))
    graph.add((file, RDFS.label, Literal(name, lang="en")))
    graph.add((file, kg.sha256, Literal(sha256)))
    graph.add((activity, PROV.used, file))
    graph.add((dataset, PROV.wasDerivedFrom, file))
