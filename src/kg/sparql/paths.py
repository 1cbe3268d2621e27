"""Property paths as the specification reads them: alternatives that keep duplicates, and paths of length zero.

The engine gives a pair that two alternatives connect once, and no path of length zero from a term that is no node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod

from kg.sparql.tree import Node

Text = Callable[[Node], str]
ANYTHING = "!<urn:x-kg:nothing>"
"""For ``!()``, which the engine does not parse: any property but one that there is not."""


@dataclass(frozen=True)
class Branch:
    """A path without alternatives at its top: its text, and whether it matches at length zero from a given term."""

    text: str
    is_nullable: bool


def branches(path: Node, text: Text) -> Iterator[Branch]:
    """Yield the paths whose solutions together are those of a path (SPARQL 1.1 Query, 18.2.2.4 and 18.4).

    ``text`` gives the text of a node.
    """
    for steps in _expanded(path.nodes()[0], text):
        yield Branch("/".join(step.text for step in steps), len(steps) == 1 and steps[0].is_nullable)


def count_branches(node: Node) -> int:
    """Return how many branches a path or a part of one has.

    >>> count_branches(Node("path_sequence", [Node("path_alternative", [Node("path_iri", [])] * 3)] * 2))
    9
    """
    if node.kind == "path_alternative":
        return sum(map(count_branches, node.nodes()))
    if node.kind == "path_negated":
        return len({part.kind for part in node.nodes()}) or 1
    is_transparent = node.kind in ("path", "path_sequence", "path_bracketed", "path_inverse")
    return prod(map(count_branches, node.nodes())) if is_transparent else 1


def is_nullable(node: Node) -> bool:
    """Return whether a path, evaluated from a term, matches that term at length zero, be the term a node or not.

    A sequence does not: its middle is a variable, which ranges over the nodes of the graph.
    """
    if node.kind == "path_from_zero":
        return True
    is_transparent = node.kind in ("path", "path_alternative", "path_bracketed", "path_inverse", "path_from_one")
    return is_transparent and any(map(is_nullable, node.nodes()))


def _expanded(node: Node, text: Text) -> list[list[Branch]]:
    """List the sequences without alternatives that a path stands for."""
    if node.kind == "path_alternative":
        return [steps for part in node.nodes() for steps in _expanded(part, text)]
    if node.kind == "path_sequence":
        return [list(chain(*parts)) for parts in product(*(_expanded(part, text) for part in node.nodes()))]
    if node.kind == "path_bracketed":
        return _expanded(node.nodes()[0], text)
    if node.kind == "path_inverse":
        return [[_inverted(step) for step in reversed(steps)] for steps in _expanded(node.nodes()[0], text)]
    if node.kind == "path_negated":
        return [[Branch(part, is_nullable=False)] for part in _negated(node, text)]
    return [[Branch(text(node), is_nullable(node))]]


def _inverted(step: Branch) -> Branch:
    return Branch(step.text.removeprefix("^") if step.text.startswith("^") else f"^{step.text}", step.is_nullable)


def _negated(node: Node, text: Text) -> Iterator[str]:
    """Yield the negated property sets of the forward and of the inverse direction, a path each (18.2.2.3)."""
    forward, inverse = ([*map(text, node.nodes(f"negated_{way}"))] for way in ("forward", "inverse"))
    if not inverse and not forward:
        yield ANYTHING
    if forward:
        yield _set(forward)
    if inverse:
        yield _set(inverse)


def _set(members: Sequence[str]) -> str:
    return f"!({'|'.join(members)})"
