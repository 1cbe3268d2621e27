import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff import Checkout, Content, Patch, digest_after
from kg.store.contents import lines_of, quads_of

LITERALS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
QUADS = st.builds(
    lambda s, o, g: f"<http://a/{s}> <http://a/p> {o}{g} .",
    st.integers(0, 3),
    LITERALS.map(
        lambda text: lines_of(quads_of([f"<http://a/s> <http://a/p> {quoted(text)} ."]))[0].split(" ", 2)[2][:-2]
    ),
    st.sampled_from(["", " <http://a/g>", " _:g"]),
)
STATES = st.tuples(st.frozensets(QUADS, max_size=6), st.frozensets(st.sampled_from(["http://a/g", "_:g"])))


def quoted(text: str) -> str:
    """Write a literal with every character escaped."""
    return '"' + "".join(f"\\U{ord(character):08X}" for character in text) + '"'


def patch_of(before: tuple[frozenset[str], frozenset[str]], after: tuple[frozenset[str], frozenset[str]]) -> Patch:
    """Return the patch from one state to another."""
    return Patch.of(after[0] - before[0], before[0] - after[0], after[1] - before[1], before[1] - after[1])


@given(STATES, STATES)
def test_a_patch_is_the_same_when_it_is_read_back(before: object, after: object) -> None:
    """The text says all of a patch, whatever stands in its literals; the same patch gives the same text."""
    patch = patch_of(before, after)  # type: ignore[arg-type]
    assert Patch.from_text(patch.to_text()) == patch
    assert Patch.from_text(patch.to_text()).to_text() == patch.to_text()
    assert lines_of(quads_of(patch.added)) == list(patch.added)


@given(STATES, STATES, STATES)
def test_patches_add_up(one: object, two: object, three: object) -> None:
    """What leads from one state to a second, then to a third, leads from the first to the third; and back."""
    first, second = patch_of(one, two), patch_of(two, three)  # type: ignore[arg-type]
    assert Patch.composed((first, second)) == patch_of(one, three)  # type: ignore[arg-type]
    assert first.inverse() == patch_of(two, one)  # type: ignore[arg-type]
    assert Patch.composed((first, first.inverse())).is_empty
    digest = digest_after("", patch_of((frozenset(), frozenset()), one))  # type: ignore[arg-type]
    assert digest_after(digest_after(digest, first), first.inverse()) == digest


@given(STATES, STATES, STATES)
def test_a_patch_leads_from_one_content_to_another(one: object, two: object, three: object) -> None:
    """Alone and one after the other; the digest follows from the changesets alone."""
    first, second, third = (Content(*state) for state in (one, two, three))  # type: ignore[misc]
    patches = first.changes_to(second), second.changes_to(third)
    assert first.after(*patches) == first.after(Patch.composed(patches)) == third
    assert third.after(*(patch.inverse() for patch in reversed(patches))) == first
    assert digest_after(digest_after(first.digest, patches[0]), patches[1]) == third.digest
    assert (first.digest == third.digest) == (first == third)
    checkout = Checkout(Content().changes_to(first).to_text().encode(), Patch.composed(patches))
    assert checkout.content() == third
    assert third.to_nquads().decode().split("\n")[:-1] == sorted(third.quads)


@pytest.mark.parametrize("text", ["X <http://a/s>\n", "A\u00a0<a:s> .\n", "\n"])
def test_what_is_no_patch_is_refused(text: str) -> None:
    """Every row begins with a known sign."""
    with pytest.raises(ValueError, match="no row of a patch"):
        Patch.from_text(text)
