"""Evaluation of shapes at focus nodes; the only module that imports pySHACL."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any, Self

from pyshacl import validate as pyshacl_validate
from pyshacl.graph_abstraction import OxigraphDataGraph
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from pyshacl.monkey import apply_patches
from pyshacl.validator import Validator
from rdflib import SH, Graph, Literal
from rdflib.term import Node

from kg.store import UnionOfGraphs
from kg.validation.constraint_queries import declared_prefixes

# pySHACL checks the text of a query at every focus node, which takes longer than the query itself.
_check = partial(SPARQLQueryHelper.check_invalid_sparql, SPARQLQueryHelper)  # type: ignore[arg-type]  # reads the class
SPARQLQueryHelper.check_invalid_sparql = staticmethod(cache(_check))  # type: ignore[method-assign]
logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # an ill-typed literal is a result, not a traceback besides
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


class StoredGraph(OxigraphDataGraph):
    """A graph in the engine, with workarounds for pySHACL 0.40.1 where it is slow or fails."""

    def __init__(self, union: UnionOfGraphs) -> None:
        """Take the union of some graphs of a store."""
        super().__init__(union)  # type: ignore[arg-type]  # it has the methods of a store
        self._default_union = True

    def __new__(cls, union: UnionOfGraphs) -> Self:  # noqa: D102 - overrides rdflib
        made: Self = super().__new__(cls, union)  # type: ignore[arg-type]
        return made

    def __bool__(self) -> bool:
        """Return True: pySHACL asks for every result, and the default counts all triples."""
        return True

    def objects(  # type: ignore[override]  # pySHACL's own signature is not that of rdflib's graph either
        self,
        subject: Any,  # noqa: ANN401 - any node
        predicate: Any,  # noqa: ANN401 - any node
        unique: bool = False,  # noqa: FBT001, FBT002 - as pySHACL has it
    ) -> Iterator[Any]:
        """Yield the objects.

        A literal, for which the engine raises ``TypeError``, is the subject of none. One that is no value of its
        datatype is left out: it is reported apart, and cannot be compared.
        """
        if not isinstance(subject, Literal):
            for object_ in super().objects(subject, predicate, unique):
                if not (isinstance(object_, Literal) and object_.ill_typed):
                    yield object_


def validation_report(data_graph: StoredGraph, shapes_graph: Graph) -> Graph:
    """Return the SHACL report of a graph."""
    shapes = with_own_targets(with_own_prefixes(shapes_graph))
    _, report, _ = pyshacl_validate(data_graph, shacl_graph=shapes, inference="none", allow_warnings=True, inplace=True)
    assert isinstance(report, Graph)  # noqa: S101 - pySHACL returns text or bytes only when asked to serialize
    return report


def with_own_targets(shapes_graph: Graph) -> Graph:
    """Copy the targets of each node shape to its property shapes, which gives the same results.

    pySHACL checks all focus nodes of a target at once, but those that it reaches over ``sh:property`` one by one.
    A node shape that another shape refers to keeps its properties, and so does one that is deactivated.
    """
    shapes = Graph() + shapes_graph
    for node_shape, property_shape in list(shapes_graph.subject_objects(SH.property)):
        targets = [(term, target) for term in _TARGETS for target in shapes_graph.objects(node_shape, term)]
        referred = (None, None, node_shape) in shapes_graph
        if targets and not referred and (node_shape, SH.deactivated, None) not in shapes_graph:
            shapes.remove((node_shape, SH.property, property_shape))
            for term, target in targets:
                shapes.add((property_shape, term, target))
    return shapes


def with_own_prefixes(shapes_graph: Graph) -> Graph:
    """Write the declared prefixes into each query, where pySHACL would collect them at every evaluation."""
    shapes = Graph() + shapes_graph  # pySHACL requires a context-aware store
    for constraint, ontology in list(shapes.subject_objects(SH.prefixes)):
        prefixes = declared_prefixes(shapes_graph, constraint)
        lines = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in sorted(prefixes.items()))
        shapes.remove((constraint, SH.prefixes, ontology))
        for query in list(shapes.objects(constraint, SH.select)):
            shapes.set((constraint, SH.select, Literal(f"{lines}{query}")))
    return shapes


class Shapes:
    """Shapes parsed once, to be evaluated at selected nodes of many graphs.

    Each shape is given its focus nodes, as pySHACL gives them itself; its option ``focus_nodes`` would have it leave
    out the value nodes of nested shapes too.
    """

    def __init__(self, shapes_graph: Graph) -> None:
        """Parse the shapes."""
        apply_patches()  # type: ignore[no-untyped-call]
        options = {"allow_warnings": True, "inference": "none", "inplace": True}
        empty = StoredGraph(UnionOfGraphs.of_lines((), ()))
        validator = Validator(empty, shacl_graph=with_own_prefixes(shapes_graph), options=options)
        self._shapes = {shape.node: shape for shape in validator.shacl_graph.shapes}
        self._parsed = validator.shacl_graph
        self._executor = validator.make_executor()

    def targets(self, shape: Node, data_graph: StoredGraph) -> frozenset[Node]:
        """Return all focus nodes of a shape."""
        return frozenset(self._shapes[shape].focus_nodes(data_graph))

    def report(self, focus_nodes: Mapping[Node, frozenset[Node]], data_graph: StoredGraph) -> Graph:
        """Return the SHACL report of shapes, each evaluated at some focus nodes."""
        results: list[Any] = []
        for shape, nodes in sorted(focus_nodes.items(), key=str):
            if nodes:
                results += self._shapes[shape].validate(self._executor, data_graph, focus=sorted(nodes, key=str))[1]
        report: Graph = Validator.create_validation_report(self._parsed, not results, results)[0]
        return report
