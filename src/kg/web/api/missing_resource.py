"""What is said of a missing resource: 404, 410 if there was one, or a redirection to the IRI that replaces its own."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from kg.domain import GoneError, KgError
from kg.locales import Message
from kg.web.api.addresses import version_named
from kg.web.http.errors import not_found
from kg.web.http.memento import VERSION
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import iri as term_of
from kg.web.site import Site


def missing_resource_error(site: Site, iri: str) -> KgError:
    """Return a 410 if the resource is retired, or a kept version has statements about it, else a 404."""
    retired = retired_resource_error(site, iri)
    if retired:
        return retired
    last = _last_version(site, iri)
    return _gone(last) if last else not_found(request.path)


def retired_resource_error(site: Site, iri: str) -> KgError | None:
    """Return a 410 if the IRI of the resource is retired, and None if it is not; redirect if another IRI replaces it.

    A retired IRI is that of nothing else: the statements on it are kept whatever versions are pruned.
    """
    version = version_named()
    runner = QueryRunner(site.evaluator, site.store.version(int(version)) if version else site.version(), site.iris)
    rows = runner.rows("retirement", thing=[term_of(iri)])
    if not rows:
        return None
    if "replacement" in rows[0]:
        abort(redirect(_address_of(site, iri, rows[0]["replacement"].value), 301))
    return _gone(_last_version(site, iri))


def _address_of(site: Site, iri: str, replacement: str) -> str:
    """Return the address of the same document of the resource that replaces another one."""
    kind, _, slug = replacement.removeprefix(site.iris.base).removeprefix("id/").partition("/")
    suffix = str((request.view_args or {})["slug"]).removeprefix(iri.rpartition("/")[2])
    values = {"kind": kind, "slug": f"{slug}{suffix}", VERSION: version_named()}
    return url_for(str(request.endpoint), _external=True, **values)


def _last_version(site: Site, iri: str) -> int | None:
    """Return the last kept version with statements about a resource."""
    named = version_named()
    removal = site.removals.last(iri, int(named) if named else site.version().number)
    return None if removal is None or not site.store.log.is_kept(removal - 1) else removal - 1


def _gone(last: int | None) -> GoneError:
    if last is None:
        return GoneError(Message("request.retired"), cure=Message("request.retired_cure"))
    return GoneError(
        Message("request.was_there", last=last),
        cure=Message("request.was_there_cure", parameter=VERSION, last=last),
    )
