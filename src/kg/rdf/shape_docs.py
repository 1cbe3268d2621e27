"""The shapes as people read them: what each is about, and its rules with their messages and cures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import Iris
from kg.rdf.prefixes import prefixes

Texts = tuple[tuple[str, str], ...]
_SEVERITY = {SH.Warning: "warning", SH.Info: "note"}


@dataclass(frozen=True)
class ShapeRule:
    """One rule: the property it is about (empty for one of the thing as a whole), what it says, and the cure."""

    iri: str
    path: str
    severity: str
    message: Texts
    cure: Texts


@dataclass(frozen=True)
class NodeShape:
    """A shape with its targets (classes, or properties whose subjects or objects it is about) and its rules."""

    iri: str
    name: Texts
    targets: tuple[str, ...]
    rules: tuple[ShapeRule, ...]


def documented_shapes(graph: Graph, iris: Iris) -> tuple[NodeShape, ...]:
    """Return the shapes that have targets, in the order of their IRIs."""
    cure = URIRef(f"{iris.base}shapes#cure")
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    found = {subject for target in targets for subject in graph.subjects(target, None)}
    return tuple(
        NodeShape(
            str(shape),
            _texts(graph, shape, SH.name),
            tuple(sorted(str(one) for target in targets for one in graph.objects(shape, target))),
            tuple(sorted(_rules(graph, shape, cure), key=lambda rule: (rule.path, rule.iri))),
        )
        for shape in sorted(found, key=str)
    )


def serialize_shapes(graph: Graph, iris: Iris, form: str) -> bytes:
    """Return the shapes in a form, by rdflib's name for it, with our prefixes."""
    for prefix, namespace in {**prefixes(iris), "shapes": f"{iris.base}shapes#"}.items():
        graph.bind(prefix, namespace)
    return graph.serialize(format=form, encoding="utf-8")


def _rules(graph: Graph, shape: Node, cure: URIRef) -> Iterator[ShapeRule]:
    """Yield the rules that tell something when they are broken: properties, SPARQL constraints, the shape's own."""
    for rule in (shape, *graph.objects(shape, SH.property), *graph.objects(shape, SH.sparql)):
        message = _texts(graph, rule, SH.message)
        if message:
            path = graph.value(rule, SH.path)
            severity = graph.value(rule, SH.severity) or graph.value(shape, SH.severity)
            yield ShapeRule(
                iri=str(rule),
                path=" / ".join(_steps(graph, path)),
                severity=_SEVERITY.get(severity, "violation"),  # type: ignore[call-overload]  # any node may stand there
                message=message,
                cure=_texts(graph, rule, cure),
            )


def _steps(graph: Graph, path: Node | None) -> Iterator[str]:
    """Yield the steps of a property path: ``^`` before one that is walked backwards."""
    if isinstance(path, URIRef):
        yield _local(path)
    elif path is not None and graph.value(path, SH.inversePath):
        yield from (f"^{step}" for step in _steps(graph, graph.value(path, SH.inversePath)))
    elif path is not None and (path, RDF.first, None) in graph:
        for part in graph.items(path):
            yield from _steps(graph, part)


def _local(iri: URIRef) -> str:
    return str(iri).rpartition("#")[2].rpartition("/")[2]


def _texts(graph: Graph, subject: Node, predicate: URIRef) -> Texts:
    found = (text for text in graph.objects(subject, predicate) if isinstance(text, Literal))
    return tuple(sorted((text.language or "", str(text)) for text in found))
