"""A request and an exchange as the HTTP server hands them over, for tests of the front."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from kg.web.front import Front
from kg.web.http.response_cache import CachedResponse

ASK = "query=ASK%7B%3Fs%20%3Fp%20%22d%22%7D"


@dataclass
class Scope:
    """A request as the HTTP server describes it."""

    method: str = "GET"
    path: str = "/sparql"
    query_string: str = ASK
    scheme: str = "http"
    client: str = "127.0.0.1:40000"
    authority: str | None = None
    headers: dict[str, str] = field(default_factory=lambda: {"host": "localhost:8000"})


class Exchange:
    """An exchange whose body comes in chunks, each after so many seconds, and whose client stays or goes."""

    def __init__(self, chunks: Iterable[bytes] = (), *, delay: float = 0, gone: bool = False) -> None:
        """Prepare what the client does."""
        self.answer = CachedResponse(0, [], b"", "")
        self.request_id = ""
        self._chunks = chunks
        self._delay = delay
        self._gone = gone

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Send the body."""
        for chunk in self._chunks:
            await asyncio.sleep(self._delay)
            yield chunk

    async def client_disconnect(self) -> None:
        """Go, or stay for ever."""
        if not self._gone:
            await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Keep the answer, and the name of the request apart: it differs each time."""
        fields = dict(headers)
        self.request_id = fields.get("x-request-id", "")
        self.answer = CachedResponse(status, [one for one in headers if one[0] != "x-request-id"], body, "")

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Exchange:
        """Begin to keep an answer."""
        self.answer = CachedResponse(status, headers, b"", "")
        return self

    async def send_bytes(self, data: bytes) -> None:
        """Keep a piece of the answer."""
        self.answer = self.answer._replace(body=self.answer.body + data)


def ask(front: Front, scope: Scope | None = None, exchange: Exchange | None = None) -> CachedResponse:
    """Have one request answered."""
    exchange = exchange or Exchange()
    asyncio.run(front.__rsgi__(scope or Scope(), exchange))
    return exchange.answer
