"""The errors that the store raises in more than one place, each worded once."""

from __future__ import annotations

from kg.domain import BudgetError, NotFoundError, ResultTooLargeError
from kg.locales import Message


def result_too_large() -> ResultTooLargeError:
    """Return the error for an answer that outgrew the result-size budget."""
    return ResultTooLargeError(
        Message("query.result_too_large"),
        cure=Message("query.result_too_large_cure"),
    )


def budget(name: str, what: Message) -> BudgetError:
    """Return the error for a budget that is used up, named in the problem document."""
    return BudgetError(
        Message("budget.exceeded", what=what, name=name),
        cure=Message("budget.cure"),
    )


def no_graph(name: str) -> NotFoundError:
    """Return the error for a graph that is not there."""
    return NotFoundError(
        Message("store.no_graph", name=name),
        cure=Message("store.no_graph_cure"),
    )
