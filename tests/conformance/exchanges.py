"""Reads the HTTP requests and expected responses of the Protocol and Graph Store Protocol tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from rdflib import Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

CNT = Namespace("http://www.w3.org/2011/content#")
HT = Namespace("http://www.w3.org/2011/http#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")

STATUS_CODES = {
    "OK": range(200, 201),
    "Created": range(201, 202),
    "NoContent": range(204, 205),
    "NotFound": range(404, 405),
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
}
"""The status codes that a name of ``http://www.w3.org/2011/http-statusCodes#`` stands for."""


@dataclass(frozen=True)
class ExpectedResponse:
    """What a response must be; a field that is empty or None demands nothing."""

    status_codes: tuple[range, ...]
    boolean: bool | None
    result_format: str
    location_variable: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


@dataclass(frozen=True)
class Exchange:
    """One request, its path as in the manifest, and the response that is expected."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    expected: ExpectedResponse


def read_exchanges(graph: Graph, connection: Node) -> tuple[Exchange, ...]:
    """Read the requests of a connection, in order."""
    requests = cast("Node", graph.value(connection, HT.requests))
    return tuple(read_exchange(graph, node) for node in Collection(graph, requests))


def read_exchange(graph: Graph, node: Node) -> Exchange:
    """Read one request with its response."""
    return Exchange(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=read_headers(graph, node),
        body=read_body(graph, node),
        expected=read_response(graph, cast("Node", graph.value(node, HT.resp))),
    )


def read_response(graph: Graph, node: Node) -> ExpectedResponse:
    """Read what is expected of a response."""
    names = (str(name).rpartition("#")[2] for name in graph.objects(node, MF.expectedStatus))
    boolean = graph.value(node, MF.expectedBoolean)
    return ExpectedResponse(
        status_codes=tuple(STATUS_CODES[name] for name in sorted(names)),
        boolean=bool(boolean.value) if isinstance(boolean, Literal) else None,
        result_format=str(graph.value(node, MF.expectedFormat, default=Literal(""))),
        location_variable=str(graph.value(node, MF.expectedLocation, default=Literal(""))),
        headers=read_headers(graph, node),
        body=read_body(graph, node),
    )


def read_headers(graph: Graph, node: Node) -> tuple[tuple[str, str], ...]:
    """Read the header fields of a request or a response, in order."""
    fields = graph.value(node, HT.headers)
    if fields is None:
        return ()
    return tuple(
        (str(graph.value(field, HT.fieldName)), str(graph.value(field, HT.fieldValue)))
        for field in Collection(graph, fields)
    )


def read_body(graph: Graph, node: Node) -> bytes | None:
    """Read a body, encoded as the manifest says."""
    body = graph.value(node, HT.body)
    if body is None:
        return None
    encoding = str(graph.value(body, CNT.characterEncoding))
    return str(graph.value(body, CNT.chars)).encode(encoding)
