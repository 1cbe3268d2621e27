from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import NotFoundError, StoreError
from kg.store import history
from kg.store.contents import clone, dump
from kg.store.patches import Patch
from kg.store.versions import Store, Version
from signing import SIGNATURE, published

QUADS = b'<http://a/s> <http://a/p> "o" .\n<http://a/s> <http://a/p> "o" <http://a/g> .\n'
LINES = tuple(QUADS.decode().splitlines())


def first_of(store: Store) -> Version:
    """Make the first version."""
    return published(store, QUADS, {"source": "18c94f75"})


def test_a_fresh_store_has_no_version(tmp_path: Path) -> None:
    """Before the first commit nothing is current."""
    assert Store(tmp_path / "none").current() is None
    assert Store(tmp_path / "none").records() == ()


def test_a_version_keeps_what_it_was_made_from(tmp_path: Path) -> None:
    """A version holds the quads and its record."""
    version = first_of(Store(tmp_path))
    assert version == Store(tmp_path).current()
    assert version.number == 1
    record = version.record
    assert (record.author, record.message, record.time, record.kind) == (
        SIGNATURE.author,
        SIGNATURE.message,
        SIGNATURE.time,
        "build",
    )
    assert (record.facts, record.added, record.removed, record.warnings) == ({"source": "18c94f75"}, 2, 0, 0)
    assert Store(tmp_path).patch(1) == Patch(added=LINES, created=("http://a/g",))
    assert dump(version.oxigraph) == QUADS


def test_the_next_version_becomes_current_and_the_last_stays(tmp_path: Path) -> None:
    """A commit adds a version and leaves the ones before it untouched; another opener sees it at once."""
    store, other = Store(tmp_path), Store(tmp_path)
    first = first_of(store)
    assert other.current() == first
    second = published(store, b"")
    assert other.current() == second
    assert [record.number for record in other.records()] == [1, 2]
    assert dump(first.oxigraph) == QUADS
    assert first.identity != second.identity


def test_quads_that_do_not_parse_change_nothing(tmp_path: Path) -> None:
    """A failed commit leaves the store as it was, without a trace."""
    store = Store(tmp_path)
    first = first_of(store)
    with pytest.raises(StoreError, match="cannot be read"):
        published(store, b"<http://a/s> no quads")
    assert store.current() == first
    assert [path.name for path in (tmp_path / "versions").iterdir()] == ["000001"]


def test_a_crash_before_the_switch_leaves_the_old_version(tmp_path: Path) -> None:
    """A finished directory that never became current is no version, and the next write sweeps it away."""
    store = Store(tmp_path)
    first_of(store)
    (tmp_path / "versions" / "000002").mkdir()
    (tmp_path / "versions" / ".new-crashed").mkdir()
    assert [record.number for record in store.records()] == [1]
    assert published(store, b"").number == 2
    assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == ["000001", "000002"]


def test_a_change_works_on_a_clone(tmp_path: Path) -> None:
    """The version that a change came from keeps its triples."""
    store = Store(tmp_path)
    first = first_of(store)

    def clear(oxigraph: Path) -> Patch:
        opened = pyoxigraph.Store(oxigraph)
        opened.clear()
        opened.flush()
        return Patch(removed=LINES, dropped=("http://a/g",))

    second = store.commit(clear, SIGNATURE)
    assert (dump(second.oxigraph), dump(first.oxigraph)) == (b"", QUADS)


def test_a_change_of_nothing_makes_no_version(tmp_path: Path) -> None:
    """The current version stays current."""
    store = Store(tmp_path)
    first = first_of(store)
    assert first_of(store) == first
    assert store.commit(lambda _oxigraph: Patch(), SIGNATURE) == first
    assert [path.name for path in (tmp_path / "versions").iterdir()] == ["000001"]


def test_a_change_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    """What a change raises comes out, and nothing is committed."""
    store = Store(tmp_path)
    first = first_of(store)

    def fail(_oxigraph: Path) -> Patch:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        store.commit(fail, SIGNATURE)
    assert store.current() == first


def test_an_unknown_version_is_named(tmp_path: Path) -> None:
    """Asking for a version that is not there says so."""
    store = Store(tmp_path)
    assert store.version(first_of(store).number) == store.current()
    with pytest.raises(NotFoundError, match="no version 7"):
        store.version(7)


def test_what_changed_a_moment_ago_is_known_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a version to one of the next few, where little changed and it can be read."""
    store = Store(tmp_path)
    lines = [f'<http://a/s> <http://a/p> "{number}" .' for number in range(6)]
    versions = [published(store, "\n".join(lines[: number + 1]).encode()) for number in range(6)]
    assert store.step(versions[1], versions[3]) == Patch(added=tuple(lines[2:4]))
    assert store.step(versions[1], versions[1]) is None
    assert store.step(versions[3], versions[1]) is None
    assert store.step(versions[0], versions[5]) is None
    (versions[2].path / "changes.rdfp.gz").write_bytes(b"")
    assert store.step(versions[1], versions[3]) is None
    assert store.step(versions[2], versions[3]) == Patch(added=(lines[3],))
    for bound in ("_MOST_LETTERS", "_MOST_BYTES"):
        with monkeypatch.context() as bounded:
            bounded.setattr(history, bound, 1)
            assert store.step(versions[2], versions[3]) is None
    (versions[3].path / "changes.rdfp.gz").unlink()
    assert store.step(versions[2], versions[3]) is None


def test_a_clone_is_a_copy_where_no_file_may_have_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems allow no hard links."""
    version = first_of(Store(tmp_path / "store"))

    def refuse(_path: Path, _target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    clone(version.oxigraph, tmp_path / "clone")
    assert {path.stat().st_nlink for path in (tmp_path / "clone").iterdir()} == {1}
    assert dump(tmp_path / "clone") == QUADS


def test_a_clone_is_the_same_and_apart(tmp_path: Path) -> None:
    """It shares the files that are never written again, and what is done to it is not done to the other."""
    store = Store(tmp_path / "store")
    version = published(store, b'<http://a/s> <http://a/p> "1" <http://a/g> .\n')
    before = {path.name: path.read_bytes() for path in version.oxigraph.iterdir()}
    clone(version.oxigraph, tmp_path / "clone")
    shared = {path.name for path in (tmp_path / "clone").iterdir() if path.stat().st_nlink > 1}
    assert shared == {name for name in before if name.endswith(".sst")} != set()
    opened = pyoxigraph.Store(tmp_path / "clone")
    assert dump(version.oxigraph) == b"".join(sorted(f"{quad} .\n".encode() for quad in opened))
    opened.update("CLEAR ALL")
    opened.optimize()
    del opened
    assert {path.name: path.read_bytes() for path in version.oxigraph.iterdir()} == before
    assert dump(tmp_path / "clone") == b""
