"""The zygote: a single-threaded process without network that holds the head and forks the workers.

It is forked from the master process after that has loaded the head, and shares its memory. It sends one message on
``notify`` when it is ready, with the listeners of its network namespace. On ``control``, which all serving processes
write to, it receives ``fork`` messages, each with the worker's end of a channel. On that channel the worker says hello
(its process id and a pidfd), then replies; when it exits, the zygote sends its wait status. The zygote kills a worker
whose client is gone.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from kg.domain import KgError
from kg.store import Head
from kg.workers.egress import open_listeners
from kg.workers.protocol import receive, send
from kg.workers.sandbox import close_descriptors, die_with_parent, leave_network, set_name
from kg.workers.worker import WorkerContext, run_query_worker, run_update_process

_NAME = "kg-zygote"
_STDERR = 2
_IDLE_MILLISECONDS = 300
"""Quiet time after the first fork before the shapes are parsed: that blocks forks for half a second."""


class Zygote:
    """Forks workers on request, reaps them, and kills those whose client is gone."""

    def __init__(self, control: socket.socket, context: WorkerContext) -> None:
        """Take the control channel and the state that workers inherit."""
        self._control = control
        self._context = context
        self._has_forked = self._is_warm = False
        self._channels: dict[int, tuple[int, socket.socket]] = {}
        self._ended, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._poll = select.poll()
        for descriptor in (control.fileno(), self._ended):
            self._poll.register(descriptor, select.POLLIN)

    def run(self) -> NoReturn:
        """Serve until the parent process exits or closes the control channel."""
        while True:
            is_idle_next = self._has_forked and not self._is_warm
            ready = self._poll.poll(_IDLE_MILLISECONDS if is_idle_next else None)
            if not ready:
                self._warm_up()
            for descriptor, _ in ready:
                if descriptor == self._control.fileno():
                    self._fork_worker()
                elif descriptor == self._ended:
                    self._reap_workers()
                elif descriptor in self._channels:
                    os.kill(self._channels[descriptor][0], signal.SIGKILL)
                    self._poll.unregister(descriptor)

    def _warm_up(self) -> None:
        self._is_warm = True
        head = self._context.head
        self._context.extension.warm_up(head.engine(head.version).dataset if head.version else None)
        gc.collect()
        gc.freeze()

    def _fork_worker(self) -> None:
        try:
            request = receive(self._control)
        except EOFError:
            sys.exit()
        pipe = socket.socket(fileno=request.take_descriptors()[0])
        kind = request.message["fork"]
        if kind == "update" and not self._is_warm:
            self._warm_up()
        with suppress(KgError):  # the worker raises it again, to its client
            catch_up(self._context.head)
        try:
            process = os.fork()
        except OSError:
            pipe.close()
            return
        if process:
            self._has_forked = True
            self._channels[pipe.fileno()] = process, pipe
            self._poll.register(pipe, 0)  # reports POLLHUP only
            return
        self._run_worker(kind, pipe)

    def _run_worker(self, kind: str, pipe: socket.socket) -> NoReturn:
        """Run a worker in the forked process."""
        try:
            die_with_parent(self._context.zygote)
            self._control.close()
            for _, other in self._channels.values():
                other.close()
            signal.set_wakeup_fd(-1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), _STDERR)  # the engine prints a trace for every crash
            run = run_update_process if kind == "update" else run_query_worker
            run(pipe, self._context.limits[kind], self._context)
        finally:
            os._exit(0)

    def _reap_workers(self) -> None:
        """Reap the exited workers, and send their wait status to their clients."""
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
    """Apply the commits since the version in memory, and warm the engine up for the next query.

    :raises KgError: there is no version, or it is damaged
    """
    before = head.version
    engine = head.engine()
    if head.version is not before:
        engine.dataset.store.query("ASK { ?s ?p ?o }")


def run_zygote(control: socket.socket, notify: socket.socket, context: WorkerContext, parent: int) -> NoReturn:
    """Run the zygote in the forked process: close inherited descriptors, leave the network, and serve."""
    die_with_parent(parent)
    set_name(_NAME)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    close_descriptors(but=(_STDERR, control.fileno(), notify.fileno()))
    isolated = leave_network()
    listeners = open_listeners(context.allowed) if isolated else []
    with notify:
        send(notify, {"isolated": isolated}, descriptors=[listener.fileno() for listener in listeners])
    for listener in listeners:
        listener.close()
    Zygote(control, replace(context, zygote=os.getpid(), isolated=isolated)).run()
