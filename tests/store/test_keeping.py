from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import GoneError, NotFoundError
from kg.store import folding
from kg.store.checksums import is_sound
from kg.store.contents import digest_of, dump, patching, replacing
from kg.store.durable import Hold
from kg.store.patches import Patch
from kg.store.pins import Pin
from kg.store.retention import Policy
from kg.store.versions import Store, Version
from signing import MOMENT, SIGNATURE

PIN = Pin("test", "cited", "2026-11-22")


def line(number: int) -> str:
    """Return a quad that tells its number."""
    return f'<http://a/s> <http://a/p> "{number}" <http://a/g> .'


def grown(store: Store, versions: int) -> list[bytes]:
    """Make versions, one second after the other, each with another quad; return what each held when it was made."""
    held = []
    for _ in range(versions):
        number = len(store.records()) + 1
        change = patching(Patch(added=(line(number),), removed=(line(number - 3),)))
        version = store.commit(change, replace(SIGNATURE, time=MOMENT + timedelta(seconds=number)))
        assert version.number == number
        held.append(dump(version.oxigraph))
    return held


def full(store: Store) -> list[int]:
    """List the versions that have their triple store."""
    return [record.number for record in store.records() if store.archive.is_full(record.number)]


def test_older_versions_are_folded_and_opened_again(tmp_path: Path) -> None:
    """The last few, the first and every fourth after it are full; any other is made whole as it was."""
    store = Store(tmp_path / "store", Policy(keep_full=2, every=4))
    held = grown(store, 11)
    assert full(store) == [1, 5, 9, 10, 11]
    for number, content in enumerate(held, start=1):
        version = store.version(number)
        assert dump(version.oxigraph) == content
        assert digest_of(version.oxigraph) == version.record.content
        assert store.at(MOMENT + timedelta(seconds=number, milliseconds=500)) == version
    assert len(list((tmp_path / "store" / "opened").iterdir())) <= 8
    assert store.check() == ()
    assert not list((tmp_path / "store" / "opened").iterdir())


def test_nothing_was_before_the_first(tmp_path: Path) -> None:
    """There is no version at a moment before the first."""
    store = Store(tmp_path)
    grown(store, 1)
    with pytest.raises(NotFoundError):
        store.at(MOMENT)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 5)), min_size=2, max_size=6), st.data())
def test_what_changed_between_two_versions(
    tmp_path_factory: pytest.TempPathFactory, contents: list[frozenset[int]], data: st.DataObject
) -> None:
    """The patch between any two versions makes the one of the other, and restoring makes the old one anew."""
    store = Store(tmp_path_factory.mktemp("store"), Policy(keep_full=1))
    made: list[Version] = []
    for content in contents:
        quads = "".join(f"{line(number)}\n" for number in sorted(content)).encode()
        version = store.commit(replacing(quads), SIGNATURE)
        made += [version] if version not in made else []
    first, second = data.draw(st.sampled_from(made)), data.draw(st.sampled_from(made))
    patch = store.between(first.number, second.number)
    assert patch == store.between(second.number, first.number).inverse()
    wanted = dump(store.version(first.number).oxigraph)
    restored = store.restore(first.number, replace(SIGNATURE, kind="restore"))
    assert dump(restored.oxigraph) == wanted
    assert restored.number == made[-1].number + (0 if restored == made[-1] else 1)
    lines = set(dump(store.version(first.number).oxigraph).decode().splitlines())
    assert lines - set(patch.removed) | set(patch.added) == set(
        dump(store.version(second.number).oxigraph).decode().splitlines()
    )


def test_old_versions_are_pruned_but_not_a_pinned_one(tmp_path: Path) -> None:
    """Beyond the number that is kept the record alone stays; a pinned version is made whole before that."""
    store = Store(tmp_path / "store", Policy(keep_full=2, keep_versions=4, every=100))
    held = grown(store, 3)
    store.pin(2, PIN)
    held += grown(store, 7)
    assert full(store) == [2, 9, 10]
    assert [record.number for record in store.records()] == list(range(1, 11))
    for number in (2, 7, 8, 9, 10):
        assert dump(store.version(number).oxigraph) == held[number - 1]
    for number in (1, 3, 6):
        for ask in (store.version, store.patch, lambda gone: store.between(gone, 10)):
            with pytest.raises(GoneError):
                ask(number)
    lines = [set(held[number - 1].decode().splitlines()) for number in (2, 10)]
    assert store.between(2, 10) == Patch.of(lines[1] - lines[0], lines[0] - lines[1])
    store.unpin(2)
    with pytest.raises(NotFoundError):
        store.unpin(2)
    with pytest.raises(GoneError):
        store.pin(3, PIN)
    grown(store, 1)
    assert full(store) == [10, 11]


def test_versions_are_pruned_by_age(tmp_path: Path) -> None:
    """A version goes when the one after it is older than what is kept; the current one never does."""
    store = Store(tmp_path, Policy(keep_days=1))
    grown(store, 3)
    late = replace(SIGNATURE, time=MOMENT + timedelta(days=1, seconds=2, milliseconds=1))
    version = store.commit(patching(Patch(added=(line(77),))), late)
    kept = [record.number for record in store.records() if store.archive.is_kept(record.number)]
    assert kept == [2, 3, version.number]


def test_a_version_in_use_is_not_folded(tmp_path: Path) -> None:
    """Who has hold of a version keeps its triple store there; it is folded after, however long that takes."""
    store = Store(tmp_path, Policy(keep_full=1))
    grown(store, 2)
    hold = Hold(store.version(2).oxigraph)
    grown(store, 1)
    assert full(store) == [1, 2, 3]
    grown(store, 20)
    assert full(store) == [1, 2, 23]
    del hold
    grown(store, 1)
    assert full(store) == [1, 24]


def test_what_is_kept_for_long_is_written_densely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is none of the last any more and nobody has hold of it; what is too large stays as it is."""
    monkeypatch.setattr(folding, "_MOST_WRITTEN", 30)
    store = Store(tmp_path, Policy(keep_full=1, every=4))
    held = grown(store, 5)
    worn = store.archive.directory(5) / "oxigraph"
    before = files_of(worn)
    hold = Hold(worn)
    held += grown(store, 1)
    assert files_of(worn) == before
    monkeypatch.setattr(folding, "_MOST_BYTES", 0)
    del hold
    held += grown(store, 1)
    assert files_of(worn) == before
    monkeypatch.undo()
    monkeypatch.setattr(folding, "_MOST_WRITTEN", 30)
    held += grown(store, 1)
    assert max(files_of(worn)) < min(before)
    assert dump(worn) == held[4]
    assert is_sound(store.archive.directory(5))
    assert full(store) == [1, 5, 8]
    assert dump(store.version(4).oxigraph) == held[3]
    with pytest.raises(OSError, match="could not be written anew"):
        folding.make_dense(store.archive, 4)
    assert not list(store.archive.path.glob(".new-*"))


def files_of(oxigraph: Path) -> set[int]:
    """Return the numbers of a triple store's files."""
    return {int(path.stem) for path in oxigraph.glob("*.sst")}


def test_time_does_not_run_backwards(tmp_path: Path) -> None:
    """A version is never older than the one before it, whatever the clock says."""
    store = Store(tmp_path)
    grown(store, 1)
    early = replace(SIGNATURE, time=MOMENT - timedelta(days=1))
    assert store.commit(patching(Patch(added=(line(9),))), early).record.time == MOMENT + timedelta(seconds=1)
