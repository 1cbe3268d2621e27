"""The supervisor of the zygote, in the master process: it starts the zygote, and again whenever that has ended."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time

from kg.errors import KgError, Message, StoreError
from kg.workers.destinations import read_destinations
from kg.workers.egress import Relay
from kg.workers.protocol import channel, error_from_body, receive
from kg.workers.zygote import Plan

_LOG = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.2


class Supervisor:
    """Keeps a zygote running. Its end of the control channel is inherited by whoever is forked from this process."""

    def __init__(self, plan: Plan) -> None:
        """Start the zygote, which loads the head while the caller goes on."""
        self._plan = plan
        self.control, self._theirs = channel()
        self._relay: Relay | None = None
        self._is_open = True
        self._start()

    def wait_until_ready(self) -> None:
        """Wait until the zygote has loaded the head; from then on it is watched.

        :raises StoreError: it did not start, or could not load the head
        """
        try:
            self._connect()
        except StoreError:
            self.close()
            raise
        threading.Thread(target=self._watch, name="supervisor", daemon=True).start()

    @property
    def process(self) -> int:
        """The process id of the zygote."""
        return self._program.pid

    def close(self) -> None:
        """End the zygote, and with it every worker."""
        self._is_open = False
        self._program.kill()
        self._program.wait()
        self._close_relay()
        self.control.close()
        self._theirs.close()

    def _start(self) -> None:
        self._notified, theirs = channel()
        with theirs:
            descriptors = (self._theirs.fileno(), theirs.fileno())
            command = [sys.executable, "-I", "-m", "kg.workers.zygote", *map(str, descriptors), self._plan.to_json()]
            self._program = subprocess.Popen(  # noqa: S603 - our own program
                command, pass_fds=descriptors, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )

    def _connect(self) -> None:
        """Wait for the zygote to say that it is ready, and connect its gates."""
        with self._notified:
            try:
                ready = receive(self._notified)
            except EOFError as error:
                raise _not_started() from error
        gates = [socket.socket(fileno=gate) for gate in ready.take_descriptors()]
        if not ready.message["isolated"]:
            _LOG.warning("The kernel gives workers no network of their own: SERVICE and LOAD are refused by text.")
        if ready.length:
            raise error_from_body(ready.body())
        if gates:
            destinations = read_destinations(self._plan.allowed)
            self._relay = Relay(gates, destinations, self._plan.limits["query"].file)

    def _watch(self) -> None:
        """Start the zygote again whenever it ended; requests for workers wait in the control channel."""
        while True:
            self._program.wait()
            if not self._is_open:
                return
            _LOG.warning("The zygote ended (exit status %s); it is started again.", self._program.returncode)
            self._close_relay()
            try:
                self._start()
                self._connect()
            except (KgError, OSError) as error:
                _LOG.warning("The zygote was not started: %s", error)
                time.sleep(_PAUSE_SECONDS)

    def _close_relay(self) -> None:
        if self._relay:
            self._relay.close()
            self._relay = None


def _not_started() -> StoreError:
    return StoreError(
        Message(
            ko="질의를 맡을 프로세스를 시작할 수 없습니다.",
            en="The process that workers are forked from did not start.",
        ),
        cure=Message(ko="오류 기록을 확인하십시오.", en="See the error log."),
    )
