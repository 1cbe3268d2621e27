"""The way of the last versions, and what changed along it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.store.patches import Patch
from kg.store.way import Way

STEPS = st.lists(st.one_of(st.none(), st.frozensets(st.sampled_from("abcde"), max_size=3)), max_size=14)


@given(STEPS, st.data())
def test_it_leads_from_each_of_the_last_versions_to_each(
    steps: list[frozenset[str] | None], data: st.DataObject
) -> None:
    """What changed between two versions makes the one of the other, back and forth, unless the way was lost between."""
    way, held = Way("0"), [frozenset[str]()]
    begun = 0
    for number, toggled in enumerate(steps, 1):
        before = held[-1]
        held.append(before ^ (toggled or frozenset("a")))
        way.lead(str(number), None if toggled is None else Patch.of(held[-1] - before, before - held[-1]))
        begun = number if toggled is None else begun
    assert way.newest == str(len(steps))
    one, other = (data.draw(st.integers(0, len(steps))) for _ in range(2))
    patch = way.between(str(one), str(other))
    if min(one, other) < max(begun, len(steps) - 8):
        assert patch is None
    else:
        assert patch is not None
        assert (held[one] | set(patch.added)) - set(patch.removed) == held[other]
