"""The focus nodes that a change can affect, found backwards from the changed triples along the dependencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from rdflib import RDF, RDFS, SH, Graph, URIRef, Variable
from rdflib.term import Node

from kg.validation.constraint_queries import Pattern
from kg.validation.dependencies import THIS, Dependency, dependencies, target_classes

Triple = tuple[Node, Node, Node]
FocusNodes = Mapping[Node, frozenset[Node] | None]
"""The nodes to evaluate each shape at; None: all its targets."""

MOST_FOCUS_NODES = 5_000
"""Beyond this many nodes all targets of a shape are validated: searching on would cost as much."""
_ENOUGH = 64

_Bindings = dict[Variable, Node]


class _TooManyError(Exception):
    """Too many nodes are affected, or an unknown set of them: all targets must be validated."""


class ShapeDependencies:
    """The dependencies of a shapes graph, computed once and used for many changes."""

    def __init__(self, shapes_graph: Graph) -> None:
        """Compute the dependencies of the shapes."""
        index: defaultdict[Node | None, list[tuple[Node, Dependency]]] = defaultdict(list)
        of_shapes = dependencies(shapes_graph)
        self._targets = {shape: _Targets(shapes_graph, shape) for shape in of_shapes}
        for shape, found in of_shapes.items():
            for dependency in found:
                predicate = dependency.pattern[1]
                index[None if isinstance(predicate, Variable) else predicate].append((shape, dependency))
        self._index = dict(index)

    @property
    def shapes(self) -> frozenset[Node]:
        """The shapes that have targets."""
        return frozenset(self._targets)

    @property
    def predicates(self) -> frozenset[Node]:
        """The predicates that the shapes name."""
        return frozenset(predicate for predicate in self._index if predicate is not None)

    def focus_nodes(self, changed: Iterable[Triple], data_graph: Graph) -> FocusNodes:
        """Return, by shape, a superset of the focus nodes whose results a change affects.

        ``data_graph`` is the graph after the change. ``targeted`` selects the nodes that are focus nodes.
        """
        changed = list(changed)
        search = _Search(data_graph, changed)
        found: dict[Node, set[Node] | None] = {}
        for triple in changed:
            for shape, dependency in (*self._index.get(triple[1], ()), *self._index.get(None, ())):
                so_far = found.setdefault(shape, set())
                if so_far is None:
                    continue
                try:
                    so_far |= search.back(dependency, triple)
                    if len(so_far) > MOST_FOCUS_NODES:
                        found[shape] = None
                except _TooManyError:
                    found[shape] = None
            if triple[1] == RDFS.subClassOf:
                found |= dict.fromkeys(self._below(search, triple))
        return {shape: None if nodes is None else frozenset(nodes) for shape, nodes in found.items() if nodes != set()}

    def _below(self, search: _Search, axiom: Triple) -> Iterator[Node]:
        """Yield the shapes that depend on instances of the superclass of a changed ``rdfs:subClassOf`` axiom."""
        above = search.classes_above(axiom[2])
        for entries in self._index.values():
            yield from (shape for shape, dependency in entries if dependency.within in above)

    def targeted(self, shape: Node, nodes: Iterable[Node], data_graph: Graph) -> frozenset[Node]:
        """Return the nodes that are focus nodes of a shape."""
        targets = self._targets[shape]
        return frozenset(node for node in nodes if targets.include(node, data_graph))


class _Targets:
    """The targets of a shape."""

    def __init__(self, shapes_graph: Graph, shape: Node) -> None:
        self._classes = target_classes(shapes_graph, shape)
        self._nodes = frozenset(shapes_graph.objects(shape, SH.targetNode))
        self._subjects_of = tuple(shapes_graph.objects(shape, SH.targetSubjectsOf))
        self._objects_of = tuple(shapes_graph.objects(shape, SH.targetObjectsOf))

    def include(self, node: Node, data_graph: Graph) -> bool:
        return (
            node in self._nodes
            or any(above in self._classes for above in _types(node, data_graph))
            or any(True for predicate in self._subjects_of for _ in data_graph.triples((node, predicate, None)))
            or any(True for predicate in self._objects_of for _ in data_graph.triples((None, predicate, node)))
        )


def _types(node: Node, data_graph: Graph) -> Iterator[Node]:
    """Yield the classes of a node, superclasses included."""
    for _, _, stated in list(data_graph.triples((node, RDF.type, None))):
        yield from _closure(stated, data_graph, {})


def _closure(start: Node, data_graph: Graph, more: Mapping[Node, set[Node]]) -> set[Node]:
    """Return a class and its superclasses; ``more`` are additional axioms."""
    seen, left = {start}, [start]
    while left:
        one = left.pop()
        above = {other for _, _, other in data_graph.triples((one, RDFS.subClassOf, None))} | more.get(one, set())
        left += above - seen
        seen |= above
    return seen


class _Search:
    """The search for ``?this`` in one graph, for one change; caches its results."""

    def __init__(self, data_graph: Graph, changed: Iterable[Triple]) -> None:
        self._graph = data_graph
        self._axioms: dict[Node, set[Node]] = defaultdict(set)
        for subject, predicate, object_ in changed:
            if predicate == RDFS.subClassOf:
                self._axioms[subject].add(object_)
        self._above: dict[Node, set[Node]] = {}
        self._kept: dict[tuple[tuple[Pattern, ...], frozenset[tuple[Variable, Node]]], frozenset[Node]] = {}

    def classes_above(self, stated: Node) -> set[Node]:
        """Return a class and its superclasses before or after the change."""
        if stated not in self._above:
            self._above[stated] = _closure(stated, self._graph, self._axioms)
        return self._above[stated]

    def back(self, dependency: Dependency, triple: Triple) -> frozenset[Node]:
        """Return the bindings of ``?this`` for which the dependency reads the triple."""
        bindings = _bound(dependency.pattern, triple, {})
        if bindings is None or (dependency.within and dependency.within not in self.classes_above(triple[2])):
            return frozenset()
        if dependency.path is None:
            raise _TooManyError
        used = {node for pattern in dependency.path for node in pattern} | {THIS}
        known = {variable: node for variable, node in bindings.items() if variable in used}
        key = (dependency.path, frozenset(known.items()))
        if key not in self._kept:
            self._kept[key] = frozenset(islice(self._this(list(dependency.path), known), MOST_FOCUS_NODES + 1))
        return self._kept[key]

    def _this(self, patterns: list[Pattern], bindings: _Bindings) -> Iterator[Node]:
        """Yield the binding of ``?this`` in each solution of some patterns.

        :raises _TooManyError: nothing leads there
        """
        if not patterns:
            if THIS not in bindings:
                raise _TooManyError
            yield bindings[THIS]
            return
        chosen, fitting = self._narrowest(patterns, bindings)
        rest = [pattern for pattern in patterns if pattern is not chosen]
        for triple in fitting:
            further = _bound(chosen, triple, bindings)
            if further is not None:
                yield from self._this(rest, further)

    def _narrowest(self, patterns: list[Pattern], bindings: _Bindings) -> tuple[Pattern, Iterator[Triple]]:
        """Choose the pattern with the fewest matches, and return it with them; skip patterns without a bound node.

        :raises _TooManyError: every pattern has too many matches
        """
        known = {pattern: _filled(pattern, bindings) for pattern in patterns}
        near = [pattern for pattern, (subject, _, object_) in known.items() if subject or object_]
        if not near:
            raise _TooManyError
        narrowest, fewest = near[0], _ENOUGH if len(near) > 1 else 0
        for pattern in near:
            count = sum(1 for _ in islice(self._graph.triples(known[pattern]), fewest))
            if count < fewest:
                narrowest, fewest = pattern, count
        return narrowest, self._graph.triples(known[narrowest])


def _filled(pattern: Pattern, bindings: _Bindings) -> tuple[Node | None, URIRef | None, Node | None]:
    """Substitute bindings in a pattern; None for an unbound variable."""
    subject, predicate, object_ = (
        bindings.get(node) if isinstance(node, Variable) else node for node in pattern
    )  # fmt: skip
    return subject, predicate if isinstance(predicate, URIRef) else None, object_


def _bound(pattern: Pattern, triple: Triple, bindings: _Bindings) -> _Bindings | None:
    """Extend bindings so that the pattern matches a triple, or return None."""
    found = dict(bindings)
    for node, value in zip(pattern, triple, strict=True):
        if isinstance(node, Variable):
            if found.setdefault(node, value) != value:
                return None
        elif node != value:
            return None
    return found
