"""The clients for Node.js: fetch-sparql-endpoint, sparql-http-client, Comunica."""

from typing import Any

import pytest

from clients.endpoint import Endpoint
from clients.node import run
from clients.queries import (
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
"""The options of fetch-sparql-endpoint for each HTTP method."""
OPERATIONS = ("get", "postUrlencoded", "postDirect")
"""The operations of the protocol in sparql-http-client's terms."""
UPDATE_TYPES = {"postUrlencoded": "application/x-www-form-urlencoded", "postDirect": "application/sparql-update"}
LOCAL = {
    "type": "serialized",
    "value": f"<{HONGKOU}> <{PREDICATE}> true .",
    "mediaType": "text/turtle",
    "baseIRI": "http://example.org/",
}
"""A local source of one triple."""
JOINED = f"?city <{PREDICATE}> true"
NAMED = f'?city <{LABEL}> ?name FILTER(LANG(?name) = "ko")'


@pytest.mark.parametrize("how", FETCHES)
def test_fetch(endpoint: Endpoint, how: str) -> None:
    """fetch-sparql-endpoint reads solutions, booleans and triples with each HTTP method."""
    asked: dict[str, Any] = {"endpoint": endpoint.query, "options": FETCHES[how]}
    assert sorted(run("fetch-sparql-endpoint", "select", query=SELECT, **asked)) == ROWS
    assert [run("fetch-sparql-endpoint", "ask", query=ASK[answer], **asked) for answer in ASK] == list(ASK)
    assert sorted(run("fetch-sparql-endpoint", "construct", query=CONSTRUCT, **asked)) == LABELS
    assert [HONGKOU, NAMES[HONGKOU]] in run("fetch-sparql-endpoint", "construct", query=DESCRIBE, **asked)


@pytest.mark.usefixtures("graph")
def test_fetch_update(endpoint: Endpoint) -> None:
    """fetch-sparql-endpoint applies an update with a bearer token."""
    headers = {"Authorization": endpoint.authorization}
    run("fetch-sparql-endpoint", "update", endpoint=endpoint.update, query=INSERT, headers=headers)
    assert endpoint.holds(WRITTEN)


@pytest.mark.parametrize("parses", [True, False], ids=["parsing", "streaming"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_sparql_http_client(endpoint: Endpoint, operation: str, *, parses: bool) -> None:
    """sparql-http-client reads solutions, booleans and triples by each operation, streamed or parsed."""
    asked = {"options": {"endpointUrl": endpoint.query}, "how": {"operation": operation}, "parses": parses}
    assert sorted(run("sparql-http-client", "select", query=SELECT, **asked)) == ROWS
    assert run("sparql-http-client", "ask", query=ASK[True], **asked) is True
    assert sorted(run("sparql-http-client", "construct", query=CONSTRUCT, **asked)) == LABELS


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("operation", UPDATE_TYPES)
@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_sparql_http_client_update(endpoint: Endpoint, operation: str, kind: str) -> None:
    """sparql-http-client applies an update with a bearer token, or with the token as the password of any user."""
    options = {"updateUrl": endpoint.update, **authorized(endpoint, kind)}
    how = {"operation": operation, "headers": {"content-type": UPDATE_TYPES[operation]}}
    run("sparql-http-client", "update", query=INSERT, options=options, how=how)
    assert endpoint.holds(WRITTEN)


@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_sparql_http_client_store(endpoint: Endpoint, graph: str, kind: str) -> None:
    """sparql-http-client puts a graph and reads it (Graph Store Protocol)."""
    options = {"storeUrl": endpoint.addresses.graph_store, **authorized(endpoint, kind)}
    run("sparql-http-client", "put", options=options, graph=graph, triple=[SUBJECT, PREDICATE, NOTE])
    assert endpoint.holds(WRITTEN)
    assert run("sparql-http-client", "read", options=options, graph=graph) == [[SUBJECT, NOTE]]


def authorized(endpoint: Endpoint, kind: str) -> dict[str, Any]:
    """Return the options of sparql-http-client with the token."""
    if kind == "basic":
        return {"user": "office", "password": endpoint.token}
    return {"headers": {"Authorization": endpoint.authorization}}


@pytest.mark.parametrize("is_given", [True, False], ids=["given", "detected"])
def test_comunica(endpoint: Endpoint, *, is_given: bool) -> None:
    """Comunica reads solutions, booleans and triples, the source type given or detected."""
    context = {"sources": [{"type": "sparql", "value": endpoint.query} if is_given else endpoint.query]}
    assert run("comunica", "select", query=SELECT, context=context) == ROWS
    assert [run("comunica", "ask", query=ASK[answer], context=context) for answer in ASK] == list(ASK)
    assert sorted(run("comunica", "construct", query=CONSTRUCT, context=context)) == LABELS
    assert [HONGKOU, NAMES[HONGKOU]] in run("comunica", "construct", query=DESCRIBE, context=context)


def test_comunica_service(endpoint: Endpoint) -> None:
    """SERVICE in a query on local data detects the endpoint by its service description."""
    query = f"SELECT ?city ?name {{ {JOINED} SERVICE <{endpoint.query}> {{ {NAMED} }} }}"
    assert run("comunica", "select", query=query, context={"sources": [LOCAL]}) == [[HONGKOU, NAMES[HONGKOU], "ko"]]


def test_comunica_two_sources(endpoint: Endpoint) -> None:
    """A query is split between a local source and the endpoint and joined."""
    context = {"sources": [LOCAL, {"type": "sparql", "value": endpoint.query}]}
    query = f"SELECT ?city ?name {{ {JOINED} . {NAMED} }}"
    assert run("comunica", "select", query=query, context=context) == [[HONGKOU, NAMES[HONGKOU], "ko"]]


def test_comunica_long_query(endpoint: Endpoint) -> None:
    """A query too long for a URL is answered by POST."""
    others = " ".join(f"<http://example.org/no-city/{number}>" for number in range(500))
    query = f"SELECT ?city ?name {{ VALUES ?city {{ <{HONGKOU}> {others} }} {NAMED} }}"
    context = {"sources": [{"type": "sparql", "value": endpoint.query}]}
    assert run("comunica", "select", query=query, context=context) == [[HONGKOU, NAMES[HONGKOU], "ko"]]


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_comunica_update(endpoint: Endpoint, kind: str) -> None:
    """Comunica applies an update with a bearer token, or with ``httpAuth`` (Basic)."""
    place = {"type": "sparql", "value": endpoint.update}
    context: dict[str, Any] = {"sources": [place], "destination": place}
    if kind == "basic":
        context["httpAuth"] = f"office:{endpoint.token}"
    authorization = endpoint.authorization if kind == "bearer" else None
    run("comunica", "update", query=INSERT, context=context, authorization=authorization)
    assert endpoint.holds(WRITTEN)


@pytest.mark.parametrize(
    ("path", "pattern", "least"),
    [
        ("id/municipality/hongkou", "?s ?p ?o", 1),
        ("ontology", "?s ?p ?o", 1),
        ("downloads/kg.jsonld", "GRAPH ?g { ?s ?p ?o }", 20_000),
        ("downloads/kg.ttl", "?s ?p ?o", 20_000),
    ],
)
def test_comunica_documents(site: str, path: str, pattern: str, least: int) -> None:
    """Comunica queries a document that it loads by address; a dump in JSON-LD has named graphs."""
    found = run("comunica", "count", query=f"SELECT * {{ {pattern} }}", context={"sources": [f"{site}{path}"]})
    assert found >= least
