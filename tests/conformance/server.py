"""The server under test, seen over HTTP and in no other way."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECONDS = 30.0
"""How long an answer may take."""

QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"


@dataclass(frozen=True)
class Addresses:
    """Where the server takes queries, updates and graphs; often the first two are one."""

    query: str
    update: str
    graph_store: str


@dataclass(frozen=True)
class Response:
    """A whole response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def summary(self) -> str:
        """Return the status and the beginning of the body on one line."""
        return f"{self.status} {self.media_type} {' '.join(self.body[:400].decode('utf-8', 'replace').split())}"


@dataclass
class Server:
    """A SPARQL server; remembers its connections, and the last exchange for reports."""

    addresses: Addresses
    token: str | None = None
    last_request: str = ""
    last_response: Response | None = None
    connections: dict[str, http.client.HTTPConnection] = field(default_factory=dict)

    def query(self, text: str, accept: str) -> Response:
        """Ask a query by POST, directly and without a token: reading needs none."""
        return self.send("POST", self.addresses.query, {"Content-Type": QUERY_TYPE, "Accept": accept}, text.encode())

    def update(self, text: str) -> Response:
        """Send an update by POST, directly."""
        headers = {"Content-Type": UPDATE_TYPE} | self.authorization()
        return self.send("POST", self.addresses.update, headers, text.encode())

    def authorization(self) -> dict[str, str]:
        """Return the header that carries the token, if there is one."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Response:
        """Send a request with exactly these headers and read the whole response; raises OSError where none comes."""
        self.last_request = describe_request(method, url, headers.items(), body)
        self.last_response = None
        try:
            self.last_response = self.exchange(method, url, headers, body)
        except ConnectionError:  # a kept connection may have been closed meanwhile
            self.last_response = self.exchange(method, url, headers, body)
        return self.last_response

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """Send a request over the connection kept for its host."""
        parts = urlsplit(url)
        connection = self.connections.setdefault(
            parts.netloc, http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
        )
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, body=body, headers=dict(headers))
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Response(response.status, fields, response.read())
        except OSError:
            connection.close()
            raise
        except http.client.HTTPException as error:
            connection.close()
            raise ConnectionError(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        """Close the connections."""
        for connection in self.connections.values():
            connection.close()


def describe_request(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes | None) -> str:
    """Return a request as text, the token left out."""
    lines = [f"{method} {url}", *(f"{name}: {value}" for name, value in headers if name != "Authorization")]
    return "\n".join([*lines, "", (body or b"").decode("utf-8", "replace")])
