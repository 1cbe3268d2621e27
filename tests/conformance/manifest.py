"""Reads the W3C manifests into tests, following ``mf:include``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from rdflib import RDF, RDFS, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from conformance.exchanges import Exchange, read_exchanges

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

PUBLISHED = "https://w3c.github.io/rdf-tests/sparql/"
"""Where the W3C publishes the suites; relative IRIs in manifests, data and queries resolve below it."""

MANIFESTS = ("sparql10/manifest.ttl", "sparql11/manifest-all.ttl", "sparql12/manifest.ttl")
"""The three suites; a file below each is a manifest that these include."""

LEFT_OUT = frozenset({"sparql11/entailment"})
"""No entailment regime is offered, so these are not in question."""


@dataclass(frozen=True)
class Document:
    """A file of the suites, and the IRI it is published at."""

    iri: str
    path: Path


@dataclass(frozen=True)
class DatasetDocuments:
    """The documents of a default graph, and of named graphs with their names."""

    default: tuple[Document, ...] = ()
    named: tuple[tuple[str, Document], ...] = ()


@dataclass(frozen=True)
class ConformanceTest:
    """One entry of a manifest; ``suite`` is its directory, such as ``sparql11/aggregates``."""

    iri: str
    name: str
    suite: str
    kind: str


@dataclass(frozen=True)
class QueryEvaluationTest(ConformanceTest):
    """A query, the dataset it is asked of, and the expected answer; ``services`` pairs endpoint and data."""

    query: Document
    dataset: DatasetDocuments
    services: tuple[tuple[str, Document], ...]
    result: Document
    lax_cardinality: bool


@dataclass(frozen=True)
class UpdateEvaluationTest(ConformanceTest):
    """An update, the dataset before it, and the dataset after it."""

    request: Document
    dataset: DatasetDocuments
    result: DatasetDocuments


@dataclass(frozen=True)
class SyntaxTest(ConformanceTest):
    """A query or an update that must parse, or must not."""

    request: Document
    is_update: bool
    is_positive: bool


@dataclass(frozen=True)
class ExchangeTest(ConformanceTest):
    """HTTP requests and what to expect of each response: the Protocol and Graph Store Protocol tests."""

    dataset: DatasetDocuments
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True)
class ServiceDescriptionTest(ConformanceTest):
    """A demand on the service description."""


@dataclass(frozen=True)
class Entry:
    """An entry of a manifest as it is read: the suites' root, the manifest's graph, the entry's node."""

    root: Path
    graph: Graph
    node: Node
    suite: str

    def one(self, subject: Node, predicate: Node) -> Node:
        """Return the only object, or raise."""
        value = self.graph.value(subject, predicate, any=False)
        if value is None:
            raise ValueError(f"{self.node}: no {predicate}")
        return value

    def document(self, node: Node) -> Document:
        """Return the document that an IRI names."""
        return Document(str(node), self.root / str(node).removeprefix(PUBLISHED))

    def dataset(self, node: Node, vocabulary: Namespace) -> DatasetDocuments:
        """Return the documents that ``data`` and ``graphData`` of a vocabulary name."""
        default = sorted(self.graph.objects(node, vocabulary.data), key=str)
        named = [self.named_graph(each) for each in self.graph.objects(node, vocabulary.graphData)]
        return DatasetDocuments(tuple(map(self.document, default)), tuple(sorted(named, key=lambda pair: pair[0])))

    def named_graph(self, node: Node) -> tuple[str, Document]:
        """Return a graph's name and document; without a label it is named after the document."""
        document = self.document(self.graph.value(node, UT.graph, default=node) or node)
        label = self.graph.value(node, RDFS.label)
        return (urljoin(document.iri, str(label)) if label else document.iri, document)


def read_tests(root: Path) -> list[ConformanceTest]:
    """Read every test below the directory that holds ``sparql10``, ``sparql11`` and ``sparql12``."""
    entries = (entry for manifest in MANIFESTS for entry in read_entries(root, manifest))
    return [read_test(entry) for entry in entries if entry.suite not in LEFT_OUT]


def read_entries(root: Path, manifest: str) -> Iterator[Entry]:
    """Yield the entries of a manifest, then those of the manifests it includes."""
    graph = Graph().parse(root / manifest, format="turtle", publicID=PUBLISHED + manifest)
    suite = str(Path(manifest).parent)
    for entries in graph.objects(None, MF.entries):
        yield from (Entry(root, graph, node, suite) for node in Collection(graph, entries))
    for included in graph.objects(None, MF.include):
        for node in Collection(graph, included):
            yield from read_entries(root, str(node).removeprefix(PUBLISHED))


def read_test(entry: Entry) -> ConformanceTest:
    """Read one entry by its type."""
    kind = str(entry.one(entry.node, RDF.type)).rpartition("#")[2]
    about = (str(entry.node), str(entry.one(entry.node, MF.name)), entry.suite, kind)
    if kind in {"QueryEvaluationTest", "CSVResultFormatTest"}:
        return read_query_evaluation(entry, about)
    if kind == "UpdateEvaluationTest":
        return read_update_evaluation(entry, about)
    if kind in {"ProtocolTest", "GraphStoreProtocolTest"}:
        exchanges = read_exchanges(entry.graph, entry.one(entry.node, MF.action))
        return ExchangeTest(*about, dataset=entry.dataset(entry.node, UT), exchanges=exchanges)
    if kind == "ServiceDescriptionTest":
        return ServiceDescriptionTest(*about)
    request = entry.document(entry.one(entry.node, MF.action))
    return SyntaxTest(*about, request=request, is_update="Update" in kind, is_positive=kind.startswith("Positive"))


def read_query_evaluation(entry: Entry, about: tuple[str, str, str, str]) -> QueryEvaluationTest:
    """Read the action of a query evaluation test."""
    action = entry.one(entry.node, MF.action)
    services = (
        (str(entry.one(node, QT.endpoint)), entry.document(entry.one(node, QT.data)))
        for node in entry.graph.objects(action, QT.serviceData)
    )
    return QueryEvaluationTest(
        *about,
        query=entry.document(entry.one(action, QT.query)),
        dataset=entry.dataset(action, QT),
        services=tuple(sorted(services, key=lambda pair: pair[0])),
        result=entry.document(entry.one(entry.node, MF.result)),
        lax_cardinality=entry.graph.value(entry.node, MF.resultCardinality) == MF.LaxCardinality,
    )


def read_update_evaluation(entry: Entry, about: tuple[str, str, str, str]) -> UpdateEvaluationTest:
    """Read the action and the result of an update evaluation test."""
    action = entry.one(entry.node, MF.action)
    return UpdateEvaluationTest(
        *about,
        request=entry.document(entry.one(action, UT.request)),
        dataset=entry.dataset(action, UT),
        result=entry.dataset(entry.one(entry.node, MF.result), UT),
    )
