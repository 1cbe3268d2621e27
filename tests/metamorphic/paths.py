"""Rewritings of property paths as the patterns that the specification translates them into (section 18.2.2.4)."""

from __future__ import annotations

from itertools import chain
from random import Random

from metamorphic.clauses import Part, abbreviations_expanded, in_each_group, joined
from metamorphic.groups import Element, Group, Span, Statement, closing, end_of_step, inside, split, statements
from metamorphic.tokens import Token, Tokens, tokens_of

_DEPTH = 3
"""So often paths inside paths are written out; deeper ones stay."""
_NODES = ("variable", "iri", "name")

Parts = list[tuple[str, Part]]


def paths_written_out(tokens: Tokens, random: Random) -> list[Token]:
    """Write a sequence as triples with a variable between, an alternative as a UNION, an inverse turned around."""
    if selects_everything(tokens):
        return list(tokens)
    whole = kept = abbreviations_expanded(tokens, random)
    for _ in range(_DEPTH):
        kept = in_each_group(kept, random, with_paths_written_out)
    return list(tokens) if kept == whole else kept


def selects_everything(tokens: Tokens) -> bool:
    """Tell whether a variable more would be one more in the answer."""
    return any(
        token.is_mark("*") and tokens[place - 1].is_keyword("SELECT", "DISTINCT") for place, token in enumerate(tokens)
    )


def with_paths_written_out(tokens: Tokens, group: Group, _random: Random) -> list[Token]:
    """Return the inside of a group without the outermost operators of its paths."""
    if group.is_template:
        return inside(tokens, Span(group.start + 1, group.end - 1))
    return joined(list(chain.from_iterable(written_out(tokens, each) for each in group.elements)))


def written_out(tokens: Tokens, element: Element) -> Parts:
    """Return an element, the paths of a block of triples written out."""
    if element.kind != "triples":
        return [(element.kind, inside(tokens, element))]
    return list(chain.from_iterable(patterns_of(tokens, each) for each in statements(tokens, element)))


def patterns_of(tokens: Tokens, statement: Statement) -> Parts:
    """Return what a statement of one triple stands for; any other statement stays."""
    whole = [("triples", inside(tokens, statement))]
    if len(statement.properties) != 1 or len(statement.properties[0].objects) != 1:
        return whole
    verb, value = statement.properties[0].verb, statement.properties[0].objects[0]
    if not (is_node(tokens, statement.subject) and is_node(tokens, value)):
        return whole
    return translated(tokens, statement.subject, without_brackets(tokens, verb), value) or whole


def is_node(tokens: Tokens, span: Span) -> bool:
    """Tell whether a subject or an object is a variable or an IRI, which may stand at either end."""
    return span.end - span.start == 1 and tokens[span.start].kind in _NODES


def without_brackets(tokens: Tokens, path: Span) -> Span:
    """Return a path without the brackets around all of it."""
    is_grouped = tokens[path.start].is_mark("(") and closing(tokens, path.start) == path.end
    return without_brackets(tokens, Span(path.start + 1, path.end - 1)) if is_grouped else path


def translated(tokens: Tokens, subject: Span, path: Span, value: Span) -> Parts:
    """Translate the outermost operator of a path; nothing where it has none that can be."""
    start, end = inside(tokens, subject), inside(tokens, value)
    alternatives = [inside(tokens, part) for part in split(tokens, path, "|")]
    if len(alternatives) > 1:
        arms = [[*tokens_of("{"), *start, *part, *end, *tokens_of("}")] for part in alternatives]
        unions = chain.from_iterable([*tokens_of("UNION"), *arm] for arm in arms[1:])
        return [("group", [*arms[0], *unions])]
    steps = [inside(tokens, part) for part in split(tokens, path, "/")]
    if len(steps) > 1:
        between = [[Token("variable", f"?path_{len(tokens)}_{path.start}_{place}")] for place in range(1, len(steps))]
        ends = [start, *between, end]
        return [("triples", [*ends[place], *step, *ends[place + 1]]) for place, step in enumerate(steps)]
    if tokens[path.start].is_mark("^") and end_of_step(tokens, path.start) == path.end:
        return [("triples", [*end, *inside(tokens, Span(path.start + 1, path.end)), *start])]
    return []
