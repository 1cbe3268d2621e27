import json

import pyoxigraph
import pytest
from flask.testing import FlaskClient

from kg.rdf import GRAPH_FORMS, media_types
from kg.store import Store

TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}
ONE = '<http://a/s> <http://a/name> "쑤저우"@ko .'
MULTIPART = (
    "--b\r\nContent-Disposition: form-data; name=x; filename=x\r\nContent-Type: text/turtle; charset=utf-8\r\n\r\n"
    "<http://a/s> <http://a/p> 2 .\r\n--b\r\nContent-Disposition: form-data; name=y; filename=y\r\n"
    'Content-Type: application/n-triples\r\n\r\n<http://a/s> <http://a/p> "사" .\r\n--b--\r\n'
)


def triples(client: FlaskClient, address: str) -> int:
    """Count the triples of a graph."""
    answer = client.get(address, headers={"Accept": "application/n-triples"})
    return len(list(pyoxigraph.parse(answer.data, pyoxigraph.RdfFormat.N_TRIPLES)))


@pytest.mark.parametrize("address", ["/graphs/person/1.ttl", "/graphs?graph=http%3A%2F%2Fwww.example%2Fg%2F1"])
def test_a_graph_is_put_read_and_removed(client: FlaskClient, authorized: dict[str, str], address: str) -> None:
    """PUT makes 201 then 204, GET and HEAD agree, DELETE makes 204 then 404, for either way of naming."""
    headers = {**TURTLE, **authorized}
    assert client.get(address).status_code == 404
    assert client.head(address).status_code == 404
    assert client.put(address, data=ONE, headers=headers).status_code == 201
    assert client.put(address, data=ONE, headers=headers).status_code == 204
    get, head = client.get(address), client.head(address)
    assert get.headers["Content-Type"] == head.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert "쑤저우" in get.text
    assert head.headers["Content-Length"] == str(len(get.data))
    assert client.delete(address, headers=authorized).status_code == 204
    assert client.delete(address, headers=authorized).status_code == 404
    assert client.get(address).status_code == 404


def test_both_ways_of_naming_name_the_same_graph(client: FlaskClient, authorized: dict[str, str]) -> None:
    """A graph under the base has an address of its own, its IRI, and its address as an IRI."""
    client.put("/graphs/x", data=ONE, headers={**TURTLE, **authorized})
    assert triples(client, "/graphs?graph=https://kg.seocho.example/graphs/x") == 1
    assert triples(client, "/graphs?graph=http://localhost/graphs/x") == 1


def test_percent_encoding_is_decoded_once(client: FlaskClient, authorized: dict[str, str]) -> None:
    """``%31`` is ``1`` and ``%2531`` is ``%31``."""
    headers = {**TURTLE, **authorized}
    assert client.put("/graphs?graph=http://a/g/%31", data=ONE, headers=headers).status_code == 201
    assert client.put("/graphs?graph=http://a/g/%2531", data=ONE, headers=headers).status_code == 201
    assert client.get("/graphs?graph=http%3A%2F%2Fa%2Fg%2F1").status_code == 200


def test_triples_are_added_from_one_body_or_several(client: FlaskClient, authorized: dict[str, str]) -> None:
    """POST adds; multipart/form-data adds each of its parts."""
    assert client.post("/graphs/x", data=ONE, headers={**TURTLE, **authorized}).status_code == 201
    headers = {"Content-Type": "multipart/form-data; boundary=b", **authorized}
    assert client.post("/graphs/x", data=MULTIPART.encode(), headers=headers).status_code == 204
    assert triples(client, "/graphs/x") == 3


@pytest.mark.parametrize("media_type", ["text/turtle", "application/n-triples", "application/ld+json", "text/xml"])
def test_a_byte_order_mark_is_skipped(client: FlaskClient, authorized: dict[str, str], media_type: str) -> None:
    """A document may begin with one, as a body and as a part of one."""
    document = client.get("/graphs/page", headers={"Accept": media_type}).data
    marked = "\ufeff".encode() + document
    assert client.put("/graphs/x", data=marked, headers={**authorized, "Content-Type": media_type}).status_code == 201
    parts = b"--b\r\nContent-Type: " + media_type.encode() + b"\r\n\r\n" + marked + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b", **authorized}
    assert client.post("/graphs/y", data=parts, headers=headers).status_code == 201
    assert triples(client, "/graphs/x") == triples(client, "/graphs/y") == triples(client, "/graphs/page")


def test_a_post_to_the_store_makes_a_graph(client: FlaskClient, authorized: dict[str, str]) -> None:
    """The new graph's address comes in Location and can be used as its name too."""
    made = client.post("/graphs", data=ONE, headers={**TURTLE, **authorized})
    assert made.status_code == 201
    location = made.headers["Location"]
    assert location.startswith("http://localhost/graphs/")
    assert triples(client, location.removeprefix("http://localhost")) == 1
    assert triples(client, f"/graphs?graph={location}") == 1
    explained = client.post("/graphs?message=why&version=1.2", data=ONE, headers={**TURTLE, **authorized})
    assert explained.status_code == 201
    assert client.post("/graphs", data=ONE, headers={**TURTLE, **authorized}).headers["Location"] != location


def test_the_default_graph(client: FlaskClient, authorized: dict[str, str]) -> None:
    """The default graph is read, replaced and emptied, and is always there."""
    assert triples(client, "/graphs?default") == 1
    assert (
        client.put(
            "/graphs?default", data=ONE + " <http://b> <http://b> 1 .", headers={**TURTLE, **authorized}
        ).status_code
        == 204
    )
    assert triples(client, "/graphs?default") == 2
    assert client.delete("/graphs?default", headers=authorized).status_code == 204
    assert triples(client, "/graphs?default") == 0


@pytest.mark.parametrize("address", ["/graphs", "/graphs?default&graph=http://a/", "/graphs?graph=relative"])
def test_a_graph_must_be_named_once(client: FlaskClient, address: str) -> None:
    """No name, two names, or a relative one is a bad request."""
    assert client.get(address).status_code == 400


def test_writing_needs_a_token(client: FlaskClient, store: Store) -> None:
    """Without a token, or with a wrong one, nothing is read from the body and nothing changes."""
    before = store.current()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        for method in (client.put, client.post, client.delete):
            answer = method("/graphs/x", data=b"no turtle", headers={**TURTLE, **headers})
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert client.post("/sparql", data={"update": "CLEAR ALL"}, headers=headers).status_code == 401
    assert store.current() == before


def test_what_cannot_be_read_changes_nothing(client: FlaskClient, authorized: dict[str, str], store: Store) -> None:
    """A document that does not parse has its place; one of another type is refused with the list."""
    before = store.current()
    answer = client.put("/graphs/x", data="<http://a/s>\n<p> 한", headers={**TURTLE, **authorized})
    assert answer.status_code == 400
    assert json.loads(answer.data)["where"]["line"] == 2
    assert json.loads(answer.data)["where"]["quoted"] == "<p> 한"
    for content_type in ("application/pdf", "text/turtle; charset=utf-16", "text/csv"):
        headers = {"Content-Type": content_type, **authorized}
        assert client.put("/graphs/x", data=ONE, headers=headers).status_code == 415
    headers = {"Content-Type": "multipart/form-data; boundary=b", **authorized}
    for body in (
        b"no parts",
        b"--b\r\n\r\nopen",
        b"--b--",
        b"--b\r\nno line\r\n--b--",
        b"--b\r\n\r\n" * 5000 + b"\r\n--b--",
    ):
        assert client.post("/graphs/x", data=body, headers=headers).status_code >= 400
    coded = b"--b\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/turtle\r\n\r\nIw==\r\n--b--"
    assert client.post("/graphs/x", data=coded, headers=headers).status_code == 400
    assert store.current() == before


def test_a_graph_in_every_form(client: FlaskClient) -> None:
    """A graph is negotiated like an answer to CONSTRUCT."""
    for accept in ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-quads"):
        assert client.get("/graphs/page", headers={"Accept": accept}).mimetype == accept
    assert client.get("/graphs/page?format=nt").mimetype == "application/n-triples"
    for accept in ("image/png", "text/csv", "application/sparql-results+json"):
        for path in ("/graphs/page", "/graphs?default"):
            assert client.get(path, headers={"Accept": accept}).status_code == 406


@pytest.mark.parametrize("media_type", media_types(GRAPH_FORMS))
def test_what_is_read_can_be_written_back(client: FlaskClient, authorized: dict[str, str], media_type: str) -> None:
    """Every media type that a graph is sent in is one that it can be sent back in."""
    read = client.get("/graphs/page", headers={"Accept": media_type})
    assert read.mimetype == media_type
    headers = {**authorized, "Content-Type": read.headers["Content-Type"]}
    assert client.put("/graphs/copy", data=read.data, headers=headers).status_code == 201
    assert client.get("/graphs/copy?format=nt").data == client.get("/graphs/page?format=nt").data


@pytest.mark.parametrize("media_type", ["application/trig", "application/n-quads", "application/ld+json"])
def test_a_document_with_named_graphs_is_no_graph(
    client: FlaskClient, authorized: dict[str, str], media_type: str
) -> None:
    """A dataset cannot take the place of one graph."""
    quad = {
        "application/trig": "<http://a/g> { <http://a/s> <http://a/p> 1 }",
        "application/n-quads": "<http://a/s> <http://a/p> <http://a/o> <http://a/g> .",
        "application/ld+json": '{"@id": "http://a/g", "@graph": [{"@id": "http://a/s", "http://a/p": 1}]}',
    }[media_type]
    answer = client.put("/graphs/copy", data=quad, headers={**authorized, "Content-Type": media_type})
    assert (answer.status_code, client.get("/graphs/copy").status_code) == (400, 404)


@pytest.mark.parametrize("method", ["get", "put", "post", "delete"])
@pytest.mark.parametrize("address", ["/graphs/V%F2%88%5D", "/graphs/a%20b", "/graphs?graph=http%3A%2F%2Fa%3Ab%2F"])
def test_a_name_that_is_no_iri_is_refused(
    client: FlaskClient, authorized: dict[str, str], method: str, address: str
) -> None:
    """Bytes that are no UTF-8, blanks, brackets and wrong ports are a fault of the request, not of the server."""
    answer = getattr(client, method)(address, headers={**TURTLE, **authorized})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
