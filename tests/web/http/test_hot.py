from hypothesis import given
from hypothesis import strategies as st

from kg.web.http.response_cache import Hot, HotAnswer

KEYS = st.tuples(st.sampled_from("abcdefgh"))


def answer(size: int) -> HotAnswer:
    """Make an answer of that size."""
    return HotAnswer(200, [("etag", '"x"'), ("content-length", str(size))], b"x" * size, '"x"')


@given(st.lists(st.tuples(KEYS, st.integers(0, 5000)), max_size=60))
def test_the_bound_holds(kept: list[tuple[tuple[str], int]]) -> None:
    """Whatever is kept, it is never more than the bound, and what is found is what was kept first."""
    hot, version = Hot(16_000), object()
    hot.find(version, ("none",))
    for key, size in kept:
        found = hot.find(version, key)
        hot.keep(version, key, answer(size))
        assert found is None or hot.find(version, key) is found
        bodies = [hot.find(version, (name,)) for name in "abcdefgh"]
        assert sum(1024 + len(body.body) for body in bodies if body) <= 16_000


def test_the_one_used_longest_ago_goes_first() -> None:
    """Room is made by giving up what nobody asked for."""
    hot, version = Hot(10_000), object()
    assert hot.find(version, ("a",)) is None
    for name in "abcdefghi":
        hot.keep(version, (name,), answer(0))
        assert hot.find(version, ("a",))
    hot.keep(version, ("j",), answer(0))
    assert hot.find(version, ("a",))
    assert hot.find(version, ("b",)) is None


def test_a_late_answer_of_an_old_version_is_not_kept() -> None:
    """An answer that was worked out while the version changed is given once and forgotten."""
    hot, old, new = Hot(100_000), object(), object()
    assert hot.find(old, ("a",)) is None
    assert hot.find(new, ("a",)) is None
    hot.keep(old, ("a",), answer(1))
    assert hot.find(new, ("a",)) is None
    assert len(hot) == 0


def test_the_very_same_request_is_answered_at_once() -> None:
    """A request is remembered as it came, until the version changes or the answer has to go."""
    hot, version = Hot(10_000), object()
    hot.find(version, ("a",))
    hot.keep(version, ("a",), answer(0))
    hot.remember(version, "GET a", answer(0))
    assert hot.find_again(version, "GET a") == answer(0)
    assert hot.find_again(object(), "GET a") is None
    for name in "bcdefghijk":
        hot.keep(version, (name,), answer(0))
    assert hot.find_again(version, "GET a") is None
    for number in range(5000):
        hot.remember(version, number, answer(0))
    hot.find(object(), ("a",))
    assert hot.find_again(version, 4999) is None
