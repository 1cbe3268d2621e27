from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import RequestError
from kg.store import CommitInfo
from kg.web.http.memento import (
    Address,
    VersionReference,
    current_at,
    destination,
    http_date,
    link_to_version,
    links,
    timemap_json,
    timemap_links,
)

FIRST = datetime(2026, 1, 1, 12, 0, 0, 700_000, tzinfo=UTC)
ADDRESS = Address("http://h/kg", "/graphs/page", "graph-version=2&format=ttl")
MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def commit_info(number: int, days: float) -> CommitInfo:
    """Make the record of a version that was made so many days after the first."""
    return CommitInfo(number, FIRST + timedelta(days=days), "a", "", "update", {}, 0, 0, 0, {})


RECORDS = (commit_info(1, 0), commit_info(2, 1), commit_info(3, 1), commit_info(5, 3))


@given(MOMENTS)
def test_a_date_is_read_as_it_is_written(moment: datetime) -> None:
    """HTTP dates round-trip."""
    assert destination([], http_date(moment)) == VersionReference(None, moment)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-01-01", "Thu, 01 Jan 2026 12:00:00", "Thu, 41 Jan 2026 12:00:00 GMT"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    """RFC 7089, section 4.5.3: a date that cannot be parsed is an error of the client."""
    with pytest.raises(RequestError, match="Accept-Datetime"):
        destination([], text)


@pytest.mark.parametrize("texts", [["0"], ["-1"], ["1.0"], ["x"], [""], ["1", "2"], ["9" * 20], ["１"]])
def test_what_is_no_number_is_refused(texts: list[str]) -> None:
    """A version is named once, by a whole number from 1."""
    with pytest.raises(RequestError, match="version"):
        destination(texts, None)


def test_a_named_version_goes_before_a_moment() -> None:
    """``?graph-version=`` is a Memento, which negotiates no more; without either the request stays."""
    assert destination(["3"], "nonsense") == VersionReference(3)
    assert destination([], None) is None


@pytest.mark.parametrize(("days", "number"), [(-400, 1), (0, 1), (0.99, 1), (1, 3), (2, 3), (3, 5), (400, 5)], ids=str)
def test_a_moment_has_the_version_that_was_current(days: float, number: int) -> None:
    """The last one made by then, in the very second too; before there was any, the first."""
    asked = (FIRST + timedelta(days=days)).replace(microsecond=0)
    assert current_at(RECORDS, asked) == number


def test_the_links_of_a_memento() -> None:
    """Original, TimeMap, first, last, and the ones before and after, each with its time."""
    found = links(ADDRESS, RECORDS[2], RECORDS).split(", <")
    assert found[0] == '<http://h/kg/graphs/page?format=ttl>; rel="original timegate latest-version"'
    assert found[1].startswith('http://h/kg/timemap/link/graphs/page?format=ttl>; rel="timemap"')
    assert [(part.partition(">")[0][-1], part.split('"')[1]) for part in found[2:]] == [
        ("1", "first memento"),
        ("2", "prev memento"),
        ("3", "memento"),
        ("5", "last next memento"),
    ]
    assert found[2].endswith('datetime="Thu, 01 Jan 2026 12:00:00 GMT"')


def test_an_only_memento_is_first_and_last() -> None:
    """It has none before it and none after it."""
    found = links(ADDRESS, RECORDS[0], RECORDS[:1])
    assert 'rel="first last memento"' in found
    assert "prev" not in found
    assert "next" not in found


def test_what_is_current_leads_to_its_permanent_address() -> None:
    """``bookmark`` is the registered relation for a permanent link."""
    found = link_to_version(ADDRESS, RECORDS[1])
    assert '<http://h/kg/graphs/page?format=ttl&graph-version=2>; rel="bookmark memento"' in found


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_no_query_string_breaks_out_of_a_link(text: str) -> None:
    """Whatever a client sends stands between the angle brackets, in ASCII."""
    target = Address("http://h", "/sparql", f"query={text.replace('&', '')}").at(3)
    assert target.isascii()
    assert not set(target) & set('<>" \r\n\\')


def test_a_timemap_lists_every_version() -> None:
    """In the link format each with its time, the first and the last named so; as JSON the same."""
    lines = timemap_links(ADDRESS, RECORDS).decode().split(",\n ")
    assert [line.split('"')[1] for line in lines] == [
        "original timegate",
        "self",
        "first memento",
        "memento",
        "memento",
        "last memento",
    ]
    assert b'"version": 5' in timemap_json(ADDRESS, RECORDS)
