"""A worker as its client sees it: a channel, and a descriptor of a process that never names another."""

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
    """A worker that was asked of the zygote; it is there once it has said hello."""

    def __init__(self, control: socket.socket, kind: str) -> None:
        """Ask the zygote for a worker of a kind (``query``, ``update``).

        :raises OSError: the zygote takes no more requests
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
        """Learn from its hello which process it is."""
        self.process = hello.message["hello"]
        (self._descriptor,) = hello.take_descriptors()

    def send(self, message: dict[str, object], body: bytes = b"") -> None:
        """Send a request; that the worker is gone shows when its reply is received."""
        with suppress(OSError):
            send(self.channel, message, body)

    def receive(self, seconds: float | None = 0) -> Received:
        """Wait so long for a message.

        :raises EOFError: the worker and the zygote are gone
        :raises TimeoutError: none came
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
        """Return how many seconds of the processor it has used; 0 for one that ended."""
        return processor_seconds_of(self.process)

    def demote(self) -> None:
        """Let every other process run before it from now on."""
        run_when_idle(self.process)

    def suspend(self) -> None:
        """Stop it until it is resumed."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Have it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it, whatever it is doing, and close the channel; the zygote reaps it."""
        self._signal(signal.SIGKILL)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self.channel.close()

    def _signal(self, number: int) -> None:
        if self._descriptor is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)
