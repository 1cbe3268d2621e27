"""Endpoints on loopback that stand for those which the federation tests name.

The suites name endpoints such as ``http://example.org/sparql``. Each gets an address on loopback, and the runner
writes that address for the name wherever the test has it: in the query, in the data, in the expected answer. A name for
which a test gives no data leads to an address that answers 404. The operator of the server under test must allow the
host and port of these addresses (the runner's ``--service-port``).
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from conformance.documents import read_quads
from conformance.manifest import Document

ENDPOINT_NAME = re.compile(r"http://(example\d*\.org|invalid\.endpoint\.org)/sparql")


@dataclass
class Endpoints:
    """Serves one dataset per endpoint name: ``http://127.0.0.1:PORT/example.org/sparql``."""

    port: int = 0
    stores: dict[str, Store] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Start to listen; port 0 becomes the port that was free."""
        endpoints = self

        class Handler(EndpointHandler):
            stores = endpoints.stores

        self.http_server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.http_server.daemon_threads = True
        self.port = self.http_server.server_port
        threading.Thread(target=self.http_server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self.http_server.shutdown()
        self.http_server.server_close()

    def serve(self, services: tuple[tuple[str, Document], ...]) -> None:
        """Serve these pairs of endpoint name and data, and no others."""
        self.stores.clear()
        for name, document in services:
            store = Store()
            store.extend(read_quads(document))
            self.stores[urlsplit(self.rewrite(name)).path] = store

    def rewrite(self, text: str) -> str:
        """Write loopback addresses for the names of the endpoints in a text.

        >>> Endpoints(port=8001).rewrite("SERVICE <http://example1.org/sparql> {}")
        'SERVICE <http://127.0.0.1:8001/example1.org/sparql> {}'
        """
        return ENDPOINT_NAME.sub(rf"http://127.0.0.1:{self.port}/\1/sparql", text)


class EndpointHandler(BaseHTTPRequestHandler):
    """Answers queries in SPARQL Results XML or JSON, and nothing else."""

    protocol_version = "HTTP/1.1"
    stores: dict[str, Store]

    def do_GET(self) -> None:
        """Answer a query in the query string."""
        self.answer(parse_qs(urlsplit(self.path).query).get("query", [""])[0])

    def do_POST(self) -> None:
        """Answer a query in the body."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8")
        is_form = "urlencoded" in (self.headers.get("Content-Type") or "")
        self.answer(parse_qs(body).get("query", [""])[0] if is_form else body)

    def answer(self, query: str) -> None:
        """Evaluate the query on the store of this path."""
        store = self.stores.get(urlsplit(self.path).path)
        if store is None:
            self.respond(404, "text/plain", b"no such endpoint")
            return
        is_json = "json" in (self.headers.get("Accept") or "")
        answer_format = QueryResultsFormat.JSON if is_json else QueryResultsFormat.XML
        try:
            results = store.query(query)
        except (SyntaxError, ValueError, OSError) as error:
            self.respond(400, "text/plain", str(error).encode())
            return
        if isinstance(results, QuerySolutions | QueryBoolean):
            self.respond(200, answer_format.media_type, results.serialize(format=answer_format) or b"")
        else:
            self.respond(406, "text/plain", b"only SELECT and ASK")

    def respond(self, status: int, media_type: str, body: bytes) -> None:
        """Send a whole response."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
