"""The endpoint ``/conformance``: results of the W3C test suites for the running code, as a page and as data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

from kg.build import program_code
from kg.domain import NotFoundError
from kg.locales import Message
from kg.rdf import REPORT_FORMS, Code, of_media_type, read_report, serialize_report
from kg.web.http.errors import not_found, not_on_offer
from kg.web.http.negotiation import choose_media_type
from kg.web.http.responses import answer
from kg.web.pages.frame import show_page
from kg.web.site import Site, current_site

blueprint = Blueprint("conformance", __name__)

_PAGE = "text/html"
_ENDINGS = {"html": _PAGE} | {form.extension: form.media_type for form in REPORT_FORMS}


@blueprint.get("/conformance")
def conformance() -> Response:
    """Show the report in the form that the client prefers."""
    offers = (*(form.media_type for form in REPORT_FORMS), _PAGE)
    media_type = choose_media_type(request.headers.get("Accept"), offers)
    if media_type is None:
        raise not_on_offer(offers)
    return _shown(media_type)


@blueprint.get("/conformance.<ending>")
def conformance_as(ending: str) -> Response:
    """Show the report in the form that the address names."""
    if ending not in _ENDINGS:
        raise not_found(request.path)
    return _shown(_ENDINGS[ending])


def has_report(site: Site) -> bool:
    """Return whether there is a report to show."""
    return _path(site).is_file()


def _path(site: Site) -> Path:
    return site.settings.home / "data" / "conformance.ttl"


def _shown(media_type: str) -> Response:
    site = current_site()
    try:
        turtle = _path(site).read_text("utf-8")
    except OSError:
        raise _no_report() from None
    if media_type != _PAGE:
        form = of_media_type(media_type, REPORT_FORMS)
        return answer(serialize_report(turtle, media_type, site.iris), media_type, None, form)
    report, running = read_report(turtle), _running_code()
    is_current = report.code_sha256 == running.sha256
    return show_page(
        "conformance.html", "conformance", lambda: {"report": report, "running": running, "is_current": is_current}
    )


@cache
def _running_code() -> Code:
    return program_code()


def _no_report() -> NotFoundError:
    return NotFoundError(
        Message("conformance.missing"),
        cure=Message("conformance.missing_cure"),
    )
