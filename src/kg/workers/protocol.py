"""Messages between processes: a datagram of a short JSON object and a body, which is a memfd when large.

Whatever grows with a request or an answer is in the body, so that a message arrives completely or not at all.
"""

from __future__ import annotations

import json
import os
import socket
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from struct import Struct
from typing import Any

from kg.domain import KgError, NonconformingError, Result, UnexpectedError, Where
from kg.locales import from_json, to_json
from kg.rdf import GRAPH_FORMS, RESULT_FORMS, Form, named
from kg.store import Change, Query, RequestedDataset

Json = dict[str, Any]

_LENGTHS = Struct("!IQ")
_INLINE = 32 * 1024
"""Largest body, in bytes, sent within the datagram; the kernel's socket buffer holds about 200 kB."""
_LONGEST = 64 * 1024
_RIGHTS_SPACE = socket.CMSG_SPACE(250 * array("i").itemsize)  # the kernel passes at most 253 descriptors


class Received:
    """A received message; its body can be read once, its descriptors taken once."""

    def __init__(self, message: Json, inline: bytes, length: int, descriptors: list[int]) -> None:
        """Take the inline body, or the descriptors; the first one is the body's if that is longer."""
        self.message = message
        self.length = length
        self._inline = inline
        self._descriptors = descriptors

    @property
    def is_inline(self) -> bool:
        """Whether the body came within the datagram."""
        return self.length == len(self._inline)

    def body(self) -> bytes:
        """Read the body."""
        if self.is_inline:
            return self._inline
        with os.fdopen(self.take_descriptors()[0], "rb") as file:
            file.seek(0)
            return file.read(self.length)

    def take_descriptors(self) -> list[int]:
        """Return the descriptors; the caller closes them."""
        taken, self._descriptors = self._descriptors, []
        return taken

    def __del__(self) -> None:
        """Close the descriptors that were not taken."""
        for descriptor in self._descriptors:
            os.close(descriptor)


def channel() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection that preserves message boundaries."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(
    end: socket.socket,
    message: Mapping[str, Any],
    body: bytes = b"",
    *,
    descriptors: Sequence[int] = (),
    flags: int = 0,
) -> None:
    """Send a message with a body, or with descriptors.

    :raises OSError: the peer is gone
    """
    if len(body) <= _INLINE:
        _send(end, message, len(body), body, descriptors, flags)
        return
    file = os.memfd_create("body")
    try:
        with os.fdopen(os.dup(file), "wb") as writing:
            writing.write(body)
        _send(end, message, len(body), b"", [file], flags)
    finally:
        os.close(file)


def send_file(end: socket.socket, message: Mapping[str, Any], file: int) -> None:
    """Send a message with the content of a file as its body.

    :raises OSError: the peer is gone
    """
    length = os.fstat(file).st_size
    inline = os.pread(file, length, 0) if length <= _INLINE else b""
    _send(end, message, length, inline, [] if length <= _INLINE else [file], 0)


def _send(  # noqa: PLR0913, PLR0917 - the parts of a datagram
    end: socket.socket, message: Mapping[str, Any], length: int, inline: bytes, files: Sequence[int], flags: int
) -> None:
    text = json.dumps(message).encode()
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", files))] if files else []
    end.sendmsg([_LENGTHS.pack(len(text), length), text, inline], rights, flags)  # send_fds ignores the flags


def receive(end: socket.socket, *, flags: int = 0) -> Received:
    """Receive a message.

    :raises EOFError: the peer is gone
    :raises BlockingIOError: no message is there, and the flags say not to wait
    """
    try:
        data, rights, _, _ = end.recvmsg(_LONGEST, _RIGHTS_SPACE, flags | socket.MSG_CMSG_CLOEXEC)
    except ConnectionError as error:
        raise EOFError from error
    descriptors = array("i")
    for _, _, packed in rights:
        descriptors.frombytes(packed)
    if not data:
        raise EOFError
    text_length, length = _LENGTHS.unpack_from(data)
    start = _LENGTHS.size + text_length
    return Received(json.loads(data[_LENGTHS.size : start]), data[start:], length, list(descriptors))


def query_to_body(query: Query) -> bytes:
    """Serialize a query.

    >>> query = Query("ASK {}", "http://a/", dataset=RequestedDataset(("http://a/g",)))
    >>> query_from_body(query_to_body(query)) == query
    True
    """
    told = {
        **{name: getattr(query, name) for name in ("base_iri", "queried_graphs", "virtual_graph")},
        "dataset": query.dataset and (query.dataset.default_graphs, query.dataset.named_graphs),
        "results": query.results and query.results.name,
        "graph": query.graph and query.graph.name,
    }
    return join_bodies(json.dumps(told).encode(), _encoded(query.text))


def query_from_body(body: bytes) -> Query:
    """Parse a query that was serialized."""
    written, text = split_body(body)
    told = json.loads(written)
    dataset = told["dataset"]
    return Query(
        _decoded(text),
        told["base_iri"],
        tuple(told["queried_graphs"]),
        RequestedDataset(tuple(dataset[0]), tuple(dataset[1])) if dataset else None,
        form_named(told["results"]),
        form_named(told["graph"]),
        told["virtual_graph"],
    )


@lru_cache(maxsize=64)
def form_named(name: str | None) -> Form | None:
    """Return the form with that name among all forms, or None for None."""
    return (named(name, RESULT_FORMS) or named(name, GRAPH_FORMS)) if name else None


def change_to_body(change: Change) -> bytes:
    """Serialize a change.

    >>> change = Change("update", "http://a/", text="CLEAR ALL")
    >>> change_from_body(change_to_body(change)) == change
    True
    """
    told, documents = replace(change, text="").to_message()
    return join_bodies(json.dumps(told).encode(), join_bodies(_encoded(change.text), documents))


def change_from_body(body: bytes) -> Change:
    """Parse a change that was serialized."""
    told, rest = split_body(body)
    text, documents = split_body(rest)
    return replace(Change.from_message(json.loads(told), documents), text=_decoded(text))


def _encoded(text: str) -> bytes:
    """Encode a text; JSON would hold the GIL for a text of many megabytes."""
    return text.encode("utf-8", "surrogatepass")


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass")


def join_bodies(first: bytes, second: bytes) -> bytes:
    """Join two bodies into one.

    >>> split_body(join_bodies(b"a", b"bc"))
    (b'a', b'bc')
    """
    return _LENGTHS.pack(len(first), len(second)) + first + second


def split_body(body: bytes) -> tuple[bytes, bytes]:
    """Split a body that ``join_bodies`` joined."""
    first, _ = _LENGTHS.unpack_from(body)
    end = _LENGTHS.size + first
    return body[_LENGTHS.size : end], body[end:]


def error_to_body(error: KgError) -> bytes:
    """Serialize an error, with the results and report of a validation error."""
    told: Json = {
        "error": type(error).__name__,
        "what": to_json(error.what),
        "cure": to_json(error.cure),
        "where": asdict(error.where) if error.where else None,
    }
    report = b""
    if isinstance(error, NonconformingError):
        told["results"], report = [_result_to_json(result) for result in error.results], error.report
    return join_bodies(json.dumps(told).encode(), report)


def error_from_body(body: bytes) -> KgError:
    """Parse an error into its class.

    >>> from kg.locales import Message
    >>> error = UnexpectedError(Message("worker.failed", what="no memory"), cure=Message("worker.failed_cure"))
    >>> str(error_from_body(error_to_body(error)))
    'A worker failed: no memory. Send the request again.'
    """
    told, report = split_body(body)
    fields = json.loads(told)
    leaf = next((leaf for leaf in _leaves(KgError) if leaf.__name__ == fields["error"]), UnexpectedError)
    what, cure = from_json(fields["what"]), from_json(fields["cure"])
    where = Where(**fields["where"]) if fields["where"] else None
    if "results" in fields:
        results = tuple(map(_result, fields["results"]))
        return NonconformingError(what, cure=cure, where=where, results=results, report=report)
    return leaf(what, cure=cure, where=where)


def _result_to_json(result: Result) -> Json:
    return {**vars(result), "message": to_json(result.message), "cure": to_json(result.cure)}


def _result(told: Json) -> Result:
    message, cure = (from_json(told[name]) for name in ("message", "cure"))
    return Result(**{**told, "message": message, "cure": cure, "lines": tuple(told["lines"])})


def _leaves(branch: type[KgError]) -> Iterator[type[KgError]]:
    yield branch
    for smaller in branch.__subclasses__():
        yield from _leaves(smaller)
