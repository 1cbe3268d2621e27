"""The front of the server (RSGI): hot answers at once, the body of a request read within bounds, the rest to Flask."""

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
from kg.web.direct import DirectAnswers
from kg.web.gateway import CANCELLATION, REFUSAL, Request, WsgiApplication, answered
from kg.web.http.authorization import SCOPE, Guard, anybody, scope_needed
from kg.web.http.bodies import Bodies
from kg.web.http.cors import CORS_FIELDS
from kg.web.http.forwarding import Networks, as_reached, is_believed
from kg.web.http.hosts import ServerNames
from kg.web.http.refusals import header_fields_too_large, unknown_host
from kg.web.http.response_cache import Hot, HotAnswer, Key
from kg.web.http.security import FIELDS
from kg.web.shutdown import COMMITMENT, Shutdown, stopping

_MOST_FIELD_BYTES = 16 * 1024
_MOST_PARSED_BYTES = 8 * 1024
"""What is parsed on the event loop; larger requests are parsed in a thread."""
_KEPT_FIELD_BYTES = 512
_REQUEST_ID = "x-request-id"
_SPARQL = "/sparql"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "QUERY"})
_DOORS_WITH_BODY = frozenset({"sparql", "graphs"})
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


class RequestContext(Protocol):
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
    """What the front takes: bytes of a body and of hot answers, requests at work and waiting, proxies, hosts."""

    body_size: int
    hot_size: int
    threads: int
    queue: int
    trusted: Networks = ()
    names: ServerNames = field(default_factory=ServerNames)


class Front:
    """Answers requests as the HTTP server calls for it."""

    def __init__(  # noqa: PLR0913 - all that it is put together from
        self,
        application: WsgiApplication,
        store: Store,
        bounds: Bounds,
        *,
        direct: DirectAnswers | None = None,
        metrics: Metrics | None = None,
        close: Callable[[], None] = lambda: None,
        guard: Guard = anybody,
        log: AccessLog | None = None,
        shutdown: Shutdown | None = None,
    ) -> None:
        """Stand before an application.

        ``direct`` answers without it, the metrics count the requests, ``close`` is called when the server stops, and
        ``guard`` says whether a request has a token for a scope.
        """
        self._application = application
        self._store = store
        self._bounds = bounds
        self.hot = Hot(bounds.hot_size)
        self._metrics = metrics or Metrics()
        self.bodies = Bodies(bounds.body_size)
        self._places = bounds.threads + bounds.queue
        self._threads = ThreadPoolExecutor(bounds.threads, thread_name_prefix="door")
        self._refusing = ThreadPoolExecutor(1, thread_name_prefix="refusals")
        self._direct = direct
        self._close = close
        self._guard = guard
        self._log = log or AccessLog(OFF)
        self._ids = RequestIds()
        self.shutdown = shutdown or Shutdown()

    @property
    def at_work(self) -> int:
        """How many requests are being answered or wait for it."""
        return self._bounds.threads + self._bounds.queue - self._places

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start: SIGTERM and SIGINT also begin the shutdown; the HTTP server hears of them by the loop's descriptor."""
        self._log.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: _soon(loop, self.shutdown.begin))

    def __rsgi_del__(self, _loop: object) -> None:
        """Stop: wait for nobody."""
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
            self._write_down(scope, request_id, answer, began)

    async def _found(self, scope: Any, request_id: str, exchange: RequestContext) -> HotAnswer:  # noqa: ANN401
        version = self._store.current()
        same = self._same(scope)
        answer = self.hot.find_again(version, same)
        if answer is not None:
            return answer
        request = _request(scope, request_id)
        direct = self._answer_directly(request, version, same)
        return direct or await self._until_stopped(request, version, exchange, same)

    def _may_be_direct(self, request: Request) -> bool:
        """Tell whether a request was not tried before Flask: those by GET were, unless a proxy may stand before us."""
        was_tried = request.method == "GET" and not self._bounds.trusted
        return not was_tried and request.size <= _MOST_PARSED_BYTES

    def _answer_directly(self, request: Request, version: Version | None, same: Hashable) -> HotAnswer | None:
        """Answer a cheap query sent by GET; None leaves the request, and anything wrong with it, to the usual way."""
        if self._direct is None or version is None or request.method != "GET" or request.path != _SPARQL:
            return None
        if request.size > _MOST_PARSED_BYTES or self._bounds.trusted or self.shutdown.is_due:
            return None
        key = _key(request) if self._bounds.names.include(request.fields.get("host", "")) else None
        if key is None:
            return None
        if kept := self._kept(version, key, request, same):
            return kept
        try:
            answer = self._direct.answer(version, request)
        except KgError:
            return None
        if answer and answer.status == _OK and answer.etag:
            self.hot.keep(version, key, answer)
        return answer

    def _same(self, scope: Any) -> Hashable:  # noqa: ANN401 - of the HTTP server's own making
        """Return what the very same request has in common with this one: all but its name."""
        if scope.method != "GET":
            return None
        believed = is_believed(scope.client, self._bounds.trusted)
        fields: Iterable[tuple[str, str]] = scope.headers.items()
        if scope.headers.get(_REQUEST_ID):
            fields = [one for one in fields if one[0] != _REQUEST_ID]
        return ("GET", scope.path, scope.query_string, believed, *fields)

    def _write_down(self, scope: Any, request_id: str, answer: HotAnswer, began: float) -> None:  # noqa: ANN401
        client = scope.client
        if self._bounds.trusted and is_believed(client, self._bounds.trusted):
            client = as_reached(_request(scope, request_id), self._bounds.trusted).client
        length = len(answer.body) if answer.file is None else int(dict(answer.fields).get("content-length", 0))
        host = client.rpartition(":")[0]
        self._log.add(began, request_id, host, scope.method, scope.path, answer.status, length)

    async def _until_stopped(
        self, request: Request, version: Version | None, exchange: RequestContext, same: Hashable
    ) -> HotAnswer:
        """Answer a request; tell a client whose request the shutdown interrupts that it was not carried out."""
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

    def _refused(self, request: Request, refusal: KgError) -> HotAnswer:
        return answered(self._application, replace(request, extras={REFUSAL: refusal}, body=b""))

    async def _admit(
        self, request: Request, version: Version | None, exchange: RequestContext, same: Hashable
    ) -> HotAnswer:
        """Answer a request; one that no body could let in is refused before its body is received."""
        if sum(map(len, request.fields)) + sum(map(len, request.fields.values())) > _MOST_FIELD_BYTES:
            kept = {name: value for name, value in request.fields.items() if len(value) <= _KEPT_FIELD_BYTES}
            request = replace(request, fields={**kept, "host": self._bounds.names.address})
            return await self._answer(None, request, exchange, header_fields_too_large(_MOST_FIELD_BYTES))
        reached = as_reached(request, self._bounds.trusted)
        is_forwarded = reached.fields is not request.fields
        host = reached.fields.get("host", "")
        if not host or not (is_forwarded or self._bounds.names.include(host)):
            reached = replace(reached, fields={**reached.fields, "host": self._bounds.names.address})
        if host and reached.fields["host"] != host:
            return await self._answer(None, reached, exchange, unknown_host(host))
        door = unquote(reached.path).strip("/").partition("/")[0]
        scope = scope_needed(reached.method, door, reached.fields)
        if scope and not self._guard(reached.fields, scope):
            return await self._answer(None, replace(reached, extras={**reached.extras, SCOPE: scope}), exchange)
        if reached.method in _WITH_BODY and door in _DOORS_WITH_BODY:
            return await self._answer_with_body(reached, exchange)
        return await self._answer(version, reached, exchange, same=same)

    async def _send(self, exchange: RequestContext, answer: HotAnswer, file: BinaryIO) -> None:
        """Send a file as fast as the client takes it."""
        loop = asyncio.get_running_loop()
        with file:
            stream = exchange.response_stream(answer.status, answer.fields)
            while piece := await loop.run_in_executor(self._threads, file.read, _PIECE):
                await stream.send_bytes(piece)

    async def _answer_with_body(self, request: Request, exchange: RequestContext) -> HotAnswer:
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
    ) -> HotAnswer:
        key = _key(request) if refusal is None and version else None
        if key and (kept := self._kept(version, key, request, same)):
            return kept
        self._places -= 1
        try:
            answer = await self._work(version if key else None, request, exchange, refusal)
        finally:
            self._places += 1
        if key and answer.status == _OK and answer.etag:
            self.hot.keep(version, key, answer)
        return answer

    def _kept(self, version: Version | None, key: Key, request: Request, same: Hashable) -> HotAnswer | None:
        """Return the answer that is kept for a request, or 304 where the client has it."""
        hot = self.hot.find(version, key)
        if hot is None:
            return None
        answer = hot.unchanged() if hot.is_named_by(request.fields.get("if-none-match", "")) else hot
        if same and len(str(same)) < _SHORT:
            self.hot.remember(version, same, answer)
        return answer

    async def _work(
        self, version: Version | None, request: Request, exchange: RequestContext, refusal: KgError | None
    ) -> HotAnswer:
        """Have the answer worked out, and end the work when the client goes."""
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
    ) -> HotAnswer:
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
    """Begin to watch for the client to go."""
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
    """Return all that a kept answer depends on, or None for a request that no kept answer is for."""
    fields = request.fields
    if request.method not in _HOT_METHODS or len(request.body) > _SMALL_BODY or not _NOT_HOT.isdisjoint(fields):
        return None
    where = (request.method, request.scheme, request.prefix, request.path, request.query_string)
    return (*where, request.body, *map(fields.get, _DECIDING))
