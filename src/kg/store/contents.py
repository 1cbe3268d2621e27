"""Quads of the engine: as lines of N-Quads, compared with others, changed by a changeset."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import pyoxigraph

from kg.store.patches import Patch

_NQ = pyoxigraph.RdfFormat.N_QUADS
_TYPE = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DEFAULT = pyoxigraph.DefaultGraph()
GraphName = pyoxigraph.NamedNode | pyoxigraph.BlankNode
QuadStore = pyoxigraph.Store
"""The quads that a change is evaluated and validated on."""


def lines_of(quads: Iterable[pyoxigraph.Quad]) -> list[str]:
    """Return quads as N-Quads lines without line breaks, in the order they come."""
    return (pyoxigraph.serialize(quads, format=_NQ) or b"").decode().split("\n")[:-1]


def lines_by_class(store: QuadStore) -> list[str]:
    """Return the quads about one subject of each class as N-Quads lines."""
    typed = store.quads_for_pattern(None, _TYPE, None, None)
    subjects = set({quad.object: quad.subject for quad in typed}.values())
    return lines_of(quad for subject in subjects for quad in store.quads_for_pattern(subject, None, None, None))


def quads_of(lines: Iterable[str]) -> list[pyoxigraph.Quad]:
    """Read N-Quads lines; blank nodes keep their names."""
    return list(pyoxigraph.parse("\n".join(lines).encode(), format=_NQ))


def load(store: pyoxigraph.Store, data: bytes, *, is_of_log: bool = False) -> None:
    """Load N-Quads; blank nodes keep their names. Of those of the log, IRIs and language tags are not checked again.

    The engine's bulk loader, in which other threads go on, renames them: it is for data that has none.
    """
    if b"_:" in data:
        store.bulk_extend(pyoxigraph.parse(data, format=_NQ))
    else:
        store.bulk_load(data, format=_NQ, lenient=is_of_log)


def name_of(graph: GraphName) -> str:
    """Return a graph's name as a patch has it."""
    return graph.value if isinstance(graph, pyoxigraph.NamedNode) else f"_:{graph.value}"


def graph_named(name: str) -> GraphName:
    """Return the graph that a patch names."""
    return pyoxigraph.BlankNode(name[2:]) if name.startswith("_:") else pyoxigraph.NamedNode(name)


def graph_names(store: pyoxigraph.Store) -> set[str]:
    """Return the names of all graphs of a store, empty ones included."""
    return {name_of(name) for name in store.named_graphs()}


def graphs_of(lines: Collection[str]) -> frozenset[str]:
    """Return the names of the named graphs that N-Quads lines are in.

    >>> sorted(graphs_of(['<http://a/s> <http://a/p> "1" <http://a/g> .', '<http://a/s> <http://a/p> "1" .']))
    ['http://a/g']
    """
    names = {quad.graph_name for quad in pyoxigraph.parse("\n".join(lines).encode(), format=_NQ)}
    return frozenset(name_of(name) for name in names if not isinstance(name, pyoxigraph.DefaultGraph))


def quads_of_graphs(quads: bytes, names: Collection[str]) -> bytes:
    """Return the sorted N-Quads of the graphs with these names and of the default graph."""
    wanted = {_DEFAULT, *map(pyoxigraph.NamedNode, names)}
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
    """What a store held at one moment, whatever is done to it after; it can be walked once."""

    quads: Iterator[pyoxigraph.Quad]
    names: set[str]


def state(store: pyoxigraph.Store) -> State:
    """Return what a store holds now."""
    return State(iter(store), graph_names(store))


def difference(before: State, after: State) -> Patch:
    """Compare two states whole, in time proportional to what they hold.

    Both are walked side by side. A store keeps its quads in one order, so that no more is held at a time than
    the two differ by; another order costs memory, and nothing else.
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
    """Find a quad among those of the other side that are unmatched, or have it wait among those of its own."""
    if quad is None:
        return
    if quad in unmatched:
        unmatched.remove(quad)
    else:
        mine.add(quad)


def apply(store: pyoxigraph.Store, patch: Patch) -> None:
    """Change a store by a patch."""
    for quad in quads_of(patch.removed):
        store.remove(quad)
    for name in patch.dropped:
        store.remove_graph(graph_named(name))
    for name in patch.created:
        store.add_graph(graph_named(name))
    store.extend(quads_of(patch.added))
