"""Letting browser applications of other sites in (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

from flask import Flask, Response, request

_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_FIELDS = "Accept, Accept-Datetime, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match"
_EXPOSED = (
    "Allow, Content-Encoding, Content-Location, ETag, Kg-Today, Kg-Version, Link, Location, Memento-Datetime, "
    "Repr-Digest, Retry-After, WWW-Authenticate"
)
_PREFLIGHT_SECONDS = "86400"

CORS_FIELDS = (("access-control-allow-origin", "*"), ("access-control-expose-headers", _EXPOSED))
"""What lets every origin read an answer."""


def allow_origins(app: Flask) -> None:
    """Let every origin read, and answer preflight requests; tokens are no cookies, so nothing is lent by a browser."""

    def add_fields(response: Response) -> Response:
        response.headers.extend(CORS_FIELDS)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = _FIELDS
            response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
            response.headers["Vary"] = "Access-Control-Request-Method"
        return response

    app.after_request(add_fields)
