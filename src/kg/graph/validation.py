"""The shapes: data graph → report. A graph that does not conform is a result; only the gate raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyshacl import validate as pyshacl_validate
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import PROV, RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import Message
from kg.graph.serialization import ntriples
from kg.iri import Iris
from kg.store.memory import in_memory
from kg.vocab import terms

_EXAMPLES = {"date": "2025-05-01", "boolean": "true", "decimal": "395.79"}
_NO_MESSAGE = Message(ko="규칙에 맞지 않습니다.", en="This does not conform.")
_NO_CURE = Message(ko="아래 값을 확인하십시오.", en="Check the value.")
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_SEVERITIES: dict[Node | None, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL § 3.6.2), with the lines of the page that its focus node was read from."""

    severity: str
    focus_node: str
    path: str | None
    value: str | None
    shape: str
    message: Message
    cure: Message
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """What validation found, the worst first; ``graph`` is the SHACL report itself."""

    results: tuple[Result, ...]
    graph: Graph

    @property
    def conforms(self) -> bool:
        """Whether no result is a violation: a warning does not keep data out."""
        return not any(result.severity == "violation" for result in self.results)


class _StoredGraph(OxigraphDataGraph):
    """A data graph in the engine, mended where pySHACL 0.40.1 is slow or fails."""

    def __bool__(self) -> bool:
        """Say yes: pySHACL asks at every result, and would have all triples counted."""
        return True

    def objects(  # type: ignore[override]  # pySHACL's own signature is not that of rdflib's graph either
        self,
        subject: Any,  # noqa: ANN401 - any node
        predicate: Any,  # noqa: ANN401 - any node
        unique: bool = False,  # noqa: FBT001, FBT002 - as pySHACL has it
    ) -> Iterator[Any]:
        """Yield the objects; a literal, for which the engine raises ``TypeError``, is the subject of none."""
        if not isinstance(subject, Literal):
            yield from super().objects(subject, predicate, unique)


def validate(data_graph: Graph, shapes_graph: Graph, iris: Iris) -> Report:
    """Validate a graph against shapes (SHACL Core and SPARQL constraints).

    The engine evaluates it: with rdflib's own graphs each SPARQL constraint is parsed anew for each focus node.
    """
    malformed = tuple(_malformed(data_graph))
    if malformed:  # pySHACL compares literals, which fails for one that has no value
        return Report(malformed, Graph())
    shapes = with_own_targets(shapes_graph)
    data = _StoredGraph(in_memory(ntriples(data_graph)))
    _, report, _ = pyshacl_validate(data, shacl_graph=shapes, inference="none", allow_warnings=True, inplace=True)
    assert isinstance(report, Graph)  # noqa: S101 - pySHACL returns text or bytes only when asked to serialize
    reader = _ReportReader(report, data_graph, shapes_graph, iris)
    return Report(tuple(sorted(reader.results(), key=_rank)), report)


def with_own_targets(shapes_graph: Graph) -> Graph:
    """Return the shapes with the targets of each node shape given to its property shapes; they give the same results.

    pySHACL checks all focus nodes of a target at once, but those that it reaches over ``sh:property`` one by one.
    A node shape that another shape refers to keeps its properties, and so does one that is deactivated.
    """
    shapes = Graph() + shapes_graph  # pySHACL wants a store that knows contexts
    for node_shape, property_shape in list(shapes_graph.subject_objects(SH.property)):
        targets = [(term, target) for term in _TARGETS for target in shapes_graph.objects(node_shape, term)]
        referred = (None, None, node_shape) in shapes_graph
        if targets and not referred and (node_shape, SH.deactivated, None) not in shapes_graph:
            shapes.remove((node_shape, SH.property, property_shape))
            for term, target in targets:
                shapes.add((property_shape, term, target))
    return shapes


def _malformed(data_graph: Graph) -> Iterator[Result]:
    """Yield a violation for each literal that its datatype does not have."""
    for subject, predicate, value in data_graph:
        if isinstance(value, Literal) and value.ill_typed:
            datatype = str(value.datatype).rpartition("#")[2]
            yield Result(
                severity="violation",
                focus_node=str(subject),
                path=str(predicate),
                value=str(value),
                shape=str(SH.DatatypeConstraintComponent),
                message=Message(ko=f"{datatype} 값이 아닙니다.", en=f"This is not a value of {datatype}."),
                cure=Message(
                    ko=f"{datatype} 형식으로 고치십시오.",
                    en=f"Write it as {datatype}, such as {_EXAMPLES.get(datatype, '1')}.",
                ),
                lines=(),
            )


def _rank(result: Result) -> tuple[bool, str, str, str]:
    return (
        result.severity != "violation",
        result.severity,
        result.focus_node,
        f"{result.path} {result.shape} {result.value}",
    )


@dataclass(frozen=True)
class _ReportReader:
    report: Graph
    data_graph: Graph
    shapes_graph: Graph
    iris: Iris

    def results(self) -> Iterator[Result]:
        for node in self.report.subjects(RDF.type, SH.ValidationResult):
            focus_node = self.report.value(node, SH.focusNode)
            shape = self.report.value(node, SH.sourceShape)
            severity = self.report.value(node, SH.resultSeverity)
            path = self._path(self.report.value(node, SH.resultPath))
            value = self.report.value(node, SH.value)
            yield Result(
                severity=_SEVERITIES.get(severity, "violation"),
                focus_node=str(focus_node),
                path="/".join(path) or None,
                value=str(value) if value is not None else None,
                shape=str(shape),
                message=self._told(node, shape),
                cure=self._message(self.shapes_graph, shape, URIRef(f"{self.iris.base}shapes#cure")) or _NO_CURE,
                lines=self._lines(focus_node, path),
            )

    def _told(self, node: Node, shape: Node | None) -> Message:
        """Return the shape's own message: pySHACL drops the language tags of some; a nested shape may have none."""
        own = self._message(self.shapes_graph, shape, SH.message)
        return own or self._message(self.report, node, SH.resultMessage) or _NO_MESSAGE

    def _message(self, graph: Graph, subject: Node | None, term: URIRef) -> Message | None:
        found = graph.objects(subject, term)
        texts = {text.language or "en": str(text) for text in found if isinstance(text, Literal)}
        english = texts.get("en") or texts.get("ko")
        return Message(ko=texts.get("ko", english), en=english) if english else None

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
        return tuple(sorted(int(line) for line in lines if isinstance(line, Literal)))
