"""What goes over the pipe between the server and a worker: one JSON message, then the bytes of the body.

Most messages are the same as one before, for the text of a query is the body: their JSON is written and read once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
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
_SHORT = 2048


class Prepared(dict[str, Any]):
    """A message that is sent again and again, and never changed."""

    def __init__(self, **message: object) -> None:
        """Write its JSON."""
        super().__init__(message)
        self.json = json.dumps(message).encode()


def send(pipe: socket, message: Mapping[str, Any], body: bytes | memoryview = b"") -> None:
    """Send a message and a body, in one piece unless the body is large.

    :raises OSError: the other side is gone
    """
    text = message.json if isinstance(message, Prepared) else json.dumps(message).encode()
    head = _LENGTHS.pack(len(text), len(body)) + text
    if len(body) <= _SMALL:
        pipe.sendall(head + bytes(body))
    else:
        pipe.sendall(head)
        pipe.sendall(body)


class Inbox:
    """What comes over a pipe: one message after the other, of which some may be received already."""

    def __init__(self, pipe: socket, received: bytes = b"") -> None:
        """Take the pipe, and what was read of it before."""
        self._pipe = pipe
        self._received = received

    def receive(self) -> tuple[Json, bytes]:
        """Receive a message and its body.

        The message is not to be changed: it may be the one that is received the next time.

        :raises EOFError: the other side is gone
        """
        received, self._received = self._received, b""
        while len(received) < _LENGTHS.size:
            received += _more(self._pipe)
        text_length, body_length = _LENGTHS.unpack_from(received)
        start = _LENGTHS.size + text_length
        while len(received) < start:
            received += _more(self._pipe)
        end = start + body_length
        self._received = received[end:]
        read = _read if text_length <= _SHORT else json.loads
        return read(received[_LENGTHS.size : start]), _body(self._pipe, received[start:end], body_length)


def receive(pipe: socket, received: bytes = b"") -> tuple[Json, bytes]:
    """Receive a message and its body where no other can be on its way, as ``Inbox`` does."""
    return Inbox(pipe, received).receive()


@lru_cache(maxsize=64)
def _read(text: bytes) -> Json:
    message: Json = json.loads(text)
    return message


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


def query_to_message(oxigraph: Path, query: Query) -> tuple[Json, bytes]:
    """Return the message that has a worker answer a query on a version, and its body: the text of the query."""
    names = (query.results and query.results.name, query.graph and query.graph.name, query.apart)
    prepared = _query_message.__wrapped__ if query.dataset else _query_message
    message = prepared(oxigraph, query.base_iri, query.queried_graphs, query.dataset, names)
    return message, query.text.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=64)
def _query_message(
    oxigraph: Path,
    base_iri: str,
    queried_graphs: tuple[str, ...],
    dataset: RdfDataset | None,
    names: tuple[str | None, str | None, str],
) -> Prepared:
    return Prepared(
        do="query",
        oxigraph=str(oxigraph),
        base_iri=base_iri,
        queried_graphs=queried_graphs,
        dataset=dataset and (dataset.default_graphs, dataset.named_graphs),
        results=names[0],
        graph=names[1],
        apart=names[2],
    )


def query_from_message(message: Json, body: bytes) -> Query:
    """Read a query back.

    >>> query = Query("ASK {}", "http://a/", dataset=RdfDataset(("http://a/g",)))
    >>> message, body = query_to_message(Path("oxigraph"), query)
    >>> query_from_message(json.loads(json.dumps(message)), body) == query
    True
    """
    dataset = message["dataset"]
    return Query(
        text=body.decode("utf-8", "surrogatepass"),
        base_iri=message["base_iri"],
        queried_graphs=tuple(message["queried_graphs"]),
        dataset=RdfDataset(tuple(dataset[0]), tuple(dataset[1])) if dataset else None,
        results=form_named(message["results"]),
        graph=form_named(message["graph"]),
        apart=message["apart"],
    )


@lru_cache(maxsize=64)
def answered(kind: str, form: str, *, volatile: bool) -> Prepared:
    """Return the message that tells what a query was answered with; the answer is the body."""
    return Prepared(kind=kind, form=form, volatile=volatile, body=True)


@lru_cache(maxsize=64)
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
