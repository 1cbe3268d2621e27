"""The closed namespaces: our own terms under any base, and the terms of others that the graph uses."""

from __future__ import annotations

from rdflib import Namespace, URIRef
from rdflib.namespace import ClosedNamespace

TERMS = (
    # classes
    "Municipality", "Region", "Country", "PublicBody", "Friendship", "Agreement", "ExchangeRecord", "ExchangeNote",
    "ExchangeEvent", "Delegation", "Anniversary", "Statistic", "UnitCount", "Characteristic", "SourcePage",
    "SourceLine",
    "Passage", "SourceDoubt", "ExternalClaim", "Version",
    # places and bodies
    "within", "bodyOf", "bodyKind", "heading", "sectionTitle", "homepage", "area", "population", "divisionCount",
    "organCount", "characteristic", "administrativeLevel", "administrativeCode", "latitude", "longitude",
    # ties and documents
    "party", "partner", "foundedBy", "founds", "title", "instrument", "concludedIn", "concludedInPrinted",
    "conclusionMethod", "background",
    # dates
    "startDate", "endDate", "datePrecision", "edtf", "datePrinted",
    # exchanges
    "friendship", "exchangedWith", "description", "event", "record", "note", "noteOn", "kind", "primaryKind",
    "furtherKind", "direction", "directionStated", "status", "participant", "visited", "purpose", "intendedInstrument",
    "intendedAgreement", "concludes", "agreement", "occasion", "item", "received", "sent", "topic", "anniversary",
    "anniversaryOf", "ordinal", "act", "bracket",
    # delegations
    "whose", "role", "headCount", "personName", "origin",
    # figures
    "value", "unit", "unitPrinted", "approximate", "asOf", "asOfStart", "asOfEnd", "basis", "printed",
    "unitKind", "unitLabel", "category", "count", "unitName", "remark", "text", "position",
    # the page and where things stand on it
    "department", "phone", "room", "lastModified", "pageTitle", "page", "sha256", "lineNumber", "lineText", "lineRole",
    "line", "startColumn", "endColumn", "gives", "rule", "severity", "readingUsed", "reason", "about",
    "evidence", "evidenceStatus", "codeVersion", "codeSha256",
    # the versions of the graph
    "versionNumber", "commitKind", "addedCount", "removedCount", "warningCount", "restoredFrom",
)  # fmt: skip
"""The local names of our own terms; ``ontology/kg.ttl`` defines each."""

SCHEMES = (
    "instrument", "exchange-kind", "topic", "direction", "exchange-status", "basis", "unit-kind", "body-kind",
)  # fmt: skip
"""The notations of our SKOS schemes; ``ontology/schemes/`` has a file for each."""

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
