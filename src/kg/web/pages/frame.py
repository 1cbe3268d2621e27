"""The layout of every page, and the rendering of templates: see ``templates/README.md``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException

from kg.build import program_code
from kg.locales import LANGUAGES, Language, as_datetime, in_words
from kg.store import Version
from kg.web.api.addresses import address, file_address, in_language, query_in_language, root, version_named
from kg.web.api.datetime_negotiation import is_memento_request
from kg.web.http.complete_response import Validators
from kg.web.http.errors import not_found
from kg.web.http.memento import VERSION
from kg.web.http.negotiation import negotiate_language
from kg.web.http.responses import answer, as_response, not_modified
from kg.web.pages.bundle import Bundle
from kg.web.site import current_site

blueprint = Blueprint("assets", __name__)

_NAME = "kg.frame"
_PAGE = "text/html"
VARY = "Accept, Accept-Encoding, Accept-Language"

NAVIGATION = (
    ("cities", "/cities"),
    ("exchanges", "/exchanges"),
    ("compare", "/compare"),
    ("source", "/source"),
    ("quality", "/quality"),
    ("sparql", "/sparql"),
    ("downloads", "/downloads/"),
    ("ontology", "/ontology"),
    ("use", "/use"),
    ("history", "/history"),
)
"""The sections, in order, with where they begin."""
FOOTER = (("about", "/about"), ("dataset", "/dataset"), ("openapi", "/openapi.json"))
SEARCH = "/search"


@dataclass(frozen=True)
class Frame:
    """The layout of an application; sections without an endpoint are left out."""

    app: Flask
    bundle: Bundle

    @cached_property
    def navigation(self) -> tuple[tuple[str, str], ...]:
        """The sections that there are."""
        return tuple(entry for entry in NAVIGATION if self.has_endpoint(entry[1]))

    @cached_property
    def footer(self) -> tuple[tuple[str, str], ...]:
        """The links of the footer."""
        return tuple(entry for entry in FOOTER if self.has_endpoint(entry[1]))

    @cached_property
    def digest(self) -> str:
        """What changes when a page can look different: templates, catalogues, code, styles."""
        return f"{_digest_of_sources()} {self.bundle.digest}"

    def has_endpoint(self, path: str) -> bool:
        """Return whether the application answers at a path."""
        try:
            self.app.url_map.bind("localhost").match(path, "GET")
        except HTTPException:
            return False
        return True


@cache
def _digest_of_sources() -> str:
    below = [_bytes_below(files("kg.web").joinpath("templates")), _bytes_below(files("kg.locales"))]
    return hashlib.sha256(b"\n".join([program_code().sha256.encode(), *below])).hexdigest()[:16]


def _bytes_below(folder: Traversable) -> bytes:
    below = sorted(folder.iterdir(), key=lambda one: one.name)
    return b"".join(_bytes_below(one) if one.is_dir() else one.read_bytes() for one in below if one.name[0] != "_")


def install_frame(app: Flask, bundle: Bundle) -> None:
    """Give the application its frame, and every template what it calls for."""
    frame = Frame(app, bundle)
    app.extensions[_NAME] = frame
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_context)


def current_frame() -> Frame:
    """Return the frame of the application that answers the request."""
    frame: Frame = current_app.extensions[_NAME]
    return frame


def current_language() -> Language:
    """Return the language of the page that is asked for."""
    if "language" not in g:
        g.language = negotiate_language(request.args.get("lang"), request.headers.get("Accept-Language"))
    language: Language = g.language
    return language


def show_page(
    template: str,
    key: str,
    fill: Callable[[], Mapping[str, object]] = dict,
    version: Version | None = None,
) -> Response:
    """Answer with a page; ``fill`` gives the template its values, called only where the client has no good copy.

    ``key`` and the version tell pages apart; the language, the address and the look are added. Without a version no
    cache may keep the page.
    """
    language = current_language()
    parts = (
        key,
        language.code,
        request.args.get("lang", ""),
        version_named() or "",
        root(),
        current_frame().digest,
    )
    validators = Validators(version, " ".join(parts)) if version else None
    response = not_modified(validators) if validators else None
    if response is None:
        g.version = version or current_site().store.current()
        response = answer(render_template(template, **fill()).encode(), _PAGE, validators)
    response.headers["Vary"] = VARY
    response.headers["Content-Language"] = language.tag
    return response


def asset(name: str) -> str | None:
    """Return the address of a built file by the name of its source; None where nothing was built."""
    built = current_frame().bundle.entries.get(name)
    return file_address(f"/assets/{built}") if built else None


def _context() -> dict[str, object]:
    frame, language = current_frame(), current_language()
    version: Version | None = g.version if "version" in g else current_site().store.current()
    return {
        "t": language.translate,
        "language": language,
        "languages": LANGUAGES,
        "in_words": lambda edtf: in_words(edtf, language),
        "as_datetime": as_datetime,
        "as_number": Decimal,
        "current_iris": current_site().iris,
        "licence": current_site().settings.license,
        "list_forms": g.get("list_forms", ()),
        "address": address,
        "file_address": file_address,
        "in_language": in_language,
        "query_in_language": query_in_language,
        "asset": asset,
        "frame": frame,
        "version_parameter": VERSION,
        "search": address(SEARCH) if frame.has_endpoint(SEARCH) else None,
        "current_version": version,
        "has_travelled": is_memento_request() and "version" in g,
        "version_date": _day(version) if version else None,
    }


def _day(version: Version) -> date:
    return datetime.fromtimestamp(version.modified, UTC).date()


@blueprint.get("/assets/<name>")
def built_file(name: str) -> Response:
    """Send a built file."""
    found = current_frame().bundle.assets.get(name)
    if found is None:
        raise not_found(request.path)
    return as_response(found.answer(request.headers.get("Accept-Encoding"), request.headers.get("If-None-Match", "")))
