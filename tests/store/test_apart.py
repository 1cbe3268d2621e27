import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph
import pytest
from kg.store.workers import Budgets, WorkerPool

from kg.errors import EvaluationError
from kg.store import merging
from kg.store.apart import ApartNeeded, written
from kg.store.engine import Engine, Query, RdfDataset
from kg.store.forms import CSV, GRAPH_FORMS, Form

BASE = "http://a/"
APART = "http://a/graphs/history"
LINES = f'<http://a/v> <http://a/p> "1" <{APART}> .\n<http://a/v> <http://a/p> "9" <{APART}> .\n'.encode()
QUADS = """
<http://a/s> <http://a/p> "1" .
<http://a/s> <http://a/p> "2" <http://a/one> .
<http://a/s> <http://a/p> "3" <http://a/apart> .
"""
OBJECTS = "SELECT DISTINCT ?o"


@pytest.fixture
def oxigraph(tmp_path: Path) -> Path:
    """Make a version of three graphs."""
    store = pyoxigraph.Store(tmp_path / "oxigraph")
    store.bulk_load(QUADS.encode(), pyoxigraph.RdfFormat.N_QUADS)
    store.flush()
    return tmp_path / "oxigraph"


def query(text: str, dataset: RdfDataset | None = None) -> Query:
    """Make a query in whose default graph are two graphs of the version."""
    return Query(text, BASE, queried_graphs=("http://a/one",), dataset=dataset, results=CSV, apart=APART)


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
def test_only_a_query_that_names_it_sees_it(oxigraph: Path, tmp_path: Path, text: str, expected: str) -> None:
    """Whichever way it is named; an unnamed one is neither merged nor listed."""
    assert rows(Engine(oxigraph), tmp_path / "answer", query(text)) == expected.split()


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        (RdfDataset((APART,)), "1 9"),
        (RdfDataset((APART, "http://a/one")), "1 2 9"),
        (RdfDataset(("http://a/one",)), "2"),
        (RdfDataset(("http://a/one",), (APART,)), "2"),
    ],
)
def test_the_request_may_name_it(oxigraph: Path, tmp_path: Path, dataset: RdfDataset, expected: str) -> None:
    """The dataset of the protocol stands before that of the text."""
    asked = query(f"{OBJECTS} FROM <{APART}> {{ ?s ?p ?o }}", dataset)
    assert rows(Engine(oxigraph), tmp_path / "answer", asked) == expected.split()


def test_it_is_asked_for_only_where_it_is_needed(oxigraph: Path, tmp_path: Path) -> None:
    """An engine without it answers what does not name it, and says so for what does."""
    engine = Engine(oxigraph)
    engine.evaluate(query(f"{OBJECTS} {{ GRAPH ?g {{ ?s ?p '{APART}' }} }}"), tmp_path / "answer")
    with pytest.raises(ApartNeeded):
        engine.evaluate(query(f"{OBJECTS} {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}"), tmp_path / "answer")


def test_beside_a_large_version_it_is_asked_alone(
    oxigraph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone it is always there; together with more than can be merged the error says how to ask."""
    monkeypatch.setattr(merging, "MOST_QUADS", 2)
    engine = Engine(oxigraph)
    assert rows(engine, tmp_path / "answer", query(f"{OBJECTS} FROM <{APART}> {{ ?s ?p ?o }}")) == ["1", "9"]
    with pytest.raises(EvaluationError, match="Ask it alone"):
        engine.evaluate(query(f"{OBJECTS} {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}"), tmp_path / "answer", LINES)


@pytest.mark.parametrize("form", GRAPH_FORMS, ids=lambda form: form.name)
def test_it_is_written_in_every_form(form: Form) -> None:
    """All forms hold the same triples; the graph has no name in them, as none that is read has."""
    format_ = pyoxigraph.RdfFormat.from_media_type(form.media_type)
    assert format_
    quads = list(pyoxigraph.parse(written(LINES, form, {"a": "http://a/"}), format_))
    assert {str(quad.object) for quad in quads} == {'"1"', '"9"'}
    assert {quad.graph_name for quad in quads} == {pyoxigraph.DefaultGraph()}


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    """Start workers that are given the graph when they need it."""
    pool = WorkerPool(Budgets(fast=1, slow=1), apart=lambda _version: LINES)
    yield pool
    pool.close()


def test_a_worker_asks_for_it(pool: WorkerPool, oxigraph: Path) -> None:
    """By the long way and by the quick one, once and again."""
    version: Any = SimpleNamespace(oxigraph=oxigraph, number=1)
    apart, plain = query(f"{OBJECTS} {{ GRAPH <{APART}> {{ ?s ?p ?o }} }}"), query(f"{OBJECTS} {{ ?s ?p ?o }}")

    async def soon(asked: Query) -> list[str]:
        def watch(_cancellation: object) -> asyncio.Task[None]:
            return asyncio.ensure_future(asyncio.sleep(60))

        with ThreadPoolExecutor(1) as threads:
            return sorted((await pool.evaluate_soon(version, asked, threads, watch)).body.decode().split()[1:])

    for _ in range(2):
        assert sorted(pool.evaluate(version, apart).body.decode().split()[1:]) == ["1", "9"]
        assert asyncio.run(soon(apart)) == ["1", "9"]
        assert asyncio.run(soon(plain)) == ["1", "2"]
