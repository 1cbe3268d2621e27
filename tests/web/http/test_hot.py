from hypothesis import given
from hypothesis import strategies as st

from kg.web.http.response_cache import CachedResponse, ResponseCache

KEYS = st.tuples(st.sampled_from("abcdefgh"))


def answer(size: int) -> CachedResponse:
    """Make an answer of that size."""
    return CachedResponse(200, [("etag", '"x"'), ("content-length", str(size))], b"x" * size, '"x"')


@given(st.lists(st.tuples(KEYS, st.integers(0, 5000)), max_size=60))
def test_the_bound_holds(kept: list[tuple[tuple[str], int]]) -> None:
    """Whatever is kept, it is never more than the bound, and what is found is what was kept first."""
    response_cache, version = ResponseCache(16_000), object()
    response_cache.find(version, ("none",))
    for key, size in kept:
        found = response_cache.find(version, key)
        response_cache.keep(version, key, answer(size))
        assert found is None or response_cache.find(version, key) is found
        bodies = [response_cache.find(version, (name,)) for name in "abcdefgh"]
        assert sum(1024 + len(body.body) for body in bodies if body) <= 16_000


def test_the_one_used_longest_ago_goes_first() -> None:
    """Room is made by giving up what nobody asked for."""
    response_cache, version = ResponseCache(10_000), object()
    assert response_cache.find(version, ("a",)) is None
    for name in "abcdefghi":
        response_cache.keep(version, (name,), answer(0))
        assert response_cache.find(version, ("a",))
    response_cache.keep(version, ("j",), answer(0))
    assert response_cache.find(version, ("a",))
    assert response_cache.find(version, ("b",)) is None


def test_a_late_answer_of_an_old_version_is_not_kept() -> None:
    """An answer that was worked out while the version changed is given once and forgotten."""
    response_cache, old, new = ResponseCache(100_000), object(), object()
    assert response_cache.find(old, ("a",)) is None
    assert response_cache.find(new, ("a",)) is None
    response_cache.keep(old, ("a",), answer(1))
    assert response_cache.find(new, ("a",)) is None
    assert len(response_cache) == 0


def test_the_very_same_request_is_answered_at_once() -> None:
    """A request is remembered as it came, until the version changes or the answer has to go."""
    response_cache, version = ResponseCache(10_000), object()
    response_cache.find(version, ("a",))
    response_cache.keep(version, ("a",), answer(0))
    response_cache.keep_request(version, "GET a", answer(0))
    assert response_cache.find_request(version, "GET a") == answer(0)
    assert response_cache.find_request(object(), "GET a") is None
    for name in "bcdefghijk":
        response_cache.keep(version, (name,), answer(0))
    assert response_cache.find_request(version, "GET a") is None
    for number in range(5000):
        response_cache.keep_request(version, number, answer(0))
    response_cache.find(object(), ("a",))
    assert response_cache.find_request(version, 4999) is None
