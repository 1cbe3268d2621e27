"""The record of a version is the same when it is read back, and no other line is read as one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store import CommitInfo

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
COUNTS = st.integers(0, 10**9)
RECORDS = st.builds(
    CommitInfo,
    number=st.integers(1, 10**6),
    time=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=9))])),
    author=TEXTS,
    message=TEXTS,
    kind=st.sampled_from(["build", "update", "restore"]),
    facts=st.dictionaries(TEXTS, TEXTS, max_size=3),
    added=COUNTS,
    removed=COUNTS,
    warnings=COUNTS,
    files=st.dictionaries(TEXTS, TEXTS, max_size=2),
    content=TEXTS,
    size=COUNTS,
    parent=COUNTS,
    parent_digest=TEXTS,
)


@given(RECORDS)
def test_a_record_is_the_same_when_it_is_read_back(commit_info: CommitInfo) -> None:
    """Whatever stands in its texts, it is one line, and its digest stays."""
    line = commit_info.to_line()
    assert (line.count(b"\n"), line.endswith(b"\n")) == (1, True)
    read = CommitInfo.from_line(line)
    assert (read, read.digest, read.to_line()) == (commit_info, commit_info.digest, line)


@given(RECORDS, st.integers(0, 10**6), st.integers(1, 255))
def test_a_line_that_was_changed_is_refused(commit_info: CommitInfo, place: int, flipped: int) -> None:
    """Any byte of it, and any part of it alone."""
    line = bytearray(commit_info.to_line())
    place %= len(line)
    line[place] ^= flipped
    for changed in (bytes(line), commit_info.to_line()[:place]):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it is that cannot be read first
            CommitInfo.from_line(changed)


def test_records_of_one_content_are_told_apart() -> None:
    """By the record that they follow."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    one, two = (CommitInfo(2, moment, "", "", "update", {}, 0, 0, 0, {}, parent_digest=parent) for parent in ("1", "2"))
    assert one.digest != two.digest
