"""The evaluator of a serving process: cheap queries in the process, everything else in workers."""

from __future__ import annotations

from kg.rdf import Form
from kg.store import Answer, Cancellation, Change, EvaluatedChange, Query, Version
from kg.workers.in_process import InProcessEvaluator
from kg.workers.pool import WorkerPool


class ServingEvaluator:
    """Evaluates what is cheap here, and sends the rest to the pool."""

    def __init__(self, in_process: InProcessEvaluator, pool: WorkerPool) -> None:
        """Take both."""
        self._in_process = in_process
        self._pool = pool

    def answer_if_cheap(self, version: Version, query: Query) -> Answer | None:
        """Answer a cheap query at once; return None for any other.

        :raises KgError: the query is wrong
        """
        answer = self._in_process.answer(version, query)
        if answer:
            self._pool.instrumentation.count("answered", 0.0)
        return answer

    def evaluate(
        self, version: Version, query: Query, seconds: float | None = None, cancellation: Cancellation | None = None
    ) -> Answer:
        """Answer a query, within so many seconds and until it is cancelled where a worker does it.

        :raises KgError: the query is wrong, cannot be evaluated, or exceeds a budget
        """
        answer = self.answer_if_cheap(version, query)
        return answer or self._pool.evaluate(version, query, seconds, cancellation)

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        return self._pool.graph(version, name, form)

    def change(self, version: Version | None, change: Change) -> EvaluatedChange:
        """Evaluate, prove and validate a change of the current version in a process of its own."""
        return self._pool.change(version, change)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()
