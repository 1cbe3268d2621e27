"""A worker as its client sees it: a channel and a pidfd, which never refers to another process."""

from __future__ import annotations

import os
import select
import signal
import socket
from contextlib import suppress

from kg.workers.procfs import processor_seconds_of
from kg.workers.protocol import Received, channel, receive, send
from kg.workers.sandbox import run_when_idle


class WorkerProcess:
    """A worker requested from the zygote; it is ready once it has said hello."""

    def __init__(self, control: socket.socket, kind: str) -> None:
        """Request a worker of a kind (``query``, ``update``) from the zygote.

        :raises OSError: the control channel is full or closed
        """
        self.channel, theirs = channel()
        try:
            with theirs:
                send(control, {"fork": kind}, descriptors=[theirs.fileno()], flags=socket.MSG_DONTWAIT)
        except OSError:
            self.channel.close()
            raise
        self.process = 0
        self._descriptor: int | None = None

    def accept_hello(self, hello: Received) -> None:
        """Take the process id and the pidfd from its hello."""
        self.process = hello.message["hello"]
        (self._descriptor,) = hello.take_descriptors()

    def send(self, message: dict[str, object], body: bytes = b"") -> None:
        """Send a request; a worker that is gone is noticed by ``receive``."""
        with suppress(OSError):
            send(self.channel, message, body)

    def receive(self, seconds: float | None = 0) -> Received:
        """Receive a message, waiting up to ``seconds`` for it.

        :raises EOFError: the worker and the zygote are gone
        :raises TimeoutError: no message came in time
        """
        poll = select.poll()
        poll.register(self.channel, select.POLLIN)
        if seconds and not poll.poll(seconds * 1000):
            raise TimeoutError
        try:
            return receive(self.channel, flags=socket.MSG_DONTWAIT)
        except BlockingIOError as error:
            raise TimeoutError from error

    def processor_seconds(self) -> float:
        """Return the CPU seconds that it has used; 0 for a dead process."""
        return processor_seconds_of(self.process)

    def demote(self) -> None:
        """Give it the idle priority."""
        run_when_idle(self.process)

    def suspend(self) -> None:
        """Send SIGSTOP."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Send SIGCONT."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """Send SIGKILL and close the channel; the zygote reaps it."""
        self._signal(signal.SIGKILL)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self.channel.close()

    def _signal(self, number: int) -> None:
        if self._descriptor is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)
