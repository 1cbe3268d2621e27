"""JSON-LD: the published context, and documents in the forms that a client can ask for. PyLD does the work."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from pyld import jsonld  # type: ignore[import-untyped]  # it has no types
from rdflib import FOAF, SDO, SH, XSD

from kg.domain import FIELDS, TERMS, Iris
from kg.rdf.prefixes import prefixes

CONTEXT = "context.jsonld"
"""The name of the context among the downloads."""
PROFILES = ("compacted", "expanded", "flattened", "framed")
"""The document forms (JSON-LD 1.1, Appendix C), ours first."""

_FIELDS = tuple(FIELDS.values())
_LANGUAGE = {column.term for column in _FIELDS if column.form == "ko"} | {"pageTitle", "reason"}
_LINKS = {column.term for column in _FIELDS if column.is_link} | {
    *("within", "bodyOf", "bodyKind"),
    *("party", "partner", "foundedBy", "founds", "concludedIn", "friendship", "event", "record", "note", "noteOn"),
    *("exchangedWith", "kind", "participant", "visited", "intendedAgreement", "concludes", "agreement"),
    *("anniversary", "anniversaryOf", "whose", "unit", "page", "line", "gives", "about", "restoredFrom"),
}
_DATES = ("startDate", "endDate", "asOfStart", "asOfEnd", "lastModified")
_TYPED: dict[str, str] = {
    **dict.fromkeys(_LINKS, "@id"),
    **dict.fromkeys(_DATES, "xsd:date"),
    **dict.fromkeys(("latitude", "longitude"), "xsd:decimal"),
}
_MANY = {column.term for column in _FIELDS if column.is_many} | {
    *("party", "event", "note", "kind", "within", "participant"),
    *("visited", "concludes", "intendedAgreement", "anniversary", "whose", "gives", "about"),
}
"""Those of our terms that have an array for a value, even for one; no other has."""
_OTHERS: dict[str, dict[str, object]] = {
    "label": {"@id": "rdfs:label", "@container": "@language"},
    "comment": {"@id": "rdfs:comment", "@container": "@language"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "definition": {"@id": "skos:definition", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": ["@language", "@set"]},
    "dcat:keyword": {"@id": "dcat:keyword", "@container": ["@language", "@set"]},
    **{
        name: {"@id": name, "@container": "@language"}
        for name in (
            "dcterms:title",
            "dcterms:description",
            "foaf:name",
            "vcard:fn",
            "skos:editorialNote",
            "sh:message",
            "sh:name",
        )
    },
    **{
        name: {"@id": iri, "@type": "@id", "@container": "@set"}
        for name, iri in {
            "wasDerivedFrom": "prov:wasDerivedFrom",
            "closeMatch": "skos:closeMatch",
            "exactMatch": "skos:exactMatch",
        }.items()
    },
    **{
        name: {"@id": name, "@type": "@id", "@container": "@set"}
        for name in (
            *("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:seeAlso", "owl:disjointWith", "skos:hasTopConcept"),
            *(
                "skos:relatedMatch",
                "dcat:distribution",
                "dcterms:language",
                "dcterms:spatial",
                "void:dataDump",
                "void:subset",
            ),
            *("prov:used", "sh:declare", "sh:property", "void:classPartition", "void:propertyPartition"),
            *("schema:domainIncludes", "schema:rangeIncludes"),
        )
    },
    **{
        name: {"@id": name, "@type": "@id"}
        for name in (
            *("rdf:subject", "rdf:predicate", "rdfs:domain", "rdfs:range", "rdfs:isDefinedBy", "owl:inverseOf"),
            *("skos:inScheme", "skos:topConceptOf", "geo:hasGeometry", "dcat:accessURL", "dcat:downloadURL"),
            *("dcat:mediaType", "void:class", "void:property", "sh:prefixes"),
        )
    },
    "geo:asWKT": {"@id": "geo:asWKT", "@type": "geo:wktLiteral"},
    "dcterms:modified": {"@id": "dcterms:modified", "@type": "xsd:date"},
}

_VCARD = "http://www.w3.org/2006/vcard/ns#"
_NATIVE_INTEGER = 2**53
"""Below it every integer is exact as a number of JSON (RFC 8259, section 6)."""
_MOST_BYTES = 8 * 1024 * 1024
"""Bytes beyond which a document stays expanded: about 5 s of work, which no other document can share."""
_MOST_FRAMED = 512 * 1024
"""Bytes beyond which a document is compacted where it was to be framed: framing takes quadratic time."""
_LOCK = threading.Lock()
"""PyLD keeps contexts in caches that threads must not share."""

_Json = Any


@lru_cache(maxsize=8)
def context(iris: Iris) -> dict[str, object]:
    """Return the JSON-LD context: our terms by their local names, with the shape of their values."""
    terms: dict[str, object] = {"@version": 1.1, "id": "@id", "type": {"@id": "@type", "@container": "@set"}}
    terms |= {**prefixes(iris), "foaf": str(FOAF), "schema": str(SDO), "sh": str(SH), "vcard": _VCARD, **_OTHERS}
    return terms | {term: _definition(term) for term in TERMS}


def _definition(term: str) -> str | dict[str, object]:
    containers = [*(["@language"] if term in _LANGUAGE else ()), *(["@set"] if term in _MANY else ())]
    defined: dict[str, object] = {"@type": _TYPED[term]} if term in _TYPED else {}
    if containers:
        defined["@container"] = containers[0] if len(containers) == 1 else containers
    return {"@id": f"kg:{term}", **defined} if defined else f"kg:{term}"


def context_document(iris: Iris) -> bytes:
    """Return the context as a document of its own."""
    return (json.dumps({"@context": context(iris)}, ensure_ascii=False, indent=1) + "\n").encode()


def in_profile(document: bytes, profile: str, iris: Iris, address: str, first: str = "") -> tuple[bytes, str]:
    """Return an expanded document in a document form, and the form that it then has.

    It links to the context by ``address``, and begins with the node ``first``, the root of a framed one. A document
    that is very large, or has an IRI that a prefix of the context would change, stays expanded.
    """
    if profile == "expanded" or len(document) > _MOST_BYTES:
        return document, "expanded"
    if not document.startswith(b"["):  # a download, which has a form already
        return document, "compacted"
    nodes = _with_native_values(json.loads(document), iris)
    if profile == "flattened":  # of each node there is one object already
        return _written(sorted(nodes, key=lambda node: str(node["@id"]))), profile
    profile = profile if len(document) <= _MOST_FRAMED else "compacted"
    try:
        formed = _framed(nodes, iris, first) if profile == "framed" else _compacted(nodes, iris)
    except jsonld.JsonLdError:
        return document, "expanded"
    formed["@graph"].sort(key=lambda node: node.get("id") != first)
    return _written({"@context": address, "@graph": formed["@graph"]}), profile


def compact_dataset(document: bytes, iris: Iris, known: dict[str, _Json]) -> bytes:
    """Return an expanded document of named graphs in compacted form, with a link to the context beside it.

    ``known`` has nodes that are compacted already, by their expanded form, and gets the others.

    :raises ValueError: an IRI begins with a prefix of the context
    """
    nodes = _with_native_values(json.loads(document), iris)
    try:
        formed = _compacted_once(nodes, iris, known)
    except jsonld.JsonLdError as error:
        raise ValueError(str(error)) from error
    return (json.dumps({"@context": CONTEXT, "@graph": formed}, ensure_ascii=False, indent=1) + "\n").encode()


def _compacted_once(nodes: list[_Json], iris: Iris, known: dict[str, _Json]) -> list[_Json]:
    graphs = [[(json.dumps(node), node) for node in graph.get("@graph", ())] for graph in nodes]
    missing = {key: node for graph in graphs for key, node in graph if key not in known}
    known |= zip(missing, _compacted(list(missing.values()), iris)["@graph"], strict=True)
    outer = [{**node, "@graph": []} if "@graph" in node else node for node in nodes]
    formed: list[_Json] = _compacted(outer, iris)["@graph"]
    for node, graph in zip(formed, graphs, strict=True):
        if graph:
            node["@graph"] = [known[key] for key, _ in graph]
    return formed


def frame(document: bytes, pattern: dict[str, Any], iris: Iris) -> dict[str, Any]:
    """Return an expanded document in a frame that has a context of its own, with each node wherever it is named.

    :raises ValueError: an IRI begins with a prefix of the context
    """
    nodes = _with_native_values(json.loads(document), iris)
    options = {"embed": "@always", "omitDefault": True, "omitGraph": False, "documentLoader": _refuse}
    try:
        with _LOCK:
            return dict(jsonld.frame(nodes, pattern, options))
    except jsonld.JsonLdError as error:
        raise ValueError(str(error)) from error


def embed_context(document: bytes, iris: Iris, address: str = CONTEXT) -> bytes:
    """Return a document with the published context in place of the link to it; any other document as it is."""
    if CONTEXT.encode() not in document:
        return document
    try:
        read = json.loads(document)
    except ValueError:
        return document
    known = (CONTEXT, address, iris.document(f"downloads/{CONTEXT}"))
    if not isinstance(read, dict) or read.get("@context") not in known:
        return document
    return json.dumps({**read, "@context": context(iris)}, ensure_ascii=False).encode()


def _compacted(nodes: list[_Json], iris: Iris) -> dict[str, Any]:
    options = {"skipExpansion": True, "graph": True, "documentLoader": _refuse}
    with _LOCK:
        return dict(_with_keywords(jsonld.compact(nodes, context(iris), options)))


def _framed(nodes: list[_Json], iris: Iris, root: str) -> dict[str, Any]:
    """Frame the root with all that it leads to and all that leads to it; without one, each node by itself."""
    links = {key for node in nodes for key, values in node.items() if {"@id": root} in list(values)}
    pattern = {"@context": context(iris), **({"id": root, "@reverse": {link: {} for link in links}} if root else {})}
    options = {"embed": "@once" if root else "@never", "omitGraph": False, "documentLoader": _refuse}
    with _LOCK:
        return dict(_with_keywords(jsonld.frame(nodes, pattern, options)))


def _with_keywords(value: _Json) -> _Json:
    """Write the datatype of a literal as ``@type``: rdflib does not know it by the name that is a set in nodes."""
    if isinstance(value, list):
        return [_with_keywords(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "@value" in value:
        return {"@type" if key == "type" else key: one for key, one in value.items()}
    return {key: _with_keywords(one) for key, one in value.items()}


def _refuse(address: str, _options: object) -> _Json:
    raise jsonld.JsonLdError(f"no document is loaded: {address}", "kg", code="loading document failed")


def _with_native_values(nodes: list[_Json], iris: Iris) -> list[_Json]:
    """Write integers and booleans as JSON does, where that keeps the lexical form.

    Not the values of ``kg:value``: some are decimals, and each is to be an object with its type; nor those of a term
    with a language map, which takes texts alone.
    """
    without = _language_properties(iris) | {f"{iris.ontology}value"}
    for value in (value for node in nodes for value in _values(node, without)):
        kind, text = value.get("@type"), value.get("@value")
        if kind == str(XSD.boolean) and text in ("true", "false"):
            value["@value"] = text == "true"
        elif kind == str(XSD.integer) and isinstance(text, str) and _is_native(text):
            value["@value"] = int(text)
        else:
            continue
        del value["@type"]
    return nodes


@lru_cache(maxsize=8)
def _language_properties(iris: Iris) -> frozenset[str]:
    """Return the IRIs of the properties whose terms have a language map."""
    terms = context(iris)
    compact = (
        str(term["@id"])
        for term in terms.values()
        if isinstance(term, dict) and "@language" in term.get("@container", ())
    )
    return frozenset(f"{terms[prefix]}{name}" for prefix, _, name in (one.partition(":") for one in compact))


def _values(node: dict[str, Any], without: Collection[str]) -> Iterator[dict[str, Any]]:
    for key, values in node.items():
        if key == "@graph":
            for inner in values:
                yield from _values(inner, without)
        elif isinstance(values, list) and key not in without:
            yield from (value for value in values if isinstance(value, dict))


def _is_native(text: str) -> bool:
    return len(text) <= len(str(_NATIVE_INTEGER)) and text.lstrip("-").isdecimal() and str(int(text)) == text


def _written(document: _Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
