"""The errors that the store raises in more than one place, each worded once."""

from __future__ import annotations

from kg.errors import BudgetError, FormatError, Message, NotAcceptableError, NotFoundError, ResultTooLargeError
from kg.store.forms import GRAPH_FORMS, N_QUADS, N_TRIPLES, RESULT_FORMS, TRIG, TURTLE, Form, media_types


def not_acceptable(kind: str) -> NotAcceptableError:
    """Return the error for a kind of answer (``solutions``, ``boolean``, ``triples``) in no form the client accepts."""
    offers = ", ".join(media_types(GRAPH_FORMS if kind == "triples" else RESULT_FORMS))
    return NotAcceptableError(
        Message(ko="이 응답을 줄 수 있는 형식이 Accept에 없습니다.", en="Accept names no form that this answer has."),
        cure=Message(ko=f"다음 가운데에서 고르십시오: {offers}", en=f"Ask for one of: {offers}."),
    )


def unrepresentable(form: Form, what: str) -> FormatError:
    """Return the error for a format that cannot represent a part of the answer; it names formats that can."""
    able = (TURTLE, N_TRIPLES, TRIG, N_QUADS) if form in GRAPH_FORMS else [one for one in RESULT_FORMS if one != form]
    offers = ", ".join(one.media_type for one in able)
    return FormatError(
        Message(
            ko=f"{form.media_type} 형식으로는 나타낼 수 없는 내용이 있습니다: {what}",
            en=f"{form.media_type} cannot represent {what}.",
        ),
        cure=Message(ko=f"다음 가운데에서 고르십시오: {offers}", en=f"Ask for one of: {offers}."),
    )


def result_too_large() -> ResultTooLargeError:
    """Return the error for an answer that outgrew the result-size budget."""
    return ResultTooLargeError(
        Message(ko="결과가 허용된 크기를 넘었습니다.", en="The result outgrew the budget for the size of a result."),
        cure=Message(
            ko="LIMIT를 쓰거나 /downloads/에서 전체를 내려받으십시오.", en="Add a LIMIT, or take /downloads/ instead."
        ),
    )


def budget(name: str, ko: str, en: str) -> BudgetError:
    """Return the error for a budget that is used up, named in the problem document."""
    return BudgetError(
        Message(ko=f"{ko} (한도: {name})", en=f"{en} (budget: {name})"),
        cure=Message(
            ko="질의를 줄이거나 잠시 뒤에 다시 보내 주십시오.",
            en="Ask for less, or send the query again a little later.",
        ),
    )


def no_graph(name: str) -> NotFoundError:
    """Return the error for a graph that is not there."""
    return NotFoundError(
        Message(ko=f"{name} 그래프가 없습니다.", en=f"There is no graph <{name}>."),
        cure=Message(ko="그래프의 이름을 확인해 주십시오.", en="Check the name of the graph."),
    )
