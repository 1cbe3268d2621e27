"""The server's side of the nursery: asking for workers, killing them, learning how they died."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from kg.store.allowed import Destination
from kg.store.preloading import Contents, Step
from kg.store.processes import is_starved, memory_of, processor_seconds_of
from kg.store.tunnel import Tunnel
from kg.store.wire import HEAD_BYTES, receive, send, size_of

_NICENESS_OF_THE_LONG = 19
_MOST_GATES = 250
_SMALL = 64 * 1024
_SHORT = 16
_DYING_SECONDS = 10.0


@dataclass(eq=False)
class Process:
    """A worker, as the server sees it: its pipe, its process, and a descriptor that never names another process.

    ``settled`` is what it held when it was ready for its first query (bytes); ``watched`` tells that an event loop
    is told of its replies; ``place`` is the triple store of the version that it is ready for;
    ``is_changer`` tells that it makes changes.
    """

    pipe: socket.socket
    number: int
    descriptor: int
    _poll: select.poll
    settled: int = 0
    watched: bool = False
    place: str = ""
    is_changer: bool = False
    _begun: bytes = b""

    @classmethod
    def of(cls, pipe: socket.socket, number: int) -> Process:
        """Return the process of that number at the other end of a pipe."""
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        return cls(pipe, number, os.pidfd_open(number), poll)

    def answers_within(self, seconds: float) -> bool:
        """Wait for a reply, or for the end of the worker."""
        return bool(self._poll.poll(max(seconds, 0) * 1000))

    def ask(self, message: Mapping[str, Any], body: bytes = b"") -> None:
        """Send a request.

        :raises EOFError: the worker died
        """
        try:
            send(self.pipe, message, body)
        except OSError as error:
            raise EOFError from error

    def reply(self) -> tuple[dict[str, Any], bytes]:
        """Receive the reply.

        :raises EOFError: the worker died
        """
        try:
            begun, self._begun = self._begun, b""
            return receive(self.pipe, begun)
        except OSError as error:
            raise EOFError from error

    def reply_within(self, most_bytes: int) -> tuple[dict[str, Any], bytes] | None:
        """Receive a reply that has begun to come and has no more bytes than that, body and all; else return None.

        :raises EOFError: the worker died amid its reply
        """
        try:
            self._begun += self.pipe.recv(_SMALL, socket.MSG_DONTWAIT)
        except OSError:
            return None
        is_small = len(self._begun) >= HEAD_BYTES and size_of(self._begun) <= most_bytes
        return self.reply() if is_small else None

    def memory(self) -> int:
        """Return how much memory it holds that is its own (bytes); 0 for one that ended."""
        return memory_of(self.number)

    def processor_seconds(self) -> float:
        """Return how many seconds of the processor it has used; 0 for one that ended."""
        return processor_seconds_of(self.number)

    def is_starved(self) -> bool:
        """Tell whether it would go on if it were given the processor."""
        return is_starved(self.number)

    def ends_within(self, seconds: float) -> bool:
        """Wait for the end of the worker, which may come late where others go first; tell whether it came."""
        end = select.poll()
        end.register(self.descriptor, select.POLLIN)
        return bool(end.poll(seconds * 1000))

    def kill(self) -> None:
        """End the worker at once, whatever it is doing."""
        self._signal(signal.SIGKILL)

    def pause(self) -> None:
        """Have the worker stand still."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Have the worker go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        try:
            signal.pidfd_send_signal(self.descriptor, number)
        except ProcessLookupError:
            return

    def let_go(self) -> None:
        """Close the server's side; the worker ends when it notices."""
        self.pipe.close()
        os.close(self.descriptor)

    def yield_to_others(self) -> None:
        """Let every other process go first from now on, and interrupt this one."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.number, _NICENESS_OF_THE_LONG)
            os.sched_setscheduler(self.number, os.SCHED_IDLE, os.sched_param(0))


class Nursery:
    """The process that workers are born in; it is started anew when it was lost."""

    def __init__(self, *, memory: int, file_size: int, allowed: Sequence[Destination] = ()) -> None:
        """Start it, with what each worker gets: bytes of memory, bytes of an answer, where it may go."""
        self._file_size = file_size
        self._allowed = allowed
        places = (f"{destination.host}:{destination.port}" for destination in allowed)
        self._terms = (str(memory), str(file_size), *places)
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-I", "-m", "kg.store.nursery", str(theirs.fileno()), *self._terms]
            self._program = subprocess.Popen(  # noqa: S603 - our own program
                command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self._control = ours
        hello, gates, _, _ = socket.recv_fds(ours, _SHORT, _MOST_GATES)
        self.isolated = hello == b"isolated"
        sockets = [socket.socket(fileno=gate) for gate in gates]
        self._tunnel = Tunnel(sockets, self._allowed, self._file_size) if sockets else None

    def prepare(self, contents: Contents, step: Step | None = None) -> None:
        """Have read, or made by a step, what the next workers are to hold; what is wrong is left to the next birth."""
        with self._lock, contextlib.suppress(OSError), TemporaryFile() as patch:
            patch.write(step.patch.to_text().encode() if step else b"")
            patch.flush()
            base = step.base if step else None
            socket.send_fds(self._control, [_command("prepare", contents, base)], [patch.fileno()])
            self._control.recv(_SHORT)

    def fork(self, contents: Contents | None = None) -> Process:
        """Have a worker born, which holds something from its birth."""
        command = _command("fork", contents)
        with self._lock:
            try:
                return self._fork(command)
            except (OSError, ValueError):
                self._stop()
                self._start()
                return self._fork(command)

    def _fork(self, command: bytes) -> Process:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [command], [theirs.fileno()])
                number = int(self._control.recv(_SHORT))
            return Process.of(ours, number)
        except (OSError, ValueError):
            ours.close()
            raise

    def bury(self, process: Process) -> int:
        """Kill a worker if it lives, and return its wait status."""
        process.kill()
        process.ends_within(_DYING_SECONDS)
        process.let_go()
        with self._lock:
            try:
                self._control.sendall(f"wait {process.number}".encode())
                return int(self._control.recv(_SHORT))
            except (OSError, ValueError):
                return 0

    def close(self) -> None:
        """End the nursery, and with it every worker."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._tunnel:
            self._tunnel.close()
        self._control.close()
        self._program.kill()
        self._program.wait()


def _command(name: str, contents: Contents | None, base: str | None = None) -> bytes:
    return f"{name} {json.dumps(contents and (contents.oxigraph, contents.queried_graphs, base))}".encode()
