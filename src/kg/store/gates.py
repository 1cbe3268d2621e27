"""The only ways out of the workers' network: one listening socket for each destination that the operator lists.

A destination's name leads to a loopback address of its own, where the gate listens; what connects there is carried by
the server, which has the network, to where the name truly leads (``tunnel``). TLS passes through unopened.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kg.store.allowed import Destination

_SIOCSIFADDR = 0x8916
_MS_BIND = 0x1000
_MS_REC_PRIVATE = 0x4000 | 0x40000
_HOSTS = "/etc/hosts"


def open_gates(destinations: Sequence[Destination]) -> list[socket.socket]:
    """Listen for each destination, in their order, in the network and the mounts of this process.

    :raises OSError: the kernel refuses
    """
    places = dict.fromkeys(destination.host for destination in destinations)
    names = {host: f"127.77.{number // 256}.{number % 256}" for number, host in enumerate(places, 1)}
    gates: list[socket.socket] = []
    for destination in destinations:
        address = destination.address or names[destination.host]
        if not address.startswith("127."):
            _take_address(address, len(gates))
        gates.append(socket.create_server((address, destination.port), backlog=16))
    _name_hosts({name: address for name, address in names.items() if not Destination(name, 0).address})
    return gates


def _take_address(address: str, number: int) -> None:
    """Make an address of another network ours: whoever connects to it in this network comes to the gate."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = f"lo:{number}".encode()
        request = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(address))
        fcntl.ioctl(any_socket, _SIOCSIFADDR, request)


def _name_hosts(names: dict[str, str]) -> None:
    """Have the names resolve to their gates, for this process and its children alone."""
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
