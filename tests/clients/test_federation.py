"""Oxigraph and Virtuoso federate with us (SERVICE) and load our documents (LOAD)."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from benchmarks.peers import Graph, NotInstalled
from clients.endpoint import PEER_PROGRAMS, PEERS, SECONDS, Endpoint
from clients.queries import GRAPH, HONGKOU, LABEL, NAMES, PREDICATE

pytestmark = pytest.mark.clients

OTHER = "https://kg.seocho.example/id/municipality/hebi"
NAMED = f'?city <{LABEL}> ?name FILTER(LANG(?name) = "ko")'


@pytest.fixture(scope="module", params=PEERS)
def peer(request: pytest.FixtureRequest, site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Start a peer with one triple about each of two cities."""
    scratch = tmp_path_factory.mktemp("peer")
    triples = scratch / "visited.nt"
    triples.write_text("".join(f"<{city}> <{PREDICATE}> <{site}> .\n" for city in (HONGKOU, OTHER)), "utf-8")
    with ExitStack() as stack:
        try:
            peer = stack.enter_context(PEERS[request.param](Graph(triples, PEER_PROGRAMS, scratch)))
        except NotInstalled as missing:
            pytest.skip(f"{request.param}: {missing}")
        yield peer


def rows_of(peer: Endpoint, query: str) -> list[dict[str, str]]:
    """Return a peer's solutions."""
    request = Request(f"{peer.query}?{urlencode({'query': query})}", headers={"Accept": "text/csv"})  # noqa: S310
    with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - loopback
        return list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))


def test_service(peer: Endpoint, endpoint: Endpoint) -> None:
    """A peer joins its triples with our solutions."""
    query = f"SELECT ?city ?name {{ ?city <{PREDICATE}> ?x SERVICE <{endpoint.query}> {{ {NAMED} }} }}"
    rows = rows_of(peer, query)
    assert {row["city"]: row["name"] for row in rows} == {city: NAMES[city] for city in (HONGKOU, OTHER)}
    assert len(rows) == 2


def test_service_alone(peer: Endpoint, endpoint: Endpoint) -> None:
    """A peer returns our solutions."""
    tie = (
        "?tie a <https://kg.seocho.example/ontology#Friendship> ; <https://kg.seocho.example/ontology#partner> ?city ."
    )
    rows = rows_of(peer, f"SELECT ?city ?name {{ SERVICE <{endpoint.query}> {{ {tie} {NAMED} }} }}")
    assert {row["city"]: row["name"] for row in rows} == NAMES
    assert len(rows) == len(NAMES)


@pytest.mark.parametrize("path", ["data/municipality/hongkou", "downloads/kg.ttl"])
def test_load(peer: Endpoint, site: str, path: str) -> None:
    """A peer loads a document by address; Oxigraph follows no redirect."""
    if peer.name == "Virtuoso 7":
        pytest.skip("Virtuoso needs its sponger for LOAD over HTTP")
    peer.apply(f"LOAD <{site}{path}> INTO GRAPH <{GRAPH}>")
    assert peer.holds(f'GRAPH <{GRAPH}> {{ <{HONGKOU}> <{LABEL}> "{NAMES[HONGKOU]}"@ko }}')
    peer.apply(f"DROP GRAPH <{GRAPH}>")
