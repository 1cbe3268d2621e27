"""The description of a version as it is published: its dates, and what its files measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rdflib import DCAT, DCTERMS, RDF, SDO, SH, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VOID

from kg.domain import Iris
from kg.rdf.formats import rdflib_name
from kg.rdf.prefixes import prefixes

_SPDX = Namespace("http://spdx.org/rdf/terms#")


@dataclass(frozen=True)
class Release:
    """A version as it is published: its number, the times of the first version and of this one, its files by name.

    Of a file there are the length in bytes and the SHA-256.
    """

    number: int
    issued: datetime
    modified: datetime
    files: Mapping[str, tuple[int, str]]


def dataset_description(catalog: bytes, release: Release, iris: Iris, media_type: str) -> bytes:
    """Write the catalogue (N-Triples) with the release in one of ``DOCUMENT_FORMS``."""
    graph = Graph()
    for prefix, namespace in {**prefixes(iris), "void": str(VOID), "sh": str(SH), "schema": str(SDO)}.items():
        graph.bind(prefix, namespace)
    graph.parse(data=catalog, format="ntriples")
    dataset = URIRef(iris.document("dataset"))
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
