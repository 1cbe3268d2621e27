"""The clients for Node.js: fetch-sparql-endpoint, sparql-http-client, Comunica."""

from typing import Any

import pytest

from clients.endpoint import OURS, Endpoint
from clients.node import run
from clients.questions import (
    ASK,
    CONSTRUCT,
    DESCRIBE,
    HONGKOU,
    INSERT,
    LABEL,
    NAMES,
    NOTE,
    PREDICATE,
    SELECT,
    SUBJECT,
    WRITTEN,
)

pytestmark = pytest.mark.clients

ROWS = sorted([iri, name, "ko"] for iri, name in NAMES.items())
LABELS = sorted([iri, name] for iri, name in NAMES.items())
FETCHES = {
    "get": {"method": "GET"},
    "post": {"method": "POST"},
    "post-directly": {"method": "POST", "directPost": True},
    "query": {"method": "QUERY"},
}
"""How fetch-sparql-endpoint asks."""
OPERATIONS = ("get", "postUrlencoded", "postDirect")
"""How sparql-http-client asks."""
UPDATE_TYPES = {"postUrlencoded": "application/x-www-form-urlencoded", "postDirect": "application/sparql-update"}
LOCAL = {
    "type": "serialized",
    "value": f"<{HONGKOU}> <{PREDICATE}> true .",
    "mediaType": "text/turtle",
    "baseIRI": "http://example.org/",
}
"""A source of Comunica's own: one triple."""
JOINED = f"?city <{PREDICATE}> true"
NAMED = f'?city <{LABEL}> ?name FILTER(LANG(?name) = "ko")'


@pytest.mark.parametrize("how", FETCHES)
def test_fetch(endpoint: Endpoint, how: str) -> None:
    """fetch-sparql-endpoint reads rows, truth values and triples, asked by each of its methods."""
    asked: dict[str, Any] = {"endpoint": endpoint.query, "options": FETCHES[how]}
    assert sorted(run("fetch-sparql-endpoint", "select", query=SELECT, **asked)) == ROWS
    assert [run("fetch-sparql-endpoint", "ask", query=ASK[answer], **asked) for answer in ASK] == list(ASK)
    assert sorted(run("fetch-sparql-endpoint", "construct", query=CONSTRUCT, **asked)) == LABELS
    assert [HONGKOU, NAMES[HONGKOU]] in run("fetch-sparql-endpoint", "construct", query=DESCRIBE, **asked)


@pytest.mark.usefixtures("graph")
def test_fetch_update(endpoint: Endpoint) -> None:
    """fetch-sparql-endpoint applies an update with the token in a header field."""
    headers = {"Authorization": endpoint.authorization}
    run("fetch-sparql-endpoint", "update", endpoint=endpoint.update, query=INSERT, headers=headers)
    assert endpoint.holds(WRITTEN)


@pytest.mark.parametrize("parses", [True, False], ids=["parsing", "streaming"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_sparql_http_client(endpoint: Endpoint, operation: str, *, parses: bool) -> None:
    """sparql-http-client reads rows, truth values and triples by each operation, as a stream or parsed."""
    asked = {"options": {"endpointUrl": endpoint.query}, "how": {"operation": operation}, "parses": parses}
    assert sorted(run("sparql-http-client", "select", query=SELECT, **asked)) == ROWS
    assert run("sparql-http-client", "ask", query=ASK[True], **asked) is True
    assert sorted(run("sparql-http-client", "construct", query=CONSTRUCT, **asked)) == LABELS


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("operation", UPDATE_TYPES)
@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_sparql_http_client_update(endpoint: Endpoint, operation: str, kind: str) -> None:
    """sparql-http-client applies an update with the token in a header field or as the password of anybody."""
    options = {"updateUrl": endpoint.update, **authorized(endpoint, kind)}
    how = {"operation": operation, "headers": {"content-type": UPDATE_TYPES[operation]}}
    run("sparql-http-client", "update", query=INSERT, options=options, how=how)
    assert endpoint.holds(WRITTEN)


@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_sparql_http_client_store(endpoint: Endpoint, graph: str, kind: str) -> None:
    """sparql-http-client puts a graph and reads it again (Graph Store Protocol)."""
    options = {"storeUrl": endpoint.addresses.graph_store, **authorized(endpoint, kind)}
    run("sparql-http-client", "put", options=options, graph=graph, triple=[SUBJECT, PREDICATE, NOTE])
    assert endpoint.holds(WRITTEN)
    assert run("sparql-http-client", "read", options=options, graph=graph) == [[SUBJECT, NOTE]]


def authorized(endpoint: Endpoint, kind: str) -> dict[str, Any]:
    """Return the options of sparql-http-client that send the token."""
    if kind == "basic":
        return {"user": "office", "password": endpoint.token}
    return {"headers": {"Authorization": endpoint.authorization}}


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "found-out"])
def test_comunica(endpoint: Endpoint, *, is_told: bool) -> None:
    """Comunica reads rows, truth values and triples of an address, told what it is or finding it out."""
    context = {"sources": [{"type": "sparql", "value": endpoint.query} if is_told else endpoint.query]}
    assert run("comunica", "select", query=SELECT, context=context) == ROWS
    assert [run("comunica", "ask", query=ASK[answer], context=context) for answer in ASK] == list(ASK)
    assert sorted(run("comunica", "construct", query=CONSTRUCT, context=context)) == LABELS
    assert [HONGKOU, NAMES[HONGKOU]] in run("comunica", "construct", query=DESCRIBE, context=context)


def test_comunica_finds_out_by_the_description(endpoint: Endpoint) -> None:
    """A SERVICE in a query on other data leads Comunica to what the address says of itself, then to the rows."""
    query = f"SELECT ?city ?name {{ {JOINED} SERVICE <{endpoint.query}> {{ {NAMED} }} }}"
    assert run("comunica", "select", query=query, context={"sources": [LOCAL]}) == [[HONGKOU, NAMES[HONGKOU], "ko"]]


def test_comunica_joins(endpoint: Endpoint) -> None:
    """A query over two sources is split between them and joined."""
    context = {"sources": [LOCAL, {"type": "sparql", "value": endpoint.query}]}
    query = f"SELECT ?city ?name {{ {JOINED} . {NAMED} }}"
    assert run("comunica", "select", query=query, context=context) == [[HONGKOU, NAMES[HONGKOU], "ko"]]


def test_comunica_asks_at_length(endpoint: Endpoint) -> None:
    """A query that is too long for an address is sent by POST."""
    others = " ".join(f"<http://example.org/no-city/{number}>" for number in range(500))
    query = f"SELECT ?city ?name {{ VALUES ?city {{ <{HONGKOU}> {others} }} {NAMED} }}"
    context = {"sources": [{"type": "sparql", "value": endpoint.query}]}
    assert run("comunica", "select", query=query, context=context) == [[HONGKOU, NAMES[HONGKOU], "ko"]]


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_comunica_update(endpoint: Endpoint, kind: str) -> None:
    """Comunica applies an update with a header field or with its own option for Basic authentication."""
    place = {"type": "sparql", "value": endpoint.update}
    context: dict[str, Any] = {"sources": [place], "destination": place}
    if kind == "basic":
        context["httpAuth"] = f"office:{endpoint.token}"
    authorization = endpoint.authorization if kind == "bearer" else None
    run("comunica", "update", query=INSERT, context=context, authorization=authorization)
    assert endpoint.holds(WRITTEN)


@pytest.mark.parametrize(
    ("path", "least"),
    [("id/municipality/hongkou", 1), ("ontology", 1), ("downloads/kg.jsonld", 20_000), ("downloads/kg.ttl", 20_000)],
)
def test_comunica_documents(site: str, endpoint: Endpoint, path: str, least: int) -> None:
    """Comunica queries a document that it loads by its address."""
    assert endpoint.name == OURS
    found = run("comunica", "count", query="SELECT * { ?s ?p ?o }", context={"sources": [f"{site}{path}"]})
    assert found >= least
