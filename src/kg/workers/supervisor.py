"""The supervisor of the zygote, in the master process: forks it, and forks it again when it exits."""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import threading
import time

from kg.domain import KgError, StoreError
from kg.locales import Message
from kg.workers.egress import Relay
from kg.workers.protocol import channel, receive
from kg.workers.worker import WorkerContext
from kg.workers.zygote import run_zygote

_FORK = multiprocessing.get_context("fork")
_LOG = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.2
"""Between two attempts: a zygote that fails at once does not take a whole core."""


class Supervisor:
    """Keeps a zygote running. Processes forked from this one inherit its end of the control channel."""

    def __init__(self, context: WorkerContext) -> None:
        """Fork the zygote, which shares the memory of this process, and watch it.

        :raises StoreError: it did not start
        """
        self._context = context
        self.control, self._theirs = channel()
        self._relay: Relay | None = None
        self._is_open = True
        try:
            self._start()
        except StoreError:
            self.close()
            raise
        threading.Thread(target=self._watch, name="supervisor", daemon=True).start()

    @property
    def process(self) -> int:
        """The process id of the zygote."""
        return self._zygote.pid or 0

    def close(self) -> None:
        """Kill the zygote, and with it all workers."""
        self._is_open = False
        self._zygote.kill()
        self._zygote.join()
        self._close_relay()
        self.control.close()
        self._theirs.close()

    def _start(self) -> None:
        """Fork the zygote, wait until it is ready, and connect its listeners."""
        notified, theirs = channel()
        with notified:
            with theirs:
                arguments = (self._theirs, theirs, self._context, os.getpid())
                self._zygote = _FORK.Process(target=run_zygote, args=arguments, daemon=True)
                self._zygote.start()
            try:
                ready = receive(notified)
            except EOFError as error:
                raise _not_started() from error
        listeners = [socket.socket(fileno=listener) for listener in ready.take_descriptors()]
        if not ready.message["isolated"]:
            _LOG.warning("The kernel gives workers no network of their own: SERVICE and LOAD are refused by text.")
        if listeners:
            self._relay = Relay(listeners, self._context.allowed, self._context.limits["query"].file)

    def _watch(self) -> None:
        """Fork the zygote again whenever it exits; fork requests wait in the control channel meanwhile."""
        while True:
            self._zygote.join()
            if not self._is_open:
                return
            _LOG.warning("The zygote ended (exit status %s); it is started again.", self._zygote.exitcode)
            self._close_relay()
            try:
                self._start()
            except (KgError, OSError) as error:
                _LOG.warning("The zygote was not started: %s", error)
                time.sleep(_PAUSE_SECONDS)

    def _close_relay(self) -> None:
        if self._relay:
            self._relay.close()
            self._relay = None


def _not_started() -> StoreError:
    return StoreError(
        Message("worker.no_zygote"),
        cure=Message("worker.no_zygote_cure"),
    )
