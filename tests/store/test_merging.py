from pathlib import Path

import pyoxigraph
import pytest

from kg.store import merging
from kg.store.engine import Engine, Query, RdfDataset
from kg.store.forms import CSV

QUADS = """
<http://a/s> <http://a/p> "1" .
<http://a/s> <http://a/p> "1" <http://a/one> .
<http://a/s> <http://a/p> "1" <http://a/two> .
<http://a/s> <http://a/p> "2" <http://a/two> .
<http://a/s> <http://a/p> "3" <http://a/apart> .
_:b <http://a/p> "4" <http://a/one> .
"""
COUNT = "SELECT (COUNT(*) AS ?n)"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Open a version in which one triple stands in three graphs."""
    store = pyoxigraph.Store(tmp_path / "oxigraph")
    store.bulk_load(QUADS.encode(), pyoxigraph.RdfFormat.N_QUADS)
    store.flush()
    del store
    return Engine(tmp_path / "oxigraph")


def rows(engine: Engine, output: Path, text: str, dataset: RdfDataset | None = None) -> list[str]:
    """Ask, and return the rows of the answer."""
    queried = ("http://a/one", "http://a/two")
    engine.evaluate(Query(text, "http://a/", queried_graphs=queried, dataset=dataset, results=CSV), output)
    return output.read_text().split()[1:]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"{COUNT} {{ ?s ?p ?o }}", "3"),
        (f"{COUNT} FROM <http://a/one> FROM <http://a/two> {{ ?s ?p ?o }}", "3"),
        (f"PREFIX a: <http://a/> {COUNT} FROM a:one FROM <two> {{ ?s ?p ?o }}", "3"),
        (f"{COUNT} {{ GRAPH ?g {{ ?s ?p ?o }} }}", "5"),
        (f"{COUNT} FROM <one> FROM <two> FROM NAMED <apart> {{ ?s ?p ?o GRAPH ?g {{ ?s ?p ?x }} }}", "2"),
        (f"{COUNT} FROM <http://a/two> {{ ?s ?p ?o }}", "2"),
    ],
)
def test_a_merge_has_each_triple_once(engine: Engine, tmp_path: Path, text: str, count: str) -> None:
    """However many default graphs hold a triple, a query sees it once; named graphs keep theirs."""
    assert rows(engine, tmp_path / "answer", text) == [count]


def test_so_does_the_dataset_of_the_protocol(engine: Engine, tmp_path: Path) -> None:
    """The default graphs of the request are merged as those of the text are."""
    dataset = RdfDataset(("http://a/one", "http://a/two"), ())
    assert rows(engine, tmp_path / "answer", f"{COUNT} {{ ?s ?p ?o }}", dataset) == ["3"]


def test_blank_nodes_stay_the_same_in_the_merge(engine: Engine, tmp_path: Path) -> None:
    """A blank node of a named graph is itself in the merge."""
    text = f"{COUNT} {{ ?s ?p '4' GRAPH <http://a/one> {{ ?s ?p '4' }} }}"
    assert rows(engine, tmp_path / "answer", text) == ["1"]


def test_a_large_version_stays_on_disk(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large is not held in memory, and its queries are answered all the same."""
    monkeypatch.setattr(merging, "MOST_QUADS", 2)
    large = Engine(tmp_path / "oxigraph")
    assert rows(large, tmp_path / "answer", "SELECT DISTINCT ?o { ?s ?p ?o } ORDER BY ?o") == ["1", "2", "4"]
    assert engine is not large
