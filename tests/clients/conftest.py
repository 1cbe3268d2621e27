"""The server under test, and the clients that are Python packages."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from benchmarks.peers import Graph
from clients.endpoint import OURS, PEER_PROGRAMS, PEERS, SECONDS, Endpoint, own_endpoint
from clients.queries import GRAPH, INSERT


@pytest.fixture(autouse=True)
def _timeout() -> Iterator[None]:
    """Limit how long a client in this process waits: rdflib and others set no timeout.

    For one test at a time: sockets made later, and those of child processes, would not block either.
    """
    socket.setdefaulttimeout(SECONDS)
    yield
    socket.setdefaulttimeout(None)


@pytest.fixture(scope="session")
def endpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Start our server, or the peer that ``TEST_CLIENTS_SERVER`` names, with the owner's data."""
    name, scratch = os.environ.get("TEST_CLIENTS_SERVER", OURS), tmp_path_factory.mktemp("clients")
    if name == OURS:
        with own_endpoint(scratch / "store") as endpoint:
            yield endpoint
        return
    triples = scratch / "kg.nt"
    triples.write_bytes(request.getfixturevalue("files")["kg.nt"])
    with PEERS[name](Graph(triples, PEER_PROGRAMS, scratch)) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def site(endpoint: Endpoint) -> str:
    """Return the root of our site; skip the test on a peer, which does not serve it."""
    if endpoint.name != OURS:
        pytest.skip(f"{endpoint.name} does not serve our documents")
    return endpoint.query.removesuffix("sparql")


@pytest.fixture
def graph(endpoint: Endpoint) -> Iterator[str]:
    """Return the IRI of an empty graph; drop the graph afterwards."""
    yield GRAPH
    endpoint.apply(f"DROP SILENT GRAPH <{GRAPH}>")


@pytest.fixture
def written_graph(endpoint: Endpoint, graph: str) -> str:
    """Return the IRI of a graph of one triple."""
    endpoint.apply(INSERT)
    return graph


@pytest.fixture(scope="session")
def sparqlwrapper() -> Any:
    """Import SPARQLWrapper. Not at the top: the default run collects these tests without the clients installed."""
    return import_module("SPARQLWrapper")


@pytest.fixture(scope="session")
def pandas() -> Any:
    """Import pandas."""
    return import_module("pandas")


@pytest.fixture(scope="session")
def pyld() -> Any:
    """Import PyLD."""
    return import_module("pyld.jsonld")
