import hashlib
from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import StoreError
from kg.store.versions import Store, Version, open_gate

QUADS = b'<http://a/s> <http://a/p> "o" .\n<http://a/s> <http://a/p> "o" <http://a/g> .\n'


def published(store: Store, quads: bytes = QUADS) -> Version:
    """Publish a version with one file."""
    return store.publish(quads, {"kg.ttl": b"<a> <b> <c> ."}, {"source": "18c94f75"})


def test_a_fresh_store_has_no_version(tmp_path: Path) -> None:
    """Before the first publication nothing is current."""
    assert Store(tmp_path / "none").current() is None
    assert Store(tmp_path / "none").versions() == ()


def test_a_version_keeps_what_it_was_made_from(tmp_path: Path) -> None:
    """A version holds the quads, the files with their digests, and the facts."""
    version = published(Store(tmp_path))
    assert version == Store(tmp_path).current()
    assert version.number == 1
    assert version.facts == {"source": "18c94f75"}
    assert version.digests == {"kg.ttl": hashlib.sha256(b"<a> <b> <c> .").hexdigest()}
    assert (version.downloads / "kg.ttl").read_bytes() == b"<a> <b> <c> ."
    assert len(pyoxigraph.Store.read_only(str(version.oxigraph))) == 2


def test_the_next_version_becomes_current_and_the_last_stays(tmp_path: Path) -> None:
    """Publishing adds a version and leaves the ones before it untouched; another opener sees it at once."""
    store, other = Store(tmp_path), Store(tmp_path)
    first = published(store)
    assert other.current() == first
    second = published(store, b"")
    assert other.current() == second
    assert [version.number for version in store.versions()] == [1, 2]
    assert len(pyoxigraph.Store.read_only(str(first.oxigraph))) == 2
    assert first.identity != second.identity


def test_quads_that_do_not_parse_change_nothing(tmp_path: Path) -> None:
    """A failed publication leaves the store as it was, without a trace."""
    store = Store(tmp_path)
    first = published(store)
    with pytest.raises(StoreError, match="cannot be read"):
        store.publish(b"<http://a/s> no quads", {}, {})
    assert store.current() == first
    assert [path.name for path in (tmp_path / "versions").iterdir()] == ["000001"]


@pytest.mark.parametrize("name", ["../kg.ttl", "a/b", ".hidden", ""])
def test_a_download_has_a_plain_name(tmp_path: Path, name: str) -> None:
    """A file name cannot lead out of the downloads."""
    with pytest.raises(StoreError, match="name"):
        Store(tmp_path).publish(QUADS, {name: b""}, {})


def test_a_crash_before_the_switch_leaves_the_old_version(tmp_path: Path) -> None:
    """A finished directory that never became current is no version, and the next write sweeps it away."""
    store = Store(tmp_path)
    published(store)
    (tmp_path / "versions" / "000002").mkdir()
    (tmp_path / "versions" / ".new-crashed").mkdir()
    assert [version.number for version in store.versions()] == [1]
    assert published(store).number == 2
    assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == ["000001", "000002"]


def test_a_derived_version_is_a_changed_clone(tmp_path: Path) -> None:
    """A change works on a clone; the version it came from keeps its triples."""
    store = Store(tmp_path)
    first = published(store)

    def clear(oxigraph: Path) -> None:
        opened = pyoxigraph.Store(oxigraph)
        opened.clear()
        opened.flush()

    second = store.derive(clear, open_gate, {"by": "test"})
    assert len(pyoxigraph.Store.read_only(str(second.oxigraph))) == 0
    assert len(pyoxigraph.Store.read_only(str(first.oxigraph))) == 2
    assert (second.downloads / "kg.nq").read_bytes() == b""
    third = store.derive(lambda _oxigraph: None, open_gate, {})
    assert list(third.digests) == ["kg.nq"]


def test_a_change_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    """What a change raises comes out, and nothing is published."""
    store = Store(tmp_path)
    first = published(store)

    def fail(_oxigraph: Path) -> None:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        store.derive(fail, open_gate, {})
    assert store.current() == first


def test_an_unknown_version_is_named(tmp_path: Path) -> None:
    """Asking for a version that is not there says so."""
    store = Store(tmp_path)
    assert store.version(published(store).number) == store.current()
    with pytest.raises(StoreError, match="no version 7"):
        store.version(7)
