"""The forms in which an answer can be written: names, media types and extensions; no engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """One way to write an answer.

    ``name`` is what ``?format=`` takes, ``media_types`` starts with the registered one; the others are looser names
    that clients ask by, and an answer carries the name it was asked by.
    """

    name: str
    extension: str
    media_types: tuple[str, ...]
    iri: str
    holds_datasets: bool = False

    @property
    def media_type(self) -> str:
        """The registered media type."""
        return self.media_types[0]


_FORMATS = "http://www.w3.org/ns/formats/"

JSON = Form("json", "srj", ("application/sparql-results+json", "application/json"), f"{_FORMATS}SPARQL_Results_JSON")
XML = Form(
    "xml", "srx", ("application/sparql-results+xml", "application/xml", "text/xml"), f"{_FORMATS}SPARQL_Results_XML"
)
CSV = Form("csv", "csv", ("text/csv",), f"{_FORMATS}SPARQL_Results_CSV")
TSV = Form("tsv", "tsv", ("text/tab-separated-values",), f"{_FORMATS}SPARQL_Results_TSV")

TURTLE = Form("ttl", "ttl", ("text/turtle", "application/x-turtle"), f"{_FORMATS}Turtle")
N_TRIPLES = Form("nt", "nt", ("application/n-triples", "text/plain"), f"{_FORMATS}N-Triples")
RDF_XML = Form("rdf", "rdf", ("application/rdf+xml", "application/xml", "text/xml"), f"{_FORMATS}RDF_XML")
JSON_LD = Form(
    "jsonld", "jsonld", ("application/ld+json", "application/json"), f"{_FORMATS}JSON-LD", holds_datasets=True
)
TRIG = Form("trig", "trig", ("application/trig",), f"{_FORMATS}TriG", holds_datasets=True)
N_QUADS = Form("nq", "nq", ("application/n-quads",), f"{_FORMATS}N-Quads", holds_datasets=True)

RESULT_FORMS = (JSON, XML, CSV, TSV)
"""What SELECT and ASK are answered in; the first unless the client prefers another."""
GRAPH_FORMS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)
"""What CONSTRUCT, DESCRIBE and the reading of a graph are answered in."""
READ_FORMS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
"""The forms that a graph can be sent in."""

_UTF_8_NAMED = ("text/", "application/trig")


def media_types(forms: Iterable[Form]) -> tuple[str, ...]:
    """List the media types on offer: all registered ones in order, then the looser names.

    >>> media_types([TURTLE, N_TRIPLES])
    ('text/turtle', 'application/n-triples', 'application/x-turtle', 'text/plain')
    """
    known = list(forms)
    registered = [form.media_type for form in known]
    looser = [media_type for form in known for media_type in form.media_types[1:]]
    return tuple(dict.fromkeys(registered + looser))


def of_media_type(media_type: str, forms: Sequence[Form]) -> Form | None:
    """Return the first form of that media type (without parameters), or None.

    >>> of_media_type("text/csv", RESULT_FORMS).name
    'csv'
    """
    return next((form for form in forms if media_type in form.media_types), None)


def named(name: str, forms: Sequence[Form]) -> Form | None:
    """Return the form with that name, extension or media type, or None.

    >>> named("ttl", GRAPH_FORMS) is named("text/turtle", GRAPH_FORMS)
    True
    """
    aliases = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf", "json-ld": "jsonld", "nquads": "nq"}
    key = aliases.get(name.lower(), name.lower())
    return next((form for form in forms if key in (form.name, form.extension, *form.media_types)), None)


def content_type(media_type: str) -> str:
    """Return the Content-Type of an answer: UTF-8 is said where the media type has a charset to say.

    >>> content_type("text/turtle"), content_type("application/ld+json")
    ('text/turtle; charset=utf-8', 'application/ld+json')
    """
    return f"{media_type}; charset=utf-8" if media_type.startswith(_UTF_8_NAMED) else media_type
