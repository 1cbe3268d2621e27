"""Receipt of request bodies within limits: size and time of each, number per client and in total.

A small body costs a client no more than a connection does. A large one takes a slot from its first byte until the
request is answered: a client has few, and all clients together as many as there is memory for.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from ipaddress import IPv4Address, ip_address, ip_network

from kg.domain import BudgetError
from kg.locales import Message
from kg.store import budget
from kg.web.http.errors import body_too_large, slow_body

_SMALL_BYTES = 64 * 1024
_MOST_LARGE = 8
"""Bounds the memory of all bodies to eight times the largest one, beside the small ones of 4,096 connections."""
_MOST_LARGE_OF_CLIENT = 3
_MOST_UNFINISHED_OF_CLIENT = 128
_PATIENCE_SECONDS = 10.0
_SLOWEST_BYTES_PER_SECOND = 64 * 1024
_DISCARD_SECONDS = 0.25
"""The rest of a small body comes right behind its header fields; a client that holds it back waits this much longer."""
_IPV6_PREFIX = 64
"""What one customer has (RFC 6177): its addresses count as one client."""


class Bodies:
    """Receives request bodies; used by one event loop only.

    ==========  =========================================  ==============================
    a body is   while                                      counts against
    ==========  =========================================  ==============================
    unfinished  it is being received                       its client
    large       it is being received or answered           its client, and all clients
    ==========  =========================================  ==============================
    """

    def __init__(self, largest: int) -> None:
        """Take the largest size of a body in bytes."""
        self.bytes_held = 0
        self._largest = largest
        self._unfinished: Counter[str] = Counter()
        self._large: Counter[str] = Counter()

    @asynccontextmanager
    async def receive(self, client: str, announced: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Receive a body, and hold its slot while the block answers.

        :raises TooLargeError: it is larger than a body may be
        :raises SlowRequestError: it comes too slowly
        :raises BudgetError: its client, or all clients together, already send too much at once
        """
        received = _Received(client_of(client))
        try:
            yield await self._received(received, announced, chunks)
        finally:
            self.bytes_held -= len(received.content)
            if received.is_large:
                _release(self._large, received.client)

    async def discard(self, fields: Mapping[str, str], chunks: AsyncIterable[bytes]) -> None:
        """Read and drop a small body that nothing asked for, if it comes at once.

        A connection closed with data unread is reset, and the client may lose the response (RFC 9112, section 9.6).
        """
        announced = fields.get("content-length", "")
        is_small = announced.isdigit() and 0 < int(announced) <= _SMALL_BYTES
        if not is_small or "expect" in fields:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                async for _ in chunks:
                    pass

    async def _received(self, received: _Received, announced: str, chunks: AsyncIterator[bytes]) -> bytes:
        if announced.isdigit():
            self._check_size(received, int(announced))
        if self._unfinished[received.client] >= _MOST_UNFINISHED_OF_CLIENT:
            raise _too_many_of_client()
        self._unfinished[received.client] += 1
        try:
            await self._read(received, chunks)
        finally:
            _release(self._unfinished, received.client)
        return bytes(received.content)

    async def _read(self, received: _Received, chunks: AsyncIterator[bytes]) -> None:
        """Read to the end; what came fast earns no more time to be slow than a body has at its beginning."""
        now = asyncio.get_running_loop().time
        deadline = now() + _PATIENCE_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise slow_body() from error
            received.content += chunk
            self.bytes_held += len(chunk)
            self._check_size(received, len(received.content))
            deadline = min(deadline + len(chunk) / _SLOWEST_BYTES_PER_SECOND, now() + _PATIENCE_SECONDS)

    def _check_size(self, received: _Received, size: int) -> None:
        """Take a slot for a large body."""
        if size > self._largest:
            raise body_too_large()
        if size <= _SMALL_BYTES or received.is_large:
            return
        if self._large[received.client] >= _MOST_LARGE_OF_CLIENT:
            raise _too_many_of_client()
        if self._large.total() >= _MOST_LARGE:
            raise budget("bodies", Message("budget.bodies"))
        self._large[received.client] += 1
        received.is_large = True


class _Received:
    """What came of one body so far."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.content = bytearray()
        self.is_large = False


def client_of(address: str) -> str:
    """Return what bodies are counted by, given the ``address:port`` of a client; an IPv6 network is one client.

    >>> client_of("192.0.2.1:5000"), client_of("[2001:db8::5:6]:80"), client_of("unix:")
    ('192.0.2.1', '2001:db8::/64', 'unix')
    """
    host = address.rpartition(":")[0].strip("[]")
    try:
        parsed = ip_address(host)
    except ValueError:
        return host
    if isinstance(parsed, IPv4Address):
        return host
    return str(parsed.ipv4_mapped or ip_network((parsed, _IPV6_PREFIX), strict=False))


def _release(counter: Counter[str], client: str) -> None:
    counter[client] -= 1
    if not counter[client]:
        del counter[client]


def _too_many_of_client() -> BudgetError:
    return budget("bodies of a client", Message("budget.bodies_of_client"))
