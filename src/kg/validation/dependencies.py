"""Dependencies of shapes: the triple patterns that the evaluation of each targeted shape reads.

Each pattern has a path of patterns that lead to it from the focus node, ``?this``. Evaluating a shape at a focus node
is a sequence of look-ups, each at a node found by those before it. If a change makes any difference, the first look-up
that differs is at a node reached by *unchanged* look-ups. So following the path backwards from a changed triple, in
the graph after the change alone, finds every focus node whose results can differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, RDFS, SH, Graph, URIRef, Variable
from rdflib.term import Node

from kg.validation.constraint_queries import Pattern, UnreadableQueryError, read_patterns

THIS = Variable("this")

_LISTS = (SH["and"], SH["or"], SH.xone)
_SHAPES = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_OF_THE_VALUE_ALONE = (
    *(SH.datatype, SH.nodeKind, SH.minCount, SH.maxCount, SH.minExclusive, SH.minInclusive, SH.maxExclusive),
    *(SH.maxInclusive, SH.minLength, SH.maxLength, SH.pattern, SH.flags, SH.languageIn, SH.uniqueLang, SH.hasValue),
    *(SH["in"], SH.qualifiedMinCount, SH.qualifiedMaxCount),
)
_DESCRIBING = (
    *(SH.path, SH.message, SH.severity, SH.name, SH.description, SH.order, SH.group, SH.defaultValue, SH.deactivated),
)
_READ_HERE = (SH["class"], SH.sparql, SH.closed, SH.ignoredProperties, SH.qualifiedValueShapesDisjoint)
_KNOWN = {*_LISTS, *_SHAPES, *_PAIRS, *_TARGETS, *_OF_THE_VALUE_ALONE, *_DESCRIBING, *_READ_HERE}


@dataclass(frozen=True)
class Dependency:
    """A pattern that is read, and the path of patterns to it from ``?this`` (None: unknown).

    With ``within`` the pattern asks for instances of that class or of a subclass.
    """

    pattern: Pattern
    path: tuple[Pattern, ...] | None = ()
    within: Node | None = None


def dependencies(shapes_graph: Graph) -> dict[Node, frozenset[Dependency]]:
    """Return the dependencies of each shape with targets."""
    reader = _DependencyReader(shapes_graph)
    return {shape: frozenset(reader.of(shape)) for shape in targeted(shapes_graph)}


def targeted(shapes_graph: Graph) -> frozenset[Node]:
    """Return the shapes with targets, implicit class targets included (SHACL § 2.1.3.3)."""
    stating = {shape for predicate in (*_TARGETS, SH.target) for shape in shapes_graph.subjects(predicate)}
    kinds = (SH.NodeShape, SH.PropertyShape)
    classes = {shape for kind in kinds for shape in shapes_graph.subjects(RDF.type, kind)}
    return frozenset(stating | {shape for shape in classes if (shape, RDF.type, RDFS.Class) in shapes_graph})


def target_classes(shapes_graph: Graph, shape: Node) -> frozenset[Node]:
    """Return the classes whose instances a shape targets."""
    own = {shape} if (shape, RDF.type, RDFS.Class) in shapes_graph else set()
    return frozenset(own | set(shapes_graph.objects(shape, SH.targetClass)))


@dataclass(frozen=True)
class _EvaluationNode:
    """A node reached by evaluation: its variable, and the path to it from ``?this``."""

    node: Node
    path: tuple[Pattern, ...] | None = ()
    depth: int = 0

    def fresh(self) -> Variable:
        """Return a variable that is not used in the path."""
        return Variable(f"v{self.depth}")

    def follow(self, pattern: Pattern, node: Node) -> _EvaluationNode:
        """Return the node that a pattern leads to from here."""
        return _EvaluationNode(node, None if self.path is None else (*self.path, pattern), self.depth + 1)

    def reads(self, pattern: Pattern, within: Node | None = None) -> Dependency:
        """Return the dependency on a pattern that is read here."""
        return Dependency(pattern, self.path, within)


class _DependencyReader:
    """Computes the dependencies of a shapes graph."""

    def __init__(self, shapes_graph: Graph) -> None:
        self._graph = shapes_graph
        self._has_own_components = (None, RDF.type, SH.ConstraintComponent) in shapes_graph

    def of(self, shape: Node) -> Iterator[Dependency]:
        """Yield the dependencies of a shape, those of its targets included."""
        start = _EvaluationNode(THIS)
        for target_class in target_classes(self._graph, shape):
            yield start.reads((THIS, RDF.type, start.fresh()), target_class)
        for predicate in self._graph.objects(shape, SH.targetSubjectsOf):
            yield start.reads((THIS, predicate, start.fresh()))
        for predicate in self._graph.objects(shape, SH.targetObjectsOf):
            yield start.reads((start.fresh(), predicate, THIS))
        yield from self._shape(shape, start, ())

    def _shape(self, shape: Node, place: _EvaluationNode, above: tuple[Node, ...]) -> Iterator[Dependency]:
        if shape in above or self._has_own_components or self._has_unknown(shape):
            yield _anything()
            return
        for term in _PAIRS:
            for predicate in self._graph.objects(shape, term):
                yield place.reads((place.node, predicate, place.fresh()))
        for query in self._graph.objects(shape, SH.sparql):
            yield from self._query(query, place)
        path = self._graph.value(shape, SH.path)
        values = [place]
        if path is not None:
            found, values = self._along(path, place)
            yield from found
        for value in values:
            yield from self._values(shape, value, (*above, shape))

    def _has_unknown(self, shape: Node) -> bool:
        """Return whether a shape uses terms of SHACL that are not analysed here, such as SHACL-AF."""
        stated = set(self._graph.predicates(shape)) - _KNOWN
        return any(str(predicate).startswith(str(SH)) for predicate in stated)

    def _values(self, shape: Node, place: _EvaluationNode, above: tuple[Node, ...]) -> Iterator[Dependency]:
        """Yield the dependencies of the constraints of a shape at one value node."""
        for required in self._graph.objects(shape, SH["class"]):
            yield place.reads((place.node, RDF.type, place.fresh()), required)
        if (shape, SH.closed, None) in self._graph:
            yield place.reads((place.node, Variable(f"p{place.depth}"), place.fresh()))
        for other in self._others(shape):
            yield from self._shape(other, place, above)

    def _others(self, shape: Node) -> set[Node]:
        """Return the shapes that the value nodes of a shape must conform to."""
        others = {other for term in _SHAPES for other in self._graph.objects(shape, term)}
        lists = [first for term in _LISTS for first in self._graph.objects(shape, term)]
        others |= {other for first in lists for other in self._graph.items(first)}
        if (shape, SH.qualifiedValueShapesDisjoint, None) in self._graph:
            for parent in self._graph.subjects(SH.property, shape):
                for sibling in self._graph.objects(parent, SH.property):
                    others |= set(self._graph.objects(sibling, SH.qualifiedValueShape))
        return others

    def _along(
        self, path: Node, place: _EvaluationNode, *, back: bool = False
    ) -> tuple[list[Dependency], list[_EvaluationNode]]:
        """Follow a property path (SHACL § 2.3.1): return the dependencies on it, and the nodes that it leads to."""
        if isinstance(path, URIRef):
            fresh = place.fresh()
            pattern = (fresh, path, place.node) if back else (place.node, path, fresh)
            return [place.reads(pattern)], [place.follow(pattern, fresh)]
        inner = self._graph.value(path, SH.inversePath)
        if inner is not None:
            return self._along(inner, place, back=not back)
        branches = self._graph.value(path, SH.alternativePath)
        if branches is not None:
            return _both(self._along(branch, place, back=back) for branch in self._graph.items(branches))
        inner = self._graph.value(path, SH.zeroOrOnePath)
        if inner is not None:
            found, places = self._along(inner, place, back=back)
            return found, [place, *places]
        if (path, RDF.first, None) in self._graph:
            steps = list(self._graph.items(path))
            orders = (steps, steps[::-1]) if back else (steps,)  # SHACL has the last step first; pySHACL 0.40.1 has not
            return _both(self._sequence(order, place, back=back) for order in orders)
        return self._repeated(path, place)

    def _sequence(
        self, steps: list[Node], place: _EvaluationNode, *, back: bool
    ) -> tuple[list[Dependency], list[_EvaluationNode]]:
        found: list[Dependency] = []
        places = [place]
        for step in steps:
            more, places = _both(self._along(step, each, back=back) for each in places)
            found += more
        return found, places

    def _repeated(self, path: Node, place: _EvaluationNode) -> tuple[list[Dependency], list[_EvaluationNode]]:
        """Follow a path with ``*`` or ``+``: the path to its end is unknown."""
        somewhere = _EvaluationNode(place.fresh(), None, place.depth + 1)
        for term in (SH.zeroOrMorePath, SH.oneOrMorePath):
            inner = self._graph.value(path, term)
            if inner is not None:
                found, places = self._along(inner, somewhere)
                return found, [somewhere, *places]
        return [_anything()], [somewhere]

    def _query(self, query: Node, place: _EvaluationNode) -> Iterator[Dependency]:
        """Yield the dependencies of a SPARQL constraint."""
        try:
            for pattern, before in read_patterns(self._graph, query):
                path = None
                if place.path is not None and before is not None:
                    path = (*place.path, *(_renamed(each, place) for each in before))
                yield Dependency(_renamed(pattern, place), path)
        except UnreadableQueryError:
            yield _anything()


def _renamed(pattern: Pattern, place: _EvaluationNode) -> Pattern:
    """Rename the variables of a query's pattern: ``?this`` to the node's, the others to fresh ones."""
    subject, predicate, object_ = (
        place.node if node == THIS else Variable(f"{node}_{place.depth}") if isinstance(node, Variable) else node
        for node in pattern
    )
    return subject, predicate, object_


def _both(
    branches: Iterator[tuple[list[Dependency], list[_EvaluationNode]]],
) -> tuple[list[Dependency], list[_EvaluationNode]]:
    walked = list(branches)
    return [one for found, _ in walked for one in found], [place for _, places in walked for place in places]


def _anything() -> Dependency:
    """Return a dependency on every triple."""
    return Dependency((Variable("s"), Variable("p"), Variable("o")), None)
