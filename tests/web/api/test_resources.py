import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.build.distributions import DOCUMENTS
from kg.diff import Patch
from kg.domain import Settings
from kg.store import CommitMetadata, Store
from signing import MOMENT, patching
from web.conftest import BASE


@pytest.fixture(scope="module")
def reading(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the owner's page, whose files are made once."""
    with owner_app.test_client() as client:
        yield client


def test_the_index_lists_every_file(client: FlaskClient) -> None:
    """The list of downloads has name, type, size and digest, as JSON and as a page; and what cannot be made, why."""
    told = json.loads(client.get("/downloads/").data)
    assert {entry["name"] for entry in told["files"]} == set(DOCUMENTS)
    assert "page" in told["refused"]["cities.csv"]["en"]
    for entry in told["files"]:
        body = client.get(f"/downloads/{entry['name']}").data
        assert (entry["bytes"], entry["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
    page = client.get("/downloads/", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert b'href="/downloads/kg.ttl"' in page.data
    whole = client.get("/downloads/all.ttl")
    assert (whole.status_code, whole.headers["Location"]) == (308, "/downloads/kg.ttl")


@pytest.mark.parametrize(
    ("language", "line"), [("ko", "사실만 필요한 경우"), ("en", "the facts alone"), ("zh", "只需要事实")]
)
def test_the_page_says_for_whom_each_part_is(reading: FlaskClient, language: str, line: str) -> None:
    """Each file is listed once; the digests are folded away, as ``sha256sum --check`` reads them."""
    page = reading.get(f"/downloads/?lang={language}", headers={"Accept": "text/html"}).text
    assert line in page
    visible, _, folded = page.partition("<details><summary>SHA-256")
    for file in reading.get("/downloads/").get_json()["files"]:
        assert visible.count(f'href="/downloads/{file["name"]}"') == 1
        assert file["sha256"] not in visible
        assert f"{file['sha256']}  {file['name']}\n" in folded


@pytest.mark.parametrize(
    ("version", "caption"),
    [
        ({}, {"ko": "2번째 판의 파일(2027년 1월 1일 생성)", "en": "version 2 of the data, made on January 1, 2027"}),
        (
            {"version": "1"},
            {"ko": "1번째 판의 파일(2026년 11월 22일 생성)", "en": "version 1 of the data, made on November 22, 2026"},
        ),
    ],
)
def test_the_table_says_when_its_version_was_made(
    client: FlaskClient, store: Store, version: dict[str, str], caption: dict[str, str]
) -> None:
    """The day is that of the version that is listed, whichever is current."""
    change = Patch(added=('<http://a/s> <http://a/p> "3" <http://a/apart> .',))
    store.commit(patching(change), CommitMetadata("a", "", MOMENT + timedelta(days=40), "update"))
    for language, text in caption.items():
        page = client.get("/downloads/", query_string={"lang": language, **version}, headers={"Accept": "text/html"})
        (found,) = re.findall(r"<caption[^>]*>(.*?)</caption>", page.text, re.DOTALL)
        assert text in found


def test_a_file_that_cannot_be_made_says_why(client: FlaskClient) -> None:
    """A graph that is no page's has no tables."""
    answer = client.get("/downloads/cities.csv")
    assert answer.status_code == 404
    assert "kg.nq" in answer.text


def test_the_files_are_those_of_the_current_version(
    client: FlaskClient, authorized: dict[str, str], settings: Settings
) -> None:
    """They are made once for each version, when they or their sizes are asked for: no other page needs them."""
    assert all(client.get(path).status_code == 200 for path in ("/", "/about", "/cities", "/history", "/use"))
    assert not (settings.store / "downloads").exists()
    assert b"<http://a/new>" not in client.get("/downloads/kg.nq").data
    client.post("/sparql", data={"update": "INSERT DATA { <http://a/new> <http://a/p> 1 }"}, headers=authorized)
    assert [path.name for path in (settings.store / "downloads").glob("0*")] == ["000001"]
    assert b"<http://a/new>" in client.get("/downloads/kg.nq").data
    assert b":new ns1:p 1 ." in client.get("/downloads/kg.trig").data
    assert sorted(path.name for path in (settings.store / "downloads").glob("0*")) == ["000001", "000002"]


def test_a_file_holds_the_dataset_alone(client: FlaskClient, authorized: dict[str, str]) -> None:
    """What is in a graph beside it is in no file and keeps none from being made; the page tells where it is."""
    before = {name: client.get(f"/downloads/{name}").data for name in DOCUMENTS}
    turtle = "<http://a/s> <http://a/beside> <<( <http://a/s> <http://a/p> 1 )>> ."
    headers = {**authorized, "Content-Type": "text/turtle"}
    assert client.put("/graphs?graph=http://a/g1", data=turtle, headers=headers).status_code == 201
    assert {name: client.get(f"/downloads/{name}").data for name in DOCUMENTS} == before
    listed = client.get("/downloads/").get_json()
    assert f"{BASE}graphs/page" in listed["graphs"]
    assert "http://a/g1" not in listed["graphs"]
    page = client.get("/downloads/?lang=en", headers={"Accept": "text/html"}).text
    assert "/graphs?graph=" in page


def test_a_format_that_has_no_such_terms_is_refused(
    client: FlaskClient, store: Store, authorized: dict[str, str]
) -> None:
    """No update puts a triple term into the dataset; one of an older program is in files, JSON-LD names those (406)."""
    update = "INSERT DATA { <http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>> }"
    assert client.post("/sparql", data={"update": update}, headers=authorized).status_code == 422
    line = "<http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> <http://a/o> )>> ."
    store.commit(patching(Patch(added=(line,))), CommitMetadata("a", "", MOMENT, "update"))
    assert b"<<(" in client.get("/downloads/kg.ttl").data
    refused = client.get("/downloads/kg.jsonld")
    assert (refused.status_code, refused.mimetype) == (406, "application/problem+json")
    assert "kg.ttl" in refused.get_json()["cure"]
    assert "kg.jsonld" not in refused.get_json()["cure"]
    listed = client.get("/downloads/").get_json()
    assert "kg.jsonld" in listed["refused"]
    assert "kg.nt" in {file["name"] for file in listed["files"]}


def test_a_file_comes_with_its_type_and_tag(reading: FlaskClient) -> None:
    """A download has Content-Type, Content-Length and a strong ETag that answers 304."""
    answer = reading.get("/downloads/kg.ttl")
    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    again = reading.get("/downloads/kg.ttl", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_file_comes_compressed(reading: FlaskClient) -> None:
    """Compressed by negotiation, or as a file of its own."""
    plain = reading.get("/downloads/context.jsonld").data
    packed = reading.get("/downloads/context.jsonld.gz")
    assert packed.mimetype == "application/gzip"
    assert gzip.decompress(packed.data) == plain
    coded = reading.get("/downloads/context.jsonld", headers={"Accept-Encoding": "gzip"})
    assert coded.mimetype == "application/ld+json"
    assert gzip.decompress(coded.data) == plain


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-7", -7, None), ("Bytes = 3-99999999", 3, None)],
)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_part_of_a_file_is_sent(reading: FlaskClient, asked: str, start: int, stop: int | None, coding: str) -> None:
    """206 with the bytes asked for, never compressed: a part of a compressed answer cannot be decoded by itself."""
    fields = {"Accept-Encoding": coding}
    whole = reading.get("/downloads/context.jsonld")
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = reading.get("/downloads/context.jsonld", headers={**fields, "Range": asked})
    assert (part.status_code, part.data) == (206, whole.data[start:stop])
    first = start % len(whole.data)
    assert part.headers["Content-Range"] == f"bytes {first}-{first + len(part.data) - 1}/{len(whole.data)}"
    assert part.headers["Content-Length"] == str(len(part.data))
    for name in ("ETag", "Repr-Digest", "Content-Type", "Vary"):
        assert part.headers[name] == whole.headers[name]


def test_a_download_is_resumed(reading: FlaskClient) -> None:
    """With If-Range the rest comes while the file is the same, and the whole file when it is another."""
    whole = reading.get("/downloads/kg.nt")
    fields = {"Range": "bytes=5-"}
    for known in (whole.headers["ETag"], whole.headers["Last-Modified"]):
        rest = reading.get("/downloads/kg.nt", headers={**fields, "If-Range": known})
        assert (rest.status_code, whole.data[:5] + rest.data) == (206, whole.data)
    for other in ('"other"', f"W/{whole.headers['ETag']}", "Thu, 01 Jan 2026 12:00:00 GMT"):
        again = reading.get("/downloads/kg.nt", headers={**fields, "If-Range": other})
        assert (again.status_code, again.data) == (200, whole.data)
    kept = reading.get("/downloads/kg.nt", headers={**fields, "If-None-Match": whole.headers["ETag"]})
    assert kept.status_code == 304


@pytest.mark.parametrize(
    "asked", ["lines=0-1", "bytes=0-1,3-4", "bytes=4-2", "bytes=-", "bytes", "bytes=a-b", "bytes=１-２"]
)
def test_a_range_that_is_not_understood_is_ignored(reading: FlaskClient, asked: str) -> None:
    """The whole file is sent; HEAD has no ranges."""
    answer = reading.get("/downloads/kg.nt", headers={"Range": asked.encode().decode("latin-1")})
    assert (answer.status_code, "Content-Range" in answer.headers) == (200, False)
    head = reading.head("/downloads/kg.nt", headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(answer.data)))


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=999999-9999999", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(client: FlaskClient, asked: str) -> None:
    """416 says how long the file is."""
    length = len(client.get("/downloads/kg.nt").data)
    refused = client.get("/downloads/kg.nt", headers={"Range": asked})
    assert (refused.status_code, refused.mimetype) == (416, "application/problem+json")
    assert refused.headers["Content-Range"] == f"bytes */{length}"
    assert str(length) in refused.get_json()["detail"]


def test_a_file_that_is_not_there(reading: FlaskClient) -> None:
    """Nothing but the files of the version can be had."""
    for path in ("/downloads/none.ttl", "/downloads/..%2Fversion.json", "/downloads/version.json"):
        assert reading.get(path).status_code == 404


def test_a_retired_identifier_leads_on_or_is_gone(client: FlaskClient, store: Store) -> None:
    """301 to the same document of what replaces it, 410 where nothing does, whatever versions are kept."""
    old, new, gone = (
        f"<{BASE}id/{name}>" for name in ("municipality/weihai-si", "municipality/weihai", "exchange/x-2012")
    )
    owl, terms = "http://www.w3.org/2002/07/owl#deprecated", "http://purl.org/dc/terms/isReplacedBy"
    graph, true = f"<{BASE}graphs/provenance>", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    lines = (
        *(f"{iri} <{owl}> {true} {graph} ." for iri in (old, gone)),
        f"{old} <{terms}> {new} {graph} .",
        f'{new} <http://www.w3.org/2000/01/rdf-schema#label> "위해시"@ko {graph} .',
    )
    store.commit(patching(Patch(added=lines)), CommitMetadata("a", "", MOMENT, "build"))
    for path, suffix in (("id", ""), ("page", ""), ("data", ""), ("data", ".ttl")):
        moved = client.get(f"/{path}/municipality/weihai-si{suffix}")
        assert moved.status_code == 301
        assert moved.location.endswith(f"/{path}/municipality/weihai{suffix}")
        assert client.get(f"/{path}/exchange/x-2012{suffix}").status_code == 410
    assert client.get("/id/municipality/weihai").status_code == 303
    assert client.get("/data/municipality/weihai.ttl").status_code == 200
    assert client.get("/page/municipality/weihai").status_code == 200
