"""The cities as one nested document for newcomers: JSON-LD that reads like JSON, and its JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from kg.domain import Iris, terms
from kg.rdf.formats import JSON_LD
from kg.rdf.json_ld import frame
from kg.rdf.rdf_dataset import RdfDataset, Triple, graph_of
from kg.rdf.result_writer import convert_lines
from kg.rdf.serialization import ntriples

Record = dict[str, Any]
"""One object of the document."""

_KOREAN = {"@language": "ko"}
_DAY = {"@type": "xsd:date"}
_NAME: Record = {"rdfs:label": {}}  # a term with a language map takes no wildcard
_NAMED: Record = {"@explicit": True, **_NAME}
_CONCEPT: Record = {"@explicit": True, "skos:prefLabel": {}}
_FIGURE: Record = {"@explicit": True, "value": {}, "printed": {}, "asOf": {}, "basis": _CONCEPT}
_DATED: Record = {"start": {}, "end": {}, "date": {}, "precision": {}}
_AGREEMENT: Record = {
    "@explicit": True, **_DATED, "title": {}, "instrument": _CONCEPT, "concludedIn": _NAMED, "background": {},
}  # fmt: skip
_EVENT: Record = {"@explicit": True, **_DATED, "datePrinted": {}, "direction": _CONCEPT}
_EXCHANGE: Record = {
    "@explicit": True, "description": {}, "purpose": {}, "kinds": _CONCEPT, "primaryKind": _CONCEPT, "topics": _CONCEPT,
    "direction": _CONCEPT, "status": _CONCEPT, "visited": _NAMED, "agreements": _AGREEMENT,
    "events": _EVENT,
    "participants": {"@explicit": True, **_NAME, "role": {}, "count": {}, "person": {}, "of": _NAMED},
}  # fmt: skip
_CITY: Record = {
    "@explicit": True, "type": "kg:Municipality", **_NAME, "homepage": {}, "latitude": {}, "longitude": {},
    "within": {**_NAMED, "within": {**_NAMED, "within": _NAMED}},
    "area": _FIGURE, "population": _FIGURE,
    "tie": {"@explicit": True, **_NAME, "agreement": _AGREEMENT},
    "exchanges": {**_EXCHANGE, "notes": _EXCHANGE},
}  # fmt: skip


def _context(iris: Iris) -> Record:
    def many(name: str) -> Record:
        return {"@id": f"kg:{name}", "@container": "@set"}

    return {
        "@version": 1.1, "id": "@id", "type": "@type", "cities": "@graph",
        "kg": iris.ontology, "rdfs": str(RDFS), "skos": str(SKOS), "xsd": str(XSD),
        "name": {"@id": "rdfs:label", "@container": "@language"},
        "label": {"@id": "skos:prefLabel", "@container": "@language"},
        "within": "kg:within", "homepage": {"@id": "kg:homepage", "@type": "@id"},
        "latitude": {"@id": "kg:latitude", "@type": "xsd:decimal"},
        "longitude": {"@id": "kg:longitude", "@type": "xsd:decimal"},
        "area": "kg:area", "population": "kg:population",
        "value": {"@id": "kg:value", "@type": "xsd:decimal"}, "printed": "kg:printed",
        "asOf": "kg:asOf", "basis": "kg:basis",
        "tie": {"@reverse": "kg:partner"}, "agreement": "kg:foundedBy",
        "title": {"@id": "kg:title", **_KOREAN}, "instrument": "kg:instrument", "concludedIn": "kg:concludedIn",
        "background": {"@id": "kg:background", **_KOREAN},
        "exchanges": {"@reverse": "kg:exchangedWith", "@container": "@set"}, "notes": many("note"),
        "description": {"@id": "kg:description", **_KOREAN}, "purpose": {"@id": "kg:purpose", **_KOREAN},
        "kinds": many("kind"), "primaryKind": "kg:primaryKind", "topics": many("topic"),
        "visited": many("visited"), "agreements": many("concludes"),
        "direction": "kg:direction", "status": "kg:status", "events": many("event"),
        "start": {"@id": "kg:startDate", **_DAY}, "end": {"@id": "kg:endDate", **_DAY},
        "date": "kg:edtf", "datePrinted": "kg:datePrinted", "precision": "kg:datePrecision",
        "participants": many("participant"), "role": {"@id": "kg:role", **_KOREAN}, "count": "kg:headCount",
        "person": {"@id": "kg:personName", **_KOREAN}, "of": many("whose"),
    }  # fmt: skip


def nested_cities(dataset: RdfDataset) -> Record:
    """Return the document: cities in the order of the page, their exchanges by date.

    Every statement in it is one of the dataset; figures are decimals.

    :raises ValueError: there are no cities
    """
    iris = dataset.iris
    kg = terms(iris.ontology)
    graph = _relevant(dataset)
    document = frame(convert_lines(ntriples(graph), JSON_LD), {"@context": _context(iris), **_CITY}, iris)
    order = {str(graph.value(one, kg.partner)): graph.value(one, kg.position) for one in _of(graph, kg.Friendship)}
    cities = [city for city in document["cities"] if city["id"] in order]
    for city in cities:
        records = (one for one in city.get("exchanges", ()) if "kg:ExchangeNote" not in one["type"])
        city["exchanges"] = sorted(records, key=_first_day)
    if not cities:
        raise ValueError("there are no cities")
    cities.sort(key=lambda city: (int(str(order[city["id"]] or 0)), city["id"]))
    rank = {term: number for number, term in enumerate(document["@context"])}
    return {"@context": document["@context"], "cities": [_ordered(city, rank) for city in cities]}


def _of(graph: Graph, kind: URIRef) -> list[URIRef]:
    return [one for one in graph.subjects(RDF.type, kind) if isinstance(one, URIRef)]


def _first_day(exchange: Record) -> tuple[str, str]:
    return min((str(event.get("start", "")) for event in exchange.get("events", ())), default=""), exchange["id"]


def _relevant(dataset: RdfDataset) -> Graph:
    """Return what the page says, names and coordinates from elsewhere, and the labels of the concepts."""
    kg = terms(dataset.iris.ontology)
    page, none = dataset.graphs.get("page", Graph()), Graph()
    known = {RDFS.label, kg.latitude, kg.longitude}
    elsewhere = (triple for triple in dataset.graphs.get("elsewhere", none) if triple[1] in known)
    labels = dataset.graphs.get("vocabulary", none).triples((None, SKOS.prefLabel, None))
    return graph_of(_as_decimal(triple, kg.value) for triple in (*page, *elsewhere, *labels))


def _as_decimal(triple: Triple, value: URIRef) -> Triple:
    """Return a figure as a decimal, whole ones too, so that all are written alike."""
    subject, predicate, node = triple
    return (subject, predicate, Literal(str(node), datatype=XSD.decimal)) if predicate == value else triple


def _ordered(value: object, rank: dict[str, int]) -> object:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: rank.get(key, 0))
        return {key: _ordered(value[key], rank) for key in keys}
    return [_ordered(one, rank) for one in value] if isinstance(value, list) else value


def cities_document(document: Record) -> bytes:
    """Return the nested document as a file."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


_IRI: Record = {"type": "string", "format": "iri"}
_TEXT: Record = {"type": "string"}
_DATE: Record = {"type": "string", "format": "date"}
_DECIMAL: Record = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
_NAMES: Record = {
    "type": "object", "additionalProperties": False,
    "properties": dict.fromkeys(("ko", "en", "zh-hans"), _TEXT),
}  # fmt: skip


def _object(required: tuple[str, ...], **properties: Record) -> Record:
    properties = {"id": _IRI, "type": _TEXT, **properties}
    return {"type": "object", "required": ["id", *required], "properties": properties, "additionalProperties": False}


def _many(item: Record) -> Record:
    return {"type": "array", "items": item}


def cities_schema() -> bytes:
    """Return the JSON Schema of the nested document."""
    days = {"start": _DATE, "end": _DATE, "date": _TEXT, "precision": {"enum": ["year", "month", "day"]}}
    concept, place = _object((), label=_NAMES), _object((), name=_NAMES)
    upper = _object((), name=_NAMES, within=_object((), name=_NAMES, within=place))
    figure = _object(("value", "printed"), value=_DECIMAL, printed=_TEXT, asOf=_TEXT, basis=concept)
    agreement = _object(
        ("title",), title=_TEXT, instrument=concept, concludedIn=place, background=_TEXT, **days
    )  # fmt: skip
    event = _object(("start", "end", "date"), direction=concept, datePrinted=_TEXT, **days)
    participant = _object(("of",), name=_NAMES, role=_TEXT, count={"type": "integer"}, person=_TEXT, of=_many(place))
    exchange = {
        "description": _TEXT, "purpose": _TEXT, "kinds": _many(concept), "primaryKind": concept,
        "topics": _many(concept), "direction": concept, "status": concept,
        "visited": _many(place), "agreements": _many(agreement), "events": _many(event),
        "participants": _many(participant),
    }  # fmt: skip
    noted = _object(("description", "events", "kinds"), **exchange, notes=_many(_object((), **exchange)))
    tie = _object(("name",), name=_NAMES, agreement=agreement)
    city = _object(
        ("type", "name", "tie", "exchanges"), name=_NAMES, homepage=_IRI, latitude=_DECIMAL, longitude=_DECIMAL,
        within=upper, area=figure, population=figure, tie=tie, exchanges=_many(noted),
    )  # fmt: skip
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cities.jsonld",
        "type": "object", "required": ["cities"], "additionalProperties": False,
        "properties": {"@context": {"type": "object"}, "cities": _many(city)},
    }  # fmt: skip
    return (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()
