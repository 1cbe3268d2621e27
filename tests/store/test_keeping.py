"""What is kept of older versions: their content, for as long as the operator says, and what changed between them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import Content, Patch
from kg.domain import GoneError, NotFoundError, StoreError
from kg.store import Change, LocalEvaluator, PendingCommit, Pin, Policy, Store, Version, retention
from signing import MOMENT, SIGNATURE, UPDATE, held_by, patching, replacing

PIN = Pin("test", "cited", "2026-11-22")


def line(number: int) -> str:
    """Return a quad that tells its number."""
    return f'<http://a/s> <http://a/p> "{number}" <http://a/g> .'


def grown(store: Store, versions: int) -> list[bytes]:
    """Make versions, one second after the other, each with another quad; return what each held when it was made."""
    held = []
    for _ in range(versions):
        number = len(store.commits()) + 1
        change = patching(Patch(added=(line(number),), removed=(line(number - 3),)))
        version = store.commit(change, replace(UPDATE, time=MOMENT + timedelta(seconds=number)))
        assert version.number == number
        held.append(held_by(version))
    return held


def kept(store: Store) -> list[int]:
    """List the versions of which more than the record is kept."""
    return [commit.number for commit in store.commits() if store.log.is_kept(commit.number)]


def restore(base: Version, patch: Patch) -> PendingCommit:
    """Evaluate the changeset of a restore."""
    change = Change("patch", "http://a/", text=patch.to_text())
    return LocalEvaluator().change(base, change).pending


@pytest.mark.parametrize("most_commits", [1, 2, 4, 1000])
def test_every_version_can_be_checked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_commits: int) -> None:
    """However many snapshots there are; by number and by moment."""
    monkeypatch.setattr(retention, "_MOST_COMMITS", most_commits)
    store = Store(tmp_path / "store")
    held = grown(store, 11)
    assert len(store.log.snapshots()) == 11 // most_commits
    for number, content in enumerate(held, start=1):
        version = Store(store.path).version(number)
        assert held_by(version) == content
        assert version.content().digest == version.commit_info.content
        assert store.at(MOMENT + timedelta(seconds=number, milliseconds=500)) == version
    assert store.check() == store.verify() == ()


def test_a_snapshot_is_due_when_much_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many quads as a quarter of the version, but no few; and after each build."""
    monkeypatch.setattr(retention, "_FEW_QUADS", 3)
    store = Store(tmp_path)
    store.commit(replacing("\n".join(map(line, range(20))).encode()), UPDATE)
    for number in range(20, 26):
        store.commit(patching(Patch(added=(line(number),))), UPDATE)
    assert store.log.snapshots() == (1, 7)
    store.commit(patching(Patch(added=(line(26),))), SIGNATURE)
    assert store.log.snapshots() == (1, 7, 8)


def test_nothing_was_before_the_first(tmp_path: Path) -> None:
    """There is no version at a moment before the first."""
    store = Store(tmp_path)
    grown(store, 1)
    with pytest.raises(NotFoundError):
        store.at(MOMENT)


@given(st.lists(st.frozensets(st.integers(0, 5)), min_size=2, max_size=6), st.data())
def test_what_changed_between_two_versions(
    tmp_path_factory: pytest.TempPathFactory, contents: list[frozenset[int]], data: st.DataObject
) -> None:
    """The patch between any two versions makes the one of the other, and restoring makes the old one anew."""
    store = Store(tmp_path_factory.mktemp("store"))
    made: list[Version] = []
    for content in contents:
        quads = "".join(f"{line(number)}\n" for number in sorted(content)).encode()
        version = store.commit(replacing(quads), SIGNATURE)
        made += [version] if version not in made else []
    first, second = data.draw(st.sampled_from(made)), data.draw(st.sampled_from(made))
    patch = store.changes_between(first.number, second.number)
    assert patch == store.changes_between(second.number, first.number).inverse()
    assert first.content().after(patch) == second.content()
    wanted = first.content()
    restored = store.restore(first.number, restore, SIGNATURE)
    assert restored.content() == wanted
    assert restored.number == made[-1].number + (0 if restored == made[-1] else 1)
    assert restored.commit_info.kind == ("build" if restored == made[-1] else "restore")


def test_a_restored_version_says_which(tmp_path: Path) -> None:
    """Its content has the digest of the one that it holds again; an unknown or expired one is named."""
    store = Store(tmp_path, Policy(keep_versions=2))
    grown(store, 4)
    restored = store.restore(3, restore, SIGNATURE)
    assert (restored.number, restored.facts) == (5, {"restored": "3"})
    assert restored.commit_info.content == store.commits()[2].content
    with pytest.raises(NotFoundError, match="no version 9"):
        store.restore(9, restore, SIGNATURE)
    with pytest.raises(GoneError):
        store.restore(1, restore, SIGNATURE)
    assert len(store.commits()) == 5


def test_old_versions_expire_but_not_a_pinned_one(tmp_path: Path) -> None:
    """Beyond the number that is kept the record alone stays; a pinned version is kept whole."""
    store = Store(tmp_path / "store", Policy(keep_versions=4))
    held = grown(store, 3)
    store.pin(2, PIN)
    assert Store(store.path).pins.listed() == {2: PIN}
    held += grown(store, 7)
    assert kept(store) == [2, 7, 8, 9, 10]
    assert [commit.number for commit in store.commits()] == list(range(1, 11))
    for number in kept(store):
        assert held_by(store.version(number)) == held[number - 1]
    for number in (1, 3, 6):
        for ask in (store.version, store.patch, lambda gone: store.changes_between(gone, 10)):
            with pytest.raises(GoneError):
                ask(number)
    lines = [set(held[number - 1].decode().splitlines()) for number in (2, 10)]
    assert store.changes_between(2, 10) == Patch.of(lines[1] - lines[0], lines[0] - lines[1])
    store.unpin(2)
    with pytest.raises(NotFoundError):
        store.unpin(2)
    with pytest.raises(GoneError):
        store.pin(3, PIN)
    grown(store, 1)
    assert kept(store) == [8, 9, 10, 11]
    assert store.check() == store.verify() == ()
    assert not [path for path in (tmp_path / "store" / "snapshots").iterdir() if path.name < "000008"]


def test_versions_expire_by_age(tmp_path: Path) -> None:
    """A version goes when the one after it is older than what is kept; the current one never does."""
    store = Store(tmp_path, Policy(keep_days=1))
    grown(store, 3)
    late = replace(SIGNATURE, time=MOMENT + timedelta(days=1, seconds=2, milliseconds=1))
    version = store.commit(patching(Patch(added=(line(77),))), late)
    assert kept(store) == [2, 3, version.number]


def test_a_lower_setting_is_applied_at_the_start(tmp_path: Path) -> None:
    """Before it is served, a store drops what the operator keeps no more."""
    held = grown(Store(tmp_path), 5)
    store = Store(tmp_path, Policy(keep_versions=2))
    assert store.check() == ()
    assert kept(store) == [4, 5]
    assert [held_by(store.version(number)) for number in (4, 5)] == held[3:]


@pytest.mark.parametrize("step", range(6))
def test_a_crash_amid_expiry_loses_nothing_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Whichever file was written or removed last."""
    store = Store(tmp_path, Policy(keep_versions=2))
    held = grown(Store(tmp_path), 4)
    steps = 0

    class Crash(BaseException):
        pass

    def counted(work: object) -> object:
        def run(*arguments: object, **named: object) -> object:
            nonlocal steps
            steps += 1
            if steps > step:
                raise Crash
            return work(*arguments, **named)  # type: ignore[operator]

        return run

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", counted(Path.replace))
        patched.setattr(Path, "unlink", counted(Path.unlink))
        with pytest.raises(Crash):
            store.check()
    store = Store(tmp_path, Policy(keep_versions=2))
    for number in kept(store):
        assert held_by(store.version(number)) == held[number - 1]
    assert store.check() == ()
    assert kept(store) == [3, 4]
    assert [held_by(store.version(number)) for number in (3, 4)] == held[2:]


ACTIONS = st.one_of(
    st.tuples(st.just("commit"), st.frozensets(st.integers(0, 6), min_size=1)),
    st.tuples(st.just("pin"), st.integers(1, 9)),
    st.tuples(st.just("unpin"), st.integers(1, 9)),
    st.tuples(st.just("damage"), st.integers(0, 10**6)),
    st.tuples(st.just("start"), st.just(0)),
)


@given(
    actions=st.lists(ACTIONS, min_size=4, max_size=14),
    keep_versions=st.sampled_from([None, 2, 4]),
    most_commits=st.sampled_from([1, 2, 1000]),
)
def test_what_is_kept_and_sound_is_what_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    actions: list[tuple[str, frozenset[int] | int]],
    keep_versions: int | None,
    most_commits: int,
) -> None:
    """Whatever is committed, pinned, expired and damaged: a version holds what it held, or damage is told."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(retention, "_MOST_COMMITS", most_commits)
        path = tmp_path_factory.mktemp("store")
        store, held = Store(path, Policy(keep_versions=keep_versions)), dict[int, Content]()
        is_damaged = False
        for what, value in actions:
            if what == "damage":
                is_damaged = corruption(path, int(str(value))) or is_damaged
                store = Store(path, store.policy)
            elif not act(store, held, what, value):
                assert is_damaged
                return
            check_all(store, held, is_damaged=is_damaged)


def act(store: Store, held: dict[int, Content], what: str, value: object) -> bool:
    """Do one thing to a store; tell whether it can be used on."""
    try:
        if what == "start":
            store.check()
        elif what == "commit" and isinstance(value, frozenset):
            there = frozenset(map(line, value))

            def toggle(base: Version | None) -> PendingCommit:
                quads = base.content().quads if base else frozenset[str]()
                created = () if base and base.content().graphs else ("http://a/g",)
                return PendingCommit(Patch.of(there - quads, there & quads, created))

            version = store.commit(toggle, SIGNATURE)
            held[version.number] = version.content()
        elif what == "pin":
            store.pin(int(str(value)), PIN)
        else:
            store.unpin(int(str(value)))
    except StoreError:
        return False
    except (NotFoundError, GoneError):
        pass
    return True


def corruption(path: Path, choice: int) -> bool:
    """Change a byte of one file of the log; tell whether there is any."""
    files = [file for file in sorted(path.rglob("*.gz")) if "damaged" not in str(file)]
    if not files:
        return False
    file = files[choice % len(files)]
    content = bytearray(file.read_bytes())
    content[choice % len(content)] ^= 1 << choice % 8
    file.write_bytes(content)
    return True


def check_all(store: Store, held: dict[int, Content], *, is_damaged: bool) -> None:
    """See that each version that is kept holds what it held; it may be lost only where damage is told."""
    for commit in store.commits():
        if not store.log.is_kept(commit.number):
            continue
        content = checked_out(store, commit.number)
        assert content == held[commit.number] or (content is None and is_damaged and store.verify())


def checked_out(store: Store, number: int) -> Content | None:
    """Check a version out; None where it is damaged."""
    try:
        return store.version(number).content()
    except StoreError:
        return None
