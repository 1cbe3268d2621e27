"""The evaluator of a serving process: cheap queries in the process, everything else in workers."""

from __future__ import annotations

from kg.rdf import Form
from kg.store import Answer, Cancellation, Change, EvaluatedChange, Query, Version
from kg.workers.in_process import InProcessEvaluator
from kg.workers.pool import WorkerPool


class ServingEvaluator:
    """Evaluates cheap queries in the process, and sends the rest to the pool."""

    def __init__(self, in_process: InProcessEvaluator, pool: WorkerPool) -> None:
        """Take both evaluators."""
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
        """Answer a query; the time limit and the cancellation apply in a worker only.

        :raises KgError: the query is wrong, cannot be evaluated, or exceeds a budget
        """
        answer = self.answer_if_cheap(version, query)
        return answer or self._pool.evaluate(version, query, seconds, cancellation)

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        return self._pool.graph(version, name, form)

    def change(self, version: Version | None, change: Change) -> EvaluatedChange:
        """Evaluate, check and validate a change of the current version in an update process."""
        return self._pool.change(version, change)

    def close(self) -> None:
        """Kill all workers."""
        self._pool.close()
