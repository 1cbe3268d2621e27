"""Whether an answer of an earlier version is still the answer today; no Flask."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Literal

from kg.domain import KgError
from kg.rdf import CSV, JSON, N_QUADS, N_TRIPLES, TSV
from kg.store import Answer, Evaluator, Query, Version

COMPARISON_FIELD = "kg-today"
"""The header field that says so: ``same``, ``differs``, or ``unknown`` where that cannot be told cheaply."""
SECONDS = 2.0
"""How long each evaluation for it may take."""

_IN_ROWS = (JSON, TSV, CSV, N_TRIPLES, N_QUADS)
_BLANK = '"type": "bnode"'

ComparisonResult = Literal["same", "differs", "unknown"]


def compare_with_current(
    evaluator: Evaluator, query: Query, found: Answer, version: Version, current: Version
) -> ComparisonResult:
    """Return whether the current version answers a query as a version did, be it in another order.

    Blank nodes that have other labels cannot be told from others, and an answer that is never the same says nothing.
    """
    if version.number == current.number or _is_same_content(version, current):
        return "same"
    if found.volatile:
        return "unknown"
    try:
        today = evaluator.evaluate(current, query, SECONDS)
        if today.body == found.body:
            return "same"
        both = [found, today]
        if found.form not in _IN_ROWS:
            asked = replace(query, results=TSV, graph=N_TRIPLES)
            both = [evaluator.evaluate(one, asked, SECONDS) for one in (version, current)]
        then, now = map(_rows, both)
    except KgError:
        return "unknown"
    if then == now:
        return "same"
    return "unknown" if _without_blank_nodes(then) == _without_blank_nodes(now) else "differs"


def _is_same_content(version: Version, current: Version) -> bool:
    content = version.commit_info.content
    return bool(content) and content == current.commit_info.content


def _rows(answer: Answer) -> list[bytes]:
    """Return each solution or triple as one text, in order; the first row of a table is its head."""
    if answer.form is not JSON:
        return sorted(answer.body.splitlines())
    read = json.loads(answer.body)
    rows = read["results"]["bindings"] if "results" in read else [read["boolean"]]
    return sorted(json.dumps(row, sort_keys=True).replace(_BLANK, "_:").encode() for row in rows)


def _without_blank_nodes(rows: list[bytes]) -> list[bytes]:
    """Return as many rows, those with a blank node alike."""
    return sorted(b"_:" if b"_:" in row else row for row in rows)
