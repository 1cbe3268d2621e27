"""Rewritings that nest: a group or a query inside another one that gives its solutions as they are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from metamorphic.clauses import in_each_group
from metamorphic.groups import Group, Span, closing, inside, read_groups
from metamorphic.naming import prologue_end
from metamorphic.tokens import Token, Tokens, tokens_of

_SIXTY_KILOBYTES = 60_000
_PIECE = "} GRAPH ?g { # MINUS TRUE ex:p* " * 3


def patterns(tokens: Tokens) -> list[Group]:
    """Return the outermost groups of patterns: the WHERE of a query, or of each operation of an update."""
    found: list[Group] = []
    for group in read_groups(tokens):
        if not group.is_template and (not found or group.start >= found[-1].end):
            found.append(group)
    return found


def around_patterns(tokens: Tokens, before: str, after: str) -> list[Token]:
    """Write something at the beginning and at the end of each outermost group of patterns."""
    kept = list(tokens)
    for group in reversed(patterns(tokens)):
        kept[group.start : group.end] = [*tokens_of(before), *inside(tokens, group), *tokens_of(after)]
    return kept


def group_in_group(tokens: Tokens, _random: Random) -> list[Token]:
    """Put a group around each pattern: joined with nothing else, it gives its own solutions (section 18.2.2.6)."""
    return around_patterns(tokens, "{", "}")


def pattern_as_subquery(tokens: Tokens, _random: Random) -> list[Token]:
    """Put a subquery that selects everything around each pattern (section 12)."""
    return around_patterns(tokens, "{ { SELECT * {", "} } }")


def query_as_subquery(tokens: Tokens, _random: Random) -> list[Token]:
    """Put a query with its solution modifiers into one that selects everything (section 12)."""
    start = prologue_end(tokens)
    if not tokens[start].is_keyword("SELECT"):
        return list(tokens)
    clauses = list(dataset_clauses(tokens))
    taken = {place for clause in clauses for place in range(clause.start, clause.end)}
    query = [token for place, token in enumerate(tokens) if place >= start and place not in taken]
    dataset = [token for clause in clauses for token in inside(tokens, clause)]
    return [*tokens[:start], *tokens_of("SELECT *"), *dataset, *tokens_of("{ {"), *query, *tokens_of("} }")]


def dataset_clauses(tokens: Tokens) -> Iterator[Span]:
    """Yield the FROM clauses of a query."""
    for place, token in enumerate(tokens):
        if token.is_keyword("FROM"):
            yield Span(place, place + 2 + tokens[place + 1].is_keyword("NAMED"))


def neutral_elements(tokens: Tokens, random: Random) -> list[Token]:
    """Join each group with the empty one, filter by true, subtract and optionally add nothing (section 18.4)."""
    return in_each_group(tokens, random, with_neutral_elements)


def with_neutral_elements(tokens: Tokens, group: Group, random: Random) -> list[Token]:
    """Return the inside of a group of patterns with elements that change no solution."""
    pattern = inside(tokens, Span(group.start + 1, group.end - 1))
    if group.is_template:
        return pattern
    first = random.choice(("{ }", "{ { } }", "FILTER(true)", "VALUES () { () }"))
    last = random.choice(
        (
            "OPTIONAL { FILTER(false) }",
            "MINUS { FILTER(false) }",
            "MINUS { VALUES ?elsewhere { 1 } }",
            "FILTER NOT EXISTS { FILTER(false) }",
            "{ } UNION { FILTER(false) }",
        )
    )
    return [*tokens_of(first), *pattern, *tokens_of(last)]


def long_values(tokens: Tokens, random: Random) -> list[Token]:
    """Subtract a block of 60 kB that shares no variable (section 8.3.3), or ask whether it has a row (section 8.1)."""
    strings = " ".join(f'"{_PIECE}{random.randrange(10**6)}"' for _ in range(_SIXTY_KILOBYTES // len(_PIECE)))
    around = random.choice(("MINUS", "FILTER EXISTS"))
    kept = list(tokens)
    for group in reversed(patterns(tokens)):
        end = closing(tokens, group.start) - 1
        if not group.is_subquery:
            kept[end:end] = tokens_of(f"{around} {{ VALUES ?padding {{ {strings} }} }}")
    return kept
