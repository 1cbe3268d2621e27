"""Validation: data graph → report. Non-conformance is a result; only a commit raises it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from rdflib import PROV, RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import Iris, Result, terms
from kg.locales import Message, Text, Translatable
from kg.rdf import ntriples
from kg.store import UnionOfGraphs
from kg.validation.affected import FocusNodes, ShapeDependencies, Triple
from kg.validation.evaluation import Shapes, StoredGraph, validation_report

FULL_VALIDATION_TRIPLES = 10_000
"""A change of more triples is validated in full: the incremental search would take longer."""

_EXAMPLES = {"date": "2025-05-01", "boolean": "true", "decimal": "395.79"}
_NO_MESSAGE = Message("validation.nonconforming")
_NO_CURE = Message("validation.no_cure")
_SEVERITIES: dict[Node | None, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


@dataclass(frozen=True)
class Report:
    """Validation results, worst first; ``graph`` is the SHACL report, ``nodes`` has the node of each result in it."""

    results: tuple[Result, ...]
    graph: Graph
    nodes: tuple[Node, ...] = ()

    @classmethod
    def empty(cls) -> Report:
        """Return a report without results."""
        return cls((), Graph())

    @property
    def conforms(self) -> bool:
        """Whether no result is a violation; warnings do not block a commit."""
        return not any(result.severity == "violation" for result in self.results)


class CompiledShapes:
    """A shapes graph parsed and analysed for many validations."""

    def __init__(self, shapes_graph: Graph, iris: Iris) -> None:
        """Parse the shapes, and compute their dependencies."""
        self.shapes_graph, self.iris = shapes_graph, iris
        self.shapes = Shapes(shapes_graph)
        self.affected = ShapeDependencies(shapes_graph)

    def report(self, focus_nodes: FocusNodes, data_graph: StoredGraph) -> Report:
        """Evaluate each shape at those of the nodes that it targets (None: at all its targets)."""
        report = self.shapes.report(
            {
                shape: self.shapes.targets(shape, data_graph)
                if nodes is None
                else self.affected.targeted(shape, nodes, data_graph)
                for shape, nodes in focus_nodes.items()
            },
            data_graph,
        )
        return _read(report, data_graph, self.shapes_graph, self.iris)

    def ill_typed(self, triples: Iterable[Triple]) -> Report:
        """Return a violation for each ill-typed literal of a predicate of the shapes or of our ontology."""
        return _ill_typed_of(triples, self.affected, self.iris)


@dataclass(frozen=True)
class Revalidation:
    """The results at the focus nodes that a change affects, and those of them that are new."""

    affected: FocusNodes
    found: Report
    new: Report


def revalidate(
    rules: CompiledShapes,
    added: Collection[Triple],
    removed: Collection[Triple],
    after: StoredGraph,
    before: Callable[[], StoredGraph],
) -> Revalidation:
    """Validate the focus nodes that a change affects, or all of them if the change is large.

    ``after`` and ``before`` are the graph with and without the change; the latter is computed only if there are
    results. A result that existed before with the same identity (severity, focus node, path, value, shape, component)
    is not new: otherwise no update could repair one of two violations of a thing.
    """
    ill_typed = rules.ill_typed(added)
    if ill_typed.results:
        return Revalidation({}, ill_typed, ill_typed)
    is_great = len(added) + len(removed) > FULL_VALIDATION_TRIPLES
    affected = (
        dict.fromkeys(rules.affected.shapes) if is_great else rules.affected.focus_nodes((*added, *removed), after)
    )
    found = rules.report(affected, after)
    existing = rules.report(affected, before()) if found.results else found
    return Revalidation(affected, found, _without(found, existing))


def _without(found: Report, existing: Report) -> Report:
    """Return a report without the results that existed before."""
    left = Counter(result.identity for result in existing.results)
    new, nodes = [], []
    for result, node in zip(found.results, found.nodes, strict=True):
        if left[result.identity] > 0:
            left[result.identity] -= 1
        else:
            new.append(result)
            nodes.append(node)
    return Report(tuple(new), _excerpt(found.graph, nodes), tuple(nodes))


def _excerpt(report: Graph, nodes: Iterable[Node]) -> Graph:
    """Return the part of a SHACL report with these result nodes."""
    excerpt, left = Graph(), list(nodes)
    whole = BNode()
    excerpt.add((whole, RDF.type, SH.ValidationReport))
    excerpt.add((whole, SH.conforms, Literal(not left)))
    for node in left:
        excerpt.add((whole, SH.result, node))
    seen: set[Node] = set()
    while left:
        node = left.pop()
        if isinstance(node, BNode) and node not in seen:
            seen.add(node)
            for triple in report.triples((node, None, None)):
                excerpt.add(triple)
                left.append(triple[2])
    return excerpt


def validate(data_graph: Graph, shapes_graph: Graph, iris: Iris) -> Report:
    """Validate a graph against shapes (SHACL Core and SPARQL constraints).

    The graph is loaded into the engine: with rdflib's graphs pySHACL parses each constraint for each focus node.
    """
    return validate_union(UnionOfGraphs.of_lines([ntriples(data_graph).decode()], ()), shapes_graph, iris)


def validate_union(union: UnionOfGraphs, shapes_graph: Graph, iris: Iris) -> Report:
    """Validate a union of graphs in full; ``revalidate`` gives the same results for a change."""
    stored = StoredGraph(union.in_memory())
    ill_typed = _ill_typed_of(stored.triples((None, None, None)), ShapeDependencies(shapes_graph), iris)
    if ill_typed.results:  # ill-typed literals cannot be compared
        return ill_typed
    return _read(validation_report(stored, shapes_graph), stored, shapes_graph, iris)


def _ill_typed_of(triples: Iterable[Triple], affected: ShapeDependencies, iris: Iris) -> Report:
    """Return a violation for each ill-typed literal of a predicate of the shapes or of our ontology."""
    known = affected.predicates
    return _ill_typed(triple for triple in triples if triple[1] in known or str(triple[1]).startswith(iris.ontology))


def _ill_typed(triples: Iterable[Triple]) -> Report:
    """Return a violation for each ill-typed literal."""
    graph = Graph()
    found = []
    for triple in triples:
        value = triple[2]
        if isinstance(value, Literal) and value.ill_typed:
            found.append((_ill_typed_result(triple, str(value.datatype).rpartition("#")[2]), BNode()))
            _add_ill_typed(graph, found[-1][1], triple, found[-1][0].message)
    found.sort(key=lambda pair: _rank(pair[0]))
    nodes = tuple(node for _, node in found)
    return Report(tuple(result for result, _ in found), _excerpt(graph, nodes), nodes)


def _ill_typed_result(triple: Triple, datatype: str) -> Result:
    subject, predicate, value = map(str, triple)
    return Result(
        severity="violation",
        focus_node=subject,
        path=predicate,
        value=value,
        shape=str(SH.DatatypeConstraintComponent),
        component=str(SH.DatatypeConstraintComponent),
        message=Message("validation.malformed", datatype=datatype),
        cure=Message("validation.malformed_cure", datatype=datatype, example=_EXAMPLES.get(datatype, "1")),
        lines=(),
    )


def _add_ill_typed(report: Graph, node: Node, triple: Triple, message: Translatable) -> None:
    subject, predicate, value = triple
    for term, object_ in (
        (RDF.type, SH.ValidationResult),
        (SH.focusNode, subject),
        (SH.resultPath, predicate),
        (SH.value, value),
        (SH.resultSeverity, SH.Violation),
        (SH.sourceConstraintComponent, SH.DatatypeConstraintComponent),
        *((SH.resultMessage, Literal(text, lang=tag.lower())) for tag, text in message.texts()),
    ):
        report.add((node, term, object_))


def _rank(result: Result) -> tuple[bool, str, str, str]:
    return (
        result.severity != "violation",
        result.severity,
        result.focus_node,
        f"{result.path} {result.shape} {result.value}",
    )


def _read(report: Graph, data_graph: Graph, shapes_graph: Graph, iris: Iris) -> Report:
    read = sorted(_ReportReader(report, data_graph, shapes_graph, iris).results(), key=lambda pair: _rank(pair[1]))
    return Report(tuple(result for _, result in read), report, tuple(node for node, _ in read))


@dataclass(frozen=True)
class _ReportReader:
    report: Graph
    data_graph: Graph
    shapes_graph: Graph
    iris: Iris

    def results(self) -> Iterator[tuple[Node, Result]]:
        for node in self.report.objects(None, SH.result):  # not those of sh:detail, which have no message of ours
            focus_node = self.report.value(node, SH.focusNode)
            shape = self.report.value(node, SH.sourceShape)
            severity = self.report.value(node, SH.resultSeverity)
            path = self._path(self.report.value(node, SH.resultPath))
            value = self.report.value(node, SH.value)
            yield (
                node,
                Result(
                    severity=_SEVERITIES.get(severity, "violation"),
                    focus_node=str(focus_node),
                    path="/".join(path) or None,
                    value=str(value) if value is not None else None,
                    shape=str(shape),
                    component=str(self.report.value(node, SH.sourceConstraintComponent)),
                    message=self._shape_message(shape),
                    cure=self._message(self.shapes_graph, shape, URIRef(f"{self.iris.base}shapes#cure")) or _NO_CURE,
                    lines=self._lines(focus_node, path),
                ),
            )

    def _shape_message(self, shape: Node | None) -> Translatable:
        """Return the shape's own message: where it has none, pySHACL writes a text of its own."""
        return self._message(self.shapes_graph, shape, SH.message) or _NO_MESSAGE

    def _message(self, graph: Graph, subject: Node | None, term: URIRef) -> Text | None:
        found = graph.objects(subject, term)
        texts = {text.language or "en": str(text) for text in found if isinstance(text, Literal)}
        return Text(texts) if texts else None

    def _path(self, path: Node | None) -> tuple[URIRef, ...]:
        """Return the properties of a path: one, or those of a sequence; none of any other path."""
        steps = (path,) if isinstance(path, URIRef) else self.report.items(path) if path else ()
        return tuple(step for step in steps if isinstance(step, URIRef))

    def _lines(self, focus_node: Node | None, path: tuple[URIRef, ...]) -> tuple[int, ...]:
        """Return the lines that give the property, or where none does, all that the focus node was read from."""
        kg = terms(self.iris.ontology)
        passages = [focus_node, *self.data_graph.objects(focus_node, PROV.wasDerivedFrom)]
        giving = [passage for passage in passages if path and (passage, kg.gives, path[0]) in self.data_graph]
        lines = {line for passage in giving or passages for line in self.data_graph.objects(passage, kg.lineNumber)}
        return tuple(sorted(line.value for line in lines if isinstance(line, Literal) and isinstance(line.value, int)))
