"""The RSGI application: serves cached responses, receives bodies within limits, and passes the rest to Flask."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote

from kg.domain import KgError
from kg.locales import Message
from kg.store import Cancellation, Store, Version, budget
from kg.web.access_log import OFF, AccessLog, RequestIds
from kg.web.api.health import HEALTH_PATH, health
from kg.web.api.metrics import Metrics
from kg.web.direct_answers import DirectAnswers
from kg.web.gateway import CANCELLATION, REFUSAL, Request, WsgiApplication, answered
from kg.web.http.authorization import SCOPE, Guard, allow_all, required_scope
from kg.web.http.cors import CORS_FIELDS
from kg.web.http.errors import header_fields_too_large, unknown_host
from kg.web.http.forwarding import Networks, as_reached, is_believed
from kg.web.http.hosts import ServerNames
from kg.web.http.request_bodies import Bodies
from kg.web.http.response_cache import CachedResponse, Key, ResponseCache
from kg.web.http.security import FIELDS
from kg.web.shutdown import COMMITMENT, Shutdown, stopping

_MOST_FIELD_BYTES = 16 * 1024
_MOST_PARSED_BYTES = 8 * 1024
"""What is parsed on the event loop; larger requests are parsed in a thread."""
_KEPT_FIELD_BYTES = 512
_REQUEST_ID = "x-request-id"
_SPARQL = "/sparql"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "QUERY"})
_ENDPOINTS_WITH_BODY = frozenset({"sparql", "graphs", "mcp"})
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
    """A response being streamed."""

    async def send_bytes(self, data: bytes) -> None:
        """Send a chunk; raise when the client is gone."""


class RequestContext(Protocol):
    """The server's side of a request (RSGI protocol)."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the body."""

    async def client_disconnect(self) -> None:
        """Wait until the client is gone."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send a response."""

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Stream:
        """Start a streamed response."""


@dataclass(frozen=True)
class Bounds:
    """Limits: bytes of a body and of the response cache, requests running and queued, trusted proxies, hosts."""

    body_size: int
    hot_size: int
    threads: int
    queue: int
    trusted: Networks = ()
    names: ServerNames = field(default_factory=ServerNames)


class Front:
    """The RSGI application in front of the WSGI application."""

    def __init__(  # noqa: PLR0913 - its collaborators
        self,
        application: WsgiApplication,
        store: Store,
        bounds: Bounds,
        *,
        direct: DirectAnswers | None = None,
        metrics: Metrics | None = None,
        close: Callable[[], None] = lambda: None,
        guard: Guard = allow_all,
        log: AccessLog | None = None,
        shutdown: Shutdown | None = None,
    ) -> None:
        """Wrap a WSGI application.

        ``direct`` answers cheap queries without it, the metrics count the requests, ``close`` is called when the
        server stops, and ``guard`` returns whether a request has a token for a scope.
        """
        self._application = application
        self._store = store
        self._bounds = bounds
        self.response_cache = ResponseCache(bounds.hot_size)
        self._metrics = metrics or Metrics()
        self.bodies = Bodies(bounds.body_size)
        self._places = bounds.threads + bounds.queue
        self._threads = ThreadPoolExecutor(bounds.threads, thread_name_prefix="request")
        self._refusing = ThreadPoolExecutor(1, thread_name_prefix="refusals")
        self._direct = direct
        self._close = close
        self._guard = guard
        self._log = log or AccessLog(OFF)
        self._ids = RequestIds()
        self.shutdown = shutdown or Shutdown()

    @property
    def in_flight(self) -> int:
        """The number of requests running or queued."""
        return self._bounds.threads + self._bounds.queue - self._places

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start: SIGTERM and SIGINT also begin the shutdown; the HTTP server gets them by its wakeup descriptor."""
        self._log.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _soon(loop, self.shutdown.begin))

    def __rsgi_del__(self, _loop: object) -> None:
        """Stop without waiting for threads."""
        self._log.close()
        self._refusing.shutdown(wait=False, cancel_futures=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._close()

    async def __rsgi__(self, scope: Any, exchange: RequestContext) -> None:  # noqa: ANN401 - of the HTTP server's own making
        """Answer one request."""
        began = time.time()
        request_id = self._ids.of(scope.headers.get(_REQUEST_ID))
        if scope.path == HEALTH_PATH and scope.method == "GET":
            answer = health()
            answer.fields.extend((*CORS_FIELDS, *FIELDS))
        else:
            answer = await self._found(scope, request_id, exchange)
        self._metrics.request(scope.path, answer.status)
        fields = [*answer.fields, (_REQUEST_ID, request_id)]
        if answer.file is None:
            exchange.response_bytes(answer.status, fields, answer.body)
        else:
            await self._send(exchange, answer._replace(fields=fields), answer.file)
        if self._log.is_on:
            self._log_access(scope, request_id, answer, began)

    async def _found(self, scope: Any, request_id: str, exchange: RequestContext) -> CachedResponse:  # noqa: ANN401
        version = self._store.current()
        same = self._request_identity(scope)
        answer = self.response_cache.find_request(version, same)
        if answer is not None:
            return answer
        request = _request(scope, request_id)
        direct = self._answer_directly(request, version, same)
        return direct or await self._until_stopped(request, version, exchange, same)

    def _may_be_direct(self, request: Request) -> bool:
        """Return whether a request may still be answered directly: GETs were tried before, unless behind a proxy."""
        was_tried = request.method == "GET" and not self._bounds.trusted
        return not was_tried and request.size <= _MOST_PARSED_BYTES

    def _answer_directly(self, request: Request, version: Version | None, same: Hashable) -> CachedResponse | None:
        """Answer a cheap query sent by GET; return None for any other request and for errors."""
        if self._direct is None or version is None or same is None or request.path != _SPARQL:
            return None
        if request.size > _MOST_PARSED_BYTES or self._bounds.trusted or self.shutdown.is_due:
            return None
        key = _key(request) if self._bounds.names.include(request.fields.get("host", "")) else None
        if key is None:
            return None
        if kept := self._cached_response(version, key, request, same):
            return kept
        try:
            answer = self._direct.answer(version, request)
        except KgError:
            return None
        if answer and answer.status == _OK and answer.etag:
            self.response_cache.keep(version, key, answer)
        return answer

    def _request_identity(self, scope: Any) -> Hashable:  # noqa: ANN401 - of the HTTP server's own making
        """Return a key of the request as received, without its request id; None if it is not a GET, or has a body."""
        if scope.method != "GET" or scope.headers.get("content-length"):
            return None
        believed = is_believed(scope.client, self._bounds.trusted)
        fields: Iterable[tuple[str, str]] = scope.headers.items()
        if scope.headers.get(_REQUEST_ID):
            fields = [one for one in fields if one[0] != _REQUEST_ID]
        return ("GET", scope.path, scope.query_string, believed, *fields)

    def _log_access(self, scope: Any, request_id: str, answer: CachedResponse, began: float) -> None:  # noqa: ANN401
        client = scope.client
        if self._bounds.trusted and is_believed(client, self._bounds.trusted):
            client = as_reached(_request(scope, request_id), self._bounds.trusted).client
        length = len(answer.body) if answer.file is None else int(dict(answer.fields).get("content-length", 0))
        host = client.rpartition(":")[0]
        self._log.add(began, request_id, host, scope.method, scope.path, answer.status, length)

    async def _until_stopped(
        self, request: Request, version: Version | None, exchange: RequestContext, same: Hashable
    ) -> CachedResponse:
        """Answer a request; a request cancelled by the shutdown gets a 503."""
        task = asyncio.current_task()
        if task is None or self.shutdown.is_due:
            return self._refused(request, stopping())
        request = replace(request, extras={COMMITMENT: self.shutdown.enter(task)})
        try:
            return await self._admit(request, version, exchange, same)
        except asyncio.CancelledError:
            if not self.shutdown.is_due:
                raise
            task.uncancel()
            return self._refused(request, stopping())
        finally:
            self.shutdown.leave(task)

    def _refused(self, request: Request, refusal: KgError) -> CachedResponse:
        return answered(self._application, replace(request, extras={REFUSAL: refusal}, body=b""))

    async def _admit(
        self, request: Request, version: Version | None, exchange: RequestContext, same: Hashable
    ) -> CachedResponse:
        """Answer a request; one without a required token is refused before its body is received."""
        reached, refusal = self._checked(request)
        endpoint = unquote(reached.path).strip("/").partition("/")[0]
        scope = required_scope(reached.method, endpoint, reached.fields)
        is_admitted = refusal is None and not (scope and not self._guard(reached.fields, scope))
        if is_admitted and reached.method in _WITH_BODY and endpoint in _ENDPOINTS_WITH_BODY:
            return await self._answer_with_body(reached, exchange)
        await self.bodies.discard(request.fields, exchange)
        if is_admitted:
            return await self._answer(version, reached, exchange, same=same)
        extras = reached.extras if refusal else {**reached.extras, SCOPE: scope}
        return await self._answer(None, replace(reached, extras=extras), exchange, refusal)

    def _checked(self, request: Request) -> tuple[Request, KgError | None]:
        """Return a request as it was before it was forwarded, and the error where its header fields are refused."""
        if sum(map(len, request.fields)) + sum(map(len, request.fields.values())) > _MOST_FIELD_BYTES:
            kept = {name: value for name, value in request.fields.items() if len(value) <= _KEPT_FIELD_BYTES}
            request = replace(request, fields={**kept, "host": self._bounds.names.address})
            return request, header_fields_too_large(_MOST_FIELD_BYTES)
        reached = as_reached(request, self._bounds.trusted)
        is_forwarded = reached.fields is not request.fields
        host = reached.fields.get("host", "")
        if not host or not (is_forwarded or self._bounds.names.include(host)):
            reached = replace(reached, fields={**reached.fields, "host": self._bounds.names.address})
        is_unknown = bool(host) and reached.fields["host"] != host
        return reached, unknown_host(host) if is_unknown else None

    async def _send(self, exchange: RequestContext, answer: CachedResponse, file: BinaryIO) -> None:
        """Stream a file at the client's pace."""
        loop = asyncio.get_running_loop()
        with file:
            stream = exchange.response_stream(answer.status, answer.fields)
            while piece := await loop.run_in_executor(self._threads, file.read, _PIECE):
                await stream.send_bytes(piece)

    async def _answer_with_body(self, request: Request, exchange: RequestContext) -> CachedResponse:
        announced = request.fields.get("content-length", "")
        try:
            async with self.bodies.receive(request.client, announced, aiter(exchange)) as body:
                return await self._answer(self._store.current(), replace(request, body=body), exchange)
        except KgError as error:
            return await self._answer(None, request, exchange, error)

    async def _answer(
        self,
        version: Version | None,
        request: Request,
        exchange: RequestContext,
        refusal: KgError | None = None,
        same: Hashable = None,
    ) -> CachedResponse:
        key = _key(request) if refusal is None and version else None
        if key and (kept := self._cached_response(version, key, request, same)):
            return kept
        self._places -= 1
        try:
            answer = await self._work(version if key else None, request, exchange, refusal)
        finally:
            self._places += 1
        if key and answer.status == _OK and answer.etag:
            self.response_cache.keep(version, key, answer)
        return answer

    def _cached_response(
        self, version: Version | None, key: Key, request: Request, same: Hashable
    ) -> CachedResponse | None:
        """Return the cached response, or a 304 if the client has it; None if it is not cached."""
        cached = self.response_cache.find(version, key)
        if cached is None:
            return None
        answer = cached.not_modified() if cached.matches_etag(request.fields.get("if-none-match", "")) else cached
        if same and len(str(same)) < _SHORT:
            self.response_cache.keep_request(version, same, answer)
        return answer

    async def _work(
        self, version: Version | None, request: Request, exchange: RequestContext, refusal: KgError | None
    ) -> CachedResponse:
        """Compute the response, and cancel that when the client disconnects."""
        watch = partial(_watched, exchange)
        if self._places < 0:
            refusal = budget("queue", Message("budget.requests"))
        elif self._may_be_direct(request) and version and self._direct and not refusal:
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
    ) -> CachedResponse:
        cancellation = Cancellation()
        request = replace(request, extras={**request.extras, CANCELLATION: cancellation, REFUSAL: refusal})
        watching = watch(cancellation)
        threads = self._refusing if refusal else self._threads
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, answered, self._application, request)
        except asyncio.CancelledError:
            cancellation.set()
            raise
        finally:
            watching.cancel()


def _soon(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop has ended already
        loop.call_soon_threadsafe(act)


def _watched(exchange: RequestContext, cancellation: Cancellation) -> asyncio.Task[None]:
    """Watch for the client's disconnect."""
    return asyncio.ensure_future(_when_gone(exchange, cancellation))


async def _when_gone(exchange: RequestContext, cancellation: Cancellation) -> None:
    await exchange.client_disconnect()
    cancellation.set()


def _request(scope: Any, request_id: str) -> Request:  # noqa: ANN401 - of the HTTP server's own making
    fields: dict[str, str] = {}
    for name, value in scope.headers.items():
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    if scope.authority:
        fields.setdefault("host", scope.authority)
    fields[_REQUEST_ID] = request_id
    return Request(scope.method, scope.path, scope.query_string, scope.scheme, scope.client, fields)


def _key(request: Request) -> Key | None:
    """Return the cache key of a request, or None if its response is not cached."""
    fields = request.fields
    if request.method not in _HOT_METHODS or len(request.body) > _SMALL_BODY or not _NOT_HOT.isdisjoint(fields):
        return None
    where = (request.method, request.scheme, request.prefix, request.path, request.query_string)
    return (*where, request.body, *map(fields.get, _DECIDING))
