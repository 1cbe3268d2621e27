"""The answer of ``/healthz``, which needs no thread: a busy server is not taken for a dead one."""

from __future__ import annotations

from kg.web.http.response_cache import HotAnswer

HEALTH_PATH = "/healthz"
_BODY = b"ok\n"
_FIELDS = (
    ("content-type", "text/plain; charset=utf-8"),
    ("content-length", str(len(_BODY))),
    ("cache-control", "no-store"),
)


def health() -> HotAnswer:
    """Say that the process answers."""
    return HotAnswer(200, list(_FIELDS), _BODY, "")
