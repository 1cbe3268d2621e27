"""The worker pool: evaluates queries and changes in worker processes, within their budgets."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from kg.diff import Patch
from kg.domain import KgError, StoreError
from kg.locales import Message
from kg.rdf import JSON, Form
from kg.store import Answer, Cancellation, Change, EvaluatedChange, PendingCommit, Query, Version
from kg.workers.exit_causes import (
    cause_of_exit,
    query_timeout,
    resource_exceeded,
    validation_out_of_memory,
    validation_timeout,
)
from kg.workers.instrumentation import Instrumentation
from kg.workers.protocol import (
    Received,
    change_to_body,
    error_from_body,
    form_named,
    query_to_body,
    split_body,
)
from kg.workers.scheduler import Job, Scheduler, Slots
from kg.workers.worker_process import WorkerProcess

_START_SECONDS = 30.0
"""A zygote far behind the head reloads it before it forks; a million quads take 20 s."""


@dataclass(frozen=True)
class Budgets:
    """Time limits of a query (or of evaluating a change) and of validating a change, and the scheduler's slots."""

    seconds: float = 10.0
    validation_seconds: float = 120.0
    slots: Slots = field(default_factory=Slots)


class WorkerPool:
    """Evaluates queries and changes in workers forked from the zygote."""

    def __init__(
        self, control: socket.socket, budgets: Budgets, instrumentation: Instrumentation | None = None
    ) -> None:
        """Spawn the first worker through the control channel of the zygote.

        :raises StoreError: no worker can be started
        """
        self.budgets = budgets
        self.instrumentation = instrumentation or Instrumentation()
        self._control = control
        self._scheduler = Scheduler(
            budgets.slots, partial(WorkerProcess, control, "query"), self.instrumentation.worker_exited
        )
        try:
            self._scheduler.first_worker.result(_START_SECONDS)
        except (ChildProcessError, TimeoutError) as error:
            self.close()
            raise _no_worker() from error

    @property
    def workers(self) -> int:
        """The number of workers for short queries."""
        return self._scheduler.workers

    @property
    def waiting(self) -> int:
        """The number of queued queries."""
        return self._scheduler.waiting

    def close(self) -> None:
        """Kill all workers."""
        self._scheduler.close()

    def evaluate(
        self, version: Version, query: Query, seconds: float | None = None, cancellation: Cancellation | None = None
    ) -> Answer:
        """Answer a query within the budgets, or within ``seconds`` if that is less.

        :raises BudgetError: a budget is exceeded, or the queue is full
        :raises KgError: the query is wrong, or cannot be evaluated
        """
        with self.instrumentation.query():
            return _answer(self._ask(_query_job(version, query, self._seconds(seconds)), cancellation))

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        message = {"do": "graph", "version": version.number, "name": name, "form": form.name}
        received = _checked(self._ask(Job(message, b"", self._seconds(None)), None))
        return received.body() if received.message["exists"] else None

    def change(self, version: Version | None, change: Change) -> EvaluatedChange:  # noqa: ARG002 - a writer holds the lock
        """Evaluate, check and validate a change of the current version in an update process; write nothing.

        :raises BudgetError: evaluating or validating it exceeds a budget
        :raises NonconformingError: it adds a violation
        :raises KgError: the change is wrong, or cannot be carried out
        """
        body = change_to_body(change)
        try:
            return self._changed(body)
        except EOFError:  # the zygote is gone; it is started again, and nothing was written
            try:
                return self._changed(body)
            except EOFError as error:
                raise _no_worker() from error

    def _changed(self, body: bytes) -> EvaluatedChange:
        """Fork an update process and wait for its result.

        :raises EOFError: the zygote is gone
        """
        try:
            worker = WorkerProcess(self._control, "update")
        except OSError as error:
            raise _no_worker() from error
        try:
            return self._changed_by(worker, body)
        finally:
            worker.kill()

    def _changed_by(self, worker: WorkerProcess, body: bytes) -> EvaluatedChange:
        worker.accept_hello(_message(worker, _START_SECONDS, _no_worker(), resource_exceeded))
        worker.send({}, body)
        received = _message(worker, self.budgets.seconds, query_timeout(), resource_exceeded)
        if "evaluated" in received.message:
            seconds = self.budgets.validation_seconds
            with self.instrumentation.validation():
                received = _message(
                    worker, seconds, validation_timeout(seconds), lambda _cause: validation_out_of_memory()
                )
        message = _checked(received).message
        patch, report = split_body(received.body())
        return EvaluatedChange(
            PendingCommit(Patch.from_text(patch.decode()), message["warnings"], report), message["existed"]
        )

    def _seconds(self, asked: float | None) -> float:
        return min(asked or self.budgets.seconds, self.budgets.seconds)

    def _ask(self, job: Job, cancellation: Cancellation | None) -> Received:
        self._scheduler.submit(job)
        try:
            with (cancellation or Cancellation()).ending(partial(self._scheduler.cancel, job)):
                return job.future.result()
        finally:
            del (
                job
            )  # the error references this frame and the job the error: the cycle would keep a large query in memory


def _query_job(version: Version, query: Query, seconds: float) -> Job:
    return Job({"do": "query", "version": version.number}, query_to_body(query), seconds)


def _message(worker: WorkerProcess, seconds: float, too_late: KgError, died: Callable[[str], KgError]) -> Received:
    """Wait for the next message of an update process.

    :raises EOFError: the zygote is gone
    """
    try:
        received = worker.receive(seconds)
    except TimeoutError:
        raise too_late from None
    if "exit" in received.message:
        raise died(cause_of_exit(received.message["exit"]))
    return received


def _answer(received: Received) -> Answer:
    message = _checked(received).message
    return Answer(message["kind"], form_named(message["form"]) or JSON, received.body(), volatile=message["volatile"])


def _checked(received: Received) -> Received:
    """Return a reply, or raise the error in it."""
    if "error" in received.message:
        raise error_from_body(received.body())
    return received


def _no_worker() -> StoreError:
    return StoreError(
        Message("worker.none"),
        cure=Message("worker.none_cure"),
    )
