"""Triple pattern look-ups in the union of some graphs of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph

from kg.store.contents import load

_Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple


class UnionOfGraphs:
    """The union of the default graph and some named graphs of a store, as a graph of its own.

    It answers as a ``pyoxigraph.Store`` would that held that one graph; what is asked for by graph is given of the
    union. Triples about triples, which RDF 1.1 does not know, are left out. Nothing can be written.
    """

    def __init__(self, store: pyoxigraph.Store, graphs: Iterable[str]) -> None:
        """Take these named graphs, and the default graph, of a store."""
        named = [pyoxigraph.NamedNode(name) for name in graphs]
        self._store = store
        self._graphs: list[pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.DefaultGraph]
        self._graphs = [pyoxigraph.DefaultGraph(), *named]
        self._seen = frozenset(self._graphs)
        self._only = None if named else pyoxigraph.DefaultGraph()

    @classmethod
    def of_lines(cls, lines: Iterable[str], graphs: Iterable[str]) -> UnionOfGraphs:
        """Load N-Quads lines into memory."""
        store = pyoxigraph.Store()
        load(store, "\n".join(lines).encode())
        return cls(store, graphs)

    def in_memory(self) -> UnionOfGraphs:
        """Return a copy of the union in memory, for callers that iterate over all of it."""
        store = pyoxigraph.Store()
        store.bulk_extend(self._fitting(None, None, None))
        return UnionOfGraphs(store, ())

    def quads_for_pattern(
        self, subject: _Node | None, predicate: _Node | None, object_: _Node | None, _graph: object = None
    ) -> Iterator[pyoxigraph.Quad]:
        """Yield each matching triple of the union once, as a quad of the default graph."""
        given: set[pyoxigraph.Quad] = set()
        for quad in self._fitting(subject, predicate, object_):
            if quad not in given:
                given.add(quad)
                yield quad

    def _fitting(
        self, subject: _Node | None, predicate: _Node | None, object_: _Node | None
    ) -> Iterator[pyoxigraph.Quad]:
        if isinstance(subject, pyoxigraph.Literal) or not isinstance(predicate, pyoxigraph.NamedNode | None):
            return
        for quad in self._store.quads_for_pattern(subject, predicate, object_, self._only):
            if quad.graph_name in self._seen and not isinstance(quad.object, pyoxigraph.Triple):
                yield pyoxigraph.Quad(quad.subject, quad.predicate, quad.object)

    def __contains__(self, quad: pyoxigraph.Quad) -> bool:
        """Return whether the union has a triple."""
        triple = (quad.subject, quad.predicate, quad.object)
        return any(pyoxigraph.Quad(*triple, graph) in self._store for graph in self._graphs)

    def query(self, text: str, **options: Any) -> Any:  # noqa: ANN401 - the engine's own arguments and results
        """Evaluate a query whose default graph is the union, and which has no named graph."""
        options |= {"use_default_graph_as_union": False, "default_graph": self._graphs, "named_graphs": []}
        return self._store.query(text, **options)

    def named_graphs(self) -> Iterator[pyoxigraph.NamedNode]:
        """Yield nothing: the union has no named graphs."""
        return iter(())
