"""The zygote: a process with one thread and no network that holds the head and forks the workers.

Run as ``python -m kg.workers.zygote CONTROL NOTIFY PLAN``: two descriptors and the plan as JSON. It tells NOTIFY once
that it is ready, with the gates of its network. Over CONTROL, which all serving processes write to, come ``fork``
messages, each with the worker's end of a channel. On that channel the worker says hello (its process id, and a
descriptor of the process), then answers; when it has ended the zygote adds its wait status. A worker whose client is
gone is killed.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from kg.errors import KgError
from kg.sparql import warm_up
from kg.store.head import Head
from kg.store.versions import Store
from kg.workers.destinations import read_destinations
from kg.workers.egress import open_gates
from kg.workers.protocol import error_to_body, receive, send
from kg.workers.sandbox import die_with_parent, leave_network
from kg.workers.worker import Equipment, Extension, Limits, run_query_worker, run_update_process

_IDLE_MILLISECONDS = 300
"""So long nobody asks for a worker after the start before the shapes are parsed, which takes half a second."""


@dataclass(frozen=True)
class Plan:
    """What the zygote serves: a store, the graphs of a query that names none, the limits of both kinds of workers.

    ``allowed`` are the destinations of SERVICE and LOAD; ``extension`` is called with the ``arguments``.
    """

    store: str
    queried_graphs: tuple[str, ...]
    limits: dict[str, Limits]
    allowed: tuple[str, ...]
    extension: str
    arguments: tuple[str, ...]
    in_every_form: bool = True

    def to_json(self) -> str:
        """Serialize the plan."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Parse a plan that was serialized."""
        told: dict[str, Any] = json.loads(text)
        limits = {kind: Limits(**limits) for kind, limits in told.pop("limits").items()}
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }
        return cls(limits=limits, **fields)

    def load_extension(self) -> Extension:
        """Import the extension."""
        module, _, name = self.extension.partition(":")
        extension: Extension = getattr(importlib.import_module(module), name)(*self.arguments)
        return extension


class Zygote:
    """Forks workers as it is asked, reaps them, and kills those whose client is gone."""

    def __init__(self, control: socket.socket, plan: Plan, equipment: Equipment) -> None:
        """Take the control channel, the plan, and what the workers inherit."""
        self._control = control
        self._plan = plan
        self._equipment = equipment
        self._is_prepared = False
        self._channels: dict[int, tuple[int, socket.socket]] = {}
        self._ended, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._poll = select.poll()
        for descriptor in (control.fileno(), self._ended):
            self._poll.register(descriptor, select.POLLIN)

    def run(self) -> NoReturn:
        """Serve until the parent process ends, or closes the control channel."""
        while True:
            ready = self._poll.poll(None if self._is_prepared else _IDLE_MILLISECONDS)
            if not ready:
                self._prepare()
            for descriptor, _ in ready:
                if descriptor == self._control.fileno():
                    self._fork()
                elif descriptor == self._ended:
                    self._reap()
                elif descriptor in self._channels:
                    os.kill(self._channels[descriptor][0], signal.SIGKILL)
                    self._poll.unregister(descriptor)

    def _prepare(self) -> None:
        self._is_prepared = True
        head = self._equipment.head
        self._equipment.extension.prepare(head.engine(head.version).dataset if head.version else None)
        gc.collect()
        gc.freeze()

    def _fork(self) -> None:
        try:
            request = receive(self._control)
        except EOFError:
            sys.exit()
        pipe = socket.socket(fileno=request.take_descriptors()[0])
        kind = request.message["fork"]
        if kind == "update" and not self._is_prepared:
            self._prepare()
        with suppress(KgError):  # the worker raises it again, for its client
            catch_up(self._equipment.head)
        try:
            process = os.fork()
        except OSError:
            pipe.close()
            return
        if process:
            self._channels[pipe.fileno()] = process, pipe
            self._poll.register(pipe, 0)  # tells of a hang-up alone
            return
        self._run_worker(kind, pipe)

    def _run_worker(self, kind: str, pipe: socket.socket) -> NoReturn:
        """Be a worker."""
        try:
            die_with_parent(self._equipment.zygote)
            self._control.close()
            for _, other in self._channels.values():
                other.close()
            signal.set_wakeup_fd(-1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # the engine traces every worker that dies
            run = run_update_process if kind == "update" else run_query_worker
            run(pipe, self._plan.limits[kind], self._equipment)
        finally:
            os._exit(0)

    def _reap(self) -> None:
        """Tell the clients of workers that have ended their wait status."""
        with suppress(BlockingIOError):
            os.read(self._ended, 1024)
        by_process = {process: descriptor for descriptor, (process, _) in self._channels.items()}
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                _, pipe = self._channels.pop(by_process[ended[0]])
                with suppress(KeyError):
                    self._poll.unregister(pipe)
                with suppress(OSError):
                    send(pipe, {"exit": ended[1]}, flags=socket.MSG_DONTWAIT)
                pipe.close()


def catch_up(head: Head) -> None:
    """Apply the commits since the version in memory, and have the engine do what the first query after it needs.

    :raises KgError: there is no version, or it is damaged
    """
    before = head.version
    engine = head.engine()
    if head.version is not before:
        engine.dataset.store.query("ASK { ?s ?p ?o }")


def main(control: str, notify: str, plan_text: str) -> NoReturn:
    """Load the head, say that it is ready, and serve."""
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    plan = Plan.from_json(plan_text)
    allowed = read_destinations(plan.allowed)
    isolated = leave_network()
    gates = open_gates(allowed) if isolated else []
    store = Store(Path(plan.store))
    head = Head(store, plan.queried_graphs)
    with socket.socket(fileno=int(notify)) as notified:
        failure = b""
        warm_up()
        try:
            if store.current():
                catch_up(head)
        except KgError as error:
            failure = error_to_body(error)
        send(notified, {"isolated": isolated}, failure, descriptors=[gate.fileno() for gate in gates])
    for gate in gates:
        gate.close()
    gc.collect()
    gc.freeze()
    extension = plan.load_extension()
    equipment = Equipment(
        os.getpid(), store, head, plan.queried_graphs, allowed, isolated, plan.in_every_form, extension
    )
    Zygote(socket.socket(fileno=int(control)), plan, equipment).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
