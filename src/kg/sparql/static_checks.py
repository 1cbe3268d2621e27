"""What a grammar cannot say of a query or an update: why the engine refuses one, and where (SPARQL 1.1 Query, 19.8).

Nothing is looked for before the engine has refused a text: good ones pay nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.sparql.tokens import Token, scan
from kg.sparql.tree import ARITIES, Node

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_AGGREGATES = frozenset(("aggregate", "group_concat"))
_WITHIN_PATTERN = ("filter", "bind", "inline_data")
"""What does not end a basic graph pattern to the engine."""
_MOST_TOKENS = 10_000
"""Of a text whose tree is searched: where groups are nested each is searched for each one around it."""


class Fault(NamedTuple):
    """Where something is wrong (characters from 0), and what."""

    start: int
    what: str


def find_fault(text: str, tree: Node, tokens: Sequence[Token]) -> Fault | None:
    """Return the first thing that is wrong with a text that the grammar accepts; None where nothing is known to be."""
    return min(_faults(text, tree, tokens), default=None)


def _faults(text: str, tree: Node, tokens: Sequence[Token]) -> Iterator[Fault]:
    yield from _wrong_tokens(text)
    yield from shared_labels_of_data(text, tree, tokens)
    if len(tokens) <= _MOST_TOKENS:
        for operation in tree.nodes() if tree.kind == "update_unit" else [tree]:
            yield from _wrong_terms(operation, tokens, text)
            yield from _shared_labels(operation, tokens)
        for node in tree.walk():
            if node.kind in _CHECKS:
                yield from _CHECKS[node.kind](node, tokens)


def _wrong_tokens(text: str) -> Iterator[Fault]:
    """Yield names whose prefix is not declared before them, escapes of no character, and limits beyond 64 bits."""
    declared: set[str] = set()
    word = ""
    for token in scan(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if word == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                yield Fault(token.start, f"the prefix {prefix}: is not declared")
        elif token.kind in ("string", "iri"):
            yield from _wrong_escapes(token)
        elif token.kind == "number" and word in ("LIMIT", "OFFSET"):
            digits = token.text.lstrip("0") or "0"
            if not digits.isdecimal() or len(digits) > 20 or int(digits) >= 2**64:  # noqa: PLR2004 - the digits of 2**64
                yield Fault(token.start, f"{word} takes an integer of at most 64 bits")
        word = token.word


def _wrong_escapes(token: Token) -> Iterator[Fault]:
    for match in _ESCAPE.finditer(token.text):
        digits, character, start = match[1] or match[2], match[3], token.start + match.start()
        if digits and (int(digits, 16) > 0x10FFFF or 0xD800 <= int(digits, 16) < 0xE000):  # noqa: PLR2004 - of Unicode
            yield Fault(start, f"{match[0]} is no character of Unicode")
        elif character and character in "uU":
            yield Fault(start, f"\\{character} stands before {4 if character == 'u' else 8} hexadecimal digits")
        elif character and character not in "tbnrf\"'\\":
            yield Fault(start, f"\\{character} is no escape of a string")


def shared_labels_of_data(text: str, tree: Node, tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield labels of blank nodes that an INSERT DATA shares with an earlier one (19.6)."""
    known: set[str] = set()
    for operation in tree.nodes("insert_data"):
        labels = {one.text: one.start for one in _tokens_of_data(operation, tokens, text) if one.kind == "blank"}
        for label in labels.keys() & known:
            yield Fault(labels[label], f"the blank node {label} cannot be shared by several INSERT DATA")
        known |= labels.keys()


def _tokens_of_data(operation: Node, tokens: Sequence[Token], text: str) -> list[Token]:
    """List the tokens of an operation, those of its data included."""
    start, end = tokens[operation.first].start, tokens[operation.last].end
    return [token._replace(start=start + token.start) for token in scan(text[start:end])]


def _wrong_terms(operation: Node, tokens: Sequence[Token], text: str) -> Iterator[Fault]:
    """Yield the blank nodes of DELETE, and the variables of data (notes 7 to 9 of 19.8)."""
    what = "DELETE cannot have a blank node"
    if operation.kind in ("insert_data", "delete_data"):
        for token, following in pairwise(_tokens_of_data(operation, tokens, text)):
            is_blank = token.kind == "blank" or token.text == "[" or (token.text == "(" and following.text != ")")
            if token.kind == "variable":
                yield Fault(token.start, f"{tokens[operation.first].word} DATA cannot have a variable")
            elif is_blank and operation.kind == "delete_data":
                yield Fault(token.start, what)
    for before, pattern in pairwise(operation.children):
        if isinstance(pattern, Node) and isinstance(before, int) and pattern.kind == "quad_pattern":
            is_deleted = operation.kind == "delete_where" or tokens[before].word == "DELETE"
            for node in pattern.walk() if is_deleted else ():
                first = tokens[node.first]
                if node.kind == "triples_node" or (
                    node.kind == "term" and (first.kind == "blank" or first.text == "[")
                ):
                    yield Fault(first.start, what)


def _shared_labels(operation: Node, tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield labels of blank nodes that stand in another basic graph pattern too (19.6)."""
    patterns: dict[str, tuple[int, int]] = {}
    for number, group in enumerate(node for node in operation.walk() if node.kind == "group"):
        part = 0
        for child in group.nodes():
            part += child.kind not in ("triples_block", *_WITHIN_PATTERN)
            for token in tokens[child.first : child.last + 1] if child.kind == "triples_block" else ():
                pattern = number, part
                if token.kind == "blank" and patterns.setdefault(token.text, pattern) != pattern:
                    yield Fault(token.start, f"the blank node {token.text} cannot be shared by several graph patterns")


def _arguments(node: Node, tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield a built-in function with more or fewer arguments than it takes."""
    token, arguments = tokens[node.first], node.nodes()
    fewest, most = ARITIES[token.word]
    if not fewest <= len(arguments) <= most:
        number = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        yield Fault(token.start, f"{token.word} takes {number} argument{'s' * (most != 1)}, not {len(arguments)}")
    elif token.word == "BOUND" and arguments[0].kind != "variable":
        yield Fault(tokens[arguments[0].first].start, "BOUND takes a variable")


def _misplaced_aggregates(node: Node, tokens: Sequence[Token]) -> Iterator[Fault]:
    for below in node.walk(without=frozenset(("exists",))):
        if below.kind in _AGGREGATES:
            token = tokens[below.first]
            yield Fault(token.start, f"{token.word} can stand in SELECT, HAVING and ORDER BY alone")


def _bindings(group: Node, tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield the variables of BIND that the group has before it (note 12 of 19.8)."""
    known: set[str] = set()
    for child in group.nodes() if group.nodes("bind") else ():
        if child.kind == "bind":
            yield from _misplaced_aggregates(child, tokens)
            token = tokens[child.last - 1]
            if token.text[1:] in known:
                yield Fault(token.start, f"{token.text} has a value already: BIND cannot give it one")
        known |= _in_scope(child, tokens)


def _in_scope(node: Node, tokens: Sequence[Token]) -> set[str]:
    """Return the variables that are in scope in a pattern (18.2.1)."""
    found: set[str] = set()
    stack = [node]
    while stack:
        one = stack.pop()
        places = one.tokens()
        if one.kind == "bind":
            places = [one.last - 1]
        elif one.kind == "sub_select":
            (clause,) = one.nodes("select_clause")
            places = [*clause.tokens(), *(item.last - 1 for item in clause.nodes())]
            is_all = any(tokens[place].text == "*" for place in places)
            stack += one.nodes("group", "values_clause") if is_all else []
        elif one.kind not in ("filter", "minus"):
            stack += one.nodes()
        found.update(tokens[place].text[1:] for place in places if tokens[place].kind == "variable")
    return found


def _selection(query: Node, tokens: Sequence[Token]) -> Iterator[Fault]:
    """Yield faults of SELECT: ungrouped variables, and variables bound twice (notes 12 and 13)."""
    (clause,), (pattern,), grouping = query.nodes("select_clause"), query.nodes("group"), query.nodes("group_clause")
    parts = [clause, *query.nodes("having_clause", "order_clause")]
    is_grouped = bool(grouping) or any(
        node.kind in _AGGREGATES for part in parts for node in part.walk(without=frozenset(("exists",)))
    )
    keys = {tokens[place].text[1:] for part in grouping for place in part.tokens()}
    known = keys if is_grouped else _in_scope(pattern, tokens)
    selected: set[str] = set()
    for child in clause.children:
        token = tokens[child if isinstance(child, int) else child.last - 1]
        name = token.text[1:]
        used = [token] if isinstance(child, int) else list(_variables(child.nodes()[0], tokens))
        for one in used if is_grouped else ():
            if one.text == "*":
                yield Fault(one.start, "SELECT * cannot stand beside groups")
            elif one.kind == "variable" and one.text[1:] not in known | selected:
                yield Fault(one.start, f"{one.text} is neither grouped by nor aggregated")
        if isinstance(child, Node) and name in known | selected:
            yield Fault(token.start, f"{token.text} has a value already: SELECT cannot give it one")
        selected |= {name} if token.kind == "variable" else set()


def _variables(expression: Node, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the variables of an expression that no aggregate has."""
    for node in Node("expression", [expression]).walk(without=_AGGREGATES | {"exists"}):
        if node.kind == "variable":
            yield tokens[node.first]


_CHECKS: Mapping[str, Callable[[Node, Sequence[Token]], Iterator[Fault]]] = {
    "built_in": _arguments,
    "filter": _misplaced_aggregates,
    "group": _bindings,
    "select_query": _selection,
    "sub_select": _selection,
}
