"""Looking things up in the content of a version, as N-Triples."""

import pytest

from kg.diff import Content
from kg.store import ContentIndex, canonical_lines

LINES = [
    "<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .",
    '<a:s> <a:p> "a \\"b\\""@ko <a:g> .',
    '<a:s> <a:p> "a \\"b\\""@ko .',
    "_:x <a:p> <a:o> .",
]


@pytest.fixture
def inspection() -> ContentIndex:
    """Look into a small version."""
    return ContentIndex(Content(frozenset(LINES)))


def test_all_graphs_are_seen_as_one(inspection: ContentIndex) -> None:
    """A triple that stands in two graphs is found once, and terms are as in N-Quads."""
    assert inspection.objects("<a:s>", "<a:p>") == ['"a \\"b\\""@ko', "<<( <a:s> <a:p> <a:o> )>>"]
    assert inspection.subjects("<a:p>", '"a \\"b\\""@ko') == ["<a:s>"]
    assert inspection.subjects("<a:p>", "<<( <a:s> <a:p> <a:o> )>>") == ["<a:s>"]
    assert inspection.subjects("<a:p>", "<a:o>") == ["_:x"]
    assert inspection.objects("_:x", "<a:p>") == ["<a:o>"]


def test_what_cannot_be_asked_is_not_there(inspection: ContentIndex) -> None:
    """A literal has no properties, and nothing but an IRI is one."""
    assert inspection.objects('"a"', "<a:p>") == []
    assert inspection.objects("<a:s>", "_:p") == []
    assert inspection.subjects('"a"', "<a:o>") == []
    assert ContentIndex(Content()).objects("<a:s>", "<a:p>") == []


def test_lines_are_as_a_store_gives_them_back() -> None:
    """A number is kept by its value, and there is one way to escape."""
    given = (
        b'_:x <a:p> "1" .\n<a:s> <a:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<a:s> <a:p> "\\u00e9" .\n'
    )
    assert sorted(canonical_lines(given)) == [
        '<a:s> <a:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<a:s> <a:p> "é" .',
        '_:x <a:p> "1" .',
    ]
