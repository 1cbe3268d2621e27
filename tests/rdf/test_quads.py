"""Looking triples up: the union of all graphs, as N-Triples."""

import pytest

from kg.rdf import Index, index_lines

LINES = [
    "<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .",
    '<a:s> <a:p> "a \\"b\\""@ko <a:g> .',
    '<a:s> <a:p> "a \\"b\\""@ko .',
    "_:x <a:p> <a:o> .",
]


@pytest.fixture
def index() -> Index[str]:
    """Index a small dataset."""
    return index_lines(LINES)


def test_all_graphs_are_seen_as_one(index: Index[str]) -> None:
    """A triple that stands in two graphs is found once, and terms are as in N-Quads."""
    assert index.objects("<a:s>", "<a:p>") == ['"a \\"b\\""@ko', "<<( <a:s> <a:p> <a:o> )>>"]
    assert index.subjects("<a:p>", '"a \\"b\\""@ko') == ["<a:s>"]
    assert index.subjects("<a:p>", "<<( <a:s> <a:p> <a:o> )>>") == ["<a:s>"]
    assert index.pointing("<a:o>") == [("<a:p>", "_:x")]
    assert index.objects("_:x", "<a:p>") == ["<a:o>"]
    assert list(index) == ["<a:s>", "_:x"]


def test_what_is_not_there_is_empty(index: Index[str]) -> None:
    """A subject or an object without triples has none, and is not added by asking."""
    assert not index.objects("<a:o>", "<a:p>")
    assert not index.objects("<a:s>", "<a:q>")
    assert not index.subjects("<a:p>", "<a:x>")
    assert "<a:o>" not in index
    assert "<a:s>" in index
