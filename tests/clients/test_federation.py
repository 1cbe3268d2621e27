"""Other servers ask us: SERVICE from Oxigraph and Virtuoso, and LOAD of our documents."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from benchmarks.peers import Graph, NotInstalled
from clients.endpoint import PEER_PROGRAMS, PEERS, SECONDS, Endpoint
from clients.questions import GRAPH, HONGKOU, LABEL, NAMES, PREDICATE

pytestmark = pytest.mark.clients

OTHER = "https://kg.seocho.example/id/municipality/hebi"
NAMED = f'?city <{LABEL}> ?name FILTER(LANG(?name) = "ko")'


@pytest.fixture(scope="module", params=PEERS)
def peer(request: pytest.FixtureRequest, site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Start a peer that has something to say of two cities, and no names."""
    assert site
    scratch = tmp_path_factory.mktemp("peer")
    triples = scratch / "visited.nt"
    triples.write_text("".join(f"<{city}> <{PREDICATE}> <{city}> .\n" for city in (HONGKOU, OTHER)), "utf-8")
    with ExitStack() as stack:
        try:
            peer = stack.enter_context(PEERS[request.param](Graph(triples, PEER_PROGRAMS, scratch)))
        except NotInstalled as missing:
            pytest.skip(f"{request.param}: {missing}")
        yield peer


def rows_of(peer: Endpoint, query: str) -> list[dict[str, str]]:
    """Return what a peer answers."""
    request = Request(f"{peer.query}?{urlencode({'query': query})}", headers={"Accept": "text/csv"})  # noqa: S310
    with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - loopback
        return list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))


def test_service(peer: Endpoint, endpoint: Endpoint) -> None:
    """A peer joins what it has with what we answer."""
    query = f"SELECT ?city ?name {{ ?city <{PREDICATE}> ?x SERVICE <{endpoint.query}> {{ {NAMED} }} }}"
    rows = rows_of(peer, query)
    assert {row["city"]: row["name"] for row in rows} == {city: NAMES[city] for city in (HONGKOU, OTHER)}
    assert len(rows) == 2


def test_service_alone(peer: Endpoint, endpoint: Endpoint) -> None:
    """A peer passes on what we answer."""
    tie = (
        "?tie a <https://kg.seocho.example/ontology#Friendship> ; <https://kg.seocho.example/ontology#partner> ?city ."
    )
    rows = rows_of(peer, f"SELECT ?city ?name {{ SERVICE <{endpoint.query}> {{ {tie} {NAMED} }} }}")
    assert {row["city"]: row["name"] for row in rows} == NAMES
    assert len(rows) == len(NAMES)


@pytest.mark.parametrize("path", ["data/municipality/hongkou", "downloads/kg.ttl"])
def test_load(peer: Endpoint, site: str, path: str) -> None:
    """A peer loads a document of ours by its address (Oxigraph follows no redirects)."""
    if peer.name == "Virtuoso 7":
        pytest.skip("Virtuoso lets nobody load over HTTP unless its whole sponger is opened")
    peer.apply(f"LOAD <{site}{path}> INTO GRAPH <{GRAPH}>")
    assert peer.holds(f'GRAPH <{GRAPH}> {{ <{HONGKOU}> <{LABEL}> "{NAMES[HONGKOU]}"@ko }}')
    peer.apply(f"DROP GRAPH <{GRAPH}>")
