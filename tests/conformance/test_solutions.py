"""Every form of an answer reads as the same solutions."""

import pytest
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

from conformance.result_set import read_result_set
from conformance.solutions import CSV_TYPE, JSON_TYPE, TSV_TYPE, XML_TYPE, Solutions, read_answer

TRIPLE_JSON = b"""{"head": {"vars": ["t", "u"]}, "results": {"bindings": [{"t": {"type": "triple", "value": {
  "subject": {"type": "uri", "value": "http://example.org/s"},
  "predicate": {"type": "uri", "value": "http://example.org/p"},
  "object": {"type": "literal", "value": "o", "xml:lang": "ar", "its:dir": "rtl"}}}}]}}"""

TRIPLE_XML = b"""<sparql xmlns="http://www.w3.org/2005/sparql-results#" xmlns:its="http://www.w3.org/2005/11/its">
  <head><variable name="t"/><variable name="u"/></head>
  <results><result><binding name="t"><triple>
    <subject><uri>http://example.org/s</uri></subject><predicate><uri>http://example.org/p</uri></predicate>
    <object><literal xml:lang="ar" its:dir="rtl">o</literal></object>
  </triple></binding></result></results></sparql>"""

TRIPLE_TSV = b'?t\t?u\n<<( <http://example.org/s> <http://example.org/p> "o"@ar--rtl )>>\t\n'


@pytest.mark.parametrize(
    ("media_type", "body"), [(JSON_TYPE, TRIPLE_JSON), (XML_TYPE, TRIPLE_XML), (TSV_TYPE, TRIPLE_TSV)]
)
def test_triple_terms_and_directions_are_read(media_type: str, body: bytes) -> None:
    """The forms of SPARQL 1.2 carry triple terms and directional strings."""
    directional = Literal("o", language="ar", direction=BaseDirection.RTL)
    triple = Triple(NamedNode("http://example.org/s"), NamedNode("http://example.org/p"), directional)
    assert read_answer(body, media_type) == Solutions(("t", "u"), ((triple, None),))


def test_csv_has_strings_blank_nodes_and_nothing() -> None:
    """CSV keeps no datatypes; quoted fields may hold commas and line breaks."""
    answer = read_answer(b'x,y\r\n"a,\nb",\r\n_:n,1\r\n', CSV_TYPE)
    assert isinstance(answer, Solutions)
    assert answer.rows[0] == (Literal("a,\nb"), None)
    assert isinstance(answer.rows[1][0], BlankNode)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (JSON_TYPE, b'{"head": {}, "boolean": true}'),
        (XML_TYPE, b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><boolean>true</boolean></sparql>'),
    ],
)
def test_booleans_are_read(media_type: str, body: bytes) -> None:
    """ASK is answered with a boolean."""
    assert read_answer(body, media_type) is True


def test_any_other_form_is_refused() -> None:
    """An answer in a form that nobody asked for is no answer."""
    with pytest.raises(ValueError, match="text/html"):
        read_answer(b"", "text/html")


def test_a_graph_is_no_result_set() -> None:
    """A CONSTRUCT test's expected answer is a graph like any other."""
    node = NamedNode("http://example.org/s")
    assert read_result_set([(node, node, node)]) is None
