import base64
import gzip
import hashlib
import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from kg.store import Store
from signing import published

SELECT = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
ASK = "/sparql?query=ASK%7B%7D"


def test_a_query_by_get_and_by_both_kinds_of_post(client: FlaskClient) -> None:
    """The three ways to send a query have one answer."""
    answers = [
        client.get("/sparql", query_string={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql/", data=SELECT, content_type="application/sparql-query; charset=UTF-8"),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    values = [row["o"]["value"] for row in json.loads(answers[0].data)["results"]["bindings"]]
    assert values == ["d", "쑤저우"]


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        ("ASK {}", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "*/*", "text/turtle; charset=utf-8"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE <http://a/s>", "application/ld+json;q=0.9, text/turtle;q=0.8", "application/ld+json"),
    ],
)
def test_the_form_is_negotiated(client: FlaskClient, query: str, accept: str, content_type: str) -> None:
    """Each kind of answer comes in the form that the client prefers, under the name it asked by."""
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type


def test_a_form_can_be_fixed_in_a_link(client: FlaskClient) -> None:
    """``?format=`` goes before Accept; one of the other kind of answer is ignored, an unknown one is refused."""
    query = f"/sparql?query={quote(SELECT)}&format="
    assert client.get(f"{query}csv", headers={"Accept": "text/turtle"}).mimetype == "text/csv"
    assert client.get(f"{query}turtle").mimetype == "application/sparql-results+json"
    assert "ttl" in json.loads(client.get(f"{query}docx").data)["cure"]


def test_what_cannot_be_accepted_is_listed(client: FlaskClient) -> None:
    """406 names what is on offer for this kind of answer."""
    answer = client.get(ASK, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/sparql-results+json" in json.loads(answer.data)["cure"]


def test_a_syntax_error_has_its_place(client: FlaskClient) -> None:
    """A bad query is 400 with line, column and the line quoted, in the language of the client."""
    headers = {"Accept-Language": "ko-KR, en;q=0.5"}
    answer = client.get("/sparql", query_string={"query": "SELECT *\n{ ?s 한글"}, headers=headers)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Content-Language"] == "ko"
    assert json.loads(answer.data)["title"] == "질의 문법 오류"
    assert json.loads(answer.data)["where"]["line"] == 2
    assert json.loads(answer.data)["where"]["quoted"] == "{ ?s 한글"


def test_a_browser_gets_a_problem_as_a_page(client: FlaskClient) -> None:
    """An error is a page for who prefers one, and what was sent is escaped in it."""
    answer = client.get(
        "/sparql?query=ASK%7B%7D&default-graph-uri=%3Cscript%3E", headers={"Accept": "text/html, */*;q=0.1"}
    )
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert b"<script>" not in answer.data


def test_a_read_that_names_another_state_is_refused(client: FlaskClient) -> None:
    """If-Match: 412 with a problem document for another tag; the answer for its own, and for any."""
    own = client.get(ASK).headers["ETag"]
    assert client.get(ASK, headers={"If-Match": own}).status_code == 200
    assert client.get(ASK, headers={"If-Match": "*", "Range": "bytes=0-1"}).status_code == 200
    refused = client.get(ASK, headers={"If-Match": '"another"'})
    assert (refused.status_code, refused.mimetype) == (412, "application/problem+json")


def test_an_answer_is_complete_and_verifiable(client: FlaskClient) -> None:
    """Length, digest and validators come with every answer, and HEAD has them too."""
    get, head = client.get(ASK), client.head(ASK)
    assert int(get.headers["Content-Length"]) == len(get.data)
    assert len({name.lower() for name, _ in get.headers}) == len(list(get.headers))
    digest = base64.b64encode(hashlib.sha256(get.data).digest()).decode()
    assert get.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert get.headers["ETag"].startswith('"')
    assert "Accept" in get.headers["Vary"]
    assert head.data == b""
    assert {**head.headers, "Date": ""} == {**get.headers, "Date": ""}


def test_a_copy_that_is_still_good_is_not_sent_again(client: FlaskClient, store: Store) -> None:
    """The validators answer 304 until the version changes; another form has another tag."""
    etag = client.get(ASK).headers["ETag"]
    again = client.get(ASK, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(ASK, headers={"If-None-Match": etag, "Accept": "text/csv"}).status_code == 200
    published(store, b"")
    assert client.get(ASK, headers={"If-None-Match": etag}).status_code == 200


def test_a_volatile_answer_is_not_kept(client: FlaskClient) -> None:
    """What may differ the next time has no validators."""
    answer = client.get("/sparql", query_string={"query": "SELECT (UUID() AS ?u) {}"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_an_answer_is_compressed_on_request(client: FlaskClient) -> None:
    """Gzip on request, with its own tag and digest; small answers stay as they are."""
    query = {"query": "SELECT * { VALUES ?x { " + " ".join(map(str, range(999))) + " } }"}
    plain = client.get("/sparql", query_string=query)
    packed = client.get("/sparql", query_string=query, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    headers = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get("/sparql", query_string=query, headers=headers).status_code == 304
    assert "Content-Encoding" not in client.get(ASK, headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400),
        ("/sparql?update=CLEAR%20ALL", 400),
        ("/sparql?query=ASK%7B%7D&timeout=soon", 400),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=relative", 400),
        ("/sparql?query=ASK%7B%7D&using-graph-uri=http://a/", 400),
        ("/sparql?query=%FF", 400),
        ("/sparql?query=%00", 400),
        ("/nowhere", 404),
    ],
)
def test_a_request_that_is_wrong(client: FlaskClient, path: str, status: int) -> None:
    """What is wrong with a request is a problem document with its status."""
    answer = client.get(path)
    assert answer.status_code == status
    assert json.loads(answer.data)["status"] == status
    assert json.loads(answer.data)["detail"]
    assert json.loads(answer.data)["cure"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"ASK {}", "text/plain", 415),
        (b"ASK {}", None, 415),
        ("ASK {}".encode("utf-16"), "application/sparql-query; charset=UTF-16", 415),
        (b"\xff\xfe", "application/sparql-query", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"query=ASK%7B%7D&update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_post_that_is_wrong(client: FlaskClient, body: bytes, content_type: str | None, status: int) -> None:
    """A body of another type, charset or number of operations is refused."""
    assert client.post("/sparql", data=body, content_type=content_type).status_code == status


def test_a_method_that_is_not_there(client: FlaskClient) -> None:
    """405 names the methods that are."""
    answer = client.put("/sparql", data={"query": "ASK {}"})
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_without_a_query_the_endpoint_explains_itself(client: FlaskClient) -> None:
    """A browser gets a page with a form that works."""
    answer = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 200
    assert b'<form action="/sparql"' in answer.data


def test_query_is_a_method(client: FlaskClient) -> None:
    """The method QUERY asks as POST does, and changes nothing."""
    answer = client.open("/sparql", method="QUERY", data="ASK {}", content_type="application/sparql-query")
    assert json.loads(answer.data)["boolean"] is True
    answer = client.open("/sparql", method="QUERY", data="CLEAR ALL", content_type="application/sparql-update")
    assert answer.status_code == 405
