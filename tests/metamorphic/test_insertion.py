"""A query becomes an update that writes what it finds, and the solutions can be read back."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from conformance.solutions import solutions
from metamorphic.insertion import SCRATCH, as_insertion, read_solutions
from metamorphic.tokens import tokenize


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?x WHERE { ?x ?p ?y }", "WHERE { ?x ?p ?y }"),
        ("SELECT ?x FROM <a:b> FROM NAMED <a:c> { ?x ?p ?y }", "USING <a:b> USING NAMED <a:c> WHERE { ?x ?p ?y }"),
        ("SELECT DISTINCT ?x { ?x ?p ?y }", "WHERE { { SELECT DISTINCT ?x { ?x ?p ?y } } }"),
        ("SELECT ?x { ?x ?p ?y } LIMIT 1", "WHERE { { SELECT ?x { ?x ?p ?y } LIMIT 1 } }"),
        ("SELECT (1 AS ?x) { }", "WHERE { { SELECT ( 1 AS ?x ) { } } }"),
        ("ASK { ?x ?p ?y }", "WHERE { ?x ?p ?y }"),
    ],
)
def test_the_pattern_stays(query: str, expected: str) -> None:
    """A pattern is that of the query, within a subquery where a pattern alone says too little."""
    text = " ".join(token.text for token in tokenize(as_insertion(tokenize(query), ["x"])))
    assert text.endswith(f"?x }} }} {expected}")


def test_a_construction_keeps_its_template() -> None:
    """What a CONSTRUCT would build is inserted."""
    text = as_insertion(tokenize("CONSTRUCT { ?x a _:b } { ?x ?p ?y }"), [])
    assert " ".join(text.split()) == f"INSERT {{ GRAPH <{SCRATCH}> {{ ?x a _:b }} }} WHERE {{ ?x ?p ?y }}"


def test_a_bag_of_solutions_survives() -> None:
    """Solutions that are equal, unbound or hold blank nodes are read back as they were."""
    store = Store()
    query = 'SELECT * { VALUES (?x ?y) { (1 UNDEF) (1 UNDEF) (UNDEF "a"@en) (UNDEF UNDEF) } }'
    store.update(as_insertion(tokenize(query), ["x", "y"]))
    quads = store.quads_for_pattern(None, None, None, NamedNode(SCRATCH))
    found = read_solutions([(quad.subject, quad.predicate, quad.object) for quad in quads], ["x", "y"])
    one = Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    expected = [(one, None), (one, None), (None, Literal("a", language="en")), (None, None)]
    assert sorted(found.rows, key=str) == sorted(expected, key=str)
    assert read_solutions([], ["x"]) == solutions(["x"], [])
    assert not any(isinstance(term, BlankNode) for row in found.rows for term in row)
