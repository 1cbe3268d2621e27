"""What goes over the pipe between the server and a worker: one JSON message, then the bytes of the body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any

from kg.errors import KgError, Message, UnexpectedError, Where
from kg.store.engine import Query, RdfDataset
from kg.store.forms import GRAPH_FORMS, RESULT_FORMS, Form, named

Json = dict[str, Any]


def send(connection: Connection, message: Json, body: bytes | memoryview = b"") -> None:
    """Send a message and a body."""
    connection.send_bytes(json.dumps(message).encode())
    connection.send_bytes(body)


def receive(connection: Connection) -> tuple[Json, bytes]:
    """Receive a message and a body.

    :raises EOFError: the other side is gone
    """
    message: Json = json.loads(connection.recv_bytes())
    return message, connection.recv_bytes()


def query_to_message(query: Query) -> Json:
    """Return a query as JSON knows it."""
    message = asdict(query)
    message["results"] = query.results.name if query.results else None
    message["graph"] = query.graph.name if query.graph else None
    return message


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
        dataset=RdfDataset(tuple(dataset["default_graphs"]), tuple(dataset["named_graphs"])) if dataset else None,
        results=form_named(message["results"]),
        graph=form_named(message["graph"]),
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
