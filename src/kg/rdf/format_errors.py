"""Errors about formats: none is acceptable, or none can represent the answer."""

from __future__ import annotations

from kg.domain import FormatError, Message, NotAcceptableError
from kg.rdf.formats import GRAPH_FORMS, N_QUADS, N_TRIPLES, RESULT_FORMS, TRIG, TURTLE, Form, media_types


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
