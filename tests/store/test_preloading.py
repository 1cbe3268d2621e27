from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from kg.store import preloading
from kg.store.birth import Nursery
from kg.store.engine import Query
from kg.store.forms import CSV
from kg.store.merging import Merges
from kg.store.preloading import Contents
from kg.store.wire import query_to_message

QUADS = b"""
<http://a/s> <http://a/p> "1" .
<http://a/s> <http://a/p> "1" <http://a/one> .
_:b <http://a/p> "2" <http://a/one> .
<http://a/s> <http://a/p> "3" <http://a/apart> .
"""
QUERIED = ("http://a/one",)


@pytest.fixture
def oxigraph(tmp_path: Path) -> Path:
    """Write a triple store with an empty graph among its graphs."""
    store = pyoxigraph.Store(tmp_path / "oxigraph")
    store.bulk_load(QUADS, pyoxigraph.RdfFormat.N_QUADS)
    store.add_graph(pyoxigraph.NamedNode("http://a/empty"))
    store.flush()
    return tmp_path / "oxigraph"


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Start a nursery."""
    nursery = Nursery(memory=512 * 2**20, file_size=2**20)
    yield nursery
    nursery.close()


def rows(nursery: Nursery, oxigraph: Path, text: str) -> list[str]:
    """Ask a newborn worker; return the rows of its answer, or nothing where it is an error."""
    process = nursery.fork(Contents(str(oxigraph), QUERIED))
    process.ask(*query_to_message(oxigraph, Query(text, "http://a/", QUERIED, results=CSV)))
    _, body = process.reply()
    nursery.bury(process)
    return body.decode().split()[1:]


def spoil(oxigraph: Path) -> None:
    """Have the store be one that cannot be opened any more."""
    (oxigraph / "CURRENT").write_text("")


def test_a_worker_is_born_with_what_was_prepared(nursery: Nursery, oxigraph: Path) -> None:
    """It answers from memory, with the merge and with the named graphs, wherever the version was moved."""
    nursery.prepare(Contents(str(oxigraph), QUERIED))
    spoil(oxigraph)
    moved = oxigraph.rename(oxigraph.with_name("moved"))
    assert rows(nursery, moved, "SELECT ?o { ?s ?p ?o } ORDER BY ?o") == ["1", "2"]
    assert rows(nursery, moved, "SELECT ?g { GRAPH ?g {} } ORDER BY ?g") == [
        "http://a/apart",
        "http://a/empty",
        "http://a/one",
    ]
    assert rows(nursery, moved, "SELECT ?o { ?s ?p ?o GRAPH ?g { ?s ?p ?o } } ORDER BY ?o") == ["1", "2"]


def test_what_was_not_prepared_is_read_at_a_birth(nursery: Nursery, oxigraph: Path) -> None:
    """The first worker of a version has it read, the next ones find it."""
    assert rows(nursery, oxigraph, "SELECT ?o { ?s ?p ?o } ORDER BY ?o") == ["1", "2"]
    spoil(oxigraph)
    assert rows(nursery, oxigraph, "SELECT ?o { ?s ?p ?o } ORDER BY ?o") == ["1", "2"]


def test_preparing_reads_anew(nursery: Nursery, oxigraph: Path) -> None:
    """What was read before is forgotten, for a directory may be another's by now."""
    nursery.prepare(Contents(str(oxigraph), QUERIED))
    spoil(oxigraph)
    nursery.prepare(Contents(str(oxigraph), QUERIED))
    assert rows(nursery, oxigraph, "SELECT ?o { ?s ?p ?o } ORDER BY ?o") == []


def test_what_is_not_there_is_nobodys_fault(nursery: Nursery, oxigraph: Path, tmp_path: Path) -> None:
    """A clone that was refused is gone; workers are born all the same."""
    nursery.prepare(Contents(str(tmp_path / "gone"), QUERIED))
    nursery.bury(nursery.fork(Contents(str(tmp_path / "gone"), QUERIED)))
    assert rows(nursery, oxigraph, "ASK {}") == []


def test_only_so_many_versions_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was read first makes way for the third."""
    read: list[str] = []

    def count(contents: Contents, _memory: int) -> Merges:
        read.append(Path(contents.oxigraph).name)
        return Merges()

    monkeypatch.setattr(preloading, "_read", count)
    preloads = preloading.Preloads(2**28)
    for name in ("a", "b", "a", "c", "a"):
        (tmp_path / name).mkdir(exist_ok=True)
        assert preloads.engines(Contents(str(tmp_path / name), QUERIED))
    assert read == ["a", "b", "c", "a"]
    assert preloads.engines(None) == {}
