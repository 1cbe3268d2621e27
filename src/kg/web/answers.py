"""Complete answers as Flask sends them."""

from __future__ import annotations

from flask import Response, request

from kg.web.complete import Validators, complete
from kg.web.hot import HotAnswer


def unchanged(validators: Validators) -> Response | None:
    """Return 304 when the client's copy is still good, before any work is done."""
    matched = validators.matched(request.headers.get("If-None-Match", ""))
    return as_response(matched) if matched else None


def answer(body: bytes, media_type: str, validators: Validators | None) -> Response:
    """Return a complete answer; without validators it is one that no cache may keep."""
    response = as_response(complete(body, media_type, validators, request.headers.get("Accept-Encoding")))
    if validators:
        response.make_conditional(request)
    return response


def as_response(answered: HotAnswer) -> Response:
    """Return an answer as Flask knows it."""
    response = Response(answered.body, status=answered.status)
    response.headers.clear()
    response.headers.extend(answered.fields)
    return response
