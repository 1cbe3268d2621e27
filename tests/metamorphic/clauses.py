"""Rewritings of clauses: the same patterns in another order, or without abbreviations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from random import Random
from typing import TypeVar

from metamorphic.groups import Element, Group, Span, Statement, arms, inside, read_groups, statements
from metamorphic.tokens import Token, Tokens, tokens_of

_BARRIERS = ("optional", "minus", "bind")
"""Elements that take the solutions of what stands before them; between two of them a join has no order."""
_STOP = Token("punctuation", ".")
_NODES = ("blank", "anon")

Part = list[Token]
Item = TypeVar("Item")
Rewriting = Callable[[Tokens, Group, Random], list[Token]]


def in_each_group(tokens: Tokens, random: Random, rewrite: Rewriting) -> list[Token]:
    """Rewrite every group, the last that opens first, so that the places of those before it stay."""
    kept = list(tokens)
    for number in reversed(range(len(read_groups(tokens)))):
        group = read_groups(kept)[number]
        if not group.is_subquery:
            kept[group.start + 1 : group.end - 1] = rewrite(kept, group, random)
    return kept


def joined(parts: Sequence[tuple[str, Part]]) -> list[Token]:
    """Write elements one after another, with the full stop that two blocks of triples need between them."""
    found: list[Token] = []
    for place, (kind, part) in enumerate(parts):
        needs_stop = kind == "triples" and place > 0 and parts[place - 1][0] == "triples"
        found += [_STOP, *part] if needs_stop else part
    return found


def parts_of(tokens: Tokens, group: Group) -> list[tuple[str, Part]]:
    """Return the elements of a group with their kinds."""
    return [(element.kind, inside(tokens, element)) for element in group.elements]


def abbreviations_expanded(tokens: Tokens, random: Random) -> list[Token]:
    """Write each triple of ``;`` and ``,`` by itself, ``[]`` with a label (section 4.2.1, 4.2.2, 4.1.4)."""
    return in_each_group(tokens, random, with_whole_triples)


def with_whole_triples(tokens: Tokens, group: Group, _random: Random) -> list[Token]:
    """Return the inside of a group without abbreviations."""
    return joined([(each.kind, expanded(tokens, each)) for each in group.elements])


def expanded(tokens: Tokens, element: Element) -> Part:
    """Return an element, the triples of a block one by one."""
    if element.kind != "triples":
        return inside(tokens, element)
    triples = list(chain.from_iterable(whole_triples(tokens, each) for each in statements(tokens, element)))
    return joined([("triples", triple) for triple in triples])


def whole_triples(tokens: Tokens, statement: Statement) -> Iterator[Part]:
    """Yield a statement's triples, or the statement itself where it has none of its own."""
    is_anonymous = tokens[statement.subject.start].is_mark("(", "[")
    if is_anonymous or not statement.properties:
        yield inside(tokens, statement)
        return
    subject = inside(tokens, statement.subject)
    if subject[0].kind == "anon":
        subject = [Token("blank", f"_:whole.{statement.start}")]
    for each in statement.properties:
        yield from ([*subject, *inside(tokens, each.verb), *inside(tokens, value)] for value in each.objects)


def triple_order(tokens: Tokens, random: Random) -> list[Token]:
    """Write the triples of each block in another order: a basic graph pattern is a set (section 5.1)."""
    return in_each_group(tokens, random, with_triples_shuffled)


def with_triples_shuffled(tokens: Tokens, group: Group, random: Random) -> list[Token]:
    """Return the inside of a group with the statements of each block shuffled."""
    return joined([(each.kind, shuffled_block(tokens, each, random)) for each in group.elements])


def shuffled_block(tokens: Tokens, element: Element, random: Random) -> Part:
    """Return an element, the statements of a block in another order."""
    if element.kind != "triples":
        return inside(tokens, element)
    return joined(reordered(single_statements(tokens, element), random))


def reordered(items: Sequence[Item], random: Random) -> list[Item]:
    """Return items in an order that differs from theirs, where there are two."""
    order = list(range(len(items)))
    while len(items) > 1 and order == sorted(order):
        random.shuffle(order)
    return [items[place] for place in order]


def element_order(tokens: Tokens, random: Random) -> list[Token]:
    """Write elements that are joined in another order: Join is commutative (section 18.4)."""
    return in_each_group(tokens, random, with_elements_shuffled)


def with_elements_shuffled(tokens: Tokens, group: Group, random: Random) -> list[Token]:
    """Return the inside of a group, elements shuffled between those that depend on what stands before them.

    A block with blank nodes keeps the group as it is: their labels are bound to one basic graph pattern.
    """
    parts = parts_of(tokens, group)
    if any(kind == "triples" and has_blank_nodes(part) for kind, part in parts):
        return inside(tokens, Span(group.start + 1, group.end - 1))
    found: list[tuple[str, Part]] = []
    run: list[tuple[str, Part]] = []
    for part in parts:
        if part[0] in _BARRIERS:
            found += [*reordered(run, random), part]
            run = []
        else:
            run.append(part)
    return joined([*found, *reordered(run, random)])


def has_blank_nodes(part: Part) -> bool:
    """Tell whether triples name blank nodes."""
    return any(token.kind in _NODES or token.is_mark("[", "(") for token in part)


def filter_position(tokens: Tokens, random: Random) -> list[Token]:
    """Write each FILTER elsewhere in its group: it restricts the whole group, wherever it stands (section 5.2.2)."""
    return in_each_group(tokens, random, with_filters_moved)


def with_filters_moved(tokens: Tokens, group: Group, random: Random) -> list[Token]:
    """Return the inside of a group with its filters at other places, between two triples too (section 5.1)."""
    parts = list(chain.from_iterable(single_statements(tokens, each) for each in group.elements))
    filters = [part for part in parts if part[0] == "filter"]
    kept = [part for part in parts if part[0] != "filter"]
    for each in filters:
        kept.insert(random.randint(0, len(kept)), each)
    return joined(kept)


def single_statements(tokens: Tokens, element: Element) -> list[tuple[str, Part]]:
    """Return the statements of a block one by one, and any other element as it is."""
    spans = statements(tokens, element) if element.kind == "triples" else [element]
    return [(element.kind, inside(tokens, span)) for span in spans]


def union_order(tokens: Tokens, random: Random) -> list[Token]:
    """Write the arms of UNION in another order: a union of multisets has none (section 18.4)."""
    return in_each_group(tokens, random, with_arms_shuffled)


def with_arms_shuffled(tokens: Tokens, group: Group, random: Random) -> list[Token]:
    """Return the inside of a group with the arms of each union shuffled."""
    return joined([(each.kind, shuffled_arms(tokens, each, random)) for each in group.elements])


def shuffled_arms(tokens: Tokens, element: Element, random: Random) -> Part:
    """Return an element, the arms of a union in another order."""
    if element.kind != "group":
        return inside(tokens, element)
    first, *rest = reordered([inside(tokens, arm) for arm in arms(tokens, element)], random)
    return [*first, *chain.from_iterable([*tokens_of("UNION"), *arm] for arm in rest)]
