"""Read-back check before a commit: its quads are queried, serialized in every format and parsed again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache

import pyoxigraph

from kg.diff import Patch
from kg.domain import EvaluationError, FormatError
from kg.locales import Message
from kg.rdf import GRAPH_FORMS, Form, engine_format, serialize_triples
from kg.store.contents import quads_of
from kg.store.dataset import GraphName

MOST_NESTED = 16
"""Deepest nesting of triple terms: parsers and serializers of other programs recurse, and fail at a few hundred."""
_TRIPLE_TERM = "<<("
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_Triples = list[pyoxigraph.Triple]


def check_readable(store: pyoxigraph.Store, patch: Patch, own_graphs: Collection[GraphName]) -> None:
    """Check that every read of the store after a change will succeed, in time proportional to the change.

    ``own_graphs``, the default graph among them, make up the dataset: queries see them unasked, and downloads hold
    them. What is added to them must be representable in every form; what is added to other graphs need not be.

    :raises EvaluationError: a term nests too deeply, or a form cannot represent a quad of the dataset
    """
    for line in patch.added:
        if line.count(_TRIPLE_TERM) > MOST_NESTED and _STRING.sub("", line).count(_TRIPLE_TERM) > MOST_NESTED:
            raise _too_deep()
    added = quads_of(patch.added)
    for quad in added[:1]:
        store.query("ASK { ?s ?p ?o }", default_graph=[quad.graph_name])
    triples = [quad.triple for quad in added if quad.graph_name in own_graphs]
    for triple in triples:
        _check_rdf_1_1(triple)
    if triples:
        for form in GRAPH_FORMS:
            _check_round_trip(triples, form)


def _check_rdf_1_1(triple: pyoxigraph.Triple) -> None:
    value = triple.object
    if isinstance(value, pyoxigraph.Triple):
        raise _not_representable(Message("query.triple_term"))
    if isinstance(value, pyoxigraph.Literal) and value.direction is not None:
        raise _not_representable(Message("query.base_direction"))


def reads_back(written: bytes, form: Form, quads: bytes) -> bool:
    """Return whether a document has exactly the triples of N-Quads, up to the names of graphs and blank nodes.

    >>> from kg.rdf.formats import TURTLE
    >>> reads_back(b"<http://a/s> <http://a/p> 1 .", TURTLE, b'<http://a/s> <http://a/p> "1" .')
    False
    """
    try:
        found = {quad.triple for quad in pyoxigraph.parse(written, engine_format(form))}
    except (SyntaxError, ValueError):
        return False
    wanted = _triples_of(quads)
    return found == wanted or _anonymous(found) == _anonymous(wanted)


@lru_cache(maxsize=1)
def _triples_of(quads: bytes) -> set[pyoxigraph.Triple]:
    return {quad.triple for quad in pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS)}


def _check_round_trip(triples: _Triples, form: Form) -> None:
    try:
        written = serialize_triples(triples, form)
        parsed = pyoxigraph.parse(written, engine_format(form))
        is_same = _anonymous(triples) == _anonymous(quad.triple for quad in parsed)
    except FormatError as error:
        raise EvaluationError(
            Message("query.not_published", why=error.what), cure=Message("query.leave_out_cure")
        ) from error
    except (SyntaxError, ValueError, RecursionError) as error:
        raise _unreadable(form, error) from error
    if not is_same:
        raise _unreadable(form, "it reads back as other triples")


def _anonymous(triples: Iterable[pyoxigraph.Triple]) -> Counter[tuple[str, str, str]]:
    """Count triples up to the labels of blank nodes."""
    return Counter(_key(triple) for triple in set(triples))


def _key(triple: pyoxigraph.Triple) -> tuple[str, str, str]:
    subject, predicate, value = triple
    return _label(subject), str(predicate), _label(value)


def _label(node: object) -> str:
    return "_:" if isinstance(node, pyoxigraph.BlankNode) else str(node)


def _too_deep() -> EvaluationError:
    return EvaluationError(
        Message("query.nested_too_deep", most=MOST_NESTED),
        cure=Message("query.nested_too_deep_cure"),
    )


def _not_representable(what: Message) -> EvaluationError:
    return EvaluationError(Message("query.not_representable", what=what), cure=Message("query.leave_out_cure"))


def _unreadable(form: Form, error: object) -> EvaluationError:
    return EvaluationError(
        Message("query.not_read_back", media_type=form.media_type, error=error),
        cure=Message("query.leave_out_cure"),
    )
