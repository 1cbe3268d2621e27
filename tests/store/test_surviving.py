import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import BudgetError, GoneError, InputFileError, Message, NotFoundError, PreconditionError, StoreError
from kg.store.contents import dump, patching
from kg.store.durable import exclusive
from kg.store.patches import Patch
from kg.store.pins import Pin
from kg.store.retention import Policy
from kg.store.versions import Store, Version
from signing import SIGNATURE
from tracing import Trace, strace

POLICY = Policy(keep_full=2, every=100)
WRITER = """
import sys
from pathlib import Path
from kg.store.contents import patching
from kg.store.patches import Patch
from kg.store.records import Signature
from kg.store.versions import Store
from signing import SIGNATURE

for number in range(8):
    line = f'<http://a/s> <http://a/p> "{sys.argv[2]} {number}" .'
    print(Store(Path(sys.argv[1])).commit(patching(Patch(added=(line,))), SIGNATURE).number)
"""
COMMIT = """
import sys
from pathlib import Path
from kg.store.contents import patching
from kg.store.patches import Patch
from kg.store.versions import Store
from signing import SIGNATURE

store = Store(Path(sys.argv[1]))
store.commit(patching(Patch(added=(f'<http://a/s> <http://a/p> "{sys.argv[2]}" .',))), SIGNATURE)
print("acknowledged", flush=True)
"""


def quad(number: int) -> str:
    """Return a quad that tells its number."""
    return f'<http://a/s> <http://a/p> "{number}" .'


def grown(store: Store, versions: int) -> list[bytes]:
    """Make versions of one quad more each; return what each held when it was made."""
    first = len(store.records()) + 1
    changes = (patching(Patch(added=(quad(number),))) for number in range(first, first + versions))
    return [dump(store.commit(change, SIGNATURE).oxigraph) for change in changes]


def python(program: str, *arguments: object, prefix: Sequence[str] = ()) -> "subprocess.Popen[str]":
    """Start a program that knows the modules of the tests."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [*prefix, sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_two_processes_commit_at_once(tmp_path: Path) -> None:
    """One waits for the other; every commit of both is there, each a version of its own."""
    writers = [python(WRITER, tmp_path, name) for name in ("one", "two")]
    numbers = [int(number) for writer in writers for number in writer.communicate(timeout=60)[0].split()]
    assert sorted(numbers) == list(range(1, 17))
    store = Store(tmp_path)
    current = store.current()
    assert current
    assert len(dump(current.oxigraph).splitlines()) == 16
    assert [record.added for record in store.records()] == [1] * 16


def test_a_writer_that_does_not_finish_is_not_waited_for_forever(tmp_path: Path) -> None:
    """Another writer is told that it is busy."""
    with exclusive(tmp_path / "lock"), pytest.raises(BudgetError, match="busy"), exclusive(tmp_path / "lock", 0.01):
        pass


def test_a_commit_can_be_for_one_version_alone(tmp_path: Path) -> None:
    """What is asked of the current version is asked while no other writer can change it."""
    store = Store(tmp_path)
    grown(store, 2)

    def refuse(current: Version | None) -> None:
        assert current
        assert current.number == 2
        raise PreconditionError(Message(ko="아니오", en="No."), cure=Message(ko="", en=""))

    with pytest.raises(PreconditionError):
        store.commit(patching(Patch(added=(quad(3),))), SIGNATURE, only_if=refuse)
    assert len(store.records()) == 2


def test_one_server_serves_a_store(tmp_path: Path) -> None:
    """A second one is told so; after the first has ended there can be another."""
    with Store(tmp_path).serving(), pytest.raises(StoreError, match="Another server"), Store(tmp_path).serving():
        pass
    with Store(tmp_path).serving():
        pass


FILES = ("version.json", "changes.rdfp.gz", "oxigraph.sha256", "oxigraph/CURRENT", "oxigraph/MANIFEST", "oxigraph/0")


@pytest.mark.parametrize("how", ["changed", "emptied", "removed"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_version_is_found_at_the_start(tmp_path: Path, name: str, how: str) -> None:
    """Its triple store is made again from its changes; without its record or changes it is set aside."""
    store = Store(tmp_path, POLICY)
    held = grown(store, 5)
    for file in (tmp_path / "versions" / "000005").glob(f"{name}*"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.unlink()
        if how != "removed":
            file.write_bytes(content if how == "changed" else b"")
    store = Store(tmp_path, POLICY)
    (damage,) = store.check()
    current = store.current()
    assert current
    is_mended = name.startswith("oxigraph")
    assert (damage.number, damage.is_mended) == (5, is_mended)
    assert "version 5 is damaged" in damage.in_words()
    assert current.number == (5 if is_mended else 4)
    assert dump(current.oxigraph) == held[current.number - 1]
    assert store.damaged() == (() if is_mended else (5,))
    assert store.check() == ()
    assert store.commit(patching(Patch(added=(quad(99),))), SIGNATURE).number == 6


def test_the_last_sound_version_may_be_folded(tmp_path: Path) -> None:
    """Where all triple stores are damaged but an old one, what was last is made from that."""
    store = Store(tmp_path, POLICY)
    held = grown(store, 5)
    for number in (4, 5):
        shutil.rmtree(tmp_path / "versions" / f"{number:06}" / "oxigraph")
    assert [damage.number for damage in store.check()] == [5]
    assert dump(store.version(5).oxigraph) == held[4]
    assert dump(store.version(4).oxigraph) == held[3]


def test_a_store_without_a_sound_version_is_an_error(tmp_path: Path) -> None:
    """Nothing is thrown away, and the cure is named."""
    store = Store(tmp_path)
    grown(store, 1)
    (tmp_path / "versions" / "000001" / "version.json").write_bytes(b"{}")
    with pytest.raises(StoreError, match="restore-backup"):
        Store(tmp_path).check()
    assert (tmp_path / "versions" / "000001").is_dir()


@pytest.mark.parametrize("content", [b"", b"what\n", b"000009\n"])
def test_a_damaged_pointer_is_found_at_the_start(tmp_path: Path, content: bytes) -> None:
    """CURRENT names the last version again."""
    grown(Store(tmp_path), 2)
    (tmp_path / "CURRENT").write_bytes(content)
    (damage,) = Store(tmp_path).check()
    assert damage.files == ("CURRENT",)
    assert Store(tmp_path).current() == Store(tmp_path).version(2)


def test_damaged_changes_of_an_old_version_are_found_when_they_are_needed(tmp_path: Path) -> None:
    """Another way to a folded version is taken where there is one."""
    store = Store(tmp_path, POLICY)
    held = grown(store, 6)
    (tmp_path / "versions" / "000004" / "changes.rdfp.gz").write_bytes(b"damaged")
    assert dump(store.version(3).oxigraph) == held[2]
    assert dump(store.version(4).oxigraph) == held[3]
    with pytest.raises(StoreError, match="version 4 is damaged"):
        store.patch(4)


def test_a_backup_is_the_same_store(tmp_path: Path) -> None:
    """Restored into an empty directory it has the same versions, records, pins, changes and content."""
    store = Store(tmp_path / "store", POLICY)
    held = grown(store, 4)
    store.pin(2, Pin("test", "cited", "2026"))
    (tmp_path / "store" / "audit.jsonl").write_text("{}\n")
    store.backup(tmp_path / "backup.tar")
    grown(store, 1)
    other = Store(tmp_path / "other", POLICY)
    other.restore_backup(tmp_path / "backup.tar")
    assert other.records() == store.records()[:4]
    assert [dump(other.version(number).oxigraph) for number in (1, 2, 3, 4)] == held
    assert [other.version(number).identity for number in (1, 4)] == [
        store.version(number).identity for number in (1, 4)
    ]
    assert list(other.pins.listed()) == [2]
    assert (tmp_path / "other" / "audit.jsonl").read_text() == "{}\n"
    assert other.check() == ()
    assert grown(other, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "other", "store"]
    with pytest.raises(StoreError, match="not empty"):
        other.restore_backup(tmp_path / "backup.tar")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    """Something else, a part of one, and one with a damaged file leave the directory empty."""
    store = Store(tmp_path / "store", POLICY)
    grown(store, 3)
    store.backup(tmp_path / "backup.tar")
    (tmp_path / "text").write_text("no tar")
    (tmp_path / "part.tar").write_bytes((tmp_path / "backup.tar").read_bytes()[:2000])
    with tarfile.open(tmp_path / "none.tar", "w") as tar:
        tar.add(tmp_path / "text", "text")
    damaged = tmp_path / "store" / "versions" / "000002" / "changes.rdfp.gz"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    store.backup(tmp_path / "damaged.tar")
    other = Store(tmp_path / "other")
    for name in ("text", "part.tar", "none.tar", "nowhere.tar"):
        with pytest.raises(InputFileError, match="no backup"):
            other.restore_backup(tmp_path / name)
    with pytest.raises(StoreError, match="000002/changes"):
        other.restore_backup(tmp_path / "damaged.tar")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    """The system is asked to flush files, then directories, then the pointer, in that order."""
    grown(Store(tmp_path / "store"), 1)
    with python(COMMIT, tmp_path / "store", "7", prefix=strace(tmp_path / "trace")) as program:
        assert program.stdout
        assert program.stdout.read() == "acknowledged\n"
    trace = Trace(tmp_path / "trace")
    assert trace.first("write(1", "acknowledged") > trace.known(tmp_path / "store" / "versions" / "000002")


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """Make a script that runs a command where a small file system is mounted; skip where that may not be."""
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted")
    return tmp_path / "store"


ON_A_DISK = """
import os, subprocess, sys
from pathlib import Path
from kg.errors import StoreError
from kg.store.contents import dump, patching
from kg.store.patches import Patch
from kg.store.versions import Store
from signing import SIGNATURE

path = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path], check=True)
store = Store(path)
first = store.commit(patching(Patch(added=('<http://a/s> <http://a/p> "1" .',))), SIGNATURE)
held = dump(first.oxigraph)
if sys.argv[2] == "full":
    free = os.statvfs(path)
    (path / "filler").write_bytes(bytes((free.f_bavail - 2) * free.f_bsize))
else:
    subprocess.run(["mount", "-o", "remount,ro", path], check=True)
change = patching(Patch(added=('<http://a/s> <http://a/p> "2" .',)))
try:
    Store(path).commit(change, SIGNATURE)
except StoreError as error:
    print(error.what.en)
for opened in (store, Store(path)):
    assert opened.current() == first
    assert opened.check() == ()
    assert dump(opened.current().oxigraph) == held
with store.serving():
    pass
if sys.argv[2] == "full":
    (path / "filler").unlink()
else:
    subprocess.run(["mount", "-o", "remount,rw", path], check=True)
print(store.commit(change, SIGNATURE).number, sorted(entry.name for entry in (path / "versions").iterdir()))
"""


@pytest.mark.parametrize(("state", "reason"), [("full", "The disk is full"), ("read-only", "on a read-only file")])
def test_a_disk_that_cannot_be_written_refuses_and_serves(mounted: Path, state: str, reason: str) -> None:
    """The commit is refused with the reason, the current version stays; after the cure it goes on."""
    mounted.mkdir()
    with python(ON_A_DISK, mounted, state, prefix=("unshare", "-rm")) as program:
        told = program.communicate(timeout=60)[0].splitlines()
    assert program.returncode == 0
    assert reason in told[0]
    assert told[1] == "2 ['000001', '000002']"


def test_a_commit_that_is_not_switched_to_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails just before the switch leaves the version before, and no trace."""
    store = Store(tmp_path)
    grown(store, 1)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patched:
        patched.setattr("kg.store.versions.replace_file", fail)
        with pytest.raises(StoreError, match="disk is full"):
            store.commit(patching(Patch(added=(quad(2),))), SIGNATURE)
    assert [path.name for path in (tmp_path / "versions").iterdir()] == ["000001"]
    assert grown(store, 1)


def test_the_versions_of_the_first_program_are_read(tmp_path: Path) -> None:
    """A record without time, author and checksums is one; a version follows it."""
    store = Store(tmp_path)
    (held,) = grown(store, 1)
    directory = tmp_path / "versions" / "000001"
    (directory / "version.json").write_text('{"facts": {"digest": "1", "by": "who"}, "files": {"kg.ttl": "2"}}')
    for name in ("changes.rdfp.gz", "oxigraph.sha256"):
        (directory / name).unlink()
    store = Store(tmp_path, Policy(keep_full=1, every=100))
    assert store.check() == ()
    assert (store.records()[0].author, store.records()[0].kind) == ("who", "build")
    grown(store, 2)
    assert dump(store.version(1).oxigraph) == held
    with pytest.raises(GoneError):
        store.patch(1)
    assert store.check() == ()


def test_what_a_crash_left_is_removed_at_the_start(tmp_path: Path) -> None:
    """A version half folded, a backup half made and one opened before go; what a lower setting folds is folded."""
    store = Store(tmp_path, Policy(keep_full=3, every=100))
    held = grown(store, 5)
    left = [
        tmp_path / "versions" / "000002" / ".old-oxigraph",
        tmp_path / ".backup-0",
        tmp_path / "versions" / ".new-1",
    ]
    for path in left:
        path.mkdir()
    assert dump(store.version(2).oxigraph) == held[1]
    assert Store(tmp_path, Policy(keep_full=1, every=100)).check() == ()
    assert not [path for path in left if path.exists()]
    assert list((tmp_path / "opened").iterdir()) == []
    assert [number for number in range(1, 6) if store.archive.is_full(number)] == [1, 5]
    assert [dump(store.version(number).oxigraph) for number in range(1, 6)] == held


def test_restoring_what_never_was_says_so(tmp_path: Path) -> None:
    """An unknown number is named, and nothing changes."""
    store = Store(tmp_path)
    grown(store, 1)
    with pytest.raises(NotFoundError, match="no version 9"):
        store.restore(9, replace(SIGNATURE, kind="restore"))
