"""Look-ups in the content of a version; terms are in N-Triples."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph

from kg.diff import Content
from kg.store.contents import load

_Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple


class ContentIndex:
    """The union of all graphs of a version; results are sorted."""

    def __init__(self, content: Content) -> None:
        """Load the content."""
        self._store = pyoxigraph.Store()
        load(self._store, "\n".join(content.quads).encode())

    def objects(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the objects of a subject and a predicate."""
        first, second = _node(subject), _node(predicate)
        if isinstance(first, pyoxigraph.Literal) or not isinstance(second, pyoxigraph.NamedNode):
            return []
        found = self._store.quads_for_pattern(first, second, None, None)
        return sorted({_term(quad.object) for quad in found})

    def subjects(self, predicate: str, node: str) -> Sequence[str]:
        """Return the subjects of a predicate and an object."""
        second = _node(predicate)
        if not isinstance(second, pyoxigraph.NamedNode):
            return []
        found = self._store.quads_for_pattern(None, second, _node(node), None)
        return sorted({_term(quad.subject) for quad in found})


def canonical_lines(quads: bytes) -> list[str]:
    """Return N-Quads as canonical lines, as the engine serializes them: numbers by value, one form of escapes.

    :raises SyntaxError: they do not parse
    """
    store = pyoxigraph.Store()
    load(store, quads)
    dumped = store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b""
    return dumped.decode().split("\n")[:-1]


def _node(term: str) -> _Node:
    if term.startswith("<") and not term.startswith("<<"):
        return pyoxigraph.NamedNode(term[1:-1])
    if term.startswith("_:"):
        return pyoxigraph.BlankNode(term[2:])
    quads = list(pyoxigraph.parse(f"<a:a> <a:b> {term} .", pyoxigraph.RdfFormat.N_TRIPLES))
    node: _Node = quads[0].object
    return node


def _term(node: _Node) -> str:
    return f"<<( {node} )>>" if isinstance(node, pyoxigraph.Triple) else str(node)
