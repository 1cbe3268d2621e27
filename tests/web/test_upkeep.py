import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from kg.web.housekeeping import IdleTimeouts, close_idle_connections


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Listen on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_silent_connection_is_closed(listening: socket.socket) -> None:
    """One that never said anything is closed after its time, one that did later; what listens stays."""
    port = listening.getsockname()[1]
    with ExitStack() as stack:
        silent, spoken = (stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(2))
        for _ in range(2):
            stack.enter_context(listening.accept()[0])
        spoken.sendall(b"GET")
        time.sleep(0.2)
        close_idle_connections(port, IdleTimeouts(first=5, between=5))
        silent.setblocking(False)  # noqa: FBT003 - the socket's own name for it
        with pytest.raises(BlockingIOError):
            silent.recv(1)
        close_idle_connections(port, IdleTimeouts(first=0.1, between=5))
        assert silent.recv(1) == b""
        spoken.setblocking(False)  # noqa: FBT003
        with pytest.raises(BlockingIOError):
            spoken.recv(1)
        close_idle_connections(port, IdleTimeouts(first=0.1, between=0.1))
        assert spoken.recv(1) == b""
        socket.create_connection(("127.0.0.1", port)).close()


def test_only_so_many_connections_are_silent(listening: socket.socket) -> None:
    """Those beyond the bound are closed, once they had time to speak; one that spoke stays."""
    port = listening.getsockname()[1]
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(5)]
        spoken = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        accepted = [stack.enter_context(listening.accept()[0]) for _ in range(6)]
        spoken.sendall(b"GET")
        accepted[-1].recv(3)
        close_idle_connections(port, IdleTimeouts(first=3600, between=3600, most=2, grace=3600))
        assert not any(is_closed(connection) for connection in silent)
        close_idle_connections(port, IdleTimeouts(first=3600, between=3600, most=2, grace=0))
        assert sum(is_closed(connection) for connection in silent) == 3
        assert not is_closed(spoken)


def is_closed(connection: socket.socket) -> bool:
    """Tell whether the other side closed a connection."""
    connection.setblocking(False)  # noqa: FBT003 - the socket's own name for it
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
