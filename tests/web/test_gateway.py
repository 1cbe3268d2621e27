from collections.abc import Callable, Iterator
from typing import Any

from flask.testing import FlaskClient

from kg.web.gateway import Request, answered, environment


class Chunks:
    """The body of an answer in chunks, which notices that it is closed."""

    def __init__(self) -> None:
        """Begin open."""
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield the chunks."""
        yield from (b"one ", b"two")

    def close(self) -> None:
        """Close."""
        self.is_closed = True


def request(**changes: Any) -> Request:
    """Make a request."""
    fields = {"host": "kg.example:8443", "content-type": "text/turtle", "accept-language": "ko"}
    return Request("POST", "/graphs/%EC%91%A4%20x", "a=%20", "https", "192.0.2.1:5000", fields, b"body", **changes)


def test_the_environment_of_a_request() -> None:
    """The path is decoded once, the query string never, and the fields have their names of PEP 3333."""
    environ = environment(request(extras={"kg.extra": 1}))
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/graphs/쑤 x"
    assert environ["QUERY_STRING"] == "a=%20"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("kg.example", "8443")
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/turtle", "4")
    assert environ["wsgi.input"].read() == b"body"
    assert environ["HTTP_ACCEPT_LANGUAGE"] == "ko"
    assert environ["REMOTE_ADDR"] == "192.0.2.1"
    assert environ["kg.extra"] == 1


def test_an_answer_is_gathered_whole() -> None:
    """Status, fields and body come together, the names in small letters, the date left to the server."""
    chunks = Chunks()

    def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Chunks:
        start_response("201 Created", [("ETag", '"x"'), ("Date", "today"), ("Content-Length", "7")])
        return chunks

    answer = answered(application, request())
    assert (answer.status, answer.body, answer.etag) == (201, b"one two", '"x"')
    assert list(answer.fields) == [("etag", '"x"'), ("content-length", "7")]
    assert chunks.is_closed


def test_a_query_string_may_be_utf_8_as_it_stands(client: FlaskClient) -> None:
    """What a browser would write with percent signs and curl does not arrives as the same letters."""
    sent = Request("GET", "/search", "q=홍구", "http", "127.0.0.1:1", {"host": "localhost"})
    answer = answered(client.application.wsgi_app, sent)
    assert answer.status == 200
    assert 'value="홍구"'.encode() in answer.body
