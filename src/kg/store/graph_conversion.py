"""Conversion of a small graph to another format."""

from __future__ import annotations

from kg.rdf import Form, convert_lines

_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sh": "http://www.w3.org/ns/shacl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def convert_graph(ntriples: bytes, form: Form) -> bytes:
    """Convert N-Triples to a graph format.

    :raises FormatError: the format cannot represent it

    >>> from kg.rdf.formats import TURTLE
    >>> convert_graph(b'<http://a/s> <http://www.w3.org/ns/shacl#value> "1" .', TURTLE).splitlines()[-1]
    b'<http://a/s> sh:value "1" .'
    """
    return convert_lines(ntriples, form, _PREFIXES)
