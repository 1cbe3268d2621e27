"""JSON-LD of things: small, begun with the thing, and the same statements as Turtle."""

from collections.abc import Iterator

import pyoxigraph
import pytest
from flask import Flask
from flask.testing import FlaskClient

from json_ld_documents import self_contained
from kg.build import Build
from kg.domain import DEFAULT_BASE_IRI

THINGS = f"{DEFAULT_BASE_IRI}id/"
MOST_BYTES = {"exchange": 10_000, "municipality": 60_000, "agreement": 10_000, "friendship": 20_000}
FRAMED = 'application/ld+json; profile="http://www.w3.org/ns/json-ld#framed"'


@pytest.fixture(scope="module")
def client(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the owner's page."""
    with owner_app.test_client() as client:
        yield client


@pytest.mark.parametrize("kind", MOST_BYTES)
def test_a_thing_is_small_as_json_ld(client: FlaskClient, made: Build, kind: str) -> None:
    """Every exchange, every city; the thing asked for comes first, in both forms, with its type."""
    subjects = sorted({str(one) for one in made.dataset.graphs["page"].subjects() if f"/id/{kind}/" in str(one)})
    assert len(subjects) >= 8
    for subject in subjects:
        path = f"/data/{subject.removeprefix(THINGS)}"
        turtle = {quad.triple for quad in pyoxigraph.parse(client.get(f"{path}.ttl").data, pyoxigraph.RdfFormat.TURTLE)}
        for accept in ("application/ld+json", FRAMED):
            answer = client.get(path, headers={"Accept": accept})
            assert len(answer.data) <= MOST_BYTES[kind], subject
            first = answer.get_json(force=True)["@graph"][0]
            assert (first["id"], bool(first["type"])) == (subject, True)
            read = pyoxigraph.parse(self_contained(answer.data), pyoxigraph.RdfFormat.JSON_LD)
            assert {quad.triple for quad in read} == turtle, subject
