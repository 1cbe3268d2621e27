"""Waiting for workers in an event loop: one reader for all of their pipes."""

from __future__ import annotations

import asyncio
import select

from kg.store.birth import Process

_EACH_REPLY = select.EPOLLIN | select.EPOLLET


class Readiness:
    """Tells when a worker has something to say. Asked in one event loop at a time.

    The kernel is told of a worker once and for all, and tells of each reply once, whoever reads it: a reader of its own
    for each question would cost the loop more than the question costs the engine.
    """

    def __init__(self) -> None:
        """Know no worker yet."""
        self._told = select.epoll()
        self._awaited: dict[int, asyncio.Future[None]] = {}
        self._spoke: set[int] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def of(self, process: Process, seconds: float) -> bool:
        """Wait until there is something to read, or so long; tell whether there is. The question was sent just now."""
        self._spoke.discard(process.pipe.fileno())
        return await self.again(process, seconds)

    async def again(self, process: Process, seconds: float) -> bool:
        """Wait on for the reply to the same question."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            loop.add_reader(self._told, self._tell)
        descriptor = process.pipe.fileno()
        if not process.watched:
            process.watched = True
            self._told.register(descriptor, _EACH_REPLY)
        if descriptor in self._spoke:
            return True
        there = self._awaited[descriptor] = loop.create_future()
        late = loop.call_later(seconds, _resolve, there)
        try:
            await there
        finally:
            late.cancel()
            del self._awaited[descriptor]
        return descriptor in self._spoke

    def _tell(self) -> None:
        for descriptor, _ in self._told.poll(0):
            self._spoke.add(descriptor)
            there = self._awaited.get(descriptor)
            if there:
                _resolve(there)


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
