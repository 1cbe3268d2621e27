"""CORS (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

import re

from flask import Flask, Response, request

_METHODS = "GET, HEAD, POST, QUERY, PUT, DELETE, OPTIONS"
_FIELDS = (
    "Accept, Accept-Datetime, Accept-Language, Authorization, Content-Type, If-Match, If-Modified-Since, "
    "If-None-Match, If-Range, Range, X-Requested-With"
)
"""What is allowed where a preflight names no field."""
_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:[ \t]*,[ \t]*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*\Z")
_LONGEST = 4096
_EXPOSED = (
    "Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Language, Content-Length, Content-Location, "
    "Content-Range, Date, ETag, Kg-Today, Kg-Version, Kg-Warnings, Last-Modified, Link, Location, Memento-Datetime, "
    "Repr-Digest, Retry-After, Vary, WWW-Authenticate, X-Request-Id"
)
_PREFLIGHT_SECONDS = "86400"
_ASKED_METHOD, _ASKED_FIELDS = "Access-Control-Request-Method", "Access-Control-Request-Headers"

CORS_FIELDS = (("access-control-allow-origin", "*"), ("access-control-expose-headers", _EXPOSED))
"""What lets every origin read an answer."""


def allow_origins(app: Flask) -> None:
    """Let every origin read, and answer preflight requests: a page elsewhere has no token but its own."""

    def add_fields(response: Response) -> Response:
        response.headers.extend(CORS_FIELDS)
        if request.method == "OPTIONS" and _ASKED_METHOD in request.headers:
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = _allowed(request.headers.get(_ASKED_FIELDS, ""))
            response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
            response.headers["Vary"] = f"{_ASKED_METHOD}, {_ASKED_FIELDS}"
        return response

    app.after_request(add_fields)


def _allowed(asked: str) -> str:
    """Return the fields that a request may have: those that it asks for, for none of them can do harm here."""
    return asked if len(asked) <= _LONGEST and _NAMES.match(asked) else _FIELDS
