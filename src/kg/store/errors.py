"""Errors that are raised in several places."""

from __future__ import annotations

from kg.domain import BudgetError, Message, NotFoundError, ResultTooLargeError


def result_too_large() -> ResultTooLargeError:
    """Return the error for an answer beyond the result size limit."""
    return ResultTooLargeError(
        Message(ko="결과가 허용된 크기를 넘었습니다.", en="The result outgrew the budget for the size of a result."),
        cure=Message(
            ko="LIMIT를 쓰거나 /downloads/에서 전체를 내려받으십시오.", en="Add a LIMIT, or take /downloads/ instead."
        ),
    )


def budget(name: str, ko: str, en: str) -> BudgetError:
    """Return the error for an exceeded budget; the problem document names it."""
    return BudgetError(
        Message(ko=f"{ko} (한도: {name})", en=f"{en} (budget: {name})"),
        cure=Message(
            ko="질의를 줄이거나 잠시 뒤에 다시 보내 주십시오.",
            en="Ask for less, or send the query again a little later.",
        ),
    )


def graph_not_found(name: str) -> NotFoundError:
    """Return the error for a graph that does not exist."""
    return NotFoundError(
        Message(ko=f"{name} 그래프가 없습니다.", en=f"There is no graph <{name}>."),
        cure=Message(ko="그래프의 이름을 확인해 주십시오.", en="Check the name of the graph."),
    )
