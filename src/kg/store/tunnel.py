"""The server's side of the gates: carrying connections to the destinations that the operator lists."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import threading
from collections.abc import Sequence
from functools import partial

from kg.store.allowed import Destination

_LOG = logging.getLogger(__name__)
_CHUNK = 64 * 1024
_CONNECT_SECONDS = 5.0


class Tunnel:
    """Carries what comes to each gate to its destination and back, within a bound of bytes."""

    def __init__(self, gates: Sequence[socket.socket], destinations: Sequence[Destination], most_bytes: int) -> None:
        """Begin at once, in a thread of its own."""
        self._ways = list(zip(gates, destinations, strict=True))
        self._most_bytes = most_bytes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tunnel", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close every gate."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        for gate, destination in self._ways:
            start = asyncio.start_server(partial(self._carry, destination), sock=gate)
            self._loop.run_until_complete(start)
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        for gate, _ in self._ways:
            gate.close()
        self._loop.close()

    async def _carry(
        self, destination: Destination, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                address = await self._resolved(destination)
                there, back = await asyncio.open_connection(address, destination.port)
        except (OSError, TimeoutError) as error:
            _LOG.warning("%s:%s was not reached: %s", destination.host, destination.port, error)
            writer.close()
            return
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer), return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self._most_bytes
        try:
            while left > 0 and (chunk := await reader.read(min(_CHUNK, left))):
                left -= len(chunk)
                writer.write(chunk)
                await writer.drain()
        finally:
            writer.close()

    async def _resolved(self, destination: Destination) -> str:
        """Return an address of the destination; one that a name leads to must be on the public network."""
        if destination.address:
            return destination.address
        found = await self._loop.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        public = [address for address in addresses if ipaddress.ip_address(address).is_global]
        if not public:
            raise OSError("its name leads to no public address")
        return public[0]
