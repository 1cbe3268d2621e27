"""No request of a stranger keeps others waiting, whatever its header fields, its address or its body are."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from attack.extent import Extent
from attack.proper import check_problem
from attack.running import Running, Sent, ask, send
from attack.stalls import ADDRESSES, BODIES, HEADS, LARGE, watching
from conformance.live_server import LOOPBACK

pytestmark = pytest.mark.attack

MOST_SECONDS = 0.25
ATTEMPTS = 3
"""A request that stalls the server does so each time; a busy machine does not."""
NOT_OURS = frozenset({502, 503})
ANOTHER_ADDRESS = "127.0.0.2"
_HEAD = (
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n"
)


def check_no_stall(server: Running, attack: Callable[[], None]) -> None:
    """Assert that ``/healthz`` does not wait during an attack, beside what it waits at rest."""
    with watching(server) as at_rest:
        time.sleep(1)
    most = MOST_SECONDS + 3 * at_rest.worst
    waits = []
    for _ in range(ATTEMPTS):
        with watching(server) as watch:
            attack()
        waits.append(watch.worst)
        if watch.worst <= most:
            return
    raise AssertionError(f"/healthz waited {waits} s; at rest {at_rest.worst} s")


def check_no_fault(server: Running, sent: Sent) -> None:
    """Assert that a request is answered, or its connection ended, without a fault of the server's."""
    try:
        reply = send(server, sent, patience=60)
    except ConnectionError:  # it was answered, and the connection closed, before all of it was sent
        return
    assert reply.status < 500 or reply.status in NOT_OURS, (sent.target[:100], dict(sent.fields), reply.body[:300])
    is_document = reply.body and not reply.fields.get("content-type", "").startswith("text/html")
    if reply.status >= 400 and is_document:
        check_problem(reply)


@pytest.mark.parametrize("requests", [HEADS, ADDRESSES], ids=["header fields", "addresses"])
def test_no_head_of_a_request_stalls(server: Running, extent: Extent, requests: tuple[Sent, ...]) -> None:
    """Fragments that parsers stumble over, repeated as often as there is room for."""
    some = requests if extent.is_long else requests[:: max(1, len(requests) // (extent.examples * 4))]

    def attack() -> None:
        for sent in some:
            check_no_fault(server, sent)

    check_no_stall(server, attack)


@pytest.mark.parametrize("name", BODIES)
def test_no_body_stalls(server: Running, name: str) -> None:
    """Bodies of 31 MB that take long to decode or to parse."""
    check_no_stall(server, lambda: check_no_fault(server, BODIES[name]))


def test_half_sent_bodies_shut_out_nobody(server: Running) -> None:
    """While one address holds nine halves of large bodies, another sends a large one, and itself a small one."""
    query = b"ASK {}" + b"#" * 200_000
    with ExitStack() as stack:
        for _ in range(9):
            half = stack.enter_context(socket.create_connection((LOOPBACK, server.port), 5))
            half.settimeout(1)
            half.sendall(_HEAD % LARGE)
            try:
                half.sendall(b"#" * 1_000_000)
            except OSError:  # refused already
                continue
        time.sleep(0.5)
        assert ask(server, "ASK {}").status == 200
        with socket.create_connection((LOOPBACK, server.port), 30, (ANOTHER_ADDRESS, 0)) as other:
            other.sendall(_HEAD % len(query) + query)
            assert other.recv(1000).startswith(b"HTTP/1.1 200 ")
