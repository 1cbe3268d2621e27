"""Header fields that keep pages safe in a browser (https://www.w3.org/TR/CSP3/)."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{directive} {sources}" for directive, sources in _SOURCES.items())
"""Nothing but what we serve, nothing inline, in nobody's frame; a page that needs more sets the field itself."""
FIELDS = (("x-content-type-options", "nosniff"),)
"""What every answer has: no browser is to guess what it is."""
_OF_PAGES = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def secure(app: Flask) -> None:
    """Give every answer those fields, and every page what it may load."""

    def add_fields(response: Response) -> Response:
        response.headers.extend(FIELDS)
        if response.status_code == HTTPStatus.NO_CONTENT:
            response.headers.pop("Content-Type", None)  # Flask names one for what has none
        if response.mimetype == "text/html":
            for name, value in _OF_PAGES.items():
                response.headers.setdefault(name, value)
        return response

    app.after_request(add_fields)
