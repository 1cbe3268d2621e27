"""Errors about formats: none is acceptable, or none can represent the answer."""

from __future__ import annotations

from kg.domain import FormatError, NotAcceptableError, Where
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


def place_of(error: SyntaxError, name: str, content: bytes) -> Where | None:
    """Return the line and column of a parser's error in a document, with the line quoted; None if it names none."""
    if error.lineno is None:
        return None
    lines = content.split(b"\n")
    quoted = lines[error.lineno - 1].decode("utf-8", "replace").rstrip("\r") if error.lineno <= len(lines) else ""
    return Where(name, error.lineno, error.offset or 1, quoted[:500])
