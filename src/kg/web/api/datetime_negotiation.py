"""Datetime negotiation (RFC 7089): the requested version, and the Memento header fields of the response."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, request

from kg.domain import RequestError
from kg.locales import Message
from kg.store import CommitInfo, Version
from kg.web.http.complete_response import VERSION_FIELD
from kg.web.http.memento import (
    LONGEST_ADDRESS,
    VERSION,
    Address,
    VersionReference,
    current_at,
    destination,
    has_versions,
    http_date,
    link_to_version,
    links,
    versions_named,
)
from kg.web.http.protocol import read_pairs
from kg.web.site import Site, current_site

_NEGOTIATED = "kg_journey"


@dataclass(frozen=True)
class _Negotiated:
    version: Version
    destination: VersionReference | None
    address: Address | None


def requested_version(site: Site, named: str | None = None, address: Address | None = None) -> Version:
    """Return the version named by ``?graph-version=`` or ``Accept-Datetime``, else the current version.

    The response then has its header fields. ``named`` is a number that is not in the query string; ``address`` is the
    address of the request for links, or None if it is too long.

    :raises RequestError: the number or the date is malformed
    :raises NotFoundError: the version never existed
    :raises GoneError: the version is expired
    """
    in_address = versions_named(read_pairs(request.query_string))
    where = destination([named] if named else in_address, request.headers.get("Accept-Datetime"))
    version = site.version()
    if where and where.number:
        version = site.store.version(where.number)
    elif where and where.moment:
        version = site.store.version(current_at(site.store.commits(), where.moment))
    g.setdefault(_NEGOTIATED, _Negotiated(version, where, address))
    return version


def own_address() -> Address | None:
    """Return the address of the request, or None where it is too long to be linked to."""
    if len(request.path) + len(request.query_string) > LONGEST_ADDRESS:
        return None
    root = request.url_root.removesuffix("/")
    return Address(root, request.path, request.query_string.decode("utf-8", "replace"))


def is_memento_request() -> bool:
    """Return whether the request names a version or a moment."""
    negotiated = g.get(_NEGOTIATED)
    return negotiated is not None and negotiated.destination is not None


def refuse_past_version(named: str | None = None) -> None:
    """Refuse a write to an earlier version; ``named`` is a number that is not in the query string.

    :raises RequestError: the request names a version or a moment
    """
    in_address = versions_named(read_pairs(request.query_string))
    if named is not None or in_address or "Accept-Datetime" in request.headers:
        raise RequestError(
            Message("request.past_version"),
            cure=Message("request.past_version_cure", parameter=VERSION),
        )


def kept_commits(site: Site) -> tuple[CommitInfo, ...]:
    """Return the commits that are not expired, oldest first."""
    return tuple(commit for commit in site.store.commits() if site.store.log.is_kept(commit.number))


def add_memento_headers(app: Flask) -> None:
    """Add the version to each response, and the Memento header fields to those of a named version."""

    def tell(response: Response) -> Response:
        negotiated = g.get(_NEGOTIATED)
        if negotiated and response.status_code < 400:  # noqa: PLR2004 - an error is no Memento
            _add_headers(response, negotiated)
        if negotiated or has_versions(request.path):
            response.vary.add("Accept-Datetime")  # of an error too: at another moment there may be none (RFC 7089, 4.1)
        if VERSION_FIELD not in response.headers:
            current = current_site().store.current()
            if current:
                response.headers[VERSION_FIELD] = str(current.number)
        return response

    app.after_request(tell)


def _add_headers(response: Response, negotiated: _Negotiated) -> None:
    commit_info, where = negotiated.version.commit_info, negotiated.destination
    response.headers[VERSION_FIELD] = str(commit_info.number)
    address = negotiated.address
    if where is None:
        if address:
            _link(response, link_to_version(address, commit_info))
        return
    response.headers["Memento-Datetime"] = http_date(commit_info.time)
    if address:
        _link(response, links(address, commit_info, kept_commits(current_site())))
        if where.number is None:
            response.headers["Content-Location"] = address.at(commit_info.number)


def _link(response: Response, link: str) -> None:
    """Add a Link header; it replaces the permanent link of a query, which says less."""
    others = [one for one in response.headers.getlist("Link") if 'rel="bookmark' not in one]
    response.headers.setlist("Link", [*others, link])
