"""VoID statistics of a version: totals, and partitions by class and by property."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import RDF, SDO, SH, Graph, Literal, URIRef
from rdflib.namespace import VOID

from kg.domain import Iris
from kg.rdf.formats import rdflib_name
from kg.rdf.prefixes import prefixes


@dataclass(frozen=True)
class VoidStatistics:
    """Counts of one version: of all, by class, by property, and by property of the things of a class.

    The names of the counts are those of VoID: ``triples``, ``entities``, ``distinctSubjects``, ``distinctObjects``,
    ``properties``, ``classes``.
    """

    totals: Mapping[str, int]
    classes: Mapping[str, Mapping[str, int]]
    properties: Mapping[str, Mapping[str, int]]
    class_properties: Mapping[tuple[str, str], int]


def dataset_description(catalog: bytes, statistics: VoidStatistics, iris: Iris, media_type: str) -> bytes:
    """Write the catalogue (N-Triples) together with the statistics in one of ``DOCUMENT_FORMS``."""
    graph = Graph()
    for prefix, namespace in {**prefixes(iris), "void": str(VOID), "sh": str(SH), "schema": str(SDO)}.items():
        graph.bind(prefix, namespace)
    graph.parse(data=catalog, format="ntriples")
    _add(graph, statistics, URIRef(iris.document("dataset")))
    return graph.serialize(format=rdflib_name(media_type), encoding="utf-8")


def _add(graph: Graph, statistics: VoidStatistics, dataset: URIRef) -> None:
    _count(graph, dataset, statistics.totals)
    by_class: dict[str, list[tuple[str, int]]] = {}
    for (class_, property_), triples in statistics.class_properties.items():
        by_class.setdefault(class_, []).append((property_, triples))
    for class_, counts in statistics.classes.items():
        partition = _part(dataset, class_)
        graph.add((dataset, VOID.classPartition, partition))
        graph.add((partition, VOID["class"], URIRef(class_)))
        _count(graph, partition, counts)
        _by_property(graph, partition, dataset, by_class.get(class_, ()), class_)
    for property_, counts in statistics.properties.items():
        partition = _part(dataset, property_)
        graph.add((dataset, VOID.propertyPartition, partition))
        graph.add((partition, VOID.property, URIRef(property_)))
        _count(graph, partition, counts)


def _by_property(
    graph: Graph, partition: URIRef, dataset: URIRef, counted: Iterable[tuple[str, int]], class_: str
) -> None:
    for property_, triples in counted:
        inner = _part(dataset, f"{class_} {property_}")
        graph.add((partition, VOID.propertyPartition, inner))
        graph.add((inner, VOID.property, URIRef(property_)))
        _count(graph, inner, {"triples": triples})


def _count(graph: Graph, node: URIRef, counts: Mapping[str, int]) -> None:
    graph.add((node, RDF.type, VOID.Dataset))
    for name, count in counts.items():
        graph.add((node, VOID[name], Literal(count)))


def _part(dataset: URIRef, of: str) -> URIRef:
    """Return the IRI of a partition, the same for the same class or property."""
    return URIRef(f"{dataset}#part-{hashlib.sha256(of.encode()).hexdigest()[:12]}")
