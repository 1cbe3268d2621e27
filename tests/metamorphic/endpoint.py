"""The live endpoint as the test uses it: asked in each way that the protocol knows, written to, and cleaned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from conformance.server import QUERY_TYPE, Response, Server
from conformance.solutions import JSON_TYPE, Solutions, read_answer
from conformance.terms import Row
from metamorphic.requests import Request

FORM_TYPE = "application/x-www-form-urlencoded"
WRITTEN = "http://example.org/written/"
_WRITTEN_QUADS = f'SELECT ?g ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{WRITTEN}")) }}'


@dataclass
class Endpoint:
    """A SPARQL endpoint with its graph store."""

    server: Server

    def post(self, request: Request, accept: str) -> Response:
        """Ask a query by POST, directly."""
        headers = {"Content-Type": QUERY_TYPE, "Accept": accept}
        return self.server.send("POST", self.address(request), headers, request.text.encode())

    def get(self, request: Request, accept: str) -> Response:
        """Ask a query by GET."""
        parameters = urlencode([("query", request.text), *request.parameters])
        return self.server.send("GET", f"{self.server.addresses.query}?{parameters}", {"Accept": accept})

    def post_form(self, request: Request, accept: str) -> Response:
        """Ask a query by POST, as a form."""
        body = urlencode([("query", request.text), *request.parameters]).encode()
        headers = {"Content-Type": FORM_TYPE, "Accept": accept}
        return self.server.send("POST", self.server.addresses.query, headers, body)

    def address(self, request: Request) -> str:
        """Return the address for a query's parameters."""
        parameters = f"?{urlencode(request.parameters)}" if request.parameters else ""
        return self.server.addresses.query + parameters

    def update(self, text: str) -> Response:
        """Send an update."""
        return self.server.update(text)

    def put(self, graph: str, turtle: str) -> None:
        """Write a graph."""
        headers = {"Content-Type": "text/turtle"} | self.server.authorization()
        check(self.server.send("PUT", self.graph_address(graph), headers, turtle.encode()))

    def delete(self, graph: str) -> None:
        """Remove a graph; one that is not there is as good as removed."""
        self.server.send("DELETE", self.graph_address(graph), self.server.authorization())

    def graph_address(self, graph: str) -> str:
        """Return the address of a graph."""
        return f"{self.server.addresses.graph_store}?{urlencode({'graph': graph})}"

    def quads(self, graphs: Iterable[str]) -> Iterator[Quad]:
        """Yield the quads of named graphs as the graph store gives them."""
        for name in graphs:
            response = check(self.server.send("GET", self.graph_address(name), {"Accept": "application/n-triples"}))
            triples = parse(response.body, format=RdfFormat.N_TRIPLES)
            yield from (Quad(each.subject, each.predicate, each.object, NamedNode(name)) for each in triples)

    def rows(self, query: str) -> list[Row]:
        """Ask a SELECT query of ours and return its rows."""
        response = check(self.server.query(query, JSON_TYPE))
        answer = read_answer(response.body, response.media_type)
        return list(answer.rows) if isinstance(answer, Solutions) else []

    def graph(self, name: str) -> list[Row]:
        """Return the triples of a graph."""
        return self.rows(f"SELECT ?s ?p ?o {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")

    def take_written(self) -> list[Row]:
        """Return the quads that an update wrote below ``http://example.org/written/``, and remove them."""
        quads = self.rows(_WRITTEN_QUADS)
        self.remove(str(quad[0])[1:-1] for quad in quads)
        return quads

    def remove(self, graphs: Iterable[str]) -> None:
        """Remove graphs."""
        for graph in sorted(set(graphs)):
            self.delete(graph)


def check(response: Response) -> Response:
    """Return a response that is a success, or raise RuntimeError."""
    if not response.is_success:
        raise RuntimeError(response.summary())
    return response
