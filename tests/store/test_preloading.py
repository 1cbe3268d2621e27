from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store import merging, preloading
from kg.store.birth import Nursery
from kg.store.contents import clone, patching
from kg.store.engine import Query
from kg.store.forms import CSV
from kg.store.merging import Merges
from kg.store.patches import Patch
from kg.store.preloading import Contents, Step
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
    for path in oxigraph.glob("MANIFEST-*"):
        path.write_bytes(b"")


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


def test_a_small_change_is_made_of_what_was_read(nursery: Nursery, oxigraph: Path) -> None:
    """The next version is not read, however it is moved, nor the one before again."""
    nursery.prepare(Contents(str(oxigraph), QUERIED))
    clone(oxigraph, oxigraph.with_name("next"))
    patch = Patch(
        added=('<http://a/s> <http://a/p> "4" <http://a/one> .',),
        removed=('<http://a/s> <http://a/p> "1" <http://a/one> .',),
    )
    nursery.prepare(Contents(str(oxigraph.with_name("next")), QUERIED), Step(str(oxigraph), patch))
    moved = oxigraph.with_name("next").rename(oxigraph.with_name("moved"))
    spoil(moved)
    assert rows(nursery, moved, "SELECT ?o { ?s ?p ?o } ORDER BY ?o") == ["1", "2", "4"]
    assert rows(nursery, moved, "SELECT ?o { GRAPH <http://a/one> { ?s ?p ?o } } ORDER BY ?o") == ["2", "4"]


def test_a_change_of_what_is_too_large_is_too_large(oxigraph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not even counted again."""
    monkeypatch.setattr(merging, "MOST_QUADS", 3)
    preloads = preloading.Preloads(2**34)
    preloads.prepare(Contents(str(oxigraph), QUERIED))
    clone(oxigraph, oxigraph.with_name("next"))
    monkeypatch.setattr(preloading, "_read", lambda *_: pytest.fail("it was read"))
    following = Contents(str(oxigraph.with_name("next")), QUERIED)
    preloads.prepare(following, Step(str(oxigraph), Patch(removed=('<http://a/s> <http://a/p> "1" <http://a/one> .',))))
    assert list(preloads.engines(following)) == [following.oxigraph]


def test_what_was_changed_too_often_is_read_anew(oxigraph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine keeps in memory what was removed."""
    monkeypatch.setattr(merging, "MOST_QUADS", 4)
    preloads = preloading.Preloads(2**34)
    preloads.prepare(Contents(str(oxigraph), QUERIED))
    read: list[str] = []

    def note(contents: Contents, _memory: int) -> Merges:
        read.append(Path(contents.oxigraph).name)
        return Merges.none()

    monkeypatch.setattr(preloading, "_read", note)
    last = oxigraph
    for number in range(8):
        following = oxigraph.with_name(str(number))
        clone(last, following)
        quad = '<http://a/s> <http://a/p> "1" <http://a/one> .'
        patch = patching(Patch(removed=(quad,)) if number % 2 == 0 else Patch(added=(quad,)))(following)
        preloads.prepare(Contents(str(following), QUERIED), Step(str(last), patch))
        last = following
    assert read == ["5"]


QUADS_OF_ALL = st.builds(
    lambda subject, graph: f'<http://a/{subject}> <http://a/p> "1" {graph}.',
    st.sampled_from("xyz"),
    st.sampled_from(("", "<http://a/one> ", "<http://a/two> ", "<http://a/apart> ")),
)


@given(st.frozensets(QUADS_OF_ALL), st.lists(st.frozensets(QUADS_OF_ALL), max_size=3))
def test_changed_merges_are_those_of_the_changed_quads(before: frozenset[str], after: list[frozenset[str]]) -> None:
    """Whatever is added and removed: a triple stays in the merge for as long as one of its graphs has it."""
    graphs = [pyoxigraph.NamedNode("http://a/one"), pyoxigraph.NamedNode("http://a/two")]
    merges, held = of_lines(before, graphs), before
    for lines in after:
        patch = Patch.of(lines - held, held - lines, names(lines) - names(held), names(held) - names(lines))
        merges = merges.changed(patch)
        assert merges.are_held
        held = lines
        fresh = of_lines(held, graphs)
        for with_named in (False, True):
            ours, theirs = (
                made.of((pyoxigraph.DefaultGraph(), *graphs), never, with_named=with_named) for made in (merges, fresh)
            )
            assert ours is not None
            assert theirs is not None
            assert set(ours) == set(theirs)
            assert set(ours.named_graphs()) == set(theirs.named_graphs())


def of_lines(lines: frozenset[str], graphs: list[pyoxigraph.NamedNode]) -> Merges:
    """Merge what N-Quads say."""
    return Merges.of_quads("\n".join(lines).encode(), "\n".join(f"<{name}>" for name in names(lines)).encode(), graphs)


def names(lines: frozenset[str]) -> frozenset[str]:
    """Return the graphs that N-Quads name."""
    return frozenset(line.split()[3].strip("<>") for line in lines if line.count("<") == 3)


def never() -> pyoxigraph.Store:
    """Open nothing."""
    raise AssertionError


def test_only_so_many_versions_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was read first makes way for the third."""
    read: list[str] = []

    def count(contents: Contents, _memory: int) -> Merges:
        read.append(Path(contents.oxigraph).name)
        return Merges()

    monkeypatch.setattr(preloading, "_read", count)
    preloads = preloading.Preloads(2**28)
    for name in ("a", "b", "a", "c", "a"):
        if not (tmp_path / name).is_dir():
            (tmp_path / name).mkdir()
            (tmp_path / name / "CURRENT").touch()
        assert preloads.engines(Contents(str(tmp_path / name), QUERIED))
    assert read == ["a", "b", "c", "a"]
    assert preloads.engines(None) == {}
