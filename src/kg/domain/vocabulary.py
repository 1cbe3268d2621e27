"""The closed namespaces: our own terms under any base, and the terms of others that the graph uses."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import Namespace, URIRef
from rdflib.namespace import ClosedNamespace

from kg.domain.columns import Column, columns
from kg.domain.model import (
    Agreement,
    Anniversary,
    Characteristic,
    City,
    Delegation,
    Exchange,
    Metadata,
    Occurrence,
    Statistic,
    UnitCount,
)

_RECORDS: tuple[type, ...] = (
    City, Agreement, Exchange, Anniversary, Occurrence, Delegation, Statistic, UnitCount, Characteristic, Metadata,
)  # fmt: skip
FIELDS: Mapping[str, Column] = {column.term: column for record_type in _RECORDS for column in columns(record_type)}
"""The fields of the records by their properties."""


def _of(*record_types: type) -> tuple[str, ...]:
    return tuple(column.term for record_type in record_types for column in columns(record_type))


_TERMS = (
    # classes
    "Municipality", "Region", "Country", "PublicBody", "Friendship", "Agreement", "ExchangeRecord", "ExchangeNote",
    "ExchangeEvent", "Delegation", "Anniversary", "Statistic", "UnitCount", "Characteristic", "SourcePage",
    "SourceLine",
    "Passage", "SourceDoubt", "ExternalClaim", "Version",
    # places and bodies
    "within", "bodyOf", "bodyKind", *_of(City), "administrativeLevel", "administrativeCode", "latitude", "longitude",
    # ties and documents
    "party", "partner", "foundedBy", "founds", "concludedIn", *_of(Agreement),
    # dates
    "startDate", "endDate", "datePrecision", "edtf",
    # exchanges
    "friendship", "exchangedWith", "event", "record", "note", "noteOn", "kind", *_of(Exchange), "participant",
    "visited", "intendedAgreement", "concludes", "agreement", "anniversary", "anniversaryOf",
    *_of(Anniversary, Occurrence), "whose", *_of(Delegation),
    # figures
    "unit", *_of(Statistic), "asOf", "asOfStart", "asOfEnd", *_of(UnitCount, Characteristic), "position",
    # the page and where things stand on it
    *_of(Metadata), "pageTitle", "page", "sha256", "lineNumber", "lineText", "lineRole",
    "line", "startColumn", "endColumn", "gives", "rule", "severity", "readingUsed", "reason", "about",
    "evidence", "evidenceStatus", "codeVersion", "codeSha256",
    # the versions of the graph
    "versionNumber", "commitKind", "addedCount", "removedCount", "warningCount", "restoredFrom",
)  # fmt: skip
TERMS = tuple(dict.fromkeys(_TERMS))
"""The local names of our own terms, in the order in which people read them; ``ontology/kg.ttl`` defines each."""

UNITS = {"㎢": URIRef("http://qudt.org/vocab/unit/KiloM2"), "㎡": URIRef("http://qudt.org/vocab/unit/M2"),
         "ha": URIRef("http://qudt.org/vocab/unit/HA"), "명": URIRef("http://qudt.org/vocab/unit/PERSON")}  # fmt: skip

GEO = Namespace("http://www.opengis.net/ont/geosparql#")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
GEONAMES = Namespace("https://sws.geonames.org/")
EARL = Namespace("http://www.w3.org/ns/earl#")


def terms(namespace: str) -> ClosedNamespace:
    """Return our own terms under a namespace; an unknown name raises ``AttributeError``.

    >>> terms("https://kg.seocho.example/ontology#").Municipality
    rdflib.term.URIRef('https://kg.seocho.example/ontology#Municipality')
    """
    return ClosedNamespace(namespace, list(TERMS))
