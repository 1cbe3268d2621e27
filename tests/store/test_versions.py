from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kg.diff import Content, Patch
from kg.domain import NotFoundError, StoreError, TooLargeError
from kg.store import PendingCommit, Policy, Store, Version
from signing import SIGNATURE, held_by, patching, published, replacing

QUADS = b'<http://a/s> <http://a/p> "o" .\n<http://a/s> <http://a/p> "o" <http://a/g> .\n'
LINES = tuple(QUADS.decode().splitlines())


def first_of(store: Store) -> Version:
    """Make the first version."""
    return published(store, QUADS, {"source": "18c94f75"})


def test_a_fresh_store_has_no_version(tmp_path: Path) -> None:
    """Before the first commit nothing is current."""
    assert Store(tmp_path / "none").current() is None
    assert Store(tmp_path / "none").commits() == ()
    assert Store(tmp_path / "none").check() == Store(tmp_path / "none").verify() == ()
    with pytest.raises(StoreError, match="kg build"):
        Store(tmp_path / "none").require_current()
    assert not (tmp_path / "none").exists()


def test_a_version_keeps_what_it_was_made_from(tmp_path: Path) -> None:
    """A version holds the quads and its record."""
    version = first_of(Store(tmp_path))
    assert version == Store(tmp_path).current()
    assert version.number == 1
    commit_info = version.commit_info
    assert (commit_info.author, commit_info.message, commit_info.time, commit_info.kind) == (
        SIGNATURE.author,
        SIGNATURE.message,
        SIGNATURE.time,
        "build",
    )
    assert (commit_info.facts, commit_info.added, commit_info.removed, commit_info.warnings) == (
        {"source": "18c94f75"},
        2,
        0,
        0,
    )
    assert (commit_info.size, commit_info.parent, commit_info.parent_digest) == (2, 0, "")
    assert version.modified == SIGNATURE.time.timestamp()
    assert Store(tmp_path).patch(1) == Patch(added=LINES, created=("http://a/g",))
    assert version.content() == Content(frozenset(LINES), frozenset(["http://a/g"]))
    assert version.content().digest == commit_info.content


def test_the_next_version_becomes_current_and_the_last_stays(tmp_path: Path) -> None:
    """A commit adds a version and leaves the ones before it untouched; another opener sees it at once."""
    store, other = Store(tmp_path), Store(tmp_path)
    first = first_of(store)
    assert other.current() == first
    second = published(store, b"")
    assert other.current() == second
    assert [commit.number for commit in other.commits()] == [1, 2]
    assert (held_by(first), held_by(second)) == (QUADS, b"")
    assert first.identity != second.identity
    assert (second.commit_info.parent, second.commit_info.parent_digest) == (1, first.identity)


def test_the_report_of_validation_is_kept(tmp_path: Path) -> None:
    """With the number of its warnings; a commit without one has none, whatever a crash left under its number."""
    store = Store(tmp_path)
    first = store.commit(lambda _base: PendingCommit(Patch(added=(LINES[0],)), 2, b"report"), SIGNATURE)
    assert (first.commit_info.warnings, store.log.report(1)) == (2, b"report")
    (tmp_path / "reports" / "000002.nt.gz").write_bytes(b"left by a crash")
    published(store, b"")
    assert store.log.report(2) == b""
    assert store.verify() == ()


def test_a_crash_before_the_switch_leaves_the_old_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that HEAD does not name is no version, and the next one takes its place."""
    store = Store(tmp_path)
    first = first_of(store)

    class Crash(BaseException):
        pass

    real = Path.replace

    def crash(source: Path, target: Path) -> Path:
        if target.name == "HEAD":
            raise Crash
        return real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", crash)
        with pytest.raises(Crash):
            published(store, b"")
    assert (tmp_path / "commits" / "000002.rdfp.gz").is_file()
    store = Store(tmp_path)
    assert store.check() == ()
    assert store.current() == first
    assert [commit.number for commit in store.commits()] == [1]
    with pytest.raises(NotFoundError, match="no version 2"):
        store.version(2)
    quads = b'<http://a/s> <http://a/p> "other" .\n'
    second = published(store, quads)
    assert (second.number, held_by(second), held_by(Store(tmp_path).current())) == (2, quads, quads)


def test_a_change_of_nothing_makes_no_version(tmp_path: Path) -> None:
    """The current version stays current; an empty graph that comes or goes is something."""
    store = Store(tmp_path)
    first = first_of(store)
    assert first_of(store) == first
    assert store.commit(lambda _base: PendingCommit(Patch()), SIGNATURE) == first
    assert store.commit(patching(Patch(created=("http://a/empty",))), SIGNATURE).number == 2


def test_a_change_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    """What a change raises comes out, and nothing is committed."""
    store = Store(tmp_path)
    first = first_of(store)

    def fail(base: Version | None) -> PendingCommit:
        assert base == first
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        store.commit(fail, SIGNATURE)
    assert store.current() == first
    assert [path.name for path in (tmp_path / "commits").iterdir()] == ["000001.rdfp.gz"]


def test_an_unknown_version_is_named(tmp_path: Path) -> None:
    """Asking for a version that is not there says so."""
    store = Store(tmp_path)
    assert store.version(first_of(store).number) == store.current()
    for ask in (
        store.version,
        lambda number: store.changes_between(1, number),
        lambda number: store.changes_between(number, 1),
    ):
        with pytest.raises(NotFoundError, match="no version 7"):
            ask(7)


def test_a_store_of_a_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Every way in names the cure; also where the newer program has another file in the place of HEAD."""
    first_of(Store(tmp_path))
    (tmp_path / "FORMAT").write_text("3\n")
    (tmp_path / "HEAD").write_text("of another form\n")
    for _ in range(2):
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        store = Store(tmp_path)
        for way in (store.current, store.commits, store.check, store.verify, partial(published, store, b"")):
            with pytest.raises(StoreError, match="Upgrade the program"):
                way()
        assert {path: path.read_bytes() for path in before} == before
        (tmp_path / "HEAD").unlink(missing_ok=True)


def test_a_commit_beyond_the_capacity_is_refused(tmp_path: Path) -> None:
    """The message has both numbers and names what to use instead; what makes the graph smaller goes through."""
    store = Store(tmp_path, Policy(capacity=2))
    first = first_of(store)
    more = tuple(f'<http://a/s> <http://a/p> "{number}" .' for number in range(3))
    with pytest.raises(TooLargeError, match=r"3 quads.*at most 2\.") as refused:
        store.commit(patching(Patch(added=more[:1])), SIGNATURE)
    assert "Fuseki" in str(refused.value.cure)
    assert "Fuseki" in refused.value.cure.in_language("ko")
    assert store.current() == first
    large = Store(tmp_path)
    large.commit(replacing("\n".join((*LINES, *more)).encode()), SIGNATURE)
    smaller = store.commit(patching(Patch(added=(more[0].replace("0", "9"),), removed=more[:2])), SIGNATURE)
    assert (smaller.number, smaller.commit_info.size) == (3, 4)


def test_time_does_not_run_backwards(tmp_path: Path) -> None:
    """A version is never older than the one before it, whatever the clock says."""
    store = Store(tmp_path)
    first = first_of(store)
    early = replace(SIGNATURE, time=SIGNATURE.time.replace(year=2025))
    assert store.commit(replacing(b""), early).commit_info.time == first.commit_info.time
