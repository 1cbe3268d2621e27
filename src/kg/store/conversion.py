"""Writing a small graph in another form."""

from __future__ import annotations

import pyoxigraph

from kg.store.engine import RDF_FORMATS
from kg.store.forms import Form

_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sh": "http://www.w3.org/ns/shacl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def converted(ntriples: bytes, form: Form) -> bytes:
    """Return a graph that is given as N-Triples in a form of graphs.

    >>> from kg.store.forms import TURTLE
    >>> converted(b'<http://a/s> <http://www.w3.org/ns/shacl#value> "1" .', TURTLE).splitlines()[-1]
    b'<http://a/s> sh:value "1" .'
    """
    triples = [quad.triple for quad in pyoxigraph.parse(ntriples, pyoxigraph.RdfFormat.N_TRIPLES)]
    return pyoxigraph.serialize(triples, format=RDF_FORMATS[form], prefixes=_PREFIXES) or b""
