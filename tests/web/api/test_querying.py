"""What is worked out of a request for a query without any server."""

from __future__ import annotations

import pytest

from kg.rdf import JSON
from kg.web.api.query_requests import query_string
from kg.web.http.memento import LONGEST_ADDRESS
from kg.web.http.protocol import ProtocolOperation


def asking(text: str) -> ProtocolOperation:
    """Return the operation of a query alone."""
    return ProtocolOperation(
        "query", text, pairs=(("query", text), ("timeout", "5"), ("graph-version", "2"), ("version", "2"))
    )


def test_what_asks_the_same_leaves_out_the_version_and_the_budget() -> None:
    """The form that was found stands in it, for the client's header will be another."""
    assert query_string(asking("ASK { '서초' }"), JSON) == "query=ASK+%7B+'%EC%84%9C%EC%B4%88'+%7D&format=json"


@pytest.mark.parametrize("text", ["x" * (LONGEST_ADDRESS + 1), "구" * (LONGEST_ADDRESS // 9)])
def test_what_is_too_long_for_an_address_is_none(text: str) -> None:
    """As it stands, or only when it is written out."""
    assert query_string(asking(text)) == ""
    assert query_string(asking(text[: LONGEST_ADDRESS // 10]))


def test_a_long_query_is_not_written_out_to_see_that_it_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing five megabytes out would keep all others waiting."""

    def refuse(text: str) -> str:
        raise AssertionError(len(text))

    monkeypatch.setattr("kg.web.api.query_requests._quoted", refuse)
    assert query_string(asking("x" * 5_000_000)) == ""
