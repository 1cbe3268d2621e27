"""Whether an answer of an earlier version is still the answer today; no Flask."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from kg.errors import KgError
from kg.store.engine import Answer, Query
from kg.store.evaluator import Evaluator
from kg.store.forms import N_TRIPLES, TSV
from kg.store.versions import Version

TODAY_FIELD = "kg-today"
"""The header field that says so: ``same``, ``differs``, or ``unknown`` where that cannot be told cheaply."""
SECONDS = 1.0
"""How long each evaluation for it may take."""

Verdict = Literal["same", "differs", "unknown"]


def compared(evaluator: Evaluator, query: Query, found: Answer, version: Version, current: Version) -> Verdict:
    """Tell whether the current version answers a query as a version did, be it in another order.

    Blank nodes that have other labels cannot be told from others, and an answer that is never the same says nothing.
    """
    if version.number == current.number or _is_same_content(version, current):
        return "same"
    if found.volatile:
        return "unknown"
    try:
        if evaluator.evaluate(current, query, SECONDS).body == found.body:
            return "same"
        asked = replace(query, results=TSV, graph=N_TRIPLES)
        then, now = (sorted(_rows(evaluator.evaluate(one, asked, SECONDS))) for one in (version, current))
    except KgError:
        return "unknown"
    if then == now:
        return "same"
    return "unknown" if _without_blank_nodes(then) == _without_blank_nodes(now) else "differs"


def _is_same_content(version: Version, current: Version) -> bool:
    content = version.record.content
    return bool(content) and content == current.record.content


def _rows(answer: Answer) -> list[bytes]:
    return answer.body.splitlines()


def _without_blank_nodes(rows: list[bytes]) -> list[bytes]:
    """Return as many rows, those with a blank node alike."""
    return sorted(b"_:" if b"_:" in row else row for row in rows)
