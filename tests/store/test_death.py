import signal

import pytest

from kg.errors import BudgetError
from kg.store.death import OUT_OF_MEMORY, WorkerLostError, cause_of_death


@pytest.mark.parametrize(
    ("status", "budget"),
    [(signal.SIGSEGV, "nesting"), (signal.SIGABRT, "memory"), (OUT_OF_MEMORY << 8, "memory")],
)
def test_a_query_is_told_what_it_did(status: int, budget: str) -> None:
    """A stack that overflowed and memory that was refused are budgets."""
    error = cause_of_death(status, is_cancelled=False)
    assert isinstance(error, BudgetError)
    assert f"budget: {budget})" in error.what.en


@pytest.mark.parametrize("status", [0, signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_was_ended_from_outside_is_lost(status: int) -> None:
    """That is no fault of its query, unless the client hung up."""
    assert isinstance(cause_of_death(status, is_cancelled=False), WorkerLostError)
    assert isinstance(cause_of_death(status, is_cancelled=True), BudgetError)
