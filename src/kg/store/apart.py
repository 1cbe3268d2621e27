"""A graph that stands in no store, such as the history: only a query that names it sees it."""

from __future__ import annotations

import pyoxigraph

from kg.errors import EvaluationError, Message
from kg.store.forms import TRIG, TURTLE, Form


class ApartNeeded(Exception):  # noqa: N818 - nothing is wrong: whoever asked must ask again with the graph
    """Say that a query names the graph that stands apart, and that it was not sent."""


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
