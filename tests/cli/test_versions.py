import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from kg.cli import main
from kg.store import Store, retention
from signing import published

QUADS = b'<http://a/s> <http://a/p> "1" .\n'
INSERT = "INSERT DATA { <http://a/s> <http://a/p> '2' }"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Make a store of one version, and have the command use it."""
    monkeypatch.setenv("KG_STORE", str(tmp_path / "store"))
    store = Store(tmp_path / "store")
    published(store, QUADS)
    return store


def test_a_change_is_signed_listed_and_undone(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """An update keeps who and why; going back makes a new version; an update of nothing makes none."""
    assert main(["update", INSERT, "--message", "한 건 추가", "--author", "홍길동"]) == 0
    assert main(["update", INSERT]) == 0
    assert main(["restore", "1", "--message", "되돌림"]) == 0
    assert main(["pin", "2", "--message", "cited"]) == 0
    told = capsys.readouterr().out
    assert (told.count("kg: version 2 in"), told.count("kg: nothing changed")) == (1, 1)
    assert main(["history"]) == 0
    headings, *rows = [re.split(r" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert headings == ["version", "time", "author", "kind", "quads", "message"]
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert rows[1][2:] == ["홍길동", "update", "+1 -0", "한 건 추가 (pinned)"]
    assert rows[2][3:] == ["restore", "+0 -1", "되돌림"]
    current = store.current()
    assert current
    assert current.facts == {"restored": "1"}
    assert main(["unpin", "2"]) == 0
    assert main(["unpin", "2"]) == 2
    assert main(["restore", "9"]) == 2


def test_a_backup_is_restored(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The restored store is that which was backed up."""
    assert main(["backup", str(tmp_path / "backup.tar")]) == 0
    monkeypatch.setenv("KG_STORE", str(tmp_path / "other"))
    assert main(["restore-backup", str(tmp_path / "backup.tar")]) == 0
    assert Store(tmp_path / "other").commits() == store.commits()
    assert main(["restore-backup", str(tmp_path / "backup.tar")]) == 3


def test_damaged_files_are_named(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code says whether the current version is sound; nothing is changed."""
    monkeypatch.setattr(retention, "_MOST_COMMITS", 2)
    for number in (2, 3, 4):
        assert main(["update", INSERT.replace("2", str(number))]) == 0
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.endswith("0 damaged files\n")
    old, head = (store.path / "commits" / f"{number:06}.rdfp.gz" for number in (3, 4))
    old.write_bytes(b"")
    (store.path / "snapshots" / "000002.rdfp.gz").write_bytes(b"damaged")
    assert main(["verify"]) == 1
    told = capsys.readouterr().out
    assert "version 3: commits/000003.rdfp.gz is damaged" in told
    assert "version 2: snapshots/000002.rdfp.gz is damaged" in told
    head.write_bytes(b"")
    before = {path: path.read_bytes() for path in store.path.rglob("*") if path.is_file()}
    assert main(["verify"]) == 3
    told = capsys.readouterr().out
    assert "version 4: commits/000004.rdfp.gz is damaged" in told
    assert "version 4 is lost" in told
    (store.path / "HEAD").write_bytes(b"?")
    assert main(["verify"]) == 3
    assert "HEAD is damaged" in capsys.readouterr().out
    (store.path / "HEAD").write_bytes(before[store.path / "HEAD"])
    assert {path: path.read_bytes() for path in before} == before
    (store.path / "FORMAT").write_text("3\n")
    assert main(["verify"]) == 3
    assert "Upgrade the program" in capsys.readouterr().err


def serve(store: Store) -> "subprocess.Popen[str]":
    """Start a server of a store whose version is no build, so that none is made."""
    environment = {**os.environ, "KG_STORE": str(store.path)}
    command = [sys.executable, "-m", "kg", "serve", "--port", "0"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_an_old_version_that_is_damaged_is_told_after_the_start(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server answers first; then it says what is damaged, and ``/readyz`` does."""
    monkeypatch.setattr(retention, "_MOST_COMMITS", 2)
    for number in (2, 3, 4):
        assert main(["update", INSERT.replace("2", str(number))]) == 0
    (store.path / "commits" / "000003.rdfp.gz").write_bytes(b"{}")
    with serve(store) as server:
        assert server.stdout
        assert server.stderr
        address = server.stdout.readline().strip()
        assert any("version 3: commits/000003.rdfp.gz is damaged" in line for line in server.stderr)
        with urlopen(f"{address}readyz") as answer:  # noqa: S310 - our own server
            assert "version 3 is damaged" in answer.read().decode()
        server.terminate()
    assert store.current() == store.version(4)


def test_a_damaged_version_is_told_and_a_second_server_ends(store: Store) -> None:
    """The command says what is damaged and serves the version before; another server of the store ends with 3."""
    assert main(["update", INSERT]) == 0
    assert main(["update", "INSERT DATA { <http://a/s> <http://a/p> '3' }"]) == 0
    (store.path / "commits" / "000003.rdfp.gz").write_bytes(b"{}")
    with serve(store) as first:
        assert first.stdout
        assert first.stderr
        assert first.stdout.readline().startswith("http://")
        with serve(store) as second:
            assert second.wait(30) == 3
            assert second.stderr
            assert "Another server" in second.stderr.read()
        first.terminate()
        assert "version 3: commits/000003.rdfp.gz is damaged" in first.stderr.read()
    current = Store(store.path).current()
    assert current
    assert current.number == 2
