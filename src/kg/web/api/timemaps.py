"""The endpoint ``/timemap``: all versions of an address (RFC 7089, section 5)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.web.api.datetime_negotiation import kept_commits
from kg.web.http.complete_response import Validators
from kg.web.http.errors import not_found
from kg.web.http.memento import LINK_FORMAT, Address, has_versions, timemap_json, timemap_links
from kg.web.http.negotiation import choose_media_type
from kg.web.http.responses import answer
from kg.web.site import current_site

blueprint = Blueprint("timemaps", __name__)

_JSON = "application/json"


@blueprint.get("/timemap/<any(link, json):form>/<path:path>")
def timemap(form: str, path: str) -> Response:
    """List the versions of an address, in the link format or as JSON."""
    if not has_versions(path):
        raise not_found(request.path)
    site = current_site()
    version = site.version()
    preferred = choose_media_type(request.headers.get("Accept"), (LINK_FORMAT, _JSON))
    media_type = _JSON if form == "json" or preferred == _JSON else LINK_FORMAT
    root = request.url_root.removesuffix("/")
    address = Address(root, f"/{path}", request.query_string.decode("utf-8", "replace"))
    write = timemap_json if media_type == _JSON else timemap_links
    return answer(write(address, kept_commits(site)), media_type, Validators(version, f"{address} {media_type}"))
