"""A version in memory, and the default graph views of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph

from kg.diff import Checkout, Patch
from kg.sparql import has_numbers_beyond_engine
from kg.store.contents import graph_named, load, quads_of
from kg.store.description import SUBSET, Description, Touched
from kg.store.graph_union import UnionOfGraphs

_CACHED = 3
"""Number of cached default graph views: a client that names a dataset tends to name it again."""

GraphName = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.DefaultGraph
DEFAULT = pyoxigraph.DefaultGraph()


class Dataset:
    """A version in memory.

    ``store`` has the named graphs of the version, and as its default graph the RDF merge of the version's own default
    graph and the queried graphs (SPARQL 1.1 Query, section 13.2: a merge has a common triple once), until ``unmerge``.
    The merge has the VoID description of the dataset besides, where the catalogue names one. The version's own default
    graph is beside it, in ``ungraphed``.
    """

    def __init__(self, queried_graphs: Sequence[str]) -> None:
        """Start empty; a query without a dataset clause sees the merge of ``queried_graphs``."""
        self.queried: tuple[GraphName, ...] = (DEFAULT, *map(pyoxigraph.NamedNode, queried_graphs))
        self.store = pyoxigraph.Store()
        self.ungraphed = pyoxigraph.Store()
        self.has_large_numbers = False
        """Whether there is, or was, a number outside the engine's range."""
        self._in_default_graph = self.queried
        self._description: Description | None = None
        self._merges: dict[tuple[tuple[GraphName, ...], bool], pyoxigraph.Store] = {}

    @classmethod
    def of(cls, checkout: Checkout, queried_graphs: Sequence[str]) -> Dataset:
        """Load a version; 23,000 quads take 0.1 s, during which the GIL is released."""
        dataset = cls(queried_graphs)
        store = dataset.store
        quads = checkout.quads()
        dataset.has_large_numbers = has_numbers_beyond_engine(quads)
        load(store, quads, is_of_log=True)
        for name in checkout.graphs():
            store.add_graph(graph_named(name))
        dataset.ungraphed.extend(store.quads_for_pattern(None, None, None, DEFAULT))
        for graph in queried_graphs:
            store.update(f"ADD SILENT {pyoxigraph.NamedNode(graph)} TO DEFAULT")
        dataset._describe()
        return dataset

    def __len__(self) -> int:
        """Count the quads of the version."""
        return len(self.ungraphed) + sum(1 for quad in self.store if quad.graph_name != DEFAULT)

    @property
    def is_merge(self) -> bool:
        """Whether the default graph of ``store`` is the merge of exactly its named graphs."""
        return not len(self.ungraphed) and frozenset(self._in_default_graph).issuperset(self.store.named_graphs())

    def apply(self, patch: Patch) -> list[pyoxigraph.Quad]:
        """Apply a changeset, in time proportional to it; return the quads that ``store`` got."""
        self._merges.clear()
        self.has_large_numbers |= has_numbers_beyond_engine("\n".join(patch.added).encode())
        added, removed = quads_of(patch.added), quads_of(patch.removed)
        description, is_renamed = self._description, any(quad.predicate == SUBSET for quad in (*added, *removed))
        touched = Touched.by(quad for quad in (*added, *removed) if quad.graph_name in self._in_default_graph)
        before = description.count(touched) if description and not is_renamed else None
        self._apply(patch, added, removed)
        if is_renamed:
            return [*self.stored(added), *self._describe()]
        if description is None or before is None:
            return self.stored(added)
        description.restore(map(_in_default, removed))
        return [*self.stored(added), *description.change(before, description.count(touched))]

    def _describe(self) -> list[pyoxigraph.Quad]:
        """Write the VoID description into the merge; return its quads."""
        if self._description:
            self._description.clear()
        graphs = [graph.value for graph in self._in_default_graph if isinstance(graph, pyoxigraph.NamedNode)]
        self._description = Description.of(self.store, graphs, self._is_elsewhere)
        return list(self._description.quads) if self._description else []

    def _apply(self, patch: Patch, added: Sequence[pyoxigraph.Quad], removed: Sequence[pyoxigraph.Quad]) -> None:
        for quad in removed:
            self._of(quad).remove(quad)
            if quad.graph_name in self._in_default_graph and not self._is_elsewhere(quad):
                self.store.remove(_in_default(quad))
        for name in patch.dropped:
            self.store.remove_graph(graph_named(name))
        for name in patch.created:
            self.store.add_graph(graph_named(name))
        self.ungraphed.extend(quad for quad in added if quad.graph_name == DEFAULT)
        self.store.extend(self.stored(added))

    def stored(self, quads: Sequence[pyoxigraph.Quad]) -> list[pyoxigraph.Quad]:
        """Return quads as ``store`` has them: in their named graph, and in the merged default graph."""
        named = [quad for quad in quads if quad.graph_name != DEFAULT]
        return named + [_in_default(quad) for quad in quads if quad.graph_name in self._in_default_graph]

    def _of(self, quad: pyoxigraph.Quad) -> pyoxigraph.Store:
        return self.ungraphed if quad.graph_name == DEFAULT else self.store

    def _is_elsewhere(self, quad: pyoxigraph.Quad) -> bool:
        """Return whether another merged graph has the triple, too."""
        others = (pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, graph) for graph in self._in_default_graph)
        return any(other in self for other in others)

    def __contains__(self, quad: pyoxigraph.Quad) -> bool:
        """Return whether the version has a quad."""
        return quad in self._of(quad)

    def has_graph(self, name: str | None) -> bool:
        """Return whether the version has a graph (None: its default graph, which it always has)."""
        return name is None or self.store.contains_named_graph(pyoxigraph.NamedNode(name))

    def graph(self, name: str | None) -> Iterator[pyoxigraph.Triple]:
        """Yield the triples of a graph (None: the version's own default graph)."""
        return (quad.triple for quad in self.quads(pyoxigraph.NamedNode(name) if name else DEFAULT))

    def quads(self, graph: GraphName) -> Iterator[pyoxigraph.Quad]:
        """Yield the quads of a graph, or of the version's own default graph."""
        store = self.ungraphed if graph == DEFAULT else self.store
        return store.quads_for_pattern(None, None, None, graph)

    def merge(self, graphs: tuple[GraphName, ...], *, with_named: bool) -> pyoxigraph.Store:
        """Return a store whose default graph is the RDF merge of these graphs, ``with_named`` with all named graphs."""
        if graphs == self.queried:
            return self.store
        key = graphs, with_named
        merge = self._merges.pop(key, None) or self._merged(graphs, with_named=with_named)
        while len(self._merges) >= _CACHED:
            self._merges.pop(next(iter(self._merges)))
        self._merges[key] = merge
        return merge

    def _merged(self, graphs: tuple[GraphName, ...], *, with_named: bool) -> pyoxigraph.Store:
        merge = pyoxigraph.Store()
        if with_named:
            merge.extend(quad for quad in self.store if quad.graph_name != DEFAULT)
            for name in self.store.named_graphs():
                merge.add_graph(name)
        for graph in graphs:
            merge.extend(map(_in_default, self.quads(graph)))
        return merge

    def with_graph(self, name: str, quads: Iterable[pyoxigraph.Quad]) -> Dataset:
        """Return a copy with one more named graph, which only queries that name it see."""
        copy = Dataset([])
        copy.queried = copy._in_default_graph = self.queried
        copy.has_large_numbers = self.has_large_numbers
        copy.store.extend(self.store)
        for graph in self.store.named_graphs():
            copy.store.add_graph(graph)
        copy.ungraphed.extend(self.ungraphed)
        copy.store.add_graph(pyoxigraph.NamedNode(name))
        copy.store.extend(quads)
        return copy

    def unmerge(self) -> None:
        """Replace the merged default graph by the version's own, as updates see it."""
        self._description = None
        self.store.clear_graph(DEFAULT)
        self.store.extend(self.ungraphed)
        self._in_default_graph = (DEFAULT,)

    def union(self) -> UnionOfGraphs:
        """Return a live view of the union of the queried graphs."""
        apart = (graph for graph in self.queried if graph not in self._in_default_graph)
        return UnionOfGraphs(self.store, [graph.value for graph in apart if isinstance(graph, pyoxigraph.NamedNode)])


def _in_default(quad: pyoxigraph.Quad) -> pyoxigraph.Quad:
    return pyoxigraph.Quad(quad.subject, quad.predicate, quad.object)
