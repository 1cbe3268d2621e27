"""Dataset → documents; the same dataset gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

from rdflib import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD, Graph
from rdflib.namespace import VOID
from rdflib.plugins.serializers.turtle import TurtleSerializer
from rdflib.term import Node

from kg.domain import GEO, GEONAMES, TERMS, WIKIDATA, Iris
from kg.rdf.columns import COLUMNS
from kg.rdf.formats import GRAPH_FORMS, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Form
from kg.rdf.rdf_dataset import RdfDataset, in_order, ntriples_term
from kg.rdf.result_writer import convert_lines, convert_quads

_OBJECTS = (
    "within", "bodyOf", "bodyKind", "homepage", "area", "population", "divisionCount", "organCount", "characteristic",
    "party", "partner", "foundedBy", "founds", "instrument", "concludedIn", "friendship", "event", "record", "note",
    "noteOn", "exchangedWith", "kind", "primaryKind", "furtherKind", "direction", "status", "participant", "visited",
    "intendedInstrument",
    "intendedAgreement", "concludes", "agreement", "topic", "anniversary", "anniversaryOf", "whose", "unit", "basis",
    "unitKind", "page", "line", "gives", "about", "restoredFrom",
)  # fmt: skip
_FORMS = {form.extension: form.rdflib for form in GRAPH_FORMS}
_DATES = ("startDate", "endDate", "asOfStart", "asOfEnd", "lastModified")


def prefixes(iris: Iris) -> dict[str, str]:
    """Return the prefixes of every document of ours, by name."""
    others = {
        "dcat": DCAT, "dcterms": DCTERMS, "geo": GEO, "gn": GEONAMES, "owl": OWL, "prov": PROV, "rdf": RDF,
        "rdfs": RDFS,
        "skos": SKOS, "void": VOID, "wd": WIKIDATA, "xsd": XSD,
    }  # fmt: skip
    return {"kg": iris.ontology, **{name: str(namespace) for name, namespace in others.items()}}


def distributions(dataset: RdfDataset) -> dict[str, bytes]:
    """Return the documents of a dataset by file name.

    Turtle, N-Triples, JSON-LD and RDF/XML hold all graphs as one; N-Quads and TriG keep them apart.
    """
    return {name: write() for name, write in documents(dataset).items()}


def documents(dataset: RdfDataset) -> dict[str, Callable[[], bytes]]:
    """Return the serializer of each document of a dataset; it raises ``ValueError`` or ``FormatError``."""
    merged = dataset.merged()
    return {
        "kg.ttl": lambda: _turtle(merged, dataset.iris).encode(),
        "kg.nt": lambda: ntriples(merged),
        "kg.nq": lambda: nquads(dataset),
        "kg.trig": lambda: _trig(dataset),
        "kg.rdf": lambda: convert_lines(ntriples(merged), RDF_XML, prefixes(dataset.iris)),
        "kg.jsonld": lambda: _json(_jsonld(merged, dataset.iris)),
        "context.jsonld": lambda: _json({"@context": context(dataset.iris)}),
    }


def documents_of_quads(quads: bytes, iris: Iris) -> dict[str, Callable[[], bytes]]:
    """Return the serializer of each document of a dataset with RDF 1.2 terms, given as sorted N-Quads.

    It raises ``FormatError`` where the format has no such terms.
    """
    merged = b"".join(sorted({*convert_lines(quads, N_TRIPLES).splitlines(keepends=True)}))
    converted = {"kg.ttl": TURTLE, "kg.nt": N_TRIPLES, "kg.rdf": RDF_XML, "kg.jsonld": JSON_LD}
    return {
        **{name: partial(convert_lines, merged, form, prefixes(iris)) for name, form in converted.items()},
        "kg.nq": lambda: quads,
        "kg.trig": lambda: convert_quads(quads, prefixes(iris)),
    }


def nquads(dataset: RdfDataset) -> bytes:
    """Return a dataset as sorted N-Quads."""
    lines = (
        f"{_triple(triple)} <{name}> .\n" if name else f"{_triple(triple)} .\n" for triple, name in dataset.quads()
    )
    return "".join(lines).encode()


def document_in(form: Form, written: Callable[[str], bytes], iris: Iris) -> bytes:
    """Return a document in any format of graphs; ``written`` gives it in the media types of ``DOCUMENT_FORMS``.

    :raises FormatError: RDF/XML cannot represent it
    """
    if form in (TURTLE, JSON_LD):
        return written(form.media_type)
    lines = sorted(written(N_TRIPLES.media_type).splitlines(keepends=True))
    return convert_lines(b"".join(lines), form, prefixes(iris))


def parse_turtle(text: str) -> Graph:
    """Read a Turtle document of ours."""
    return Graph().parse(data=text, format="turtle")


def ntriples(graph: Graph) -> bytes:
    """Return a graph as sorted N-Triples."""
    return "".join(f"{_triple(triple)} .\n" for triple in in_order(graph)).encode()


def _triple(triple: tuple[Any, Any, Any]) -> str:
    return " ".join(ntriples_term(node) for node in triple)


def _turtle(graph: Graph, iris: Iris) -> str:
    for name, namespace in prefixes(iris).items():
        graph.bind(name, namespace, override=True, replace=True)
    stream = BytesIO()
    _TurtleSerializer(graph).serialize(stream)
    return stream.getvalue().decode()


class _TurtleSerializer(TurtleSerializer):
    """Write the Turtle of rdflib, but look for the prefix of an IRI once, not each time it stands in a triple."""

    def reset(self) -> None:
        super().reset()
        self._names: dict[tuple[Node, bool], str | None] = {}

    def startDocument(self) -> None:  # noqa: N802 - rdflib's name
        self._names = {}  # by now every namespace of a predicate has its prefix
        super().startDocument()

    def get_pname(self, uri: Node, gen_prefix: bool = True) -> str | None:  # noqa: FBT001, FBT002 - as rdflib has it
        key = (uri, gen_prefix)
        if key not in self._names:
            self._names[key] = super().get_pname(uri, gen_prefix)
        return self._names[key]


def _trig(dataset: RdfDataset) -> bytes:
    """Wrap each graph's Turtle in its name: rdflib's TriG puts the graphs in no order."""
    parts: list[tuple[list[str], str]] = []
    for name, graph in sorted(dataset.graphs.items()):
        header, _, body = _turtle(graph, dataset.iris).partition("\n\n")
        iri = dataset.graph_iri(name)
        parts.append((header.splitlines(), f"<{iri}> {{\n{body.strip()}\n}}\n" if iri else f"{body.strip()}\n"))
    headers = sorted({line for lines, _ in parts for line in lines})
    if len({line.split()[1] for line in headers}) == len(headers):
        return "\n".join(["\n".join(headers) + "\n", *(block for _, block in parts)]).encode()
    # two graphs that are not ours have the same prefix for different namespaces: each has its own before it
    return "\n".join("\n".join([*lines, "", block]) for lines, block in parts).encode()


def context(iris: Iris) -> dict[str, Any]:
    """Return the JSON-LD context: our terms by their local names, with what their values are."""
    korean = {column.term for columns in COLUMNS.values() for column in columns if column.form == "ko"} | {"pageTitle"}
    terms: dict[str, Any] = {"id": "@id", "type": "@type", **prefixes(iris)}
    terms["label"] = {"@id": "rdfs:label", "@container": "@language"}
    terms["prefLabel"] = {"@id": "skos:prefLabel", "@container": "@language"}
    terms["wasDerivedFrom"] = {"@id": "prov:wasDerivedFrom", "@type": "@id"}
    for term in TERMS:
        if term[0].isupper():
            terms[term] = f"kg:{term}"
        elif term in _OBJECTS:
            terms[term] = {"@id": f"kg:{term}", "@type": "@id"}
        elif term in _DATES:
            terms[term] = {"@id": f"kg:{term}", "@type": "xsd:date"}
        elif term in korean:
            terms[term] = {"@id": f"kg:{term}", "@language": "ko"}
        else:
            terms[term] = f"kg:{term}"
    return terms


def _jsonld(graph: Graph, iris: Iris) -> dict[str, Any]:
    document = json.loads(graph.serialize(format="json-ld", context=context(iris), auto_compact=False))
    one = {name: value for name, value in document.items() if name not in ("@context", "@graph")}
    nodes = sorted(document.get("@graph", [one] if one else []), key=lambda node: str(node["id"]))
    return {"@context": document["@context"], "@graph": [_sorted(node) for node in nodes]}


def _sorted(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: (key not in ("id", "type"), key))}
    if isinstance(value, list):
        return sorted(
            (_sorted(one) for one in value), key=lambda one: json.dumps(one, ensure_ascii=False, sort_keys=True)
        )
    return value


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
