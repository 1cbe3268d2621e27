"""What the process that serves does for itself now and then: gives memory back, closes connections that are silent.

The HTTP server bounds the time of a request, once it has begun, and not how long a connection stays without one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from kg.store.processes import memory_of

_PAUSE_SECONDS = 2.0
_GROWTH = 4 * 2**20
_M_ARENA_MAX = -8
_MOST_ARENAS = 2
_DRIFT = 2**20
_TCP_INFO = struct.Struct("=44xI4xI72xQ")
"""Milliseconds since data was last sent and received, and how many bytes were received (linux/tcp.h)."""

_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Patience:
    """How long a connection may be silent (seconds): before its first byte, and after."""

    first: float
    between: float


def keep_up(port: int, patience: Patience) -> None:
    """Begin to look after this process, whose connections come in at a port, in a thread that ends with it."""
    _libc.mallopt(_M_ARENA_MAX, _MOST_ARENAS)
    threading.Thread(target=_keep_up, args=(port, patience), name="upkeep", daemon=True).start()


def _keep_up(port: int, patience: Patience) -> None:
    usual = memory_of()
    while True:
        time.sleep(_PAUSE_SECONDS)
        close_silent(port, patience)
        if memory_of() > usual + _GROWTH:
            _libc.malloc_trim(0)
        usual = min(memory_of(), usual + _DRIFT)


def close_silent(port: int, patience: Patience) -> None:
    """Close the connections that came in at a port and on which nothing went either way for too long."""
    for entry in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(OSError):
            if entry.readlink().name.startswith("socket:"):
                with socket.socket(fileno=os.dup(int(entry.name))) as connection:
                    _close_if_silent(connection, port, patience)


def _close_if_silent(connection: socket.socket, port: int, patience: Patience) -> None:
    if connection.family not in (socket.AF_INET, socket.AF_INET6) or connection.type != socket.SOCK_STREAM:
        return
    connection.getpeername()  # fails for one that listens
    if connection.getsockname()[1] != port:
        return
    sent, received, bytes_received = _TCP_INFO.unpack(
        connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    )
    if min(sent, received) / 1000 > (patience.between if bytes_received else patience.first):
        connection.shutdown(socket.SHUT_RDWR)
