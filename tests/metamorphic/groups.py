"""Finds the groups of a request, their elements and their triples: SPARQL 1.1 Query, section 19.8, from [53] on.

Everything is a span of places in the list of tokens; nothing is copied, so that a rewriting replaces spans alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from metamorphic.tokens import Token, Tokens

_OPENING, _CLOSING = ("{", "(", "["), ("}", ")", "]")
_TEMPLATES = ("CONSTRUCT", "INSERT", "DELETE", "DATA")
_NAMED = {"OPTIONAL": 1, "MINUS": 1, "GRAPH": 2, "SERVICE": 2}
"""The keywords that open an element with a group, and how many places before that group they stand."""
_ELEMENTS = (*_NAMED, "FILTER", "BIND", "VALUES")
_OPERATORS = ("/", "|")


@dataclass(frozen=True)
class Span:
    """The places of some tokens, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True)
class Element(Span):
    """An element of a group: its kind is ``triples``, ``group`` (with its unions), or its keyword in small letters."""

    kind: str


@dataclass(frozen=True)
class Group(Span):
    """A group with its braces; a template holds triples and GRAPH alone, a subquery has no elements."""

    elements: tuple[Element, ...]
    is_template: bool = False
    is_subquery: bool = False


@dataclass(frozen=True)
class PropertyList:
    """A verb, which may be a path, and its objects."""

    verb: Span
    objects: tuple[Span, ...]


@dataclass(frozen=True)
class Statement(Span):
    """Triples of one subject, the full stop left out."""

    subject: Span
    properties: tuple[PropertyList, ...]


def closing(tokens: Tokens, place: int) -> int:
    """Return the place after what begins at a place: one token, or all to the bracket that closes."""
    depth = 0
    for end in range(place, len(tokens)):
        depth += tokens[end].is_mark(*_OPENING) - tokens[end].is_mark(*_CLOSING)
        if depth == 0:
            return end + 1
    raise ValueError(f"a bracket stays open after {tokens[place].text}")


def read_groups(tokens: Tokens) -> list[Group]:
    """Find all groups, inner ones too, in the order in which they open."""
    return [read_group(tokens, place) for place in range(len(tokens)) if is_group(tokens, place)]


def is_group(tokens: Tokens, place: int) -> bool:
    """Tell whether a brace opens a group of patterns or a template, and not the data of VALUES."""
    if not tokens[place].is_mark("{"):
        return False
    before = place - 1
    while before >= 0 and (tokens[before].kind in {"variable", "nil"} or tokens[before].is_mark("(", ")")):
        before -= 1
    return before < 0 or not tokens[before].is_keyword("VALUES")


def read_group(tokens: Tokens, start: int) -> Group:
    """Read the group that opens at a place."""
    end = closing(tokens, start)
    if tokens[start + 1].is_keyword("SELECT"):
        return Group(start, end, (), is_subquery=True)
    elements = tuple(read_elements(tokens, start + 1, end - 1))
    return Group(start, end, elements, is_template=is_template(tokens, start))


def is_template(tokens: Tokens, start: int) -> bool:
    """Tell whether a group is one of quads: a template, data, or the pattern of DELETE WHERE and CONSTRUCT WHERE."""
    before = tokens[max(start - 2, 0) : start]
    if not before:
        return False
    if before[-1].is_keyword("WHERE"):
        return before[0].is_keyword("DELETE", "CONSTRUCT")
    if len(before) > 1 and before[0].is_keyword("GRAPH"):
        outer = enclosing(tokens, start)
        return outer is not None and is_template(tokens, outer)
    return before[-1].is_keyword(*_TEMPLATES)


def enclosing(tokens: Tokens, place: int) -> int | None:
    """Return the place of the brace around a place."""
    depth = 0
    for start in range(place - 1, -1, -1):
        depth += tokens[start].is_mark("{") - tokens[start].is_mark("}")
        if depth == 1:
            return start
    return None


def read_elements(tokens: Tokens, place: int, end: int) -> Iterator[Element]:
    """Yield the elements between two places; a full stop after one belongs to none."""
    while place < end:
        element = read_element(tokens, place, end)
        if element.end > element.start:
            yield element
        place = element.end + (element.end < end and tokens[element.end].is_mark("."))


def read_element(tokens: Tokens, place: int, end: int) -> Element:
    """Read the element that begins at a place."""
    token = tokens[place]
    if token.is_mark("{"):
        return Element(place, end_of_unions(tokens, place), "group")
    if not token.is_keyword(*_ELEMENTS):
        return Element(place, end_of_triples(tokens, place, end), "triples")
    word = token.text.upper()
    if word == "FILTER":
        return Element(place, end_of_constraint(tokens, place + 1), "filter")
    if word in {"BIND", "VALUES"}:
        first = closing(tokens, place + 1)
        return Element(place, first if word == "BIND" else closing(tokens, first), word.lower())
    silent = tokens[place + 1].is_keyword("SILENT")
    return Element(place, closing(tokens, place + _NAMED[word] + silent), word.lower())


def end_of_unions(tokens: Tokens, place: int) -> int:
    """Return the place after a group and those that UNION joins to it."""
    end = closing(tokens, place)
    while end < len(tokens) and tokens[end].is_keyword("UNION"):
        end = closing(tokens, end + 1)
    return end


def end_of_constraint(tokens: Tokens, place: int) -> int:
    """Return the place after the constraint of a FILTER."""
    if tokens[place].is_keyword("NOT"):
        place += 1
    if tokens[place].is_mark("("):
        return closing(tokens, place)
    return closing(tokens, place + 1)  # the arguments of a call, or the group of EXISTS


def end_of_triples(tokens: Tokens, place: int, end: int) -> int:
    """Return the place of what ends a block of triples, a last full stop left out."""
    start = place
    while place < end and not tokens[place].is_mark("{") and not tokens[place].is_keyword(*_ELEMENTS):
        place = closing(tokens, place)
    return place - (place > start and tokens[place - 1].is_mark("."))


def arms(tokens: Tokens, element: Element) -> list[Span]:
    """Return the groups that UNION joins."""
    found = []
    place = element.start
    while place < element.end:
        found.append(Span(place, closing(tokens, place)))
        place = found[-1].end + 1
    return found


def split(tokens: Tokens, span: Span, mark: str) -> list[Span]:
    """Cut a span at a mark outside brackets; empty parts are left out."""
    cuts = [span.start - 1]
    place = span.start
    while place < span.end:
        if tokens[place].is_mark(mark):
            cuts.append(place)
        place = closing(tokens, place)
    parts = (Span(start + 1, end) for start, end in pairwise([*cuts, span.end]))
    return [part for part in parts if part.end > part.start]


def statements(tokens: Tokens, element: Element) -> list[Statement]:
    """Read the statements of a block of triples."""
    return [read_statement(tokens, part) for part in split(tokens, element, ".")]


def read_statement(tokens: Tokens, span: Span) -> Statement:
    """Read a subject with its properties."""
    subject = Span(span.start, closing(tokens, span.start))
    parts = split(tokens, Span(subject.end, span.end), ";")
    return Statement(span.start, span.end, subject, tuple(read_property_list(tokens, part) for part in parts))


def read_property_list(tokens: Tokens, span: Span) -> PropertyList:
    """Read a verb and its objects."""
    verb = Span(span.start, end_of_path(tokens, span.start))
    return PropertyList(verb, tuple(split(tokens, Span(verb.end, span.end), ",")))


def end_of_path(tokens: Tokens, place: int) -> int:
    """Return the place after a path ([88] to [96]) or any other verb."""
    end = end_of_step(tokens, place)
    while tokens[end].is_mark(*_OPERATORS):
        end = end_of_step(tokens, end + 1)
    return end


def end_of_step(tokens: Tokens, place: int) -> int:
    """Return the place after one step of a path with what stands before and after it."""
    while tokens[place].is_mark("^", "!"):
        place += 1
    end = closing(tokens, place)
    return end + tokens[end].is_mark("?", "*", "+")


def asks_default_graph(tokens: Tokens) -> bool:
    """Tell whether triples stand outside every GRAPH.

    >>> from metamorphic.tokens import tokenize
    >>> asks_default_graph(tokenize("ASK { GRAPH ?g { ?s ?p ?o } VALUES ?x { 1 } }"))
    False
    """
    elements = [element for group in read_groups(tokens) for element in group.elements]
    graphs = [element for element in elements if element.kind == "graph"]
    return any(
        element.kind == "triples" and not any(graph.start < element.start < graph.end for graph in graphs)
        for element in elements
    )


def inside(tokens: Tokens, span: Span) -> list[Token]:
    """Return the tokens of a span."""
    return list(tokens[span.start : span.end])
