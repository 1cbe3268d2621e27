"""Reads answers by their media type, apart from the client that was given them."""

from __future__ import annotations

import csv
import io

import pyoxigraph

Pairs = set[tuple[str, str]]
_OTHER_NAMES = {"text/rdf+n3": "text/turtle", "application/x-json+ld": "application/ld+json"}
"""What Virtuoso calls two formats."""


def essence(content_type: str) -> str:
    """Return a media type without its parameters.

    >>> essence("text/turtle; charset=utf-8")
    'text/turtle'
    """
    return content_type.partition(";")[0].strip().lower()


def values_of(body: bytes, content_type: str) -> set[str]:
    """Return the lexical forms and IRIs of an answer, a graph or a table."""
    media_type = _OTHER_NAMES.get(essence(content_type), essence(content_type))
    if pyoxigraph.RdfFormat.from_media_type(media_type):
        return {value for pair in labels_of(body, media_type) for value in pair}
    if media_type == "text/csv":
        return {cell for row in csv.reader(io.StringIO(body.decode())) for cell in row}
    found = pyoxigraph.QueryResultsFormat.from_media_type(media_type)
    assert found, f"{content_type} is no format of an answer"
    rows = pyoxigraph.parse_query_results(body, format=found)
    assert isinstance(rows, pyoxigraph.QuerySolutions), "a truth value"
    return {_value(term) for row in rows for term in row if term}


def labels_of(body: bytes, content_type: str) -> Pairs:
    """Return the subject and the object of each triple of a graph."""
    media_type = _OTHER_NAMES.get(essence(content_type), essence(content_type))
    found = pyoxigraph.RdfFormat.from_media_type(media_type)
    assert found, f"{content_type} is no format of a graph"
    return {(_value(quad.subject), _value(quad.object)) for quad in pyoxigraph.parse(body, format=found)}


def _value(term: object) -> str:
    return str(getattr(term, "value", term))
