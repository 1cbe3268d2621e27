"""Allow-list of the hosts that SERVICE and LOAD may reach, and the check of a query against it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kg.domain import ForbiddenError, SettingError
from kg.locales import Message
from kg.sparql import ParsedOperation, check, resolve

_PORTS = {"http": 80, "https": 443}
_HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Destination:
    """A host and a port on the allow-list."""

    host: str
    port: int

    @property
    def address(self) -> str | None:
        """The host if it is an IP address, which may be private; None for a name."""
        try:
            return str(ipaddress.IPv4Address(self.host))
        except ValueError:
            return None


def read_destinations(entries: Iterable[str]) -> tuple[Destination, ...]:
    """Parse the allow-list: ``host`` stands for its ports 80 and 443, ``host:port`` for one.

    :raises SettingError: an entry is malformed

    >>> read_destinations(["127.0.0.1:8001"])
    (Destination(host='127.0.0.1', port=8001),)
    """
    return tuple(destination for entry in entries for destination in _destinations(entry))


def _destinations(entry: str) -> Iterator[Destination]:
    host, colon, port = entry.lower().partition(":")
    if not host or "/" in host or (colon and not (port.isdigit() and 0 < int(port) <= _HIGHEST_PORT)):
        raise SettingError(
            Message("setting.allowed_hosts", entry=entry),
            cure=Message("setting.allowed_hosts_cure"),
        )
    for number in [int(port)] if colon else _PORTS.values():
        yield Destination(host, number)


def check_remote_targets(
    parsed: ParsedOperation, base_iri: str, allowed: Sequence[Destination], *, isolated: bool
) -> None:
    """Refuse a query whose SERVICE or LOAD targets are not on the allow-list; report syntax errors first.

    In an isolated process the network enforces the list: there SILENT targets fail silently, as SPARQL requires, and
    variable targets are left to the network.

    :raises QuerySyntaxError: the text does not parse
    :raises ForbiddenError: a target is not on the list
    """
    for target in parsed.targets():
        iri = resolve(target.token.text, target.prologue, base_iri) if target.token.is_iri else None
        if isolated and (target.is_silent or (target.token.kind == "variable" and allowed)):
            continue
        if iri is None or _destination(iri.value) not in allowed:
            check(parsed, base_iri)
            raise _forbidden(iri.value if iri else None)


def _destination(iri: str) -> Destination | None:
    try:
        parts = urlsplit(iri)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return Destination((parts.hostname or "").lower(), port) if parts.scheme in _PORTS else None


def _forbidden(iri: str | None) -> ForbiddenError:
    return ForbiddenError(
        Message("query.call_forbidden", iri=iri) if iri else Message("query.call_of_variable_forbidden"),
        cure=Message("query.call_forbidden_cure"),
    )
