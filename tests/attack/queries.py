"""Queries that hostile clients send, each with the statuses that are a proper answer to it."""

from __future__ import annotations

from dataclasses import dataclass

DEPTH = 10_000
REFUSED = frozenset({400, 413, 503})
ANSWERED_OR_REFUSED = REFUSED | {200}
_EVERY_TRIPLE = "?s{0} ?p{0} ?o{0} ."
_TRIPLES_CUBED = " ".join(_EVERY_TRIPLE.format(number) for number in range(3))


@dataclass(frozen=True)
class HostileQuery:
    """A query that is meant to hurt; where it is answered all the same, the answer is ``right``, if that is known."""

    name: str
    text: str
    statuses: frozenset[int] = REFUSED
    right: bytes | None = None


def _nested(opening: str, closing: str) -> str:
    return opening * DEPTH + closing * DEPTH


def _doubled(times: int) -> str:
    """Bind a text that is doubled so many times."""
    return " ".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})" for n in range(times))


def _replaced(times: int) -> str:
    """Bind a text in which each letter becomes ten, so many times."""
    return " ".join(f'BIND(REPLACE(?t{n}, "a", "aaaaaaaaaa") AS ?t{n + 1})' for n in range(times))


def _values(size: int) -> str:
    """Write a VALUES block of so many bytes."""
    return "\n".join(f'"{number:010}"' for number in range(size // 13))


HOSTILE_QUERIES = (
    HostileQuery("nested groups", f"SELECT * {_nested('{', '}')}", ANSWERED_OR_REFUSED),
    HostileQuery("nested groups, not closed", f"SELECT * {'{' * DEPTH}", frozenset({400, 503})),
    HostileQuery(
        "nested brackets", f"SELECT ({_nested('(', ')').replace('()', '(1)')} AS ?one) {{}}", ANSWERED_OR_REFUSED
    ),
    HostileQuery("nested negations", f"SELECT ({'!' * DEPTH}true AS ?one) {{}}", ANSWERED_OR_REFUSED),
    HostileQuery("nested optional groups", f"SELECT * {{ {_nested('OPTIONAL {', '}')} }}", ANSWERED_OR_REFUSED),
    HostileQuery("nested blank nodes", f"ASK {{ ?s ?p {'[ ?p ' * DEPTH}1{']' * DEPTH} }}", ANSWERED_OR_REFUSED),
    HostileQuery("cross product, counted", f"SELECT (COUNT(*) AS ?n) {{ {_TRIPLES_CUBED} }}"),
    HostileQuery("cross product, ordered", f"SELECT * {{ {_TRIPLES_CUBED} }} ORDER BY ?o2 ?o1 ?o0 ?s0"),
    HostileQuery("cross product, distinct", f"SELECT DISTINCT ?o0 ?o1 ?o2 {{ {_TRIPLES_CUBED} }}"),
    HostileQuery(
        "cross product, concatenated", f"SELECT (GROUP_CONCAT(CONCAT(STR(?o0), STR(?o1))) AS ?t) {{ {_TRIPLES_CUBED} }}"
    ),
    HostileQuery("cross product, all of it", f"SELECT * {{ {_TRIPLES_CUBED} }}"),
    HostileQuery("cross product, built", f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} {{ {_TRIPLES_CUBED} }}"),
    HostileQuery(
        "path over a dense graph", "SELECT (COUNT(*) AS ?n) { ?s (!<a:x>|^!<a:x>)* ?m . ?m (!<a:y>|^!<a:y>)+ ?o }"
    ),
    HostileQuery("doubled forty times", f'SELECT (STRLEN(?t40) AS ?n) {{ BIND("a" AS ?t0) {_doubled(40)} }}'),
    HostileQuery("replaced twelve times", f'SELECT (STRLEN(?t12) AS ?n) {{ BIND("a" AS ?t0) {_replaced(12)} }}'),
    HostileQuery(
        "values of 5 MB",
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ {_values(5_000_000)} }} }}",
        ANSWERED_OR_REFUSED,
        b"n\r\n384615\r\n",
    ),
    HostileQuery(
        "values of 5 MB, crossed",
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ {_values(5_000_000)} }} {_TRIPLES_CUBED} }}",
    ),
    HostileQuery(
        "regular expression that backtracks",
        f'SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(REGEX("{"a" * 10_000}b", "^(a+)+$")) }}',
        ANSWERED_OR_REFUSED,
        b"n\r\n0\r\n",
    ),
    HostileQuery(
        "regular expression that is large",
        'SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(REGEX(STR(?o), "((((a{1,99}){1,99}){1,99}){1,99}){1,99}")) }',
        ANSWERED_OR_REFUSED,
    ),
    HostileQuery(
        "regular expressions, one for each triple",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?a ?b ?c "
        'FILTER(REGEX(STR(?o), CONCAT("(", STR(?s), STR(?a), ")+[a-z]{99}"))) }',
    ),
)
"""What a single query can do."""

ENDLESS = next(query.text for query in HOSTILE_QUERIES if query.name == "cross product, counted")
"""A query that does not end, and needs but the processor."""

GROWING = next(query.text for query in HOSTILE_QUERIES if query.name == "doubled forty times")
"""A query that needs more memory than there is."""

LARGE = next(query.text for query in HOSTILE_QUERIES if query.name == "cross product, all of it")
"""A query with an answer larger than any budget."""
