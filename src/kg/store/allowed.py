"""Where SERVICE and LOAD may go: the operator's list, and what a text asks for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from kg.errors import ForbiddenError, Message, SettingError
from kg.store.syntax import Token, calls_elsewhere, tokens

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
            Message(ko=f"KG_ALLOWED_HOSTS에 쓸 수 없습니다: {entry}", en=f"KG_ALLOWED_HOSTS cannot have {entry!r}."),
            cure=Message(
                ko="호스트 또는 호스트:포트를 쓰십시오.", en="Give a host, or a host and a port with a colon between."
            ),
        )
    for number in [int(port)] if colon else _PORTS.values():
        yield Destination(host, number)


def check_targets(text: str, base_iri: str, allowed: Sequence[Destination], *, isolated: bool) -> None:
    """Refuse a text that would have SERVICE or LOAD go where it may not.

    In an isolated process nothing else can be reached anyway: there a SILENT one fails in silence, as SPARQL has it,
    and a variable is left to the network.

    :raises ForbiddenError: a target is not on the list
    """
    if not calls_elsewhere(text):
        return
    for _, silent, iri in _targets(list(tokens(text)), base_iri):
        if isolated and (silent or (iri is None and allowed)):
            continue
        if iri is None or _destination(iri) not in allowed:
            raise _forbidden(iri)


def without_targets(text: str) -> str:
    """Return a text of the same grammar that calls nowhere.

    >>> without_targets("ASK { SERVICE ?where { ?s ?p ?o } }")
    'ASK { SERVICE <urn:x> { ?s ?p ?o } }'
    """
    pieces, end = [], 0
    for target, _, _ in _targets(list(tokens(text)), ""):
        pieces += [text[end : target.start], "<urn:x>"]
        end = target.start + len(target.text)
    return "".join([*pieces, text[end:]])


def _targets(found: Sequence[Token], base_iri: str) -> Iterator[tuple[Token, bool, str | None]]:
    """Yield the target of each SERVICE and LOAD, whether it is silent, and the IRI, None where that is a variable."""
    prefixes: dict[str, str] = {}
    base = base_iri
    padded = [*found, *[Token("end", "", 0)] * 3]
    for token, second, third in zip(padded, padded[1:], padded[2:], strict=False):
        if token.is_word("BASE"):
            base = _joined(base, second.text[1:-1])
        elif token.is_word("PREFIX"):
            prefixes[second.text.removesuffix(":")] = _joined(base, third.text[1:-1])
        elif token.is_word("SERVICE", "LOAD"):
            silent = second.is_word("SILENT")
            target = third if silent else second
            yield target, silent, _iri(target, base, prefixes)


def _iri(token: Token, base: str, prefixes: Mapping[str, str]) -> str | None:
    if token.kind == "iri":
        return _joined(base, token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + local if token.kind == "name" else None


def _joined(base: str, iri: str) -> str:
    try:
        return urljoin(base, iri)
    except ValueError:
        return iri


def _destination(iri: str) -> Destination | None:
    try:
        parts = urlsplit(iri)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return Destination((parts.hostname or "").lower(), port) if parts.scheme in _PORTS else None


def _forbidden(iri: str | None) -> ForbiddenError:
    ko = f"<{iri}>에" if iri else "변수로 지정한 곳에"
    return ForbiddenError(
        Message(
            ko=f"{ko} 접속하는 것은 허용되지 않습니다.",
            en=f"Calling {f'<{iri}>' if iri else 'a variable'} is not allowed.",
        ),
        cure=Message(
            ko="운영자가 KG_ALLOWED_HOSTS에 등록한 곳만 쓸 수 있습니다.",
            en="Only what the operator lists in KG_ALLOWED_HOSTS can be called.",
        ),
    )
