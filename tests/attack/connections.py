"""Connections that hostile clients open, each with the statuses that are a proper answer; hanging up is one as well."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cache, partial

from conformance.live_server import LOOPBACK

HUNG_UP = 0
NOTHING = -1
_HEAD = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
_UPDATE = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-update\r\n"
_GRAPH = "PUT /graphs/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer kg_wrong\r\n"
_CONNECT_SECONDS = 5
_LONGEST_STATUS_LINE = 4096
_BOMB_BYTES = 256 * 2**20


@dataclass(frozen=True)
class HostileConnections:
    """What connections do, given the port and how many seconds there are; it yields the statuses they got."""

    name: str
    statuses: frozenset[int]
    attack: Callable[[int, float], Iterator[int]]
    is_slow: bool = False

    def attempt(self, port: int, seconds: float) -> Callable[[], list[int]]:
        """Return the attack on a port, to be made as often as wanted."""
        return lambda: list(self.attack(port, seconds))


def _once(message: bytes, port: int, seconds: float) -> Iterator[int]:
    """Send a message over a connection of its own."""
    with socket.create_connection((LOOPBACK, port), _CONNECT_SECONDS) as connection:
        _try_to_send(connection, message)  # a server may answer, and close, before it was told everything
        yield _status(connection, seconds)


def _status(connection: socket.socket, seconds: float) -> int:
    """Return the status that comes within so long, or ``HUNG_UP``, or ``NOTHING`` where the connection just stays."""
    connection.settimeout(seconds)
    try:
        line = connection.recv(_LONGEST_STATUS_LINE)
    except TimeoutError:
        return NOTHING
    except ConnectionError:
        return HUNG_UP
    return int(line.split()[1]) if line else HUNG_UP


def _one_byte_a_second(port: int, seconds: float) -> Iterator[int]:
    """Send forty bodies a byte a second, until the server has had enough of it."""
    with ExitStack() as stack:
        address = (LOOPBACK, port)
        slow = [stack.enter_context(socket.create_connection(address, _CONNECT_SECONDS)) for _ in range(40)]
        for connection in slow:
            connection.sendall(f"{_HEAD}Content-Length: 1000\r\n\r\n".encode())
        for _ in range(int(seconds)):
            for connection in slow:
                _try_to_send(connection, b"#")
            time.sleep(1)
        for connection in slow:
            yield _status(connection, 1)


def _silence(port: int, seconds: float, connections: int) -> Iterator[int]:
    """Open so many connections and say nothing, until the server has had enough of it."""
    with ExitStack() as stack:
        address = (LOOPBACK, port)
        silent = [stack.enter_context(socket.create_connection(address, _CONNECT_SECONDS)) for _ in range(connections)]
        deadline = time.monotonic() + seconds
        for connection in silent:
            yield _status(connection, max(deadline - time.monotonic(), 0.01))


def _try_to_send(connection: socket.socket, data: bytes) -> None:
    with suppress(OSError):
        connection.sendall(data)


def _with_body(body: bytes, fields: str = "") -> bytes:
    return f"{_HEAD}{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body


@cache
def _bomb() -> bytes:
    return _with_body(gzip.compress(b"#" * _BOMB_BYTES, 1), "Content-Encoding: gzip\r\n")


_ENDED = frozenset({408, HUNG_UP, NOTHING})
_MANY_FIELDS = "".join(f"X-{number}: x\r\n" for number in range(10_000))

HOSTILE_CONNECTIONS = (
    HostileConnections("bodies a byte a second", frozenset({408, HUNG_UP}), _one_byte_a_second, is_slow=True),
    HostileConnections("silence", _ENDED, partial(_silence, connections=200), is_slow=True),
    HostileConnections("silence of 2,000", _ENDED, partial(_silence, connections=2000), is_slow=True),
    HostileConnections(
        "10,000 headers",
        frozenset({431}),
        partial(_once, f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\n{_MANY_FIELDS}\r\n".encode()),
    ),
    HostileConnections(
        "a media type of 60,000 semicolons",
        frozenset({431}),
        partial(_once, _with_body(b"x", f"X-Type: x\r\nContent-Type: text/turtle{';' * 60_000}\r\n")),
    ),
    HostileConnections(
        "the host of somebody else",
        frozenset({421}),
        partial(_once, b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
    ),
    HostileConnections(
        "an update without a token, whose body never comes",
        frozenset({401}),
        partial(_once, f"{_UPDATE}Content-Length: 30000000\r\n\r\n".encode()),
    ),
    HostileConnections(
        "a graph with a wrong token, whose body never comes",
        frozenset({401}),
        partial(_once, f"{_GRAPH}Content-Length: 30000000\r\n\r\n".encode()),
    ),
    HostileConnections(
        "a header of 10 MB",
        frozenset({400, 431, HUNG_UP}),
        partial(_once, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Y: " + b"y" * 10_000_000 + b"\r\n\r\n"),
    ),
    HostileConnections(
        "an address of 1 MB",
        frozenset({400, 414, 431, HUNG_UP}),
        partial(_once, b"GET /sparql?query=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ),
    HostileConnections(
        "a body that is no UTF-8", frozenset({400}), partial(_once, _with_body(b"ASK { \xff\xfe\xc0\x80 }"))
    ),
    HostileConnections("a body with NUL", frozenset({400}), partial(_once, _with_body(b"ASK \x00{}"))),
    HostileConnections(
        "an address that is no UTF-8",
        frozenset({400}),
        partial(_once, b"GET /sparql?query=ASK%7B%7D%FF%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ),
    HostileConnections(
        "a path that is no UTF-8",
        frozenset({400, 404}),
        partial(_once, b"GET /data/%FF%00%C0 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ),
    HostileConnections(
        "header values that are no text",
        frozenset({200, 400, 406}),
        partial(_once, b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\nAccept: \xff\xfe\r\n\r\n"),
    ),
    HostileConnections(
        "NUL in a header",
        frozenset({400, HUNG_UP}),
        partial(_once, b"GET /sparql HTTP/1.1\r\nHost: localhost\r\nAccept: \x00\r\n\r\n"),
    ),
    HostileConnections("rubbish", frozenset({400, HUNG_UP}), partial(_once, b"\x00\xff\x16\x03\x01\r\n\r\n" * 100)),
    HostileConnections(
        "a gzip bomb",
        frozenset({413, 415}),
        lambda port, seconds: _once(_bomb(), port, seconds),
    ),
    HostileConnections(
        "a body of 100 MB announced",
        frozenset({413}),
        partial(_once, f"{_HEAD}Content-Length: 100000000\r\n\r\n".encode()),
    ),
)
"""What connections can do beside asking a query."""
