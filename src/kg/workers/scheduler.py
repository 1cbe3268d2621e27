"""The scheduler of one serving process: assigns queries to workers."""

from __future__ import annotations

import logging
import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from kg.domain import KgError
from kg.workers.exit_causes import (
    LOST,
    cause_of_exit,
    client_disconnected,
    preempted,
    query_timeout,
    queue_full,
    queue_timeout,
    resource_exceeded,
    too_many_long_queries,
)
from kg.workers.protocol import Json, Received
from kg.workers.worker_process import WorkerProcess

_LOG = logging.getLogger(__name__)
_MUCH_MORE = 10
"""A long query is preempted only by one that used a tenth of its CPU time or less."""
_RETRY_SECONDS = 0.1
"""Pause between failed spawns, so that the thread does not spin while memory is short."""
_LARGEST_KEPT = 16 * 2**20
"""A worker whose answer was larger (bytes) is recycled, so that its memory is freed."""


@dataclass(frozen=True)
class Slots:
    """Slots for running, demoted, suspended and queued queries, and the quotas after which a query is demoted.

    The quota is ``processor`` CPU seconds, or ``crowded`` CPU seconds while others are queued and a long slot is free.
    ``clock`` is the wall-clock quota of a query that waits for something else, such as SERVICE.
    """

    running: int = 3
    demoted: int = 2
    suspended: int = 12
    queue: int = 128
    processor: float = 0.05
    crowded: float = 0.02
    clock: float = 2.0


@dataclass(eq=False)
class Job:
    """A query being scheduled; the future resolves to the reply of a worker or to an error."""

    message: Json
    body: bytes
    seconds: float
    future: Future[Received] = field(default_factory=Future)
    worker: WorkerProcess | None = None
    deadline: float = 0.0
    started: float = 0.0
    used_before: float = 0.0
    is_retried: bool = False

    def used(self) -> float:
        """Return the CPU seconds that it has used."""
        return self.worker.processor_seconds() - self.used_before if self.worker else 0.0


class Scheduler:
    """Runs jobs on workers. Its own thread owns all state; other threads call ``submit`` and ``cancel``.

    ========= ======================================== ==========================================================
    State     A job in it has                          It leaves to
    ========= ======================================== ==========================================================
    queued    an entry in the bounded queue            running: a slot and a worker are free.
                                                       done: the queue is full, or it waited as long as it may run
    running   a running slot, a worker                 demoted or suspended: it used its share of the processor.
                                                       queued: its worker was lost, the first time.
                                                       done
    demoted   a demoted slot, a worker at the idle     done; also when preempted: all demoted and suspended
              priority, replaced by another worker     slots are taken, it used most, and the new job used a
                                                       tenth of that or less
    suspended a suspended slot, a stopped worker       demoted: a demoted slot is free, and it waited longest.
                                                       done: as from demoted
    done      nothing: its future is resolved          –
    ========= ======================================== ==========================================================

    In any state a job is done when its worker replies or exits, its deadline passes, or its client hangs up. A worker
    becomes idle again if its job was in ``running`` to the end and left little memory behind; else it is killed.
    Workers are spawned for the queued jobs, and one ahead of them.
    """

    def __init__(self, slots: Slots, spawn: Callable[[], WorkerProcess], on_exit: Callable[[str], None]) -> None:
        """Start the thread; ``spawn`` requests a worker, ``on_exit`` gets the cause of each worker's exit."""
        self._slots = slots
        self._spawn = spawn
        self._on_exit = on_exit
        self._queued: deque[Job] = deque()
        self._running: list[Job] = []
        self._demoted: list[Job] = []
        self._suspended: deque[Job] = deque()
        self._idle: list[WorkerProcess] = []
        self._starting: list[WorkerProcess] = []
        self._jobs: dict[WorkerProcess, Job] = {}
        self._spawn_again = 0.0
        self._calls: deque[Callable[[], None]] = deque()
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._wake: int | None = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._selector.register(self._wake, selectors.EVENT_READ, partial(os.eventfd_read, self._wake))
        self._is_open = True
        self.first_worker: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._thread.start()

    # -- for other threads -----------------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """The number of queued jobs."""
        return len(self._queued)

    @property
    def workers(self) -> int:
        """The number of workers for short queries: idle, running or starting."""
        return len(self._idle) + len(self._running) + len(self._starting)

    def submit(self, job: Job) -> None:
        """Queue a job."""
        job.future.set_running_or_notify_cancel()
        self._call(partial(self._enqueue, job))

    def cancel(self, job: Job) -> None:
        """Fail a job whose client hung up."""
        self._call(lambda: self._fail(job, client_disconnected()))

    def close(self) -> None:
        """Kill all workers, and fail all jobs."""
        self._call(self._stop)
        self._thread.join()
        with self._lock:
            if self._wake is not None:
                os.close(self._wake)
                self._wake = None
        self._run_calls()

    def _call(self, call: Callable[[], None]) -> None:
        """Queue a call for the thread; after it has exited, call from this thread."""
        with self._lock:
            self._calls.append(call)
            if self._wake is not None:
                os.eventfd_write(self._wake, 1)
                return
        self._run_calls()

    # -- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while self._is_open:
            for key, _ in self._selector.select(self._timeout()):
                key.data()
            self._run_calls()
            now = time.monotonic()
            self._expire(now)
            self._check_quotas(now)
            self._dispatch(now)
        self._selector.close()

    def _run_calls(self) -> None:
        while self._calls:
            self._calls.popleft()()

    def _timeout(self) -> float | None:
        """Return the seconds until the next deadline, quota check or spawn; None to wait for events."""
        now = time.monotonic()
        moments = [job.deadline for job in self._all_jobs()]
        if self._running:
            moments.append(now + min(self._slots.crowded, self._slots.clock))
        if self._workers_wanted() > self.workers:
            moments.append(self._spawn_again)
        return max(min(moments) - now, 0.001) if moments else None

    def _all_jobs(self) -> Iterable[Job]:
        return [*self._queued, *self._running, *self._demoted, *self._suspended]

    def _workers_wanted(self) -> int:
        return min(self._slots.running, len(self._running) + len(self._queued)) + 1

    def _stop(self) -> None:
        self._is_open = False
        for job in self._all_jobs():
            self._fail(job, client_disconnected())
        for worker in [*self._idle, *self._starting]:
            self._kill_worker(worker)

    # -- queued ----------------------------------------------------------------------------------------------------

    def _enqueue(self, job: Job) -> None:
        if not self._is_open or len(self._queued) - self._free() >= self._slots.queue:
            job.future.set_exception(queue_full() if self._is_open else client_disconnected())
            return
        job.deadline = time.monotonic() + job.seconds
        self._queued.append(job)

    def _free(self) -> int:
        return self._slots.running - len(self._running)

    def _dispatch(self, now: float) -> None:
        while self._suspended and len(self._demoted) < self._slots.demoted:
            job = self._suspended.popleft()
            self._demoted.append(job)
            if job.worker:
                job.worker.resume()
        while self._queued and self._idle and self._free() > 0:
            self._start(self._queued.popleft(), self._idle.pop(), now)
        while self._is_open and self.workers < self._workers_wanted() and now >= self._spawn_again:
            self._spawn_worker(now)

    def _start(self, job: Job, worker: WorkerProcess, now: float) -> None:
        job.worker, job.started, job.deadline = worker, now, now + job.seconds
        job.used_before = worker.processor_seconds()
        self._jobs[worker] = job
        self._running.append(job)
        worker.send(job.message, job.body)

    # -- running, demoted, suspended -------------------------------------------------------------------------------

    def _check_quotas(self, now: float) -> None:
        """Demote the running jobs that used up their quota."""
        for job in [*self._running]:
            self._check_quota(job, now)

    def _check_quota(self, job: Job, now: float) -> None:
        used, slots = job.used(), self._slots
        is_room = len(self._demoted) + len(self._suspended) < slots.demoted + slots.suspended
        if used >= slots.processor or now - job.started >= slots.clock:
            if is_room or self._preempt(used * _MUCH_MORE):
                self._demote(job)
            else:
                self._fail(job, too_many_long_queries())
        elif used >= slots.crowded and self._queued and is_room:
            self._demote(job)

    def _preempt(self, least: float) -> bool:
        """Fail the long job that used most if it used at least that; return whether there was one."""
        longest = max((*self._demoted, *self._suspended), key=Job.used, default=None)
        if longest is None or longest.used() < least:
            return False
        self._fail(longest, preempted())
        return True

    def _demote(self, job: Job) -> None:
        assert job.worker, job  # noqa: S101 - it runs
        self._running.remove(job)
        job.worker.demote()
        if len(self._demoted) < self._slots.demoted:
            self._demoted.append(job)
        else:
            job.worker.suspend()
            self._suspended.append(job)

    def _expire(self, now: float) -> None:
        for job in self._all_jobs():
            if now >= job.deadline:
                self._fail(job, query_timeout() if job.worker else queue_timeout())

    # -- done ------------------------------------------------------------------------------------------------------

    def _fail(self, job: Job, error: KgError) -> None:
        """Resolve a job with an error, and kill its worker."""
        if job.future.done():
            return
        self._dequeue(job)
        if job.worker:
            self._kill_worker(job.worker)
        job.future.set_exception(error)

    def _dequeue(self, job: Job) -> bool:
        """Remove a job from its state; return whether it was running."""
        was_running = job in self._running
        for state in (self._queued, self._running, self._demoted, self._suspended):
            with suppress(ValueError):
                state.remove(job)
        return was_running

    # -- workers ---------------------------------------------------------------------------------------------------

    def _spawn_worker(self, now: float) -> None:
        try:
            worker = self._spawn()
        except OSError as error:
            self._spawn_failed(f"{error}", now)
            return
        self._starting.append(worker)
        self._selector.register(worker.channel, selectors.EVENT_READ, partial(self._receive, worker))

    def _spawn_failed(self, reason: str, now: float) -> None:
        self._spawn_again = now + _RETRY_SECONDS
        _LOG.warning("A worker could not be started: %s", reason)
        if not self.first_worker.done():
            self.first_worker.set_exception(ChildProcessError(reason))

    def _receive(self, worker: WorkerProcess) -> None:
        if worker.channel.fileno() < 0:  # killed since the selector returned it
            return
        try:
            received = worker.receive()
        except TimeoutError:
            return
        except EOFError:
            self._reap_worker(worker, None)
            return
        if "hello" in received.message:
            worker.accept_hello(received)
            self._starting.remove(worker)
            self._idle.append(worker)
            if not self.first_worker.done():
                self.first_worker.set_result(None)
        elif "exit" in received.message:
            self._reap_worker(worker, received.message["exit"])
        elif job := self._jobs.pop(worker, None):
            self._finish(worker, job, received)

    def _finish(self, worker: WorkerProcess, job: Job, received: Received) -> None:
        if self._dequeue(job) and not received.message["recycle"] and received.length <= _LARGEST_KEPT:
            self._idle.append(worker)
        else:
            self._kill_worker(worker)
        job.future.set_result(received)

    def _reap_worker(self, worker: WorkerProcess, status: int | None) -> None:
        job = self._jobs.get(worker)
        is_new = worker in self._starting
        self._kill_worker(worker)
        cause = cause_of_exit(status)
        self._on_exit(cause)
        if is_new:
            self._spawn_failed(f"{cause} ({status})", time.monotonic())
        elif job:
            self._dequeue(job)
            if cause == LOST and (status is None or not job.is_retried):  # no status: the zygote is gone
                _LOG.warning("A worker was lost: wait status %s", status)
                job.is_retried, job.worker = status is not None, None
                self._queued.appendleft(job)
            else:
                job.future.set_exception(resource_exceeded(cause))

    def _kill_worker(self, worker: WorkerProcess) -> None:
        self._jobs.pop(worker, None)
        for workers in (self._idle, self._starting):
            with suppress(ValueError):
                workers.remove(worker)
        self._selector.unregister(worker.channel)
        worker.kill()
