"""Parses a response by its media type, with another parser than the client's."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph

from kg.domain import DEFAULT_BASE_IRI, Iris
from kg.rdf import embed_context

Pairs = set[tuple[str, str]]
_OTHER_NAMES = {"text/rdf+n3": "text/turtle", "application/x-json+ld": "application/ld+json"}
"""Virtuoso's own media types."""


def essence(content_type: str) -> str:
    """Return a media type without its parameters.

    >>> essence("text/turtle; charset=utf-8")
    'text/turtle'
    """
    return content_type.partition(";")[0].strip().lower()


def values_of(body: bytes, content_type: str) -> set[str]:
    """Return the IRIs and lexical forms in an answer: a graph, or solutions."""
    media_type = _OTHER_NAMES.get(essence(content_type), essence(content_type))
    if pyoxigraph.RdfFormat.from_media_type(media_type):
        return {value for pair in labels_of(body, media_type) for value in pair}
    if media_type == "text/csv":
        return {cell for row in csv.reader(io.StringIO(body.decode())) for cell in row}
    found = pyoxigraph.QueryResultsFormat.from_media_type(media_type)
    assert found, f"{content_type} is not a format of SPARQL results or RDF"
    rows = pyoxigraph.parse_query_results(body, format=found)
    assert isinstance(rows, pyoxigraph.QuerySolutions), "a boolean"
    return {_value(term) for row in rows for term in row if term}


def labels_of(body: bytes, content_type: str) -> Pairs:
    """Return the subject and the object of each triple of a graph."""
    media_type = _OTHER_NAMES.get(essence(content_type), essence(content_type))
    found = pyoxigraph.RdfFormat.from_media_type(media_type)
    assert found, f"{content_type} is not a format of RDF"
    if body.startswith(b'{"@context":"http'):  # the engine loads no context
        body = embed_context(body, Iris(DEFAULT_BASE_IRI), json.loads(body)["@context"])
    return {(_value(quad.subject), _value(quad.object)) for quad in pyoxigraph.parse(body, format=found)}


def _value(term: object) -> str:
    return str(getattr(term, "value", term))
