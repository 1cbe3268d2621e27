"""A store of format 1, written by the code of that time, is converted whole, or not at all."""

import json
import shutil
import tarfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kg.auth import Audit, TokenStore
from kg.domain import GoneError, StoreError
from kg.store import Editions, Policy, Store
from signing import SIGNATURE, held_by, replacing

FIXTURE = Path(__file__).parent / "fixtures" / "store-of-format-1.tar.xz"
DIGESTS = {1: "0b17f391", 3: "faacc85b", 6: "e781e1a2", 10: "e10183d1", 15: "a144ff06"}
EXPIRED = [1, 2, 4, 5]
KEPT = [number for number in range(1, 16) if number not in EXPIRED]
FULL = [3, 6, 11, 14, 15]
Former = dict[int, dict[str, Any]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Unpack the store."""
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(tmp_path / "store", filter="data")
    return tmp_path / "store"


@pytest.fixture
def former(path: Path) -> Former:
    """Read the records before they are converted."""
    return {int(file.parent.name): json.loads(file.read_bytes()) for file in path.glob("versions/*/version.json")}


def check_whole(path: Path, former: Former) -> None:
    """See that nothing is lost."""
    store = Store(path)
    commits = {commit.number: commit for commit in store.commits()}
    assert list(commits) == list(range(1, 16))
    for number, commit_info in commits.items():
        was = former[number]
        for name in ("author", "message", "kind", "facts", "added", "removed", "warnings", "content"):
            assert getattr(commit_info, name) == was[name], (number, name)
        assert commit_info.time == datetime.fromisoformat(was["time"])
        if number in KEPT:
            content = store.version(number).content()
            assert content.digest == was["content"]
            assert (len(content.quads), len(store.patch(number).added)) == (commit_info.size, was["added"])
        else:
            with pytest.raises(GoneError):
                store.version(number)
    assert {number: commits[number].content[:8] for number in DIGESTS} == DIGESTS
    assert store.check() == store.verify() == ()
    assert sorted(store.pins.listed()) == [3]


def test_nothing_is_lost(path: Path, former: Former) -> None:
    """Records, content, changes, reports, pins, tokens, uses, editions: all as they were; the old files are gone."""
    beside = {name: (path / name).read_bytes() for name in ("tokens.json", "audit.jsonl", "built", "pins.json")}
    report = (path / "versions" / "000008" / "report.nt.gz").read_bytes()
    store = Store(path)
    current = store.current()
    assert current
    assert current.number == 15
    check_whole(path, former)
    assert {name: (path / name).read_bytes() for name in beside} == beside
    assert store.log.report(8) == report
    assert store.log.commit_info(8).warnings == 2
    (empty,) = store.patch(9).created
    assert empty in store.version(9).content().graphs
    assert store.log.commit_info(10).facts["restored"] == "4"
    assert TokenStore(path).listed()
    assert list(Audit(path).uses())
    (edition,) = (file.name.partition(".")[0] for file in (path / "editions").iterdir())
    assert Editions(path).lines(edition)
    assert not [name for name in ("CURRENT", "versions", "opened", "format-1") if (path / name).exists()]


def test_it_goes_on(path: Path) -> None:
    """Commits follow, what is pinned stays, and what changed between any two versions can be told."""
    store = Store(path, Policy(keep_versions=3))
    held = {number: store.version(number).content() for number in KEPT}
    for first in KEPT:
        for second in KEPT:
            assert held[first].after(store.changes_between(first, second)) == held[second]
    assert store.commit(replacing(b""), SIGNATURE).number == 16
    assert [commit.number for commit in store.commits() if store.log.is_kept(commit.number)] == [
        3,
        14,
        15,
        16,
    ]
    assert [store.version(number).content() for number in (3, 14, 15)] == [held[3], held[14], held[15]]


class Crash(BaseException):
    """The process ends here."""


def crashing(after: int, functions: list[tuple[Any, str]], patched: pytest.MonkeyPatch) -> None:
    """Have the process end at the call after so many of these functions."""
    calls = 0

    def counted(work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > after:
                raise Crash
            return work(*arguments, **named)

        return run

    for owner, name in functions:
        patched.setattr(owner, name, counted(getattr(owner, name)))


@pytest.mark.parametrize("after", [0, 9, *range(18, 28)])
def test_a_crash_amid_it_costs_nothing(path: Path, former: Former, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Between any two files that are put in place or removed: the next opening converts it, or it is converted."""
    with monkeypatch.context() as patched:
        crashing(after, [(Path, "replace"), (Path, "rename"), (shutil, "rmtree")], patched)
        try:
            Store(path).current()
        except Crash:
            assert after < 27
        else:
            assert after == 27
    check_whole(path, former)
    assert not [name for name in ("CURRENT", "versions", "opened", "format-1") if (path / name).exists()]


@pytest.mark.parametrize("after", [3, 12])
def test_what_a_crash_left_is_no_part_of_it(
    path: Path, former: Former, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Files of the conversion that did not come to its end are written anew."""
    with monkeypatch.context() as patched:
        crashing(after, [(Path, "replace")], patched)
        with pytest.raises(Crash):
            Store(path).current()
    (path / "commits" / "000001.rdfp.gz").write_bytes(b"half")
    (path / "snapshots").mkdir(exist_ok=True)
    (path / "snapshots" / "000007.rdfp.gz").write_bytes(b"half")
    check_whole(path, former)


def spoil(file: Path) -> None:
    """Damage a file, or every file of a directory, in which some have other names in other directories."""
    for one in [*file.rglob("*")] if file.is_dir() else [file]:
        one.unlink()
        one.write_bytes(b"damaged")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        *[(number, name) for number in (3, 6, 8, 10, 14) for name in ("version.json", "changes.rdfp.gz")],
        *[(number, "oxigraph") for number in (3, 6, 14)],
    ],
)
def test_damage_of_an_older_version_costs_that_alone(path: Path, former: Former, number: int, name: str) -> None:
    """The others are converted; so is what an undamaged triple store holds whose changes are damaged."""
    file = path / "versions" / f"{number:06}" / name
    spoil(file)
    store = Store(path)
    assert store.require_current().number == 15
    is_lost = name == ("oxigraph" if number == 3 else "changes.rdfp.gz" if number not in FULL else "version.json")
    is_lost = is_lost or name == "version.json"
    assert kept(store) == [other for other in KEPT if other != number or not is_lost]
    for other in kept(store):
        assert store.version(other).content().digest == former[other]["content"], other
    first = kept(store)[0]
    assert store.version(first).content().after(store.changes_between(first, 15)) == store.version(15).content()
    assert store.check() == store.verify() == ()
    assert store.commit(replacing(b""), SIGNATURE).number == 16


def kept(store: Store) -> list[int]:
    """List the versions that are kept."""
    return [commit.number for commit in store.commits() if store.log.is_kept(commit.number)]


def test_a_current_version_that_is_damaged_is_told(path: Path) -> None:
    """Nothing is removed, and the cure is named."""
    for name in ("changes.rdfp.gz", "oxigraph"):
        spoil(path / "versions" / "000015" / name)
    before = {file: file.read_bytes() for file in (path / "versions").rglob("*") if file.is_file()}
    with pytest.raises(StoreError, match="could not be converted"):
        Store(path).current()
    assert {file: file.read_bytes() for file in before} == before
    assert (path / "CURRENT").is_file()


@pytest.mark.parametrize("content", [b"", b"what\n"])
def test_a_damaged_pointer_is_no_loss(path: Path, former: Former, content: bytes) -> None:
    """The last version is current."""
    (path / "CURRENT").write_bytes(content)
    check_whole(path, former)


def test_a_backup_of_it_is_restored(path: Path, former: Former, tmp_path: Path) -> None:
    """A backup that the former code made becomes a store of today."""
    with tarfile.open(tmp_path / "backup.tar", "w") as tar:
        for file in sorted(path.rglob("*")):
            tar.add(file, str(file.relative_to(path)), recursive=False)
    other = Store(tmp_path / "other")
    other.restore_backup(tmp_path / "backup.tar")
    check_whole(other.path, former)
    assert held_by(other.current()) == held_by(Store(path).current())
    assert not (other.path / "versions").exists()


def test_the_versions_of_the_first_program_are_read(path: Path) -> None:
    """A record without time, author and checksums is one, and its content is known without changes."""
    shutil.rmtree(path / "versions" / "000015")
    (path / "CURRENT").write_text("000014\n")
    directory = path / "versions" / "000014"
    (directory / "version.json").write_text('{"facts": {"digest": "1", "by": "who"}, "files": {"kg.ttl": "2"}}')
    for name in ("changes.rdfp.gz", "oxigraph.sha256"):
        (directory / name).unlink()
    store = Store(path)
    assert store.check() == ()
    commit_info = store.commits()[-1]
    assert (commit_info.number, commit_info.author, commit_info.kind, commit_info.size) == (14, "who", "build", 33)
    assert store.patch(14) == store.changes_between(13, 14)
    assert store.commit(replacing(b""), SIGNATURE).number == 15
