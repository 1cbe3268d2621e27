"""Quads of the engine: conversion from and to N-Quads lines, and their difference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

import pyoxigraph

from kg.diff import Patch

_NQ = pyoxigraph.RdfFormat.N_QUADS
_TYPE = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT = pyoxigraph.DefaultGraph()
GraphName = pyoxigraph.NamedNode | pyoxigraph.BlankNode


def lines_of(quads: Iterable[pyoxigraph.Quad]) -> list[str]:
    """Serialize quads as N-Quads lines without line breaks, in the same order."""
    return (pyoxigraph.serialize(quads, format=_NQ) or b"").decode().split("\n")[:-1]


def lines_by_class(store: pyoxigraph.Store) -> list[str]:
    """Return the quads of one instance of each class as N-Quads lines."""
    typed = store.quads_for_pattern(None, _TYPE, None, None)
    subjects = set({quad.object: quad.subject for quad in typed}.values())
    return lines_of(quad for subject in subjects for quad in store.quads_for_pattern(subject, None, None, None))


def quads_of(lines: Iterable[str]) -> list[pyoxigraph.Quad]:
    """Parse N-Quads lines; blank nodes keep their labels."""
    return list(pyoxigraph.parse("\n".join(lines).encode(), format=_NQ))


def load(store: pyoxigraph.Store, data: bytes, *, is_of_log: bool = False) -> None:
    """Load N-Quads; blank nodes keep their labels. IRIs and language tags from the log are not checked again.

    The engine's bulk loader releases the GIL, but renames blank nodes: it loads data without any.
    """
    if b"_:" in data:
        store.bulk_extend(pyoxigraph.parse(data, format=_NQ))
    else:
        store.bulk_load(data, format=_NQ, lenient=is_of_log)


def name_of(graph: GraphName) -> str:
    """Return the name of a graph as changesets write it."""
    return graph.value if isinstance(graph, pyoxigraph.NamedNode) else f"_:{graph.value}"


def graph_named(name: str) -> GraphName:
    """Return the graph with a name that ``name_of`` wrote."""
    return pyoxigraph.BlankNode(name[2:]) if name.startswith("_:") else pyoxigraph.NamedNode(name)


def graph_names(store: pyoxigraph.Store) -> set[str]:
    """Return the names of all named graphs of a store, empty ones included."""
    return {name_of(name) for name in store.named_graphs()}


def graphs_of(lines: Collection[str]) -> frozenset[str]:
    """Return the names of the named graphs that N-Quads lines are in.

    >>> sorted(graphs_of(['<http://a/s> <http://a/p> "1" <http://a/g> .', '<http://a/s> <http://a/p> "1" .']))
    ['http://a/g']
    """
    names = {quad.graph_name for quad in pyoxigraph.parse("\n".join(lines).encode(), format=_NQ)}
    return frozenset(name_of(name) for name in names if not isinstance(name, pyoxigraph.DefaultGraph))


def quads_of_graphs(quads: bytes, names: Collection[str], *, with_default: bool = True) -> bytes:
    """Return the sorted N-Quads of the graphs with these names, and of the default graph."""
    wanted = {*([_DEFAULT] if with_default else ()), *map(pyoxigraph.NamedNode, names)}
    return _sorted(quad for quad in pyoxigraph.parse(quads, _NQ) if quad.graph_name in wanted)


def quads_of_rdf_1_1(quads: bytes) -> bytes:
    """Return the sorted N-Quads without triple terms and base directions, which RDF 1.2 added."""
    return _sorted(quad for quad in pyoxigraph.parse(quads, _NQ) if not _is_new(quad.object))


def _is_new(term: object) -> bool:
    return isinstance(term, pyoxigraph.Triple) or (isinstance(term, pyoxigraph.Literal) and term.direction is not None)


def _sorted(quads: Iterable[pyoxigraph.Quad]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(lines_of(quads))).encode()


@dataclass(frozen=True)
class State:
    """The quads and graph names of a store at one moment; the quads can be iterated once."""

    quads: Iterator[pyoxigraph.Quad]
    names: set[str]


def state(store: pyoxigraph.Store, graphs: Collection[GraphName] | None = None) -> State:
    """Return the present state of a store, of some graphs or of all."""
    parts = [iter(store)] if graphs is None else [store.quads_for_pattern(None, None, None, name) for name in graphs]
    return State(chain.from_iterable(parts), graph_names(store))


def difference(before: State, after: State) -> Patch:
    """Return the changeset between two states, in time proportional to their sizes.

    Both are iterated in parallel. A store keeps its quads in one order, so that memory is proportional to the
    difference.
    """
    removed: set[pyoxigraph.Quad] = set()
    added: set[pyoxigraph.Quad] = set()
    for left, right in zip_longest(before.quads, after.quads):
        if left == right:
            continue
        _match(left, added, removed)
        _match(right, removed, added)
    names = after.names - before.names, before.names - after.names
    return Patch.of(lines_of(added), lines_of(removed), *names)


def _match(quad: pyoxigraph.Quad | None, unmatched: set[pyoxigraph.Quad], mine: set[pyoxigraph.Quad]) -> None:
    """Match a quad with an unmatched one of the other side, or add it to the unmatched of its own."""
    if quad is None:
        return
    if quad in unmatched:
        unmatched.remove(quad)
    else:
        mine.add(quad)


def canonical_lines(quads: bytes) -> list[str]:
    """Return N-Quads as canonical lines, as the engine serializes them: numbers by value, one form of escapes.

    :raises SyntaxError: they do not parse
    """
    store = pyoxigraph.Store()
    load(store, quads)
    dumped = store.dump(format=_NQ) or b""
    return dumped.decode().split("\n")[:-1]
