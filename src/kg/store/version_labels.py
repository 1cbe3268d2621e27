"""Version labels of RDF and SPARQL, as answers announce them (RDF 1.2 Concepts, 1.10 and 2.1)."""

from __future__ import annotations

import re
from collections.abc import Callable

from kg.rdf import JSON, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TSV, TURTLE, XML, Form

VERSION_LABELS = ("1.1", "1.2-basic", "1.2")
"""The version labels of queries, documents and answers."""

_LATEST = VERSION_LABELS[-1]
_STRING = rb'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"""|"(?:[^"\\\n]|\\.)*"'
_IRI = rb'<[^<>"{}|^`\\\x00-\x20]*>'
_TOKEN = re.compile(rb"(?:" + _STRING + rb")(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*(--))?|" + _IRI + rb"|(<<)", re.DOTALL)
_DIRECTED_LITERAL = re.compile(rb'<literal [^<>]*\bits:dir="')
_ANNOUNCED = re.compile(rb'<[^<>!?]*\brdf:version="')
_PIECE = 1024 * 1024
"""Bytes searched at a time, so that other threads can take the GIL in between."""


def announced_version(form: Form, body: bytes) -> str:
    """Return the version label of an answer that has triple terms or base directions, else an empty string.

    Only for answers that the engine wrote: the search relies on what it escapes. An answer without either announces
    nothing, so that older parsers take it (1.10).

    >>> announced_version(TURTLE, b'<a> <b> "<<("@en .'), announced_version(TURTLE, b'<a> <b> <<( <c> <d> <e> )>> .')
    ('', '1.2')
    """
    uses = _USES.get(form)
    return _LATEST if uses and uses(body) else ""


def _in_terms(body: bytes) -> bool:
    """Look for both outside of strings and IRIs (Turtle, N-Triples, TSV and the like)."""
    may_have = any(_contains(body, sign) for sign in (b"<<(", b"--ltr", b"--rtl"))
    return may_have and any(match[1] or match[2] for match in _TOKEN.finditer(body))


def _in_json(body: bytes) -> bool:
    return _contains(body, b'"type":"triple"') or _contains(body, b'"its:dir":"')


def _in_json_ld(body: bytes) -> bool:
    return _contains(body, b'"@direction":"')


def _in_xml(body: bytes) -> bool:
    return _contains(body, b"<triple>") or (_contains(body, b"its:dir=") and bool(_DIRECTED_LITERAL.search(body)))


def _in_rdf_xml(body: bytes) -> bool:
    return _contains(body, b"rdf:version=") and bool(_ANNOUNCED.search(body))


def _contains(body: bytes, sign: bytes) -> bool:
    if len(body) <= _PIECE:
        return sign in body
    return any(body.find(sign, start, start + _PIECE + len(sign)) >= 0 for start in range(0, len(body), _PIECE))


_USES: dict[Form, Callable[[bytes], bool]] = {
    **dict.fromkeys((TURTLE, N_TRIPLES, TRIG, N_QUADS, TSV), _in_terms),
    JSON: _in_json,
    XML: _in_xml,
    JSON_LD: _in_json_ld,
    RDF_XML: _in_rdf_xml,
}
"""CSV is missing: it has the texts of terms, not the terms (SPARQL 1.1 Query Results CSV and TSV, section 3)."""
