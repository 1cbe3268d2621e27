"""Reads the RDF documents of the suites, and writes a test's whole dataset as one text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from conformance.manifest import PUBLISHED, DatasetDocuments, Document, QueryEvaluationTest
from conformance.terms import Row

EMPTY = DatasetDocuments()

FROM_CLAUSE = re.compile(r"^\s*FROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE | re.MULTILINE)


def read_quads(document: Document, graph_name: str | None = None) -> list[Quad]:
    """Read a document, its default graph under the given name; its blank nodes are its own."""
    rdf_format = RdfFormat.from_extension(document.path.suffix[1:])
    name = NamedNode(graph_name) if graph_name else DefaultGraph()
    quads = parse(path=document.path, format=rdf_format, base_iri=document.iri, rename_blank_nodes=True)
    return [Quad(quad.subject, quad.predicate, quad.object, name) if is_default(quad) else quad for quad in quads]


def is_default(quad: Quad) -> bool:
    """Tell whether the quad is in the default graph."""
    return isinstance(quad.graph_name, DefaultGraph)


def read_dataset(dataset: DatasetDocuments) -> list[Quad]:
    """Read all documents of a dataset."""
    quads = [quad for document in dataset.default for quad in read_quads(document)]
    return quads + [quad for name, document in dataset.named for quad in read_quads(document, name)]


def quad_row(quad: Quad) -> Row:
    """Return a quad as a row: subject, predicate, object, and graph name or None."""
    name = None if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
    return (quad.subject, quad.predicate, quad.object, name)


def triple_rows(document: Document) -> list[Row]:
    """Return the distinct triples of a document as rows."""
    return list({quad_row(quad)[:3] for quad in read_quads(document)})


def queried_dataset(test: QueryEvaluationTest) -> DatasetDocuments:
    """Return a test's dataset with the documents that its query names in FROM clauses as named graphs.

    A query of the suites names documents on the web; here they are in the store under their own IRIs.
    """
    known = {name for name, _ in test.dataset.named}
    named = [(iri, doc) for iri, doc in documents_named_in_from(test.query) if iri not in known and doc.path.exists()]
    return DatasetDocuments(test.dataset.default, (*test.dataset.named, *sorted(named, key=lambda pair: pair[0])))


def documents_named_in_from(query: Document) -> Iterator[tuple[str, Document]]:
    """Yield the documents beside a query that its FROM clauses name."""
    for reference in sorted(set(FROM_CLAUSE.findall(query.path.read_text("utf-8")))):
        iri = urljoin(query.iri, reference)
        if iri.startswith(PUBLISHED):
            yield iri, Document(iri, query.path.parent / iri.rpartition("/")[2])


def text_with_base(document: Document) -> str:
    """Return a query or an update behind a BASE of its own IRI, as retrieving it from there would give it."""
    return f"BASE <{document.iri}>\n{document.path.read_text('utf-8')}"
