import threading
import time
from pathlib import Path

from kg.store import exclusive_lock, replace_file
from kg.store.durable import sync_tree


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    """Who has the old file open keeps it, who opens it after has the new one, and nothing else is left."""
    path = tmp_path / "CURRENT"
    replace_file(path, b"1")
    with path.open("rb") as old:
        replace_file(path, b"2", mode=0o600)
        assert (old.read(), path.read_bytes()) == (b"1", b"2")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["CURRENT"]


def test_what_a_crash_left_does_not_hinder(tmp_path: Path) -> None:
    """A half-written file of an earlier attempt is overwritten."""
    (tmp_path / ".CURRENT.new").write_bytes(b"half")
    replace_file(tmp_path / "CURRENT", b"whole")
    assert (tmp_path / "CURRENT").read_bytes() == b"whole"


def test_only_one_holds_a_lock(tmp_path: Path) -> None:
    """Another waits until it is given back, even when what is done under it fails."""
    order: list[str] = []

    def second() -> None:
        with exclusive_lock(tmp_path / "lock"):
            order.append("second")

    thread = threading.Thread(target=second)
    with exclusive_lock(tmp_path / "lock"):
        thread.start()
        time.sleep(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_a_tree_is_flushed(tmp_path: Path) -> None:
    """Files, folders and links to other names are all in order."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "file").write_bytes(b"x")
    (tmp_path / "a" / "b" / "link").hardlink_to(tmp_path / "a" / "file")
    sync_tree(tmp_path)
