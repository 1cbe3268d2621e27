"""Where things are reached: the one place that writes addresses, under a path prefix and any base IRI alike."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request

from kg.web.http.memento import VERSION, versions_named
from kg.web.site import current_site

LANGUAGE = "lang"
"""The parameter that names the language of a page."""
_WEB = ("http://", "https://")


def root() -> str:
    """Return the address of the site as the client knows it, with its prefix; it ends with a slash."""
    return request.root_url


def file_address(target: str, **query: str | int | None) -> str:
    """Return the address of a path (``/downloads/kg.ttl``) or of an IRI: its own where it is not under our base.

    It begins with a slash, or the prefix that a proxy gave the site. A value of None is left out of the query. An
    IRI that is not ``http(s)`` has no address: an update can put ``javascript:`` anywhere, and no reader is to run it.
    """
    prefix = f"{request.script_root}/"
    path = prefix + target[1:] if target.startswith("/") else current_site().reached(target, prefix)
    if path.startswith("//") or not path.startswith(("/", *_WEB)):
        return ""
    given = {name: value for name, value in query.items() if value is not None}
    path, mark, fragment = path.partition("#")
    joint = "&" if "?" in path else "?"
    return f"{path}{joint if given else ''}{urlencode(given)}{mark}{fragment}"


def address(target: str, **query: str | int | None) -> str:
    """Return the address of a page: of a path, or of the thing that an IRI names; nothing for one that is not http(s).

    It keeps the language and the version that the request names.
    """
    site = current_site()
    things = f"{site.settings.base_iri}id/"
    if target.startswith(things):
        target = f"/page/{target.removeprefix(things)}"
    elif not target.startswith(("/", site.settings.base_iri)):
        return target if target.startswith(_WEB) else ""
    return file_address(target, **{LANGUAGE: request.args.get(LANGUAGE), VERSION: version_named(), **query})


def version_named() -> str | None:
    """Return the version of the graph that the request names."""
    return next(iter(versions_named(request.args.items(multi=True))), None)


def query_in_language(code: str | None) -> str:
    """Return the query, from its question mark on, that asks for this very page in a language, or in none."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != LANGUAGE]
    query += [(LANGUAGE, code)] if code else []
    return f"?{urlencode(query)}" if query else ""


def in_language(code: str | None) -> str:
    """Return the full address of this very page in a language, or in the one that each reader prefers."""
    return f"{request.base_url}{query_in_language(code)}"
