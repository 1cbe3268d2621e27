from pathlib import Path

import pytest

from kg.diff import Content
from kg.rdf import CSV, TURTLE
from kg.store import (
    Dataset,
    Engine,
    LocalEvaluator,
    Query,
    RequestedDataset,
    Store,
    Version,
    VirtualGraphNeeded,
    graphs_of,
)
from signing import checkout_of, published

BASE = "http://a/"
APART = "http://a/graphs/history"
LINES = f'<http://a/v> <http://a/p> "1" <{APART}> .\n<http://a/v> <http://a/p> "9" <{APART}> .\n'.encode()
QUADS = """<http://a/s> <http://a/p> "1" .
<http://a/s> <http://a/p> "2" <http://a/one> .
<http://a/s> <http://a/p> "3" <http://a/apart> .
"""
OBJECTS = "SELECT DISTINCT ?o"


@pytest.fixture
def engine() -> Engine:
    """Load a version of three graphs."""
    lines = QUADS.splitlines()
    return Engine(Dataset.of(checkout_of(Content(frozenset(lines), graphs_of(lines))), ("http://a/one",)))


def query(text: str, dataset: RequestedDataset | None = None) -> Query:
    """Make a query in whose default graph are two graphs of the version."""
    return Query(text, BASE, queried_graphs=("http://a/one",), dataset=dataset, results=CSV, virtual_graph=APART)


def rows(engine: Engine, output: Path, asked: Query) -> list[str]:
    """Ask, and return the rows of the answer, sorted."""
    engine.evaluate(asked, output, LINES)
    return sorted(output.read_text().split()[1:])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{OBJECTS} {{ ?s ?p ?o }}", "1 2"),
        (f"{OBJECTS} {{ GRAPH ?g {{ ?s ?p ?o }} }}", "2 3"),
        (f"{OBJECTS} {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STR(?g) != '<{APART}>') }} # GRAPH <{APART}>", "2 3"),
        (f"{OBJECTS} {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}", "1 9"),
        (f"PREFIX g: <http://a/graphs/> {OBJECTS} {{ GRAPH g:history {{ ?s ?p ?o }} }}", "1 9"),
        (f"{OBJECTS} {{ GRAPH <graphs/history> {{ ?s ?p ?o }} }}", "1 9"),
        (f"{OBJECTS} {{ GRAPH <graphs/h\\u0069story> {{ ?s ?p ?o }} }}", "1 9"),
        (f"{OBJECTS} {{ GRAPH <{APART}> {{ ?v ?p ?o }} ?s ?p ?o }}", "1"),
        (f"{OBJECTS} FROM <{APART}> {{ ?s ?p ?o }}", "1 9"),
        (f"{OBJECTS} FROM <{APART}> FROM <one> {{ ?s ?p ?o }}", "1 2 9"),
        (f"{OBJECTS} FROM NAMED <{APART}> FROM NAMED <one> {{ GRAPH ?g {{ ?s ?p ?o }} }}", "1 2 9"),
        (f"{OBJECTS} FROM <one> {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}", ""),
        (f"{OBJECTS} FROM NAMED <apart> {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}", ""),
    ],
    ids=range(13),
)
def test_only_a_query_that_names_it_sees_it(engine: Engine, tmp_path: Path, text: str, expected: str) -> None:
    """Whichever way it is named, once and again; an unnamed one is neither merged nor listed."""
    for _ in range(2):
        assert rows(engine, tmp_path / "answer", query(text)) == expected.split()


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        (RequestedDataset((APART,)), "1 9"),
        (RequestedDataset((APART, "http://a/one")), "1 2 9"),
        (RequestedDataset(("http://a/one",)), "2"),
        (RequestedDataset(("http://a/one",), (APART,)), "2"),
    ],
)
def test_the_request_may_name_it(engine: Engine, tmp_path: Path, dataset: RequestedDataset, expected: str) -> None:
    """The dataset of the protocol stands before that of the text."""
    asked = query(f"{OBJECTS} FROM <{APART}> {{ ?s ?p ?o }}", dataset)
    assert rows(engine, tmp_path / "answer", asked) == expected.split()


def test_it_is_asked_for_only_where_it_is_needed(engine: Engine, tmp_path: Path) -> None:
    """An engine without it answers what does not name it, and says so for what does."""
    engine.evaluate(query(f"{OBJECTS} {{ GRAPH ?g {{ ?s ?p '{APART}' }} }}"), tmp_path / "answer")
    with pytest.raises(VirtualGraphNeeded):
        engine.evaluate(query(f"{OBJECTS} {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}"), tmp_path / "answer")


@pytest.fixture
def version(tmp_path: Path) -> Version:
    """Commit the three graphs."""
    return published(Store(tmp_path), QUADS.encode())


def test_an_evaluator_asks_for_it(version: Version) -> None:
    """For the version that is asked, and only for a query that names it."""
    asked: list[Version] = []

    def virtual(of: Version) -> bytes:
        asked.append(of)
        return LINES

    evaluator = LocalEvaluator(virtual, ("http://a/one",))
    plain, virtual_graph = query(f"{OBJECTS} {{ ?s ?p ?o }}"), query(f"{OBJECTS} {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}")
    assert sorted(evaluator.evaluate(version, plain).body.decode().split()[1:]) == ["1", "2"]
    assert asked == []
    assert sorted(evaluator.evaluate(version, virtual_graph).body.decode().split()[1:]) == ["1", "9"]
    assert asked == [version]
    assert evaluator.graph(version, APART, TURTLE) is None
