"""The least that the HTTP server under ours can be asked for."""

from __future__ import annotations

from typing import Any

_FIELDS = [("content-type", "text/plain"), ("content-length", "5")]


async def application(_scope: Any, exchange: Any) -> None:
    """Say hello (RSGI)."""
    exchange.response_bytes(200, _FIELDS, b"hello")
