"""Egress from the workers' network namespace: one listening socket for each allowed destination.

A listener is bound in the workers' namespace, to the destination's address or to a loopback address that its name
resolves to there. The master process, which has the network, accepts on the listeners and relays each connection to
the real destination. TLS passes through unopened.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import ipaddress
import logging
import os
import socket
import struct
import tempfile
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from kg.workers.destinations import Destination

_LOG = logging.getLogger(__name__)
_SIOCSIFADDR = 0x8916
_MS_BIND = 0x1000
_MS_REC_PRIVATE = 0x4000 | 0x40000
_HOSTS = "/etc/hosts"
_CHUNK = 64 * 1024
"""The size of a pipe's buffer."""
_CONNECT_SECONDS = 5.0
"""Half of the default time limit of a query."""


def open_listeners(destinations: Sequence[Destination]) -> list[socket.socket]:
    """Listen for each destination, in order, in the network and mount namespaces of this process.

    :raises OSError: the kernel refuses
    """
    hosts = dict.fromkeys(destination.host for destination in destinations)
    names = {host: f"127.77.{number // 256}.{number % 256}" for number, host in enumerate(hosts, 1)}
    listeners: list[socket.socket] = []
    for destination in destinations:
        address = destination.address or names[destination.host]
        if not address.startswith("127."):
            _add_address(address, len(listeners))
        listeners.append(socket.create_server((address, destination.port), backlog=16))
    _add_hosts({name: address for name, address in names.items() if not Destination(name, 0).address})
    return listeners


def _add_address(address: str, number: int) -> None:
    """Add an address outside 127.0.0.0/8 to the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = f"lo:{number}".encode()
        request = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(address))
        fcntl.ioctl(any_socket, _SIOCSIFADDR, request)


def _add_hosts(names: dict[str, str]) -> None:
    """Bind-mount an ``/etc/hosts`` with these names, seen by this process and its children only."""
    if not names:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
        file.write("".join(f"{address} {name}\n" for name, address in names.items()))
        file.flush()
        Path(file.name).chmod(0o644)
        if libc.mount(b"none", b"/", None, _MS_REC_PRIVATE, None) or libc.mount(
            file.name.encode(), _HOSTS.encode(), None, _MS_BIND, None
        ):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Relay:
    """Relays connections between listeners and destinations, up to a number of bytes each, in a thread of its own."""

    def __init__(
        self, listeners: Sequence[socket.socket], destinations: Sequence[Destination], most_bytes: int
    ) -> None:
        """Start the thread."""
        self._routes = list(zip(listeners, destinations, strict=True))
        self._most_bytes = most_bytes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close all listeners and stop the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        for listener, destination in self._routes:
            self._loop.run_until_complete(asyncio.start_server(partial(self._relay, destination), sock=listener))
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        for listener, _ in self._routes:
            listener.close()
        self._loop.close()

    async def _relay(
        self, destination: Destination, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                address = await self._resolve(destination)
                there, back = await asyncio.open_connection(address, destination.port)
        except (OSError, TimeoutError) as error:
            _LOG.warning("%s:%s was not reached: %s", destination.host, destination.port, error)
            writer.close()
            return
        await asyncio.gather(self._copy(reader, back), self._copy(there, writer), return_exceptions=True)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self._most_bytes
        try:
            while left > 0 and (chunk := await reader.read(min(_CHUNK, left))):
                left -= len(chunk)
                writer.write(chunk)
                await writer.drain()
        finally:
            writer.close()

    async def _resolve(self, destination: Destination) -> str:
        """Resolve the destination; an address that a name resolves to must be public."""
        if destination.address:
            return destination.address
        found = await self._loop.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        public = [address for address in addresses if ipaddress.ip_address(address).is_global]
        if not public:
            raise OSError("its name leads to no public address")
        return public[0]
