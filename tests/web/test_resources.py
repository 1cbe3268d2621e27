import gzip
import hashlib
import json

from flask.testing import FlaskClient


def test_the_index_lists_every_file(client: FlaskClient) -> None:
    """The list of downloads has name, type, size and digest, as JSON and as a page."""
    listed = json.loads(client.get("/downloads/").data)["files"]
    assert {entry["name"] for entry in listed} == {"kg.ttl", "cities.csv"}
    for entry in listed:
        body = client.get(f"/downloads/{entry['name']}").data
        assert (entry["bytes"], entry["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    page = client.get("/downloads/", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert b'href="/downloads/cities.csv"' in page.data


def test_a_file_comes_with_its_type_and_tag(client: FlaskClient) -> None:
    """A download has Content-Type, Content-Length and a strong ETag that answers 304."""
    answer = client.get("/downloads/kg.ttl")
    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    again = client.get("/downloads/kg.ttl", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_file_comes_compressed(client: FlaskClient) -> None:
    """Compressed by negotiation, or as a file of its own."""
    plain = client.get("/downloads/kg.ttl").data
    packed = client.get("/downloads/kg.ttl.gz")
    assert packed.mimetype == "application/gzip"
    assert gzip.decompress(packed.data) == plain
    coded = client.get("/downloads/kg.ttl", headers={"Accept-Encoding": "gzip"})
    assert coded.mimetype == "text/turtle"
    assert gzip.decompress(coded.data) == plain


def test_a_file_that_is_not_there(client: FlaskClient) -> None:
    """Nothing but the files of the version can be had."""
    for path in ("/downloads/none.ttl", "/downloads/..%2Fversion.json", "/downloads/version.json"):
        assert client.get(path).status_code == 404
