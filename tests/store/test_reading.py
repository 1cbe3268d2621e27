"""The engine is asked what the specification reads, behind the query's own prologue and dataset."""

from collections.abc import Sequence
from functools import partial

import pyoxigraph
import pytest

from kg.store.reading import read

DATA = """@prefix : <http://example.org/> .
GRAPH :g1 { :a :p :o } GRAPH :g2 { :b :p :o . :b :p :c } GRAPH :g3 { :c :p :o }
"""
Results = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples


def terms(results: Results) -> Sequence[str]:
    """Return the first column as text."""
    if isinstance(results, pyoxigraph.QuerySolutions):
        return [" ".join(str(term) for term in solution) for solution in results]
    return ["true"] if isinstance(results, pyoxigraph.QueryBoolean) and results else []


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    """Hold three named graphs."""
    store = pyoxigraph.Store()
    store.load(DATA.encode(), format=pyoxigraph.RdfFormat.TRIG)
    return store


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } } ORDER BY ?n", [1, 1, 2]),
        ("SELECT ?n FROM NAMED :g2 { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } }", [2]),
        ("SELECT ?n FROM :g2 { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } }", []),
        ("SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) FROM :g2 { ?s :p* :c }", ["2 3"]),
        ("SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) FROM :g1 { ?s :p* :c }", ["1 2"]),
    ],
)
def test_answers(store: pyoxigraph.Store, query: str, rows: list[object]) -> None:
    """Rules compose, and look at the dataset that the query names."""
    results = read(f"PREFIX : <http://example.org/> {query}", store.query, terms)
    assert [
        row.replace('"^^<http://www.w3.org/2001/XMLSchema#integer>', "").replace('"', "") for row in terms(results)
    ] == [str(row) for row in rows]


def test_the_dataset_of_the_request_counts(store: pyoxigraph.Store) -> None:
    """Graphs that the protocol names are those that a GRAPH pattern is written out for."""
    ask = partial(store.query, named_graphs=[pyoxigraph.NamedNode("http://example.org/g1")])
    query = "SELECT ?g { GRAPH ?g { ?s ?p ?o MINUS { ?x ?y ?z } } }"
    assert terms(read(query, ask, terms)) == ["<http://example.org/g1>"]


@pytest.mark.parametrize(
    ("query", "where"),
    [("SELECT *\n{ FILTER (?x<?a&&?b>?y) }", "2:13"), ("SELECT * {\n GRAPH ?g { TRUE MINUS {", "2:21")],
)
def test_errors_keep_their_place(store: pyoxigraph.Store, query: str, where: str) -> None:
    """Line and column are those of the text as it came."""
    with pytest.raises(SyntaxError, match=f"at {where}"):
        read(query, store.query, terms)
