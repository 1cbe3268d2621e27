"""The destinations that SERVICE and LOAD may reach: the operator's list, and the check of a text against it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kg.domain import ForbiddenError, SettingError
from kg.locales import Message
from kg.sparql import Reading, check, resolve

_PORTS = {"http": 80, "https": 443}
_HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Destination:
    """A host and a port that may be reached."""

    host: str
    port: int

    @property
    def address(self) -> str | None:
        """The host where it is an IP address itself; such a one may lie in a private range."""
        try:
            return str(ipaddress.IPv4Address(self.host))
        except ValueError:
            return None


def read_destinations(entries: Iterable[str]) -> tuple[Destination, ...]:
    """Read the operator's list: ``host`` stands for its ports 80 and 443, ``host:port`` for one.

    :raises SettingError: an entry is none

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


def check_targets(reading: Reading, base_iri: str, allowed: Sequence[Destination], *, isolated: bool) -> None:
    """Refuse a text that would have SERVICE or LOAD go where it may not; one that is wrong is told so first.

    In an isolated process nothing else can be reached anyway: there a SILENT one fails in silence, as SPARQL has it,
    and a variable is left to the network.

    :raises QuerySyntaxError: the text does not parse
    :raises ForbiddenError: a target is not on the list
    """
    for target in reading.targets():
        iri = resolve(target.token.text, target.prologue, base_iri) if target.token.is_iri else None
        if isolated and (target.is_silent or (target.token.kind == "variable" and allowed)):
            continue
        if iri is None or _destination(iri.value) not in allowed:
            check(reading, base_iri)
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
