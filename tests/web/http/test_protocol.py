import time
from contextlib import suppress
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import KgError, MediaTypeError, RequestError
from kg.store import RequestedDataset
from kg.web.http.protocol import (
    BYTE_ORDER_MARK,
    FORM_TYPE,
    QUERY_TYPE,
    UPDATE_TYPE,
    absolute_iri,
    media_type_of,
    read_operation,
    read_pairs,
)

TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


@given(TEXT, st.booleans())
def test_a_query_arrives_as_it_was_sent(query: str, mark: bool) -> None:  # noqa: FBT001 - drawn
    """By GET, as a form and as a body, the text is the same, decoded once; a byte order mark before it is skipped."""
    query = query.removeprefix(BYTE_ORDER_MARK)
    sent = f"{BYTE_ORDER_MARK}{query}" if mark else query
    encoded = f"query={quote_plus(sent)}".encode()
    for operation in (
        read_operation("GET", encoded, None, b""),
        read_operation("POST", b"", FORM_TYPE, encoded),
        read_operation("POST", b"", f"{QUERY_TYPE}; charset=utf-8", sent.encode()),
        read_operation("GET", encoded + b"&timeout=5", None, b""),
    ):
        assert (operation.kind, operation.text, operation.dataset) == ("query", query, None)


CONTENT_TYPES = st.sampled_from([None, FORM_TYPE, QUERY_TYPE, "x/y;charset"])


@given(st.sampled_from(["GET", "POST"]), st.binary(max_size=80), CONTENT_TYPES, st.binary())
def test_whatever_is_sent_is_understood_or_refused(
    method: str, query_string: bytes, content_type: str | None, body: bytes
) -> None:
    """No bytes make anything but an operation or an error of ours."""
    with suppress(RequestError, MediaTypeError):
        assert read_operation(method, query_string, content_type, body).kind in ("query", "update", "describe")


def test_the_dataset_comes_from_address_and_form() -> None:
    """Graphs are named as often as one likes, in the address, in the form, or in both."""
    pairs = [("default-graph-uri", "http://a/1"), ("default-graph-uri", "http://a/2")]
    form = urlencode({"query": "ASK {}", "named-graph-uri": "http://a/3"}).encode()
    operation = read_operation("POST", urlencode(pairs).encode(), FORM_TYPE, form)
    assert operation.dataset == RequestedDataset(("http://a/1", "http://a/2"), ("http://a/3",))
    empty = b"query=ASK{}&default-graph-uri=&named-graph-uri="
    assert read_operation("GET", empty, None, b"").dataset is None
    with pytest.raises(RequestError, match="using-graph-uri"):
        read_operation("POST", b"using-graph-uri=", UPDATE_TYPE, b"CLEAR ALL")
    update = read_operation("POST", b"using-graph-uri=http://a/1", UPDATE_TYPE, b"CLEAR ALL")
    assert (update.kind, update.dataset) == ("update", RequestedDataset(("http://a/1",)))


@pytest.mark.parametrize(
    ("method", "query_string", "content_type", "body", "error"),
    [
        ("GET", b"query=a&query=b", None, b"", RequestError),
        ("GET", b"query=a&update=b", None, b"", RequestError),
        ("GET", b"update=b", None, b"", RequestError),
        ("GET", b"query=a&timeout=-1", None, b"", RequestError),
        ("GET", b"query=a&timeout=nan", None, b"", RequestError),
        ("GET", b"query=a&default-graph-uri=x%20y", None, b"", RequestError),
        ("GET", b"query=a&" + b"x=1&" * 10_001, None, b"", RequestError),
        ("POST", b"query=a", QUERY_TYPE, b"ASK {}", RequestError),
        ("POST", b"default-graph-uri=http://a/", UPDATE_TYPE, b"CLEAR ALL", RequestError),
        ("POST", b"", FORM_TYPE, b"", RequestError),
        ("POST", b"", "text/plain", b"ASK {}", MediaTypeError),
        ("POST", b"", "", b"ASK {}", MediaTypeError),
        ("POST", b"", f"{QUERY_TYPE}; charset=EUC-KR", b"ASK {}", MediaTypeError),
    ],
)
def test_what_the_protocol_does_not_allow(
    method: str, query_string: bytes, content_type: str | None, body: bytes, error: type[KgError]
) -> None:
    """Each way to ask wrongly is an error that says so."""
    with pytest.raises(error):
        read_operation(method, query_string, content_type, body)


def test_a_request_without_an_operation_asks_what_the_service_is() -> None:
    """So does one with parameters that nobody knows."""
    assert read_operation("GET", b"", None, b"").kind == "describe"
    assert read_operation("HEAD", b"utm_source=x&format=ttl", None, b"").formats == ("ttl",)
    assert read_operation("GET", b"query=ASK{}&timeout=2.5", None, b"").seconds == 2.5
    for none in (b"0", b"0.0", b""):
        assert read_operation("GET", b"query=ASK{}&timeout=" + none, None, b"").seconds is None


@pytest.mark.parametrize("text", ["http://a/한글", "urn:x", "file:///a"])
def test_an_absolute_iri(text: str) -> None:
    """An IRI may have characters of any script."""
    assert absolute_iri(text, "graph") == text


@pytest.mark.parametrize("content_type", ['text/turtle; charset="utf-8"', "text/turtle;charset=UTF-8", "TEXT/TURTLE"])
def test_a_content_type_in_any_spelling(content_type: str) -> None:
    """Case and quotes make no difference."""
    assert media_type_of(content_type) == ("text/turtle", "utf-8")


@given(st.binary(max_size=40).filter(lambda encoded: b"&" not in encoded))
def test_a_single_query_is_read_as_any_other(encoded: bytes) -> None:
    """The short way of a request with nothing but a query gives what the long way gives, its errors included."""

    def read(query_string: bytes) -> str:
        try:
            return read_operation("GET", query_string, None, b"").text
        except RequestError as error:
            return str(error)

    assert read(b"query=" + encoded) == read(b"other=&query=" + encoded)


HOSTILE_TYPES = (";" * 60_000, "; a=" * 15_000, ' ;charset="' * 6000, "; " * 30_000, ";charset" + " " * 60_000)
MOST_SECONDS = 1.0
"""A hundred times what they take; reading them took from 9 s on when the time was quadratic."""


@pytest.mark.parametrize("parameters", HOSTILE_TYPES, ids=range(len(HOSTILE_TYPES)))
def test_a_long_content_type_is_read_at_once(parameters: str) -> None:
    """The time is linear in the length, whatever the parameters look like."""
    begun = time.process_time()
    assert media_type_of(f"text/turtle{parameters}")[0] == "text/turtle"
    assert time.process_time() - begun < MOST_SECONDS


@given(st.integers(0, 40), st.sampled_from(["%41", "%C3%A9", "+", "한", "%", "%4"]))
def test_a_long_form_is_decoded_as_a_short_one(shift: int, text: str) -> None:
    """Wherever it is cut into pieces, no escape is lost."""
    count = 40_000
    ((name, long),) = read_pairs(b"query=" + b"x" * shift + (text * count).encode())
    ((_, short),) = read_pairs(f"query={text}x".encode())
    last = read_pairs(f"query={text}".encode())[0][1]
    assert (name, long) == ("query", "x" * shift + short[:-1] * (count - 1) + last)
