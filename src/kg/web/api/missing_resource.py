"""The error for a missing resource: 404, or 410 if an earlier version had it."""

from __future__ import annotations

from flask import request

from kg.domain import GoneError, KgError
from kg.locales import Message
from kg.web.api.addresses import version_named
from kg.web.http.errors import not_found
from kg.web.http.memento import VERSION
from kg.web.site import Site


def missing_resource_error(site: Site, iri: str) -> KgError:
    """Return a 410 if a kept version has statements about the resource, else a 404."""
    named = version_named()
    removal = site.removals.last(iri, int(named) if named else site.version().number)
    if removal is None or not site.store.log.is_kept(removal - 1):
        return not_found(request.path)
    last = removal - 1
    return GoneError(
        Message("request.was_there", last=last),
        cure=Message("request.was_there_cure", parameter=VERSION, last=last),
    )
