"""The server under test: ours, or a peer, to see whether a failure is a fault of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from benchmarks import peers
from conformance.live_server import own_subject
from conformance.server import Addresses

OURS = "kg"
SECONDS = 60
"""Time limit of a request or a client process; a client without one of its own would block the suite."""
PEER_PROGRAMS = Path(__file__).parents[2] / ".venv-peers"
"""Where ``make`` installs the peers that are Python packages."""
_NO_TOKEN = "none"  # noqa: S105 - the peers need none and ignore it
_GRANTS = (
    'GRANT SELECT ON DB.DBA.SPARQL_SINV_2 TO "SPARQL"; '
    'GRANT EXECUTE ON DB.DBA.SPARQL_SINV_IMP TO "SPARQL"; '
    'GRANT SPARQL_UPDATE TO "SPARQL";'
)
"""The rights that Virtuoso's endpoint needs for SERVICE and updates."""


@dataclass(frozen=True)
class Endpoint:
    """A server: its name, its addresses for queries, updates and graphs, and the token for writing."""

    name: str
    addresses: Addresses
    token: str

    @property
    def query(self) -> str:
        """The address for queries."""
        return self.addresses.query

    @property
    def update(self) -> str:
        """The address for updates."""
        return self.addresses.update

    @property
    def authorization(self) -> str:
        """The token as a header value (RFC 6750, section 2.1)."""
        return f"Bearer {self.token}"

    def holds(self, pattern: str) -> bool:
        """Return whether a graph pattern matches, asked by GET with a plain HTTP client."""
        query = quote(f"SELECT (1 AS ?found) WHERE {{ {pattern} }} LIMIT 1", safe="")  # Virtuoso has no boolean in JSON
        target = f"{urlsplit(self.query).path}?query={query}"
        return len(self._exchange("GET", self.query, target, {"Accept": "text/csv"}).splitlines()) > 1

    def apply(self, update: str) -> None:
        """Send an update by POST with a plain HTTP client."""
        fields = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": self.authorization}
        self._exchange("POST", self.update, urlsplit(self.update).path, fields, urlencode({"update": update}))

    @staticmethod
    def _exchange(method: str, address: str, target: str, fields: Mapping[str, str], body: str | None = None) -> bytes:
        parts = urlsplit(address)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
        try:
            connection.request(method, target, body, dict(fields))
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        assert response.status < 300, content[:400]
        return content


@contextmanager
def own_endpoint(store: Path) -> Iterator[Endpoint]:
    """Start our server on a fresh store of the owner's page."""
    with own_subject(store) as subject:
        yield Endpoint(OURS, subject.addresses, subject.token or "")


@contextmanager
def oxigraph_endpoint(graph: peers.Graph) -> Iterator[Endpoint]:
    """Start Oxigraph's own server with CORS."""
    with peers.oxigraph(graph, "--cors") as peer:
        addresses = Addresses(f"{peer.root}/query", f"{peer.root}/update", f"{peer.root}/store")
        yield Endpoint(peer.name, addresses, _NO_TOKEN)


@contextmanager
def virtuoso_endpoint(graph: peers.Graph) -> Iterator[Endpoint]:
    """Start Virtuoso with the rights to update and to federate."""
    with peers.virtuoso_7(graph, _GRANTS) as peer:
        address = f"{peer.root}/sparql"
        yield Endpoint(peer.name, Addresses(address, address, f"{peer.root}/sparql-graph-crud"), _NO_TOKEN)


PEERS: Mapping[str, Callable[[peers.Graph], AbstractContextManager[Endpoint]]] = {
    "Oxigraph": oxigraph_endpoint,
    "Virtuoso 7": virtuoso_endpoint,
}
"""The peers by name."""
