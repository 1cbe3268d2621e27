"""Entity tags at every endpoint: the same tag means the same bytes."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.rdf import GRAPH_FORMS

GRAPHS = [form.media_type for form in GRAPH_FORMS]
RDF = ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
QUERY = "/sparql?query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20a%20%3Fo%20%7D"
ADDRESSES = {
    "/data/municipality/hebi": GRAPHS,
    "/page/municipality/hebi": ["text/html"],
    "/graphs/page": GRAPHS,
    "/graphs/history": GRAPHS,
    QUERY: GRAPHS,
    "/sparql": [*RDF, "text/html"],
    "/dataset": [*RDF, "text/html"],
    "/ontology": [*GRAPHS, "text/html"],
    "/shapes": [*RDF, "text/html"],
    "/history": GRAPHS,
    "/downloads/": ["application/json", "text/html"],
    "/downloads/kg.ttl": ["*/*"],
    "/exchanges": ["text/html"],
    "/timemap/link/graphs/page": ["application/link-format", "application/json"],
    "/sitemap.xml": ["*/*"],
}
SLOW = ("/dataset", "/shapes")
CODINGS = ("identity", "gzip", "br")


@pytest.fixture(scope="module")
def client(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the owner's page."""
    with owner_app.test_client() as client:
        yield client


@pytest.mark.parametrize(
    "address", [pytest.param(one, marks=pytest.mark.slow) if one in SLOW else one for one in ADDRESSES]
)
def test_the_same_tag_means_the_same_bytes(client: FlaskClient, address: str) -> None:
    """However often, in whichever format and coding an address is read, no strong tag is of two contents."""
    contents = defaultdict(set)
    for accept in ADDRESSES[address] * 2:
        for coding in CODINGS:
            answer = client.get(address, headers={"Accept": accept, "Accept-Encoding": coding})
            assert answer.status_code == 200
            contents[answer.headers["ETag"]].add(answer.data)
    assert {len(found) for found in contents.values()} == {1}
    assert all(etag.startswith('"') for etag in contents)


@pytest.mark.parametrize("media_type", GRAPHS)
def test_a_description_is_the_same_each_time(client: FlaskClient, media_type: str) -> None:
    """The documents about a thing and the terms change with the version alone."""
    for address in ("/data/municipality/hebi", "/ontology"):
        found = {client.get(address, headers={"Accept": media_type}).data for _ in range(3)}
        assert len(found) == 1
