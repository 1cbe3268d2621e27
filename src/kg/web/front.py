"""The front of the server (RSGI): hot answers at once, the body of a request read within bounds, the rest to Flask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO, Protocol

from kg.errors import KgError
from kg.store.cancellation import Cancellation
from kg.store.refusals import budget
from kg.store.versions import Store, Version
from kg.web.direct import DirectAnswers
from kg.web.forwarding import Networks, as_reached, is_believed
from kg.web.gateway import CANCELLATION, REFUSAL, Request, WsgiApplication, answered
from kg.web.hot import Hot, HotAnswer, Key
from kg.web.metrics import Metrics
from kg.web.refusals import body_too_large, slow_body

_PATIENCE_SECONDS = 10.0
_SLOWEST_BYTES_PER_SECOND = 64 * 1024
_MOST_BODIES = 8
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "QUERY"})
_HOT_METHODS = frozenset({"GET", "HEAD", "POST"})
_DECIDING = ("host", "accept", "accept-encoding", "accept-language", "content-type")
_NOT_HOT = frozenset(
    {
        *("range", "if-modified-since", "if-unmodified-since", "if-match", "authorization", "content-encoding"),
        "accept-datetime",
    }
)
_SMALL_BODY = 64 * 1024
_SHORT = 4096
_PIECE = 256 * 1024
_OK = 200


class Stream(Protocol):
    """An answer that is being sent."""

    async def send_bytes(self, data: bytes) -> None:
        """Send a piece; raise when the client is gone."""


class Exchange(Protocol):
    """What the HTTP server hands over to answer a request with."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the body."""

    async def client_disconnect(self) -> None:
        """Wait until the client is gone."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer."""

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Stream:
        """Begin to answer."""


@dataclass(frozen=True)
class Bounds:
    """What the front takes: bytes of a body, bytes of hot answers, requests at work and waiting, whose word."""

    body_size: int
    hot_size: int
    threads: int
    queue: int
    trusted: Networks = ()


class Front:
    """Answers requests as the HTTP server calls for it."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that it is put together from
        self,
        application: WsgiApplication,
        store: Store,
        bounds: Bounds,
        direct: DirectAnswers | None = None,
        metrics: Metrics | None = None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        """Stand before an application; ``direct`` answers without it, ``close`` is called when the server stops.

        The metrics count the requests.
        """
        self._application = application
        self._store = store
        self._bounds = bounds
        self.hot = Hot(bounds.hot_size)
        self._metrics = metrics or Metrics()
        self.bytes_held = 0
        self._places = bounds.threads + bounds.queue
        self._threads = ThreadPoolExecutor(bounds.threads, thread_name_prefix="door")
        self._direct = direct
        self._close = close

    @property
    def at_work(self) -> int:
        """How many requests are being answered or wait for it."""
        return self._bounds.threads + self._bounds.queue - self._places

    def __rsgi_del__(self, _loop: object) -> None:
        """Stop: wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._close()

    async def __rsgi__(self, scope: Any, exchange: Exchange) -> None:  # noqa: ANN401 - of the HTTP server's own making
        """Answer one request."""
        version = self._store.current()
        method = scope.method
        believed = is_believed(scope.client, self._bounds.trusted)
        same = (method, scope.path, scope.query_string, believed, *scope.headers.items()) if method == "GET" else None
        answer = self.hot.find_again(version, same)
        if answer is None:
            request = Request(method, scope.path, scope.query_string, scope.scheme, scope.client, _fields(scope))
            request = as_reached(request, self._bounds.trusted)
            if method in _WITH_BODY:
                answer = await self._answer_with_body(request, exchange)
            else:
                answer = await self._answer(version, request, exchange, same=same)
        self._metrics.request(scope.path, answer.status)
        if answer.file is None:
            exchange.response_bytes(answer.status, answer.fields, answer.body)
        else:
            await self._send(exchange, answer, answer.file)

    async def _send(self, exchange: Exchange, answer: HotAnswer, file: BinaryIO) -> None:
        """Send a file as fast as the client takes it."""
        loop = asyncio.get_running_loop()
        with file:
            stream = exchange.response_stream(answer.status, answer.fields)
            while piece := await loop.run_in_executor(self._threads, file.read, _PIECE):
                await stream.send_bytes(piece)

    async def _answer_with_body(self, request: Request, exchange: Exchange) -> HotAnswer:
        received = bytearray()
        try:
            await self._receive(exchange, request.fields.get("content-length", ""), received)
            return await self._answer(self._store.current(), replace(request, body=bytes(received)), exchange)
        except KgError as error:
            return await self._answer(None, request, exchange, error)
        finally:
            self.bytes_held -= len(received)

    async def _receive(self, exchange: Exchange, announced: str, received: bytearray) -> None:
        """Read a body that is not too large and does not come too slowly, while others' bodies leave room for it."""
        if announced.isdigit() and int(announced) > self._bounds.body_size:
            raise body_too_large()
        chunks = aiter(exchange)
        begun = asyncio.get_running_loop().time()
        while True:
            allowed = _PATIENCE_SECONDS + len(received) / _SLOWEST_BYTES_PER_SECOND
            try:
                async with asyncio.timeout_at(begun + allowed):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise slow_body() from error
            received += chunk
            self.bytes_held += len(chunk)
            if len(received) > self._bounds.body_size:
                raise body_too_large()
            if self.bytes_held > _MOST_BODIES * self._bounds.body_size:
                raise budget("bodies", "동시에 받는 요청이 너무 많습니다.", "Too much is being sent at once.")

    async def _answer(
        self,
        version: Version | None,
        request: Request,
        exchange: Exchange,
        refusal: KgError | None = None,
        same: Hashable = None,
    ) -> HotAnswer:
        key = _key(request) if refusal is None and version else None
        hot = self.hot.find(version, key) if key else None
        if hot:
            answer = hot.unchanged() if hot.is_named_by(request.fields.get("if-none-match", "")) else hot
            if same and len(str(same)) < _SHORT:
                self.hot.remember(version, same, answer)
            return answer
        self._places -= 1
        try:
            answer = await self._work(version if key else None, request, exchange, refusal)
        finally:
            self._places += 1
        if key and answer.status == _OK and answer.etag:
            self.hot.keep(version, key, answer)
        return answer

    async def _work(
        self, version: Version | None, request: Request, exchange: Exchange, refusal: KgError | None
    ) -> HotAnswer:
        """Have the answer worked out, and end the work when the client goes."""
        watch = partial(_watched, exchange)
        if self._places < 0:
            refusal = budget("queue", "기다리는 요청이 너무 많습니다.", "Too many requests are waiting.")
        elif self._direct and version and not refusal:
            try:
                answer = self._direct.answer(version, request)
            except KgError as error:
                refusal = error
            else:
                if answer:
                    return answer
        return await self._in_thread(request, watch, refusal)

    async def _in_thread(
        self, request: Request, watch: Callable[[Cancellation], asyncio.Task[None]], refusal: KgError | None
    ) -> HotAnswer:
        cancellation = Cancellation()
        extras = {CANCELLATION: cancellation, REFUSAL: refusal}
        watching = watch(cancellation)
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, answered, self._application, replace(request, extras=extras)
            )
        finally:
            watching.cancel()


def _watched(exchange: Exchange, cancellation: Cancellation) -> asyncio.Task[None]:
    """Begin to watch for the client to go."""
    return asyncio.ensure_future(_when_gone(exchange, cancellation))


async def _when_gone(exchange: Exchange, cancellation: Cancellation) -> None:
    await exchange.client_disconnect()
    cancellation.set()


def _fields(scope: Any) -> dict[str, str]:  # noqa: ANN401 - of the HTTP server's own making
    fields: dict[str, str] = {}
    for name, value in scope.headers.items():
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    if scope.authority:
        fields.setdefault("host", scope.authority)
    return fields


def _key(request: Request) -> Key | None:
    """Return all that a kept answer depends on, or None for a request that no kept answer is for."""
    fields = request.fields
    if request.method not in _HOT_METHODS or len(request.body) > _SMALL_BODY or not _NOT_HOT.isdisjoint(fields):
        return None
    where = (request.method, request.scheme, request.prefix, request.path, request.query_string)
    return (*where, request.body, *map(fields.get, _DECIDING))
