"""What the last build made, kept beside the versions."""

from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store.editions import FOLDER, Editions


def test_an_edition_comes_back_by_its_name(tmp_path: Path) -> None:
    """The same lines have the same name, in whatever order they come; what is not kept is None."""
    editions = Editions(tmp_path)
    name = editions.add(["b", "a"])
    assert editions.add(["a", "b"]) == name
    assert editions.lines(name) == ["a", "b"]
    assert editions.lines("0" * 64) is None


def test_only_the_last_is_kept(tmp_path: Path) -> None:
    """Older editions go when another is the last."""
    editions = Editions(tmp_path)
    old, new = editions.add(["a"]), editions.add(["b"])
    editions.keep_only(new)
    assert editions.lines(old) is None
    assert editions.lines(new) == ["b"]


def test_a_damaged_edition_is_no_edition(tmp_path: Path) -> None:
    """A file whose bytes are not those that its name stands for is refused."""
    editions = Editions(tmp_path)
    name = editions.add(["a"])
    (tmp_path / FOLDER / f"{name}.nq.gz").write_bytes(b"?")
    with pytest.raises(StoreError):
        editions.lines(name)
