"""Wait status of a worker → cause of its exit; errors of exceeded budgets."""

from __future__ import annotations

import os
import signal

from kg.domain import BudgetError
from kg.locales import Message
from kg.store import budget

OUT_OF_MEMORY = 1
"""The exit code of a worker that was refused memory."""
LOST = "lost"
"""Cause of an exit that is not the request's fault: the worker or the zygote was killed from outside."""


def cause_of_exit(status: int | None) -> str:
    """Return the budget that a worker with a wait status exceeded, or ``lost``; None is an unknown status.

    >>> cause_of_exit(signal.SIGSEGV), cause_of_exit(OUT_OF_MEMORY << 8), cause_of_exit(signal.SIGKILL)
    ('nesting', 'memory', 'lost')
    """
    if status is None:
        return LOST
    if os.WIFSIGNALED(status):
        return {signal.SIGSEGV: "nesting", signal.SIGABRT: "memory"}.get(signal.Signals(os.WTERMSIG(status)), LOST)
    return "memory" if os.WEXITSTATUS(status) == OUT_OF_MEMORY else LOST


def resource_exceeded(cause: str) -> BudgetError:
    """Return the error for the cause of an exit; a worker that is lost twice in a row ran out of memory."""
    if cause == "nesting":
        return budget("nesting", Message("budget.nesting"))
    return budget("memory", Message("budget.memory"))


def query_timeout() -> BudgetError:
    """Return the error for a query that exceeded its time limit."""
    return budget("seconds", Message("budget.seconds"))


def queue_full() -> BudgetError:
    """Return the error for a query that finds the queue full."""
    return budget("queue", Message("budget.queue_full"))


def queue_timeout() -> BudgetError:
    """Return the error for a query that waited in the queue for as long as it may run."""
    return budget("queue", Message("budget.queue_late"))


def too_many_long_queries() -> BudgetError:
    """Return the error for a long query that finds all demoted and suspended slots taken."""
    return budget("slow queries", Message("budget.long_queries"))


def preempted() -> BudgetError:
    """Return the error for a long query preempted by one that has used much less."""
    return budget("slow queries", Message("budget.preempted"))


def client_disconnected() -> BudgetError:
    """Return the error for a query whose client disconnected."""
    return budget("client", Message("budget.client"))


def validation_timeout(seconds: float) -> BudgetError:
    """Return the error for a change whose validation exceeded its time limit."""
    return BudgetError(
        Message("validation.late", seconds=seconds),
        cure=Message("validation.late_cure"),
    )


def validation_out_of_memory() -> BudgetError:
    """Return the error for a change whose validation exceeded its memory limit."""
    return BudgetError(
        Message("validation.memory"),
        cure=Message("validation.memory_cure"),
    )
