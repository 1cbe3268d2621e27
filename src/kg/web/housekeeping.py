"""Housekeeping of a serving process: returns memory to the system, closes idle connections.

The HTTP server limits the time of a request, but not how long a connection stays idle.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kg.workers import memory_of

_POLL_SECONDS = 0.25
"""Interval of looking at the number of connections."""
_POLLS_PER_ROUND = 8
_AT_ONCE = 50
"""Connections checked before the thread yields the GIL to requests."""
_YIELD_SECONDS = 0.001
_GROWTH = 4 * 2**20
"""Growth after which freed memory is returned to the system."""
_M_ARENA_MAX = -8
_MOST_ARENAS = 2
_M_MMAP_THRESHOLD = -3
_LARGE_BLOCK = 2**20
_DRIFT = 2**20
_TCP_INFO = struct.Struct("=44xI4xI72xQ")
"""Milliseconds since data was last sent and received, and how many bytes were received (linux/tcp.h)."""

_DESCRIPTORS = "/proc/self/fd"
_FAMILIES = (socket.AF_INET, socket.AF_INET6)

_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class IdleTimeouts:
    """Idle timeouts in seconds before and after the first byte, and the number of connections before it.

    A new connection is not counted for ``grace`` seconds: a busy client may need them to send its first byte.
    """

    first: float
    between: float
    most: int = 128
    grace: float = 2.0


def limit_arenas() -> None:
    """Fix the mmap threshold, and limit malloc to two arenas (mallopt(3)).

    The dynamic threshold would rise with the first large block, and later ones would stay in arenas that are never
    trimmed. Call it before a thread is started: it applies to new arenas only.
    """
    _libc.mallopt(_M_ARENA_MAX, _MOST_ARENAS)
    _libc.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def start_housekeeping(port: int, timeouts: IdleTimeouts, publish: Callable[[], None]) -> None:
    """Start the housekeeping thread of this process, which listens at a port.

    It calls ``publish`` every two seconds.
    """
    threading.Thread(target=_run, args=(port, timeouts, publish), name="housekeeping", daemon=True).start()


def _run(port: int, timeouts: IdleTimeouts, publish: Callable[[], None]) -> None:
    usual = memory_of()
    for glances in count(1):
        time.sleep(_POLL_SECONDS)
        is_time = glances % _POLLS_PER_ROUND == 0
        if is_time or len(_descriptors()) > timeouts.most:
            close_idle_connections(port, timeouts)
        if is_time:
            publish()
        if is_time and memory_of() > usual + _GROWTH:
            _libc.malloc_trim(0)
        usual = min(memory_of(), usual + _DRIFT) if is_time else usual


def close_idle_connections(port: int, timeouts: IdleTimeouts) -> None:
    """Close the connections of a port that are idle for too long.

    Of those that never sent a request, the newest ``most`` stay.
    """
    unheard: list[tuple[float, int, str]] = []
    for number, descriptor in enumerate(_descriptors()):
        with suppress(OSError), _connection(descriptor, port) as connection:
            silent, heard = _idle_seconds(connection)
            if silent > (timeouts.between if heard else timeouts.first):
                connection.shutdown(socket.SHUT_RDWR)
            elif not heard and silent >= timeouts.grace:
                unheard.append((silent, connection.getpeername()[1], descriptor))
        if number % _AT_ONCE == 0:
            time.sleep(_YIELD_SECONDS)
    for _, peer, descriptor in sorted(unheard)[timeouts.most :]:
        with suppress(OSError), _connection(descriptor, port) as connection:
            if connection.getpeername()[1] == peer and not _idle_seconds(connection)[1]:
                connection.shutdown(socket.SHUT_RDWR)


def _descriptors() -> list[str]:
    return os.listdir(_DESCRIPTORS)  # noqa: PTH208 - thousands of names, and nothing but names


@contextmanager
def _connection(descriptor: str, port: int) -> Iterator[socket.socket]:
    """Yield a duplicate of the descriptor if it is a connection of the port.

    :raises OSError: it is none, or closed
    """
    if not Path(f"{_DESCRIPTORS}/{descriptor}").readlink().name.startswith("socket:"):
        raise OSError(errno.ENOTSOCK, descriptor)
    with socket.socket(fileno=os.dup(int(descriptor))) as connection:
        if connection.family not in _FAMILIES or connection.getsockname()[1] != port:
            raise OSError(errno.ENOTCONN, descriptor)
        connection.getpeername()  # fails for one that listens
        yield connection


def _idle_seconds(connection: socket.socket) -> tuple[float, bool]:
    """Return the idle time in seconds, and whether any byte was ever received."""
    sent, received, bytes_received = _TCP_INFO.unpack(
        connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    )
    return min(sent, received) / 1000, bytes_received > 0
