"""The head in memory equals a fresh load of the version, whatever way it came there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import Checkout, Content, Patch
from kg.domain import GoneError, StoreError
from kg.store import CommitLog, Dataset, Engine, Head, PendingCommit, Policy, Store, Version, head
from signing import SIGNATURE, patching
from store.test_dataset import CONTENTS, QUERIED, state


def line(number: int) -> str:
    """Return a quad that tells its number."""
    return f'<http://a/s> <http://a/p> "{number}" <http://a/one> .'


def toggled(store: Store, *numbers: int) -> Version:
    """Add these quads, or remove those that are there."""
    current = store.current()
    quads = current.content().quads if current else frozenset[str]()
    lines = frozenset(map(line, numbers))
    return store.commit(patching(Patch.of(lines - quads, lines & quads)), SIGNATURE)


def is_of(engine: Engine, version: Version) -> bool:
    """Tell whether an engine sees what a version holds."""
    return state(engine.dataset) == state(Dataset.of(version.checkout(), QUERIED))


@contextmanager
def parsed(patched: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Collect the versions that are checked out."""
    found: list[int] = []
    real = CommitLog.checkout

    def checkout(log: CommitLog, number: int) -> Checkout:
        found.append(number)
        return real(log, number)

    with patched.context() as context:
        context.setattr(CommitLog, "checkout", checkout)
        yield found


@given(
    contents=st.lists(CONTENTS, min_size=1, max_size=6),
    asked=st.lists(st.integers(0, 9), max_size=6),
    most_applied=st.sampled_from([0, 3, 100_000]),
    share=st.sampled_from([1, 16]),
)
def test_it_equals_a_fresh_load(
    tmp_path_factory: pytest.TempPathFactory, contents: list[Content], asked: list[int], most_applied: int, share: int
) -> None:
    """After each commit and any number of them, of this process and of others; older versions too, near and far."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(head, "MOST_APPLIED", most_applied)
        patched.setattr(head, "REVERTED_SHARE", share)
        path = tmp_path_factory.mktemp("store")
        held, writer = Head(Store(path), QUERIED), Store(path)
        for place, content in enumerate(contents):

            def change(base: Version | None, content: Content = content) -> PendingCommit:
                return PendingCommit((base.content() if base else Content()).changes_to(content))

            writer.commit(change, SIGNATURE)
            if place in asked:
                assert is_of(held.engine(), writer.require_current())
        current = writer.require_current()
        assert is_of(held.engine(), current)
        assert held.version == current
        for number in asked:
            version = writer.version(1 + number % current.number)
            assert is_of(held.engine(version), version)
        assert is_of(held.engine(), current)


def test_it_catches_up_by_the_changesets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is read once; what comes after is applied, until the engine holds too much that was removed."""
    store = Store(tmp_path)
    held = Head(store, QUERIED)
    toggled(store, 1)
    with parsed(monkeypatch) as read:
        held.engine()
        for number in range(2, 6):
            toggled(Store(tmp_path), number)
            toggled(Store(tmp_path), number + 10)
            read.clear()
            assert held.engine() is held.engine()
            assert read == []
        monkeypatch.setattr(head, "MOST_APPLIED", 9)
        toggled(store, 6, 7)
        read.clear()
        engine = held.engine()
        assert read == [store.require_current().number]
    assert is_of(engine, store.require_current())


def test_the_last_older_versions_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two, which somebody compares; the head is not given up for them."""
    store = Store(tmp_path)
    for number in range(1, 6):
        toggled(store, number)
    held = Head(store, QUERIED)
    current = held.engine()
    with parsed(monkeypatch) as read:
        for number in (1, 2, 1, 2, 3, 2, 1):
            assert is_of(held.engine(store.version(number)), Version(tmp_path, number))
        assert held.engine() is current
        assert [number for number in read if read.count(number)] == read
    loads = [number for number, following in zip(read, [*read[1:], 0], strict=True) if number == following]
    assert sorted(set(loads)) == [1, 2, 3]


def test_a_version_that_differs_little_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commits since are reverted, and applied again for a later version."""
    store = Store(tmp_path)
    toggled(store, *range(100))
    for number in range(2):
        toggled(store, number)
    held = Head(store, QUERIED)
    held.engine()
    with parsed(monkeypatch) as read:
        for number in (2, 1, 3, 2):
            engine = held.engine(store.version(number))
            assert read == []
            assert is_of(engine, store.version(number))
            read.clear()


def test_a_history_that_was_rewritten_is_read_anew(tmp_path: Path) -> None:
    """After a fallback and commits of other content, also where a number is given again."""
    store = Store(tmp_path)
    for number in range(1, 5):
        toggled(store, number)
    held = Head(Store(tmp_path), QUERIED)
    assert is_of(held.engine(), store.version(4))
    (tmp_path / "commits" / "000004.rdfp.gz").write_bytes(b"damaged")
    store = Store(tmp_path)
    store.check()
    assert store.require_current().number == 3
    assert is_of(held.engine(), store.version(3))
    toggled(store, 9)
    toggled(store, 10)
    assert is_of(held.engine(), store.require_current())
    shutil.rmtree(tmp_path / "damaged")
    (tmp_path / "commits" / "000006.rdfp.gz").write_bytes(b"damaged")
    store = Store(tmp_path)
    store.check()
    shutil.rmtree(tmp_path / "damaged")
    assert toggled(store, 11).number == 6
    assert is_of(held.engine(), store.require_current())


def test_another_store_in_its_place_is_read_anew(tmp_path: Path) -> None:
    """A store that was restored into the directory has the same numbers, and other versions."""
    one, two = Store(tmp_path / "one"), Store(tmp_path / "two")
    toggled(one, 1)
    toggled(two, 2)
    held = Head(one, QUERIED)
    assert is_of(held.engine(), one.require_current())
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "two").rename(tmp_path / "one")
    assert is_of(held.engine(), Version(tmp_path / "one", 1))
    toggled(Store(tmp_path / "one"), 3)
    assert is_of(held.engine(), Version(tmp_path / "one", 2))


def test_what_cannot_be_read_costs_nothing_else(tmp_path: Path) -> None:
    """An expired or damaged version is told; the head answers on."""
    store = Store(tmp_path, Policy(keep_versions=3))
    with pytest.raises(StoreError, match="kg build"):
        Head(store, QUERIED).engine()
    for number in range(1, 6):
        toggled(store, number)
    held = Head(store, QUERIED)
    held.engine()
    with pytest.raises(GoneError):
        held.engine(Version(tmp_path, 1))
    toggled(store, 6)
    (tmp_path / "commits" / "000006.rdfp.gz").write_bytes(b"damaged")
    for _ in range(2):
        with pytest.raises(StoreError):
            held.engine(Version(tmp_path, 6))
    assert is_of(held.engine(store.version(5)), store.version(5))
