"""What is said of a thing that is not there: it never was, or an earlier version had it."""

from __future__ import annotations

from flask import request

from kg.errors import GoneError, KgError, Message
from kg.web.addresses import version_named
from kg.web.memento import VERSION
from kg.web.refusals import not_found
from kg.web.site import Site
from kg.web.travelling import kept_records

_MOST_VERSIONS = 1000


def absent(site: Site, iri: str) -> KgError:
    """Return the error for a thing of which nothing is said: 410 where a version that is kept took it away."""
    start = f"<{iri}> "
    named = version_named()
    for record in kept_records(site)[: -_MOST_VERSIONS - 1 : -1]:
        is_before = named is None or record.number <= int(named)
        if is_before and record.removed and _took_away(site, record.number, start):
            last = record.number - 1
            return GoneError(
                Message(ko=f"{last}번째 판까지 있던 항목입니다.", en=f"This was there up to version {last}."),
                cure=Message(ko=f"?{VERSION}={last}을 붙여 여십시오.", en=f"Open it with ?{VERSION}={last}."),
            )
    return not_found(request.path)


def _took_away(site: Site, number: int, start: str) -> bool:
    return any(line.startswith(start) for line in site.store.patch(number).removed)
