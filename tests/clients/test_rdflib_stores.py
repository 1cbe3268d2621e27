"""rdflib's remote stores: SPARQLStore and SPARQLUpdateStore."""

from collections.abc import Mapping
from typing import Any

import pytest
from rdflib import RDFS, Dataset, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from rdflib.query import Result

from clients.endpoint import Endpoint
from clients.queries import (
    ASK,
    CONSTRUCT,
    DESCRIBE,
    HONGKOU,
    NAMES,
    NOTE,
    NOTES,
    PARTNERS,
    PREDICATE,
    SELECT,
    SUBJECT,
    WRITTEN,
)

pytestmark = [
    pytest.mark.clients,
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),  # it leaves the response of an HTTP error open
]

EVERY_METHOD = pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
LABELS = {(URIRef(iri), RDFS.label, Literal(name, "ko")) for iri, name in NAMES.items()}
TRIPLE = (URIRef(SUBJECT), URIRef(PREDICATE), Literal(NOTE, "ko"))


def open_store(endpoint: Endpoint, **options: Any) -> Graph:
    """Return a graph over a SPARQLStore."""
    return Graph(SPARQLStore(endpoint.query, **options))


def rows_of(result: Result) -> set[tuple[Any, ...]]:
    """Return the solutions or triples of a result."""
    return {tuple(row) for row in result if not isinstance(row, bool)}


@EVERY_METHOD
@pytest.mark.parametrize("return_format", ["xml", "json", "tsv"])
def test_select(endpoint: Endpoint, return_format: str, method: str) -> None:
    """A SELECT yields the same terms in each results format."""
    rows = open_store(endpoint, returnFormat=return_format, method=method).query(SELECT)
    assert rows_of(rows) == {(city, name) for city, _, name in LABELS}


@EVERY_METHOD
def test_select_as_csv(endpoint: Endpoint, method: str) -> None:
    """A SELECT in CSV yields the values, without language tags."""
    rows = open_store(endpoint, returnFormat="csv", method=method).query(SELECT)
    assert {(str(city), str(name)) for city, name in rows_of(rows)} == set(NAMES.items())


@EVERY_METHOD
@pytest.mark.parametrize("return_format", ["xml", "json"])
@pytest.mark.parametrize("answer", ASK)
def test_ask(endpoint: Endpoint, return_format: str, method: str, *, answer: bool) -> None:
    """An ASK yields its boolean."""
    assert open_store(endpoint, returnFormat=return_format, method=method).query(ASK[answer]).askAnswer is answer


@EVERY_METHOD
@pytest.mark.parametrize("return_format", ["xml", "json", "application/rdf+xml"])
def test_construct(endpoint: Endpoint, return_format: str, method: str) -> None:
    """A CONSTRUCT yields its triples, also where the store accepts SPARQL results in JSON alone."""
    triples = open_store(endpoint, returnFormat=return_format, method=method).query(CONSTRUCT)
    assert rows_of(triples) == LABELS


@EVERY_METHOD
def test_construct_as_csv(endpoint: Endpoint, method: str) -> None:
    """A CONSTRUCT yields its triples also where the store accepts CSV alone."""
    triples = open_store(endpoint, returnFormat="csv", method=method).query(PARTNERS)
    assert {str(city) for _, _, city in rows_of(triples)} == set(NAMES)


@EVERY_METHOD
@pytest.mark.parametrize("return_format", ["xml", "json"])
def test_describe(endpoint: Endpoint, return_format: str, method: str) -> None:
    """A DESCRIBE yields its triples."""
    triples = open_store(endpoint, returnFormat=return_format, method=method).query(DESCRIBE)
    assert (URIRef(HONGKOU), RDFS.label, Literal(NAMES[HONGKOU], "ko")) in rows_of(triples)


def test_patterns(endpoint: Endpoint) -> None:
    """Triple patterns, membership and length are answered."""
    graph = open_store(endpoint)
    label = (URIRef(HONGKOU), RDFS.label, Literal(NAMES[HONGKOU], "ko"))
    assert label in graph
    assert label in set(graph.triples((URIRef(HONGKOU), None, None)))
    assert label[2] in set(graph.objects(URIRef(HONGKOU), RDFS.label))
    assert len(graph) > 20_000


def test_bindings_and_prefixes(endpoint: Endpoint) -> None:
    """``initNs`` and ``initBindings`` are sent with the query."""
    rows = open_store(endpoint).query(
        "SELECT ?name { ?city rdfs:label ?name }", initNs={"rdfs": RDFS}, initBindings={"city": URIRef(HONGKOU)}
    )
    assert (Literal(NAMES[HONGKOU], "ko"),) in {row[:1] for row in rows_of(rows)}


@EVERY_METHOD
def test_named_graph(endpoint: Endpoint, written_graph: str, method: str) -> None:
    """A graph with an IRI reads that named graph alone."""
    graph = Graph(SPARQLStore(endpoint.query, method=method), identifier=URIRef(written_graph))
    assert set(graph) == {TRIPLE}
    assert len(graph) == 1
    assert rows_of(graph.query(NOTES)) == {(TRIPLE[2],)}


def test_graphs(endpoint: Endpoint, written_graph: str) -> None:
    """A store lists the named graphs."""
    assert URIRef(written_graph) in set(SPARQLStore(endpoint.query).contexts())


@pytest.fixture(params=["bearer", "basic"])
def credentials(request: pytest.FixtureRequest, endpoint: Endpoint) -> Mapping[str, Any]:
    """Return the token as a bearer token, or as the password of any user."""
    if request.param == "basic":
        return {"auth": ("office", endpoint.token)}
    return {"headers": {"Authorization": endpoint.authorization}}


def test_add_and_remove(endpoint: Endpoint, graph: str, credentials: Mapping[str, Any]) -> None:
    """``add`` and ``remove`` change the named graph."""
    store = Graph(SPARQLUpdateStore(endpoint.query, endpoint.update, **credentials), identifier=URIRef(graph))
    store.add(TRIPLE)
    assert endpoint.holds(WRITTEN)
    assert set(store) == {TRIPLE}
    store.remove((None, URIRef(PREDICATE), None))
    assert not endpoint.holds(WRITTEN)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_update(endpoint: Endpoint, graph: str, credentials: Mapping[str, Any], method: str) -> None:
    """``update`` changes the named graph, with ``initNs`` and ``initBindings``."""
    store = SPARQLUpdateStore(endpoint.query, endpoint.update, method=method, **credentials)
    written = Graph(store, identifier=URIRef(graph))
    written.update(
        "INSERT { ?visit ex:note ?note } WHERE { }",
        initNs={"ex": "http://example.org/"},
        initBindings={"visit": TRIPLE[0], "note": TRIPLE[2]},
    )
    assert endpoint.holds(WRITTEN)


def test_commit(endpoint: Endpoint, graph: str, credentials: Mapping[str, Any]) -> None:
    """``commit`` sends the pending changes in one request; ``rollback`` discards them."""
    store = SPARQLUpdateStore(endpoint.query, endpoint.update, autocommit=False, dirty_reads=True, **credentials)
    written = Graph(store, identifier=URIRef(graph))
    written.add(TRIPLE)
    written.add((*TRIPLE[:2], Literal(1)))
    assert not endpoint.holds(WRITTEN)
    store.commit()
    assert len(written) == 2
    written.add((*TRIPLE[:2], Literal(2)))
    store.rollback()
    store.commit()
    assert len(written) == 2


def test_dataset(endpoint: Endpoint, graph: str, credentials: Mapping[str, Any]) -> None:
    """A dataset creates a graph, adds quads to it and drops it."""
    dataset = Dataset(SPARQLUpdateStore(endpoint.query, endpoint.update, **credentials))
    made = dataset.graph(URIRef(graph))
    dataset.addN([(*TRIPLE, made)])
    assert endpoint.holds(WRITTEN)
    assert set(made) == {TRIPLE}
    dataset.remove_graph(made)
    assert not endpoint.holds(WRITTEN)
