"""What goes over the pipe between the server and a worker: one JSON message, then the bytes of the body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from socket import socket
from struct import Struct
from typing import Any

from kg.errors import KgError, Message, UnexpectedError, Where
from kg.store.engine import Query, RdfDataset
from kg.store.forms import GRAPH_FORMS, RESULT_FORMS, Form, named

Json = dict[str, Any]

_LENGTHS = Struct("!IQ")
HEAD_BYTES = _LENGTHS.size
"""How many bytes tell the size of what follows."""
_SMALL = 64 * 1024


def send(pipe: socket, message: Json, body: bytes | memoryview = b"") -> None:
    """Send a message and a body, in one piece unless the body is large.

    :raises OSError: the other side is gone
    """
    text = json.dumps(message).encode()
    head = _LENGTHS.pack(len(text), len(body)) + text
    if len(body) <= _SMALL:
        pipe.sendall(head + bytes(body))
    else:
        pipe.sendall(head)
        pipe.sendall(body)


def receive(pipe: socket, received: bytes = b"") -> tuple[Json, bytes]:
    """Receive a message and a body, of which some may be received already; only one is ever on its way.

    :raises EOFError: the other side is gone
    """
    while len(received) < _LENGTHS.size:
        received += _more(pipe)
    text_length, body_length = _LENGTHS.unpack_from(received)
    start = _LENGTHS.size + text_length
    while len(received) < start:
        received += _more(pipe)
    message: Json = json.loads(received[_LENGTHS.size : start])
    return message, _body(pipe, received[start:], body_length)


def _body(pipe: socket, begun: bytes, length: int) -> bytes:
    """Receive what is missing of a body, into the place where it stays."""
    if len(begun) == length:
        return begun
    body = bytearray(length)
    body[: len(begun)] = begun
    view = memoryview(body)[len(begun) :]
    while view:
        count = pipe.recv_into(view)
        if not count:
            raise EOFError
        view = view[count:]
    return bytes(body)


def size_of(head: bytes) -> int:
    """Return how many bytes follow the head of a message, text and body together."""
    text_length, body_length = _LENGTHS.unpack_from(head)
    return int(text_length + body_length)


def _more(pipe: socket) -> bytes:
    received = pipe.recv(_SMALL)
    if not received:
        raise EOFError
    return received


def query_to_message(query: Query) -> Json:
    """Return a query as JSON knows it."""
    dataset = query.dataset
    return {
        "text": query.text,
        "base_iri": query.base_iri,
        "queried_graphs": query.queried_graphs,
        "dataset": dataset and (dataset.default_graphs, dataset.named_graphs),
        "results": query.results and query.results.name,
        "graph": query.graph and query.graph.name,
        "apart": query.apart,
    }


def query_from_message(message: Json) -> Query:
    """Read a query back.

    >>> query = Query("ASK {}", "http://a/", dataset=RdfDataset(("http://a/g",)))
    >>> query_from_message(json.loads(json.dumps(query_to_message(query)))) == query
    True
    """
    dataset = message["dataset"]
    return Query(
        text=message["text"],
        base_iri=message["base_iri"],
        queried_graphs=tuple(message["queried_graphs"]),
        dataset=RdfDataset(tuple(dataset[0]), tuple(dataset[1])) if dataset else None,
        results=form_named(message["results"]),
        graph=form_named(message["graph"]),
        apart=message["apart"],
    )


def form_named(name: str | None) -> Form | None:
    """Return the form with that name among all forms, or None for None."""
    return (named(name, RESULT_FORMS) or named(name, GRAPH_FORMS)) if name else None


def error_to_message(error: KgError) -> Json:
    """Return an error as JSON knows it."""
    return {
        "error": type(error).__name__,
        "what": asdict(error.what),
        "cure": asdict(error.cure),
        "where": asdict(error.where) if error.where else None,
    }


def error_from_message(message: Json) -> KgError:
    """Read an error back, as the leaf that it was."""
    leaf = next((leaf for leaf in _leaves(KgError) if leaf.__name__ == message["error"]), UnexpectedError)
    where = Where(**message["where"]) if message["where"] else None
    return leaf(Message(**message["what"]), cure=Message(**message["cure"]), where=where)


def _leaves(branch: type[KgError]) -> Iterator[type[KgError]]:
    yield branch
    for smaller in branch.__subclasses__():
        yield from _leaves(smaller)
