"""The description of a version: its VoID statistics, its dates, and what its files measure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import DCAT, DCTERMS, RDF, SDO, SH, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VOID

from kg.domain import Iris
from kg.rdf.formats import rdflib_name
from kg.rdf.serialization import prefixes

_SPDX = Namespace("http://spdx.org/rdf/terms#")


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


@dataclass(frozen=True)
class Release:
    """A version as it is published: its number, the times of the first version and of this one, its files by name.

    Of a file there are the length in bytes and the SHA-256.
    """

    number: int
    issued: datetime
    modified: datetime
    files: Mapping[str, tuple[int, str]]


def dataset_description(
    catalog: bytes, statistics: VoidStatistics, release: Release, iris: Iris, media_type: str
) -> bytes:
    """Write the catalogue (N-Triples) with the statistics and the release in one of ``DOCUMENT_FORMS``."""
    graph = Graph()
    for prefix, namespace in {**prefixes(iris), "void": str(VOID), "sh": str(SH), "schema": str(SDO)}.items():
        graph.bind(prefix, namespace)
    graph.parse(data=catalog, format="ntriples")
    dataset = URIRef(iris.document("dataset"))
    _add(graph, statistics, dataset)
    _add_release(graph, release, dataset)
    return graph.serialize(format=rdflib_name(media_type), encoding="utf-8")


def _add_release(graph: Graph, release: Release, dataset: URIRef) -> None:
    """Date the dataset, its catalogue and its files, and measure the files (DCAT 3, section 6.8)."""
    graph.bind("spdx", _SPDX)
    graph.add((dataset, URIRef(f"{DCAT}version"), Literal(str(release.number))))
    files = {URIRef(f"{dataset}#{name}"): measured for name, measured in release.files.items()}
    known = {node: files[node] for node in files if (dataset, DCAT.distribution, node) in graph}
    for node in (dataset, URIRef(f"{dataset}#catalog"), *known):
        graph.add((node, DCTERMS.issued, _time(release.issued)))
        graph.add((node, DCTERMS.modified, _time(release.modified)))
    for node, (size, sha256) in known.items():
        checksum = URIRef(f"{node}-checksum")
        graph.add((node, DCAT.byteSize, Literal(size, datatype=XSD.nonNegativeInteger)))
        graph.add((node, _SPDX.checksum, checksum))
        graph.add((checksum, RDF.type, _SPDX.Checksum))
        graph.add((checksum, _SPDX.algorithm, _SPDX.checksumAlgorithm_sha256))
        graph.add((_SPDX.checksumAlgorithm_sha256, RDF.type, _SPDX.ChecksumAlgorithm))
        graph.add((checksum, _SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary, normalize=False)))


def _time(moment: datetime) -> Literal:
    text = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Literal(text, datatype=XSD.dateTime, normalize=False)


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
