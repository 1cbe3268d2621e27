"""What a store survives: other writers, crashes, damaged files, full and read-only disks, and being moved."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kg.diff.changesets import Patch
from kg.domain.errors import BudgetError, InputFileError, PreconditionError, StoreError
from kg.locales import Text
from kg.store import retention
from kg.store.durable import exclusive_lock
from kg.store.editions import Edition, Editions
from kg.store.pins import Pin
from kg.store.retention import Policy
from kg.store.verification import Corruption
from kg.store.versions import PendingCommit, Store, Version
from signing import SIGNATURE, UPDATE, held_by, patching
from tracing import Trace, strace

WRITER = """
import sys
from pathlib import Path
from kg.diff import Patch
from kg.store.versions import Store
from signing import SIGNATURE, patching

for number in range(8):
    line = f'<http://a/s> <http://a/p> "{sys.argv[2]} {number}" .'
    print(Store(Path(sys.argv[1])).commit(patching(Patch(added=(line,))), SIGNATURE).number)
"""
COMMIT = """
import sys
from pathlib import Path
from kg.diff import Patch
from kg.store.versions import Store
from signing import SIGNATURE, patching

store = Store(Path(sys.argv[1]))
store.commit(patching(Patch(added=(f'<http://a/s> <http://a/p> "{sys.argv[2]}" .',))), SIGNATURE)
print("acknowledged", flush=True)
"""
PIN = Pin("test", "cited", "2026")


def quad(number: int) -> str:
    """Return a quad that tells its number."""
    return f'<http://a/s> <http://a/p> "{number}" .'


def grown(store: Store, versions: int) -> list[bytes]:
    """Make versions of one quad more each; return what each held when it was made."""
    first = len(store.commits()) + 1
    changes = (patching(Patch(added=(quad(number),))) for number in range(first, first + versions))
    return [held_by(store.commit(change, UPDATE)) for change in changes]


def with_snapshots(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    """Have a snapshot taken of every so many versions."""
    monkeypatch.setattr(retention, "_MOST_COMMITS", every)


def commit_file(store: Path, number: int) -> Path:
    """Return the file of a commit."""
    return store / "commits" / f"{number:06}.rdfp.gz"


def change(file: Path) -> None:
    """Flip a bit."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "changed": change,
    "emptied": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-9]),
    "removed": Path.unlink,
    "another": lambda file: file.write_bytes(commit_file(file.parents[1], 1).read_bytes()),
}
"""What can become of a file."""
every_damage = pytest.mark.parametrize("how", DAMAGES)


def python(program: str, *arguments: object, prefix: Sequence[str] = ()) -> "subprocess.Popen[str]":
    """Start a program that knows the modules of the tests."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [*prefix, sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


# -- other processes -------------------------------------------------------------------------------------------------


def test_two_processes_commit_at_once(tmp_path: Path) -> None:
    """One waits for the other; every commit of both is there, each a version of its own."""
    writers = [python(WRITER, tmp_path, name) for name in ("one", "two")]
    numbers = [int(number) for writer in writers for number in writer.communicate(timeout=60)[0].split()]
    assert sorted(numbers) == list(range(1, 17))
    store = Store(tmp_path)
    assert len(held_by(store.current()).splitlines()) == 16
    assert [commit.added for commit in store.commits()] == [1] * 16
    assert store.verify() == ()


def test_a_writer_that_does_not_finish_is_not_waited_for_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer is told that it is busy; readers are not."""
    store = Store(tmp_path)
    (held,) = grown(store, 1)
    monkeypatch.setattr("kg.store.durable.lock_within", lambda _descriptor, _seconds: False)
    with pytest.raises(BudgetError, match="holds the lock"):
        grown(store, 1)
    assert held_by(Store(tmp_path).current()) == held
    monkeypatch.undo()
    with (
        exclusive_lock(tmp_path / "lock"),
        pytest.raises(BudgetError, match="holds the lock"),
        exclusive_lock(tmp_path / "lock", 0.01),
    ):
        pass


def test_a_commit_can_be_for_one_version_alone(tmp_path: Path) -> None:
    """What is asked of the current version is asked while no other writer can change it, and before any work."""
    store = Store(tmp_path)
    grown(store, 2)

    def refuse(current: Version | None) -> None:
        assert current
        assert current.number == 2
        with pytest.raises(BudgetError), exclusive_lock(tmp_path / "lock", 0.01):
            pass
        raise PreconditionError(Text({"en": "No."}), cure=Text({}))

    def work(_base: Version | None) -> PendingCommit:
        pytest.fail("it was evaluated")

    with pytest.raises(PreconditionError):
        store.commit(work, SIGNATURE, only_if=refuse)
    assert len(store.commits()) == 2


def test_one_server_serves_a_store(tmp_path: Path) -> None:
    """A second one is told so; after the first has ended there can be another."""
    with (
        Store(tmp_path).serving_lock(),
        pytest.raises(StoreError, match="Another server"),
        Store(tmp_path).serving_lock(),
    ):
        pass
    with Store(tmp_path).serving_lock():
        pass


# -- damaged files ---------------------------------------------------------------------------------------------------


@every_damage
def test_a_damaged_head_falls_back(tmp_path: Path, how: str) -> None:
    """The last sound version is current, the damaged commit in quarantine, and its number is not given again."""
    held = grown(Store(tmp_path), 5)
    store = Store(tmp_path)
    store.commits()
    DAMAGES[how](commit_file(tmp_path, 5))
    told = Store(tmp_path).verify()
    assert ("5", True) in {(str(corruption.number), corruption.is_lost) for corruption in told}
    assert (Corruption(5, "commits/000005.rdfp.gz") in told) == (how != "removed")
    found = Store(tmp_path).check()
    assert found == told
    store = Store(tmp_path)
    assert held_by(store.current()) == held[3]
    assert [commit.number for commit in store.commits()] == [1, 2, 3, 4]
    assert store.quarantined() == (() if how == "removed" else (5,))
    if how != "removed":
        with pytest.raises(StoreError, match="version 5 are damaged"):
            store.log.commit_info(5)
    assert store.check() == ()
    assert store.commit(patching(Patch(added=(quad(99),))), SIGNATURE).number == (5 if how == "removed" else 6)


@every_damage
def test_a_damaged_old_commit_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Found and put into quarantine at the start, where snapshots lead to the others."""
    with_snapshots(monkeypatch, 3)
    held = grown(Store(tmp_path), 8)
    DAMAGES[how](commit_file(tmp_path, 4))
    corruption = Corruption(4, "commits/000004.rdfp.gz")
    assert Store(tmp_path).verify() == (corruption,)
    store = Store(tmp_path)
    assert store.check() == (corruption,)
    for number in (1, 2, 3, 6, 7, 8):
        assert held_by(store.version(number)) == held[number - 1]
        assert store.changes_between(1, number) == Patch.of(quad(one) for one in range(2, number + 1))
    assert store.quarantined() == (() if how == "removed" else (4,))
    assert store.commit(patching(Patch(added=(quad(99),))), SIGNATURE).number == 9
    assert held_by(Store(tmp_path).current()) == held[7] + f"{quad(99)}\n".encode()


@every_damage
def test_damage_is_found_while_the_server_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """What was read before is compared with the file again: another route is taken, and nothing else comes out."""
    with_snapshots(monkeypatch, 3)
    store = Store(tmp_path)
    held = grown(store, 6)
    assert store.verify() == ()
    DAMAGES[how](commit_file(tmp_path, 5))
    assert held_by(store.version(6)) == held[5]
    assert held_by(store.version(4)) == held[3]
    assert store.changes_between(4, 6) == Patch.of([quad(5), quad(6)])
    with pytest.raises(StoreError if how != "removed" else Exception, match="5"):
        store.patch(5)
    assert Corruption(5, "commits/000005.rdfp.gz") in store.verify()


@every_damage
def test_a_damaged_snapshot_is_no_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Another route is taken, and the file is named."""
    with_snapshots(monkeypatch, 3)
    store = Store(tmp_path)
    held = grown(store, 7)
    DAMAGES[how](tmp_path / "snapshots" / "000006.rdfp.gz")
    store = Store(tmp_path)
    expected = () if how == "removed" else (Corruption(6, "snapshots/000006.rdfp.gz"),)
    assert store.verify() == store.check() == expected
    assert [held_by(store.version(number)) for number in range(1, 8)] == held
    assert grown(store, 1)


def test_a_snapshot_outlives_its_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later versions are checked out from it though the commit that it was taken of is damaged."""
    with_snapshots(monkeypatch, 3)
    held = grown(Store(tmp_path), 5)
    change(commit_file(tmp_path, 3))
    store = Store(tmp_path)
    assert store.check() == (Corruption(3, "commits/000003.rdfp.gz"),)
    assert [held_by(store.version(number)) for number in (1, 2, 4, 5)] == [*held[:2], *held[3:]]
    assert store.check() == ()


def test_a_damaged_report_is_named(tmp_path: Path) -> None:
    """It costs no version."""
    store = Store(tmp_path)
    version = store.commit(lambda _base: PendingCommit(Patch(added=(quad(1),)), 1, b"report"), SIGNATURE)
    change(tmp_path / "reports" / "000001.nt.gz")
    assert store.verify() == (Corruption(1, "reports/000001.nt.gz"),)
    assert store.check() == (Corruption(1, "reports/000001.nt.gz"),)
    assert store.current() == version
    assert store.log.report(1) == b""


def test_what_is_beside_the_log_is_verified(tmp_path: Path) -> None:
    """The list of pins, and what the last build made; nothing expires while the pins cannot be read."""
    store = Store(tmp_path, Policy(keep_versions=2))
    grown(store, 2)
    store.pin(1, PIN)
    edition = Edition.of(["a"])
    Editions(tmp_path).keep(edition)
    for name in ("pins.json", f"editions/{edition.name}.nq.gz"):
        (tmp_path / name).write_bytes(b"[1")
        assert Corruption(store.require_current().number, name) in store.verify()
    grown(store, 2)
    assert store.version(1)
    with pytest.raises(StoreError, match="pinned"):
        store.pin(2, PIN)


def test_a_store_without_a_sound_version_is_an_error(tmp_path: Path) -> None:
    """Nothing is thrown away, and the cure is named."""
    store = Store(tmp_path)
    grown(store, 1)
    commit_file(tmp_path, 1).write_bytes(b"{}")
    with pytest.raises(StoreError, match="restore-backup"):
        Store(tmp_path).check()
    assert [path.read_bytes() for path in tmp_path.rglob("000001.rdfp.gz")] == [b"{}"]


@pytest.mark.parametrize("content", [b"", b"what\n", b"\xff\xfe", b"-1\n"])
def test_a_damaged_pointer_is_found_at_the_start(tmp_path: Path, content: bytes) -> None:
    """HEAD names the last version again; until then every reading says what to do."""
    grown(Store(tmp_path), 2)
    (tmp_path / "HEAD").write_bytes(content)
    with pytest.raises(StoreError, match="HEAD"):
        Store(tmp_path).current()
    (named,) = Store(tmp_path).verify()
    assert (named.file, named.is_of_head, named.is_lost) == ("HEAD", True, False)
    (corruption,) = Store(tmp_path).check()
    assert corruption == named
    assert Store(tmp_path).current() == Store(tmp_path).version(2)


def test_a_pointer_to_a_commit_that_is_not_there(tmp_path: Path) -> None:
    """The newest that is there becomes current; what HEAD named is told as lost."""
    grown(Store(tmp_path), 2)
    (tmp_path / "HEAD").write_bytes(b"000009 " + b"0" * 64 + b"\n")
    assert Store(tmp_path).verify() == Store(tmp_path).check() == (Corruption(9, "content", is_lost=True),)
    assert Store(tmp_path).current() == Store(tmp_path).version(2)


# -- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_is_the_same_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restored into an empty directory it has the same versions, records, pins, changes and content."""
    with_snapshots(monkeypatch, 3)
    store = Store(tmp_path / "store")
    held = grown(store, 4)
    store.pin(2, PIN)
    (tmp_path / "store" / "audit.jsonl").write_text("{}\n")
    store.backup(tmp_path / "backup.tar")
    grown(store, 1)
    other = Store(tmp_path / "other")
    other.restore_backup(tmp_path / "backup.tar")
    assert other.commits() == store.commits()[:4]
    assert [held_by(other.version(number)) for number in (1, 2, 3, 4)] == held
    assert [other.version(number).identity for number in (1, 4)] == [
        store.version(number).identity for number in (1, 4)
    ]
    assert list(other.pins.listed()) == [2]
    assert (tmp_path / "other" / "audit.jsonl").read_text() == "{}\n"
    assert other.check() == other.verify() == ()
    assert grown(other, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "other", "store"]
    with pytest.raises(StoreError, match="not empty"):
        other.restore_backup(tmp_path / "backup.tar")


@pytest.mark.parametrize("is_started", [True, False])
def test_a_backup_of_a_store_with_a_damaged_old_commit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_started: bool,  # noqa: FBT001
) -> None:
    """It is made and can be restored, in quarantine or not; what is damaged is damaged there too."""
    with_snapshots(monkeypatch, 3)
    store = Store(tmp_path / "store")
    held = grown(store, 5)
    change(commit_file(store.path, 2))
    if is_started:
        store.check()
    store.backup(tmp_path / "backup.tar")
    other = Store(tmp_path / "other")
    other.restore_backup(tmp_path / "backup.tar")
    assert held_by(other.current()) == held[4]
    assert other.check() == (() if is_started else (Corruption(2, "commits/000002.rdfp.gz"),))
    assert other.quarantined() == (2,)


def test_a_backup_that_cannot_be_restored_is_none(tmp_path: Path) -> None:
    """It is refused when it is made, and an older one of that name stays."""
    store = Store(tmp_path / "store")
    grown(store, 3)
    store.backup(tmp_path / "backup.tar")
    older = (tmp_path / "backup.tar").read_bytes()
    change(commit_file(store.path, 3))
    with pytest.raises(StoreError, match="kg verify"):
        Store(store.path).backup(tmp_path / "backup.tar")
    assert (tmp_path / "backup.tar").read_bytes() == older
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "store"]


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    """Something else, a part of one, one with a damaged head and one of a newer program leave the directory empty."""
    store = Store(tmp_path / "store")
    grown(store, 3)
    store.backup(tmp_path / "backup.tar")
    (tmp_path / "text").write_text("no tar")
    (tmp_path / "part.tar").write_bytes((tmp_path / "backup.tar").read_bytes()[:2000])
    with tarfile.open(tmp_path / "none.tar", "w") as tar:
        tar.add(tmp_path / "text", "text")
    other = Store(tmp_path / "other")
    for name in ("text", "part.tar", "none.tar", "nowhere.tar"):
        with pytest.raises(InputFileError, match=r"not a backup|no backup"):
            other.restore_backup(tmp_path / name)
    for name, content, told in (
        ("commits/000003.rdfp.gz", b"damaged", "is damaged"),
        ("FORMAT", b"3\n", "Upgrade the program"),
    ):
        (store.path / name).write_bytes(content)
        with tarfile.open(tmp_path / "bad.tar", "w") as tar:
            tar.add(store.path, ".")
        with pytest.raises(StoreError, match=told):
            other.restore_backup(tmp_path / "bad.tar")
        Store(tmp_path / "again")
    assert list((tmp_path / "other").iterdir()) == []


# -- the disk --------------------------------------------------------------------------------------------------------


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    """The system is asked to flush the file, then its directory, then the pointer, in that order."""
    grown(Store(tmp_path / "store"), 1)
    with python(COMMIT, tmp_path / "store", "7", prefix=strace(tmp_path / "trace")) as program:
        assert program.stdout
        assert program.stdout.read() == "acknowledged\n"
    trace = Trace(tmp_path / "trace")
    assert trace.first("write(1", "acknowledged") > trace.known(tmp_path / "store", 2)


def test_the_first_commit_makes_its_directories_durable(tmp_path: Path) -> None:
    """The folder of the commits is flushed into that of the store before HEAD names one of them."""
    with python(COMMIT, tmp_path / "store", "7", prefix=strace(tmp_path / "trace")) as program:
        assert program.wait() == 0
    trace = Trace(tmp_path / "trace")
    assert trace.first("fsync", "/store>") < trace.first("fsync", "/.000001.rdfp.gz.new>")
    assert trace.first("write(1", "acknowledged") > trace.known(tmp_path / "store", 1)


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """Make a script that runs a command where a small file system is mounted; skip where that may not be."""
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted")
    return tmp_path / "store"


ON_A_DISK = """
import os, subprocess, sys
from pathlib import Path
from kg.domain import StoreError
from kg.diff import Patch
from kg.store.retention import Policy
from kg.store.versions import Store
from signing import SIGNATURE, UPDATE, held_by, patching

path = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path], check=True)
store = Store(path, Policy(keep_versions=5))
first = store.commit(patching(Patch(added=('<http://a/s> <http://a/p> "1" .',))), SIGNATURE)
held = held_by(first)
if sys.argv[2] == "full":
    free = os.statvfs(path)
    (path / "filler").write_bytes(bytes(free.f_bavail * free.f_bsize))
else:
    subprocess.run(["mount", "-o", "remount,ro", path], check=True)
change = patching(Patch(added=('<http://a/s> <http://a/p> "2" .',)))
try:
    Store(path).commit(change, SIGNATURE)
except StoreError as error:
    print(error.what)
for opened in (store, Store(path, Policy(keep_versions=5))):
    assert opened.current() == first
    assert opened.check() == opened.verify() == ()
    assert held_by(opened.current()) == held
with store.serving_lock():
    pass
if sys.argv[2] == "full":
    (path / "filler").unlink()
else:
    subprocess.run(["mount", "-o", "remount,rw", path], check=True)
print(store.commit(change, SIGNATURE).number, sorted(entry.name for entry in (path / "commits").iterdir()))
"""


@pytest.mark.parametrize(("state", "reason"), [("full", "The disk is full"), ("read-only", "on a read-only file")])
def test_a_disk_that_cannot_be_written_refuses_and_serves(mounted: Path, state: str, reason: str) -> None:
    """The commit is refused with the reason, the current version stays; after the cure it goes on."""
    mounted.mkdir()
    with python(ON_A_DISK, mounted, state, prefix=("unshare", "-rm")) as program:
        told = program.communicate(timeout=60)[0].splitlines()
    assert program.returncode == 0
    assert reason in told[0]
    assert told[1] == "2 ['000001.rdfp.gz', '000002.rdfp.gz']"


@pytest.mark.parametrize("failing", range(3))
def test_a_commit_that_is_not_switched_to_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """A disk that fails at any of the files of a commit is told; the next commit goes through."""
    store = Store(tmp_path)
    (held,) = grown(store, 1)
    real, calls = Path.replace, 0

    def fail(source: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls > failing:
            raise OSError(28, os.strerror(28))
        return real(source, target)

    def reported(_base: Version | None) -> PendingCommit:
        return PendingCommit(Patch(added=(quad(2),)), 1, b"report")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(StoreError, match="disk is full"):
            store.commit(reported, SIGNATURE)
    for opened in (store, Store(tmp_path)):
        assert held_by(opened.current()) == held
        assert opened.check() == opened.verify() == ()
    assert grown(store, 1) == [held + f"{quad(2)}\n".encode()]
    assert store.log.report(2) == b""


def test_a_commit_stands_whatever_comes_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails at the snapshot or at the expiry costs no acknowledgement."""
    with_snapshots(monkeypatch, 1)
    store = Store(tmp_path, Policy(keep_versions=1))
    real = Path.replace

    def fail(source: Path, target: Path) -> Path:
        if target.parent.name == "snapshots":
            raise OSError(28, os.strerror(28))
        return real(source, target)

    monkeypatch.setattr(Path, "replace", fail)
    held = grown(store, 3)
    assert held_by(Store(tmp_path).current()) == held[2]
    monkeypatch.undo()
    assert store.check() == ()
    assert [commit.number for commit in store.commits() if store.log.is_kept(commit.number)] == [3]
    assert held_by(Store(tmp_path).current()) == held[2]
