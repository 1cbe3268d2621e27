"""The quick way to an answer: a query that ends soon needs neither a thread nor Flask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from kg.errors import FormatError
from kg.iri import Iris
from kg.store.cancellation import Cancellation
from kg.store.engine import Answer
from kg.store.versions import Version
from kg.workers.pool import WorkerPool
from kg.web.cors import CORS_FIELDS
from kg.web.gateway import Request
from kg.web.hot import HotAnswer
from kg.web.protocol import read_operation
from kg.web.querying import Plan, is_for_a_reader, plan, plan_again
from kg.web.security import FIELDS

_PATHS = frozenset({"/sparql", "/sparql/"})
_METHODS = frozenset({"GET", "POST"})
_SMALL = 64 * 1024


class QuickWay:
    """Answers queries sent to ``/sparql``; whatever else there is, it leaves to others."""

    def __init__(self, pool: WorkerPool, iris: Iris, executor: Executor) -> None:
        """Take who evaluates, the IRIs, and the threads for what is not quick."""
        self._pool = pool
        self._iris = iris
        self._executor = executor

    async def answer(
        self, version: Version, request: Request, watch: Callable[[Cancellation], asyncio.Task[None]]
    ) -> HotAnswer | None:
        """Answer a query, or return None for what is none.

        :raises KgError: the answer is that error
        """
        if request.path not in _PATHS or request.method not in _METHODS:
            return None
        fields = request.fields
        operation = read_operation(
            request.method, request.query_string.encode(), fields.get("content-type"), request.body
        )
        if operation.kind != "query" or operation.seconds is not None or operation.version is not None:
            return None
        if is_for_a_reader(request.method, operation, fields.get("accept")):
            return None
        planned = plan(operation, fields.get("accept"), self._iris, version)
        known = fields.get("if-none-match", "")
        answer = planned.validators.matched(known)
        if answer is None:
            planned, found = await self._evaluated(planned, fields.get("accept"), watch)
            work = partial(planned.completed, found, fields.get("accept-encoding"))
            loop = asyncio.get_running_loop()
            answer = work() if len(found.body) < _SMALL else await loop.run_in_executor(self._executor, work)
            answer = answer.unchanged() if answer.is_named_by(known) else answer
        return HotAnswer(answer.status, [*answer.fields, *CORS_FIELDS, *FIELDS], answer.body, answer.etag)

    async def _evaluated(
        self, planned: Plan, accept: str | None, watch: Callable[[Cancellation], asyncio.Task[None]]
    ) -> tuple[Plan, Answer]:
        """Evaluate a query in the first format that can represent the answer, and return the plan that led to it."""
        while True:
            try:
                version = planned.validators.version
                return planned, await self._pool.evaluate_async(version, planned.query, watch)
            except FormatError as error:
                planned = plan_again(planned, error, accept, self._iris)
