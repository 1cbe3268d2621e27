"""Errors about formats: none is acceptable, or none can represent the answer."""

from __future__ import annotations

from kg.domain import FormatError, NotAcceptableError
from kg.locales import Message
from kg.rdf.formats import GRAPH_FORMS, N_QUADS, N_TRIPLES, RESULT_FORMS, TRIG, TURTLE, Form, media_types


def not_acceptable(kind: str) -> NotAcceptableError:
    """Return the error for a kind of answer (``solutions``, ``boolean``, ``triples``) in no form the client accepts."""
    offers = ", ".join(media_types(GRAPH_FORMS if kind == "triples" else RESULT_FORMS))
    return NotAcceptableError(
        Message("rdf.not_acceptable"),
        cure=Message("rdf.offers", offers=offers),
    )


def unrepresentable(form: Form, what: str) -> FormatError:
    """Return the error for a format that cannot represent a part of the answer; it names formats that can."""
    able = (TURTLE, N_TRIPLES, TRIG, N_QUADS) if form in GRAPH_FORMS else [one for one in RESULT_FORMS if one != form]
    offers = ", ".join(one.media_type for one in able)
    return FormatError(
        Message("rdf.unrepresentable", media_type=form.media_type, what=what),
        cure=Message("rdf.offers", offers=offers),
    )
