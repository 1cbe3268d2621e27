"""Time travel for doors: the version that a request asks for, and the header fields that tell of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, request

from kg.domain import RequestError
from kg.locales import Message
from kg.store import CommitInfo, Version
from kg.web.http.complete import VERSION_FIELD
from kg.web.http.memento import (
    LONGEST_ADDRESS,
    VERSION,
    Address,
    VersionReference,
    current_at,
    destination,
    http_date,
    link_to_version,
    links,
    travels,
    versions_named,
)
from kg.web.http.protocol import read_pairs
from kg.web.site import Site, current_site

_JOURNEY = "kg_journey"


@dataclass(frozen=True)
class _Journey:
    version: Version
    destination: VersionReference | None
    address: Address | None


def version_asked(site: Site, named: str | None = None, address: Address | None = None) -> Version:
    """Return the version that the request is for: by ``?graph-version=``, by ``Accept-Datetime``, else the current one.

    The answer then tells which it is. ``named`` is the number where it does not stand in the query string, and
    ``address`` the request's own where that is another, None where it is too long to be linked to.

    :raises RequestError: the number or the date cannot be understood
    :raises NotFoundError: there never was such a version
    :raises GoneError: it was pruned
    """
    in_address = versions_named(read_pairs(request.query_string))
    where = destination([named] if named else in_address, request.headers.get("Accept-Datetime"))
    version = site.version()
    if where and where.number:
        version = site.store.version(where.number)
    elif where and where.moment:
        version = site.store.version(current_at(site.store.records(), where.moment))
    g.setdefault(_JOURNEY, _Journey(version, where, address))
    return version


def own_address() -> Address | None:
    """Return the address of the request, or None where it is too long to be linked to."""
    if len(request.path) + len(request.query_string) > LONGEST_ADDRESS:
        return None
    root = request.url_root.removesuffix("/")
    return Address(root, request.path, request.query_string.decode("utf-8", "replace"))


def has_travelled() -> bool:
    """Tell whether the request asked for a version or a moment."""
    journey = g.get(_JOURNEY)
    return journey is not None and journey.destination is not None


def refuse_past(named: str | None = None) -> None:
    """Refuse to change what was; ``named`` is the number where it does not stand in the query string.

    :raises RequestError: the request names a version or a moment
    """
    in_address = versions_named(read_pairs(request.query_string))
    if named is not None or in_address or "Accept-Datetime" in request.headers:
        raise RequestError(
            Message("request.past_version"),
            cure=Message("request.past_version_cure", parameter=VERSION),
        )


def kept_records(site: Site) -> tuple[CommitInfo, ...]:
    """Return the records of the versions that can still be seen, the oldest first."""
    return tuple(record for record in site.store.records() if site.store.log.is_kept(record.number))


def tell_of_journeys(app: Flask) -> None:
    """Have each answer tell the version it comes from, and one that travelled the way back."""

    def tell(response: Response) -> Response:
        journey = g.get(_JOURNEY)
        if journey and response.status_code < 400:  # noqa: PLR2004 - an error is no Memento
            _tell(response, journey)
        if journey or travels(request.path):
            response.vary.add("Accept-Datetime")  # of an error too: at another moment there may be none (RFC 7089, 4.1)
        if VERSION_FIELD not in response.headers:
            current = current_site().store.current()
            if current:
                response.headers[VERSION_FIELD] = str(current.number)
        return response

    app.after_request(tell)


def _tell(response: Response, journey: _Journey) -> None:
    record, where = journey.version.record, journey.destination
    response.headers[VERSION_FIELD] = str(record.number)
    address = journey.address
    if where is None:
        if address:
            _link(response, link_to_version(address, record))
        return
    response.headers["Memento-Datetime"] = http_date(record.time)
    if address:
        _link(response, links(address, record, kept_records(current_site())))
        if where.number is None:
            response.headers["Content-Location"] = address.at(record.number)


def _link(response: Response, link: str) -> None:
    """Add a link to those of an answer; it says more than the permanent link of a query, which it replaces."""
    others = [one for one in response.headers.getlist("Link") if 'rel="bookmark' not in one]
    response.headers.setlist("Link", [*others, link])
