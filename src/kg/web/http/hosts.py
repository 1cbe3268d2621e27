"""The names that a server is known by: an address is built from no other ``Host`` (RFC 9110, section 7.2); no Flask."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from kg.domain import Settings

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?\Z")
_LOCAL = frozenset({"localhost", socket.gethostname().lower()})


@dataclass(frozen=True)
class ServerNames:
    """The names that the settings give, in small letters and without ports; and the address where none is asked for."""

    names: frozenset[str] = frozenset()
    address: str = "localhost"

    @classmethod
    def of(cls, settings: Settings) -> ServerNames:
        """Return the names that a server with these settings is known by."""
        base_host = urlsplit(settings.base_iri).hostname or ""
        names = {settings.host, base_host, *settings.allowed_server_names}
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return cls(frozenset(map(str.lower, names)), f"{host}:{settings.port}")

    def include(self, host: str) -> bool:
        """Return whether a host, with or without a port, is this server: by its settings, or as an address of its own.

        >>> names = ServerNames(frozenset({"kg.example"}))
        >>> [names.include(host) for host in ("kg.example:8000", "LOCALHOST", "[::1]:80", "evil.example", "a b", "")]
        [True, True, True, False, False, False]
        """
        return _is_included(host, self.names)


@lru_cache(maxsize=256)
def _is_included(host: str, names: frozenset[str]) -> bool:
    if not _HOST.match(host):
        return False
    name = host.lower() if host.endswith("]") else host.lower().rpartition(":")[0] or host.lower()
    name = name.strip("[]")
    return name in names or name in _LOCAL or _is_own_address(name)


def _is_own_address(name: str) -> bool:
    """Return whether a name is an IP address of this machine: a socket can be bound to no other."""
    try:
        address = ip_address(name)
    except ValueError:
        return False
    if address.is_loopback:
        return True
    with suppress(OSError), socket.socket(_family(address), socket.SOCK_DGRAM) as probe:
        probe.bind((str(address), 0))
        return not address.is_multicast
    return False


def _family(address: object) -> socket.AddressFamily:
    return socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
