"""Answers of the endpoint, and whether two of them say the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import Literal, RdfFormat, parse

from conformance.comparison import compare_answers, compare_sets
from conformance.documents import quad_row
from conformance.outcome import PASSED, ComparisonResult, Outcome, failed
from conformance.server import Response
from conformance.solutions import JSON_TYPE, Solutions, read_answer
from conformance.solutions import Answer as Found
from conformance.terms import Row, Term
from metamorphic.requests import Base

GRAPH_TYPE = "application/n-triples"
GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")

LIMITS = {"too-large": 413, "result-too-large": 413, "evaluation": 422}
"""The problems that may stand for an answer, with their status: each names the limit that was reached."""
_SYNTAX = {"query-syntax": 400}


@dataclass(frozen=True)
class Refusal:
    """An answer that is an error: its status, the last part of its type (RFC 9457), and what it says."""

    status: int
    problem: str
    detail: str

    @property
    def is_limit(self) -> bool:
        """Whether it is one of the documented errors that name a limit: a number stands in it."""
        return LIMITS.get(self.problem) == self.status and any(map(str.isdigit, self.detail))

    @property
    def is_syntax_error(self) -> bool:
        """Whether it says that the request does not parse."""
        return _SYNTAX.get(self.problem) == self.status


Answer = Solutions | bool | list[Row] | Refusal


def read(response: Response) -> Answer:
    """Read an answer by its media type."""
    if not response.is_success:
        return read_refusal(response)
    if response.media_type == GRAPH_TYPE:
        return [quad_row(quad)[:3] for quad in parse(response.body, format=RdfFormat.N_TRIPLES)]
    return read_answer(response.body, response.media_type)


def read_refusal(response: Response) -> Refusal:
    """Read a problem document; anything else that is no success is a refusal without a type."""
    if response.media_type != "application/problem+json":
        return Refusal(response.status, "", response.summary())
    document: dict[str, Any] = json.loads(response.body)
    problem = str(document.get("type", "")).rpartition("/")[2]
    return Refusal(response.status, problem, f"{document.get('detail')} {document.get('cure')}")


def accepted_type(base: Base) -> str:
    """Return the media type to ask for."""
    return GRAPH_TYPE if base.form in GRAPH_FORMS else JSON_TYPE


def difference(base: Base, expected: Answer, actual: Answer) -> str:
    """Say what differs between two answers to a base request; nothing where they are equal."""
    verdict = compare(base, expected, actual)
    return "" if verdict.outcome is Outcome.PASSED else verdict.reason


def compare(base: Base, expected: Answer, actual: Answer) -> ComparisonResult:
    """Compare two answers to a base request."""
    if isinstance(expected, Refusal) or isinstance(actual, Refusal):
        is_same = kind(expected) == kind(actual)
        return PASSED if is_same else failed(f"expected {shown(expected)}, got {shown(actual)}")
    if isinstance(expected, list) or isinstance(actual, list):
        return compare_sets(as_rows(expected), as_rows(actual))
    return compare_answers(canonical(base, expected), canonical(base, actual))


def kind(answer: Answer) -> tuple[int, str] | None:
    """Return the status and the problem of a refusal; what it says may differ."""
    return (answer.status, answer.problem) if isinstance(answer, Refusal) else None


def as_rows(answer: Answer) -> list[Row]:
    """Return the triples of an answer that is a graph, and no triple for one that is not."""
    return answer if isinstance(answer, list) else []


def shown(answer: Answer) -> str:
    """Return an answer in a few words."""
    match answer:
        case Refusal():
            return f"{answer.status} {answer.problem}: {answer.detail}"
        case Solutions():
            return f"{len(answer.rows)} solutions"
        case list():
            return f"{len(answer)} triples"
    return str(answer).lower()


def canonical(base: Base, answer: Found) -> Found:
    """Return an answer with the parts of each GROUP_CONCAT in one order, and marked as ordered where the base is."""
    if isinstance(answer, bool):
        return answer
    separators = [base.joined.get(variable) for variable in answer.variables]
    rows = tuple(
        tuple(sorted_parts(term, separator) for term, separator in zip(row, separators, strict=True))
        for row in answer.rows
    )
    return replace(answer, rows=rows, is_ordered=base.is_ordered)


def sorted_parts(term: Term | None, separator: str | None) -> Term | None:
    """Return a literal with what stands between the separators sorted."""
    if separator is None or not isinstance(term, Literal):
        return term
    value = separator.join(sorted(term.value.split(separator)))
    return Literal(value, language=term.language) if term.language else Literal(value, datatype=term.datatype)


def renamed(answer: Answer, names: Sequence[str]) -> Answer:
    """Return solutions with other names for the variables."""
    return replace(answer, variables=tuple(names)) if isinstance(answer, Solutions) else answer
