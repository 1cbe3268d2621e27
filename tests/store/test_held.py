"""A version held in memory is what is on disk, whatever came to nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.store.held import HeldVersion

from kg.store import held, merging
from kg.store.contents import clone, lines_of, patching
from kg.store.patches import Patch

LINES = frozenset(f'<http://a/s> <http://a/p> "{name}" <http://a/g> .' for name in "abcd")
CHANGES = st.lists(
    st.tuples(
        st.frozensets(st.sampled_from(sorted(LINES)), min_size=1), st.sampled_from(("kept", "refused", "unseen"))
    ),
    max_size=6,
)


@settings(max_examples=15, deadline=None)
@given(CHANGES, st.booleans(), st.booleans())
def test_it_is_what_is_on_disk(
    changes: list[tuple[frozenset[str], str]],
    is_small: bool,  # noqa: FBT001
    is_much: bool,  # noqa: FBT001
) -> None:
    """Changes that are kept, that come to nothing, and that somebody else makes; too large a graph, or change, too."""
    with TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patching_limit:
        patching_limit.setattr(merging, "MOST_QUADS", 100 if is_small else 0)
        patching_limit.setattr(held, "_MOST_CHANGED", 2 if is_much else 100)
        version, current, lines = HeldVersion(), Path(scratch, "0"), frozenset[str]()
        clone(None, current)
        for number, (toggled, fate) in enumerate(changes, 1):
            following = Path(scratch, str(number))
            clone(current, following)
            patch = patching(Patch.of(toggled - lines, toggled & lines))(following)
            if fate != "unseen":
                assert frozenset(lines_of(version.after(current, following, patch))) == lines ^ toggled
            if fate != "refused":
                current = following.rename(Path(scratch, f"version-{number}"))
                lines ^= toggled


def test_the_first_version_is_opened(tmp_path: Path) -> None:
    """There is none before it to hold."""
    clone(None, tmp_path / "first")
    patching(Patch.of(LINES))(tmp_path / "first")
    assert frozenset(lines_of(HeldVersion().after(None, tmp_path / "first", Patch.of(LINES)))) == LINES


def test_what_is_held_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One version after the other is made of it, from the moment that it was told what to hold."""
    clone(None, tmp_path / "0")
    version = HeldVersion()
    version.hold(tmp_path / "0")

    monkeypatch.setattr(version, "hold", lambda oxigraph: pytest.fail(f"{oxigraph} was read"))
    monkeypatch.setattr(merging, "MOST_QUADS", 4)
    for number, line in enumerate(sorted(LINES)):
        clone(tmp_path / str(number), tmp_path / str(number + 1))
        patch = patching(Patch.of([line]))(tmp_path / str(number + 1))
        assert line in lines_of(version.after(tmp_path / str(number), tmp_path / str(number + 1), patch))
    clone(tmp_path / "4", tmp_path / "5")
    patch = patching(Patch(removed=(line,)))(tmp_path / "5")
    version.after(tmp_path / "4", tmp_path / "5", patch)
    clone(tmp_path / "5", tmp_path / "6")
    with pytest.raises(pytest.fail.Exception, match="5 was read"):  # the engine keeps what was removed
        version.after(tmp_path / "5", tmp_path / "6", Patch())
