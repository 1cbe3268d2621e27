"""The cause of a worker's exit, by its wait status, and the errors of used-up budgets, each worded once."""

from __future__ import annotations

import os
import signal

from kg.domain import BudgetError
from kg.locales import Message
from kg.store import budget

OUT_OF_MEMORY = 1
"""The exit code of a worker that was refused memory."""
LOST = "lost"
"""The cause of an exit that the request is not to blame for: the worker was killed from outside, or the zygote was."""


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


def exceeded(cause: str) -> BudgetError:
    """Return the error for the cause of an exit; a worker that is lost twice in a row ran out of memory."""
    if cause == "nesting":
        return budget("nesting", Message("budget.nesting"))
    return budget("memory", Message("budget.memory"))


def late() -> BudgetError:
    """Return the error for a query that did not end within its time."""
    return budget("seconds", Message("budget.seconds"))


def queue_full() -> BudgetError:
    """Return the error for a query that would wait behind too many."""
    return budget("queue", Message("budget.queue_full"))


def queue_late() -> BudgetError:
    """Return the error for a query that waited for a worker as long as it may run."""
    return budget("queue", Message("budget.queue_late"))


def too_many_long() -> BudgetError:
    """Return the error for a long query that finds all long slots and places taken."""
    return budget("slow queries", Message("budget.long_queries"))


def preempted() -> BudgetError:
    """Return the error for a long query that was cancelled for one that has used much less."""
    return budget("slow queries", Message("budget.preempted"))


def hung_up() -> BudgetError:
    """Return the error for a query that nobody awaits any more."""
    return budget("client", Message("budget.client"))


def validation_late(seconds: float) -> BudgetError:
    """Return the error for a change whose validation did not end within its time."""
    return BudgetError(
        Message("validation.late", seconds=seconds),
        cure=Message("validation.late_cure"),
    )


def validation_memory() -> BudgetError:
    """Return the error for a change whose validation needs more memory than it may use."""
    return BudgetError(
        Message("validation.memory"),
        cure=Message("validation.memory_cure"),
    )
