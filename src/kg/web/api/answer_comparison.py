"""Comparison of an answer of an earlier version with that of the current version; no Flask."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Literal

from kg.domain import KgError
from kg.rdf import CSV, JSON, N_QUADS, N_TRIPLES, TSV
from kg.store import Answer, Evaluator, Query, Version

COMPARISON_FIELD = "kg-today"
"""The header field with the result: ``same``, ``differs``, or ``unknown`` if it is expensive to compute."""
SECONDS = 2.0
"""Time limit of each evaluation: the comparison is an extra beside the answer."""

_IN_ROWS = (JSON, TSV, CSV, N_TRIPLES, N_QUADS)
_BLANK = '"type": "bnode"'

ComparisonResult = Literal["same", "differs", "unknown"]


def compare_with_current(
    evaluator: Evaluator, query: Query, found: Answer, version: Version, current: Version
) -> ComparisonResult:
    """Compare the answer with that of the current version, up to the order of rows.

    Answers that differ in rows with blank nodes only, and volatile answers, are ``unknown``.
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
    """Return the solutions or triples as sorted texts."""
    if answer.form is not JSON:
        return sorted(answer.body.splitlines())
    read = json.loads(answer.body)
    rows = read["results"]["bindings"] if "results" in read else [read["boolean"]]
    return sorted(json.dumps(row, sort_keys=True).replace(_BLANK, "_:").encode() for row in rows)


def _without_blank_nodes(rows: list[bytes]) -> list[bytes]:
    """Replace each row with a blank node by the same placeholder."""
    return sorted(b"_:" if b"_:" in row else row for row in rows)
