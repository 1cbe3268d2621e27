"""The endpoint ``/assets/``: built files of the front end, cached forever."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.web.http.errors import not_found
from kg.web.http.responses import as_response
from kg.web.pages.frame import current_frame

blueprint = Blueprint("assets", __name__)


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    """Send a built file."""
    found = current_frame().bundle.assets.get(name)
    if found is None:
        raise not_found(request.path)
    return as_response(found.answer(request.headers.get("Accept-Encoding"), request.headers.get("If-None-Match", "")))
