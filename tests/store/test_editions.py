"""What the last build made, kept beside the versions."""

from pathlib import Path

import pytest

from kg.domain import StoreError
from kg.store import Edition, Editions
from kg.store.editions import FOLDER


def test_an_edition_comes_back_by_its_name(tmp_path: Path) -> None:
    """The same lines have the same name, in whatever order they come; what is not kept is None."""
    editions, edition = Editions(tmp_path), Edition.of(["b", "a"])
    editions.keep(edition)
    assert Edition.of(["a", "b"]) == edition
    assert editions.lines(edition.name) == ["a", "b"]
    assert editions.lines("0" * 64) is None


def test_only_the_last_is_kept_and_the_one_before(tmp_path: Path) -> None:
    """Until the next version counts, the edition of the one before is needed; older ones go."""
    editions = Editions(tmp_path)
    first, second, third = (Edition.of([text]) for text in "abc")
    editions.keep(first)
    editions.keep(second, beside=first.name)
    editions.keep(third, beside=second.name)
    assert editions.lines(first.name) is None
    assert editions.lines(second.name) == ["b"]
    assert editions.lines(third.name) == ["c"]


def test_a_damaged_edition_is_no_edition(tmp_path: Path) -> None:
    """A file whose bytes are not those that its name stands for is refused."""
    editions, edition = Editions(tmp_path), Edition.of(["a"])
    editions.keep(edition)
    (tmp_path / FOLDER / f"{edition.name}.nq.gz").write_bytes(b"?")
    with pytest.raises(StoreError):
        editions.lines(edition.name)
