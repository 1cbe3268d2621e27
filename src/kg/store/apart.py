"""A graph that stands in no store, such as the history: only a query that names it sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph

from kg.errors import EvaluationError, Message
from kg.store.forms import TRIG, TURTLE, Form
from kg.store.syntax import tokens

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_NAMING = ("GRAPH", "FROM", "NAMED", "USING", "WITH", "INTO", "TO", "COPY", "MOVE", "ADD", "SILENT")


class ApartNeeded(Exception):  # noqa: N818 - nothing is wrong: whoever asked must ask again with the graph
    """Say that a query names the graph that stands apart, and that it was not sent."""


def named_constants(text: str) -> Iterator[str]:
    """Yield each name of a graph that is no variable, as it stands after ``GRAPH``, ``FROM`` and the like.

    >>> list(named_constants("SELECT * FROM <a> { GRAPH ?g { ?s ?p ?o } GRAPH b:c { ?s ?p 'GRAPH <d>' } }"))
    ['<a>', 'b:c']
    """
    capitals = text.upper()
    if not any(word in capitals for word in _NAMING):
        return
    is_name = False
    for token in tokens(unescaped(text)):
        if is_name and token.kind in ("iri", "name"):
            yield token.text
        is_name = token.is_word(*_NAMING)


def unescaped(text: str) -> str:
    r"""Decode code points written out (SPARQL 1.1 Query, 19.2).

    >>> unescaped("GRAPH <\\u0061>")
    'GRAPH <a>'
    """
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), text)


def written(quads: bytes, form: Form, prefixes: dict[str, str]) -> bytes:
    """Return N-Quads as one graph in a form, the same bytes for the same quads; Turtle and TriG use the prefixes."""
    format_ = pyoxigraph.RdfFormat.from_media_type(form.media_type)
    triples = (quad.triple for quad in pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS))
    if form not in (TURTLE, TRIG):
        return pyoxigraph.serialize(triples, format=format_) or b""
    lines = (pyoxigraph.serialize(triples, format=format_, prefixes=prefixes) or b"").splitlines(keepends=True)
    head = [line for line in lines[: len(prefixes)] if line.startswith(b"@prefix")]  # the engine gives them no order
    return b"".join([*sorted(head), *lines[len(head) :]])


def too_large_beside(graph: str) -> EvaluationError:
    """Return the error for a version too large to be asked together with a graph that stands apart."""
    return EvaluationError(
        Message(
            ko=f"판이 커서 <{graph}> 그래프를 다른 그래프와 함께 질의할 수 없습니다.",
            en=f"The version is too large for <{graph}> to be asked together with other graphs.",
        ),
        cure=Message(
            ko=f"FROM <{graph}>만 써서 따로 질의하십시오.",
            en=f"Ask it alone: name it with FROM <{graph}>, and no other.",
        ),
    )
