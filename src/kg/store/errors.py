"""Errors that are raised in several places."""

from __future__ import annotations

from kg.domain import BudgetError, NotFoundError, ResultTooLargeError
from kg.locales import Message


def result_too_large() -> ResultTooLargeError:
    """Return the error for an answer beyond the result size limit."""
    return ResultTooLargeError(
        Message("query.result_too_large"),
        cure=Message("query.result_too_large_cure"),
    )


def budget(name: str, what: Message) -> BudgetError:
    """Return the error for an exceeded budget; the problem document names it."""
    return BudgetError(
        Message("budget.exceeded", what=what, name=name),
        cure=Message("budget.cure"),
    )


def graph_not_found(name: str) -> NotFoundError:
    """Return the error for a graph that does not exist."""
    return NotFoundError(
        Message("store.no_graph", name=name),
        cure=Message("store.no_graph_cure"),
    )
