"""Forwarded header fields, accepted from trusted proxies only; no Flask."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from kg.web.gateway import Request

Networks = tuple[IPv4Network | IPv6Network, ...]

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)+/?\Z")
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\Z")
_SCHEMES = ("http", "https")


def as_reached(request: Request, trusted: Networks) -> Request:
    """Apply the forwarded address, scheme, host and path prefix of a trusted proxy to a request.

    The proxy takes the prefix off the path. Of several values the last counts, which the nearest proxy added; of
    several clients the last that is no trusted proxy. What is no address, scheme, host or prefix is left aside.
    """
    if not is_believed(request.client, trusted):
        return request
    said = {name: _last(request.fields.get(f"x-forwarded-{name}", "")) for name in ("proto", "host", "prefix")}
    fields = {**request.fields, "host": said["host"]} if _HOST.match(said["host"]) else request.fields
    return replace(
        request,
        client=_client(request.fields.get("x-forwarded-for", ""), trusted) or request.client,
        scheme=said["proto"] if said["proto"] in _SCHEMES else request.scheme,
        prefix=said["prefix"].rstrip("/") if _PREFIX.match(said["prefix"]) else request.prefix,
        fields=fields,
    )


def _client(values: str, trusted: Networks) -> str:
    """Return the address and port (0: unknown) of the last client that is no trusted proxy, if one is named.

    >>> _client("192.0.2.7, 10.0.0.1", (IPv4Network("10.0.0.0/8"),)), _client("unknown", ())
    ('192.0.2.7:0', '')
    """
    for value in reversed(values.split(",")):
        text = value.strip().strip("[]")
        try:
            address = ip_address(text)
        except ValueError:
            return ""
        if not _is_in(text, trusted):
            return f"[{address}]:0" if isinstance(address, IPv6Address) else f"{address}:0"
    return ""


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()


def is_believed(client: str, trusted: Networks) -> bool:
    """Return whether a client (``address:port``) is a trusted proxy."""
    return bool(trusted) and _is_in(client.rpartition(":")[0].strip("[]"), trusted)


@lru_cache(maxsize=256)
def _is_in(text: str, networks: Networks) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in network for network in networks)
