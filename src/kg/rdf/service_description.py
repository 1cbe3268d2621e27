"""The service description: what the endpoint is, as RDF (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import SDO, VOID, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF

from kg.locales import Message
from kg.rdf.formats import rdflib_name

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
LANGUAGES = ("SPARQL10Query", "SPARQL11Query", "SPARQL11Update")


@dataclass(frozen=True)
class Limit:
    """A limit in force: its name, its value, the UN/CEFACT code of its unit (empty for a count)."""

    name: Message
    value: int
    unit_code: str = ""


@dataclass(frozen=True)
class Service:
    """What an endpoint has: the sizes of its graphs (triples), formats and functions by IRI, the limits in force."""

    endpoint: str
    default_graph_size: int
    named_graph_sizes: Mapping[str, int]
    result_formats: tuple[str, ...]
    input_formats: tuple[str, ...]
    functions: tuple[str, ...]
    features: tuple[str, ...]
    limits: tuple[Limit, ...]


def service_description(service: Service, media_type: str) -> bytes:
    """Write the description of a service in one of ``DOCUMENT_FORMS``."""
    graph = Graph()
    graph.bind("sd", SD)
    node = BNode("service")
    graph.add((node, RDF.type, SD.Service))
    graph.add((node, SD.endpoint, URIRef(service.endpoint)))
    for predicate, objects in (
        (SD.supportedLanguage, (SD[name] for name in LANGUAGES)),
        (SD.resultFormat, map(URIRef, service.result_formats)),
        (SD.inputFormat, map(URIRef, service.input_formats)),
        (SD.extensionFunction, map(URIRef, service.functions)),
        (SD.feature, (SD[name] for name in service.features)),
    ):
        for value in objects:
            graph.add((node, predicate, value))
    for function in service.functions:
        graph.add((URIRef(function), RDF.type, SD.Function))
    graph.add((node, SD.defaultDataset, _dataset(graph, service)))
    for number, limit in enumerate(service.limits):
        graph.add((node, SDO.additionalProperty, _limit(graph, limit, number)))
    return graph.serialize(format=rdflib_name(media_type), encoding="utf-8")


def _dataset(graph: Graph, service: Service) -> BNode:
    dataset, default = BNode("dataset"), BNode("default")
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    _size(graph, default, service.default_graph_size)
    for number, (name, size) in enumerate(sorted(service.named_graph_sizes.items())):
        named, content = BNode(f"named{number}"), BNode(f"graph{number}")
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(name)))
        graph.add((named, SD.graph, content))
        _size(graph, content, size)
    return dataset


def _size(graph: Graph, node: BNode, triples: int) -> None:
    graph.add((node, RDF.type, SD.Graph))
    graph.add((node, VOID.triples, Literal(triples)))


def _limit(graph: Graph, limit: Limit, number: int) -> BNode:
    node = BNode(f"limit{number}")
    graph.add((node, RDF.type, SDO.PropertyValue))
    for tag, text in limit.name.texts():
        graph.add((node, SDO.name, Literal(text, lang=tag.lower())))
    graph.add((node, SDO.value, Literal(limit.value)))
    if limit.unit_code:
        graph.add((node, SDO.unitCode, Literal(limit.unit_code)))
    return node
