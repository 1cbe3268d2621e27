"""Wait status of a worker → cause of its exit; errors of exceeded budgets."""

from __future__ import annotations

import os
import signal

from kg.domain import BudgetError, Message
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
        return budget("nesting", "질의가 너무 깊이 중첩되어 있습니다.", "The query nests too deeply.")
    return budget("memory", "허용된 메모리를 넘었습니다.", "The query needed more memory than it may use.")


def query_timeout() -> BudgetError:
    """Return the error for a query that exceeded its time limit."""
    return budget("seconds", "허용된 시간 안에 끝나지 않았습니다.", "The query did not end within its time.")


def queue_full() -> BudgetError:
    """Return the error for a query that finds the queue full."""
    return budget("queue", "기다리는 질의가 너무 많습니다.", "Too many queries are waiting.")


def queue_timeout() -> BudgetError:
    """Return the error for a query that waited in the queue for as long as it may run."""
    return budget("queue", "제때 차례가 오지 않았습니다.", "Timed out waiting for a free worker.")


def too_many_long_queries() -> BudgetError:
    """Return the error for a long query that finds all demoted and suspended slots taken."""
    return budget("slow queries", "오래 걸리는 질의가 한도에 찼습니다.", "Too many long queries are running.")


def preempted() -> BudgetError:
    """Return the error for a long query preempted by one that has used much less."""
    return budget(
        "slow queries",
        "다른 질의에 자리를 내주었습니다.",
        "The query was cancelled to free capacity for shorter queries.",
    )


def client_disconnected() -> BudgetError:
    """Return the error for a query whose client disconnected."""
    return budget("client", "요청한 쪽이 연결을 끊었습니다.", "The client hung up.")


def validation_timeout(seconds: float) -> BudgetError:
    """Return the error for a change whose validation exceeded its time limit."""
    return BudgetError(
        Message(
            ko=f"변경을 검증하는 데 {seconds:g}초가 넘게 걸립니다.", en=f"Validating takes longer than {seconds:g} s."
        ),
        cure=Message(
            ko="변경을 나누어 보내거나 운영자에게 KG_GATE_SECONDS를 늘려 달라고 하십시오.",
            en="Send the change in parts, or have the operator raise KG_GATE_SECONDS.",
        ),
    )


def validation_out_of_memory() -> BudgetError:
    """Return the error for a change whose validation exceeded its memory limit."""
    return BudgetError(
        Message(ko="변경을 검증할 메모리가 부족합니다.", en="Validating takes more memory than there is."),
        cure=Message(
            ko="변경을 나누어 보내거나 운영자에게 KG_GATE_MEMORY를 늘려 달라고 하십시오.",
            en="Send the change in parts, or have the operator raise KG_GATE_MEMORY.",
        ),
    )
