"""Read-back check before a commit: its quads are queried, serialized in every format and parsed again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

import pyoxigraph

from kg.diff import Patch
from kg.domain import EvaluationError, FormatError, Message
from kg.rdf import GRAPH_FORMS, Form, serialize_triples
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
        raise _not_representable("a triple term (RDF 1.2)", "삼중 항(RDF 1.2)")
    if isinstance(value, pyoxigraph.Literal) and value.direction is not None:
        raise _not_representable("a literal with a base direction (RDF 1.2)", "쓰기 방향이 있는 리터럴(RDF 1.2)")


def reads_back(written: bytes, form: Form, quads: bytes) -> bool:
    """Return whether a document has exactly the triples of N-Quads, up to the names of graphs and blank nodes.

    >>> from kg.rdf.formats import TURTLE
    >>> reads_back(b"<http://a/s> <http://a/p> 1 .", TURTLE, b'<http://a/s> <http://a/p> "1" .')
    False
    """
    try:
        parsed = pyoxigraph.parse(written, pyoxigraph.RdfFormat.from_media_type(form.media_type))
        found = _anonymous(quad.triple for quad in parsed)
    except (SyntaxError, ValueError):
        return False
    wanted = (quad.triple for quad in pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS))
    return found == _anonymous(wanted)


def _check_round_trip(triples: _Triples, form: Form) -> None:
    try:
        written = serialize_triples(triples, form)
        parsed = pyoxigraph.parse(written, pyoxigraph.RdfFormat.from_media_type(form.media_type))
        is_same = _anonymous(triples) == _anonymous(quad.triple for quad in parsed)
    except FormatError as error:
        raise _not_representable(error.what.en, error.what.ko) from error
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
        Message(
            ko=f"삼중 항이 {MOST_NESTED}단계보다 깊이 중첩되어 있습니다.",
            en=f"A triple term nests deeper than {MOST_NESTED} levels.",
        ),
        cure=Message(ko="중첩을 줄이십시오.", en="Flatten it: describe the inner triple with rdf:reifies."),
    )


def _not_representable(en: str, ko: str) -> EvaluationError:
    return EvaluationError(
        Message(
            ko=f"내려받기에 쓰는 모든 형식으로 나타낼 수 없는 내용입니다: {ko}.",
            en=f"The graphs of the dataset are published in every form, and not every form can represent {en}.",
        ),
        cure=Message(
            ko="이 내용을 뺀 뒤 다시 보내거나 다른 이름의 그래프에 넣으십시오.",
            en="Leave it out, or put it into a graph of another name.",
        ),
    )


def _unreadable(form: Form, error: object) -> EvaluationError:
    return EvaluationError(
        Message(
            ko=f"{form.media_type} 형식으로 쓴 뒤 다시 읽을 수 없습니다: {error}.",
            en=f"Written as {form.media_type} it could not be read back: {error}.",
        ),
        cure=Message(
            ko="이 내용을 뺀 뒤 다시 보내거나 다른 이름의 그래프에 넣으십시오.",
            en="Leave it out, or put it into a graph of another name.",
        ),
    )
