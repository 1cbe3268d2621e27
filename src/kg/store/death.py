"""What a worker died of, as its wait status tells: of what the query did, or of something else."""

from __future__ import annotations

import os
import signal

from kg.errors import BudgetError
from kg.store.refusals import budget

OUT_OF_MEMORY = 1
"""What a worker exits with that was refused memory."""


class WorkerLostError(Exception):
    """A worker ended, and not of what its query did: it was killed from outside, or its nursery was lost."""


def cause_of_death(status: int, *, is_cancelled: bool) -> BudgetError | WorkerLostError:
    """Return what to tell of a worker that ended with a wait status.

    >>> cause_of_death(signal.SIGSEGV, is_cancelled=False).what.en
    'The query nests too deeply. (budget: nesting)'
    """
    if is_cancelled:
        return budget("client", "요청한 쪽이 연결을 끊었습니다.", "The client hung up.")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV:
        return budget("nesting", "질의가 너무 깊이 중첩되어 있습니다.", "The query nests too deeply.")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT:
        return out_of_memory()
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == OUT_OF_MEMORY:
        return out_of_memory()
    return WorkerLostError(f"wait status {status}")


def out_of_memory() -> BudgetError:
    """Return the error for a query that was refused memory."""
    return budget("memory", "허용된 메모리를 넘었습니다.", "The query needed more memory than it may use.")


def displaced() -> BudgetError:
    """Return the error for a long query that made way for one that had used less."""
    return budget(
        "slow queries", "다른 질의에 자리를 내주었습니다.", "The query used much, and made way for one that used less."
    )
