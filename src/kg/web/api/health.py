"""The answer of ``/healthz``, which needs no thread: a busy server is not taken for a dead one."""

from __future__ import annotations

from kg.web.http.response_cache import CachedResponse

HEALTH_PATH = "/healthz"
_BODY = b"ok\n"
_FIELDS = (
    ("content-type", "text/plain; charset=utf-8"),
    ("content-length", str(len(_BODY))),
    ("cache-control", "no-store"),
)


def health() -> CachedResponse:
    """Say that the process answers."""
    return CachedResponse(200, list(_FIELDS), _BODY, "")
