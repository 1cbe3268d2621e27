"""Whether two servers mean the same: a rate is worth nothing where the answer is another one."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal, InvalidOperation

from benchmarks.peers import Peer, fetch
from benchmarks.questions import Question


def disagreement(one: Peer, other: Peer, question: Question) -> str | None:
    """Return in what the answers to a question differ, or None where they are the same rows in any order."""
    expected, found = (rows(*fetch(peer, question.example)) for peer in (one, other))
    if expected == found:
        return None
    wanted, got = (told if isinstance(told, str) else f"{told.total()} rows" for told in (expected, found))
    return f"{wanted} wanted, {got}"


def rows(status: int, body: bytes) -> Counter[frozenset[tuple[str, str]]] | str:
    """Return the rows of an answer in JSON with how often each is there, or why there are none.

    >>> rows(200, b'{"results": {"bindings": [{"n": {"type": "literal", "value": "1.0"}}]}}')
    Counter({frozenset({('n', '1')}): 1})
    """
    if status != 200:
        return f"{status} {body[:200].decode('utf-8', 'replace')}"
    try:
        bindings = json.loads(body)["results"]["bindings"]
    except (ValueError, KeyError) as error:
        return f"no result: {error}"
    return Counter(frozenset((name, _value(term["value"])) for name, term in row.items()) for row in bindings)


def _value(lexical_form: str) -> str:
    """Return a lexical form, numbers and truth values by value: some servers write them in other ways."""
    try:
        return f"{Decimal(lexical_form).normalize():f}"
    except InvalidOperation:
        return {"true": "1", "false": "0"}.get(lexical_form, lexical_form)
