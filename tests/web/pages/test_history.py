import html
import json
import re
import tarfile
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
from flask import Flask
from flask.testing import FlaskClient

from json_ld_documents import self_contained
from kg.auth import TokenStore
from kg.diff import Patch
from kg.domain import Settings
from kg.store import CommitMetadata, Store
from kg.web.front import Bounds, Front
from signing import MOMENT, patching
from web.exchange import Scope, ask

LINE = '<http://a/s> <http://a/p> "{}" <http://a/apart> .'
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "https://kg.seocho.example/graphs/history"
NUMBERS = f"""PREFIX kg: <https://kg.seocho.example/ontology#> SELECT ?n {{
  GRAPH <{HISTORY}> {{ ?v kg:versionNumber ?n ; kg:commitKind ?k }} }} ORDER BY ?n"""


@pytest.fixture(autouse=True)
def versions(store: Store) -> Store:
    """Add two versions, each with one triple more, the second with one less too."""
    two, three, four = (LINE.format(number) for number in (2, 3, 4))
    for number, patch in enumerate([Patch(added=(three,)), Patch(added=(four,), removed=(two,))], 1):
        metadata = CommitMetadata("김 주무관", "<b>\x07", MOMENT + timedelta(days=number), "update")
        store.commit(patching(patch), metadata)
    return store


@pytest.fixture
def moderator(settings: Settings) -> dict[str, str]:
    """Make the headers of a client that may moderate."""
    return {"Authorization": f"Bearer {TokenStore(settings.store).create('mod', 'moderate', '2026-01-01')}"}


@pytest.mark.parametrize("path", ["/history", "/history/2", "/history/2/diff"])
def test_each_is_a_page_and_data(client: FlaskClient, path: str) -> None:
    """By Accept and by the ending of the address; what a message holds is no markup."""
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert "<b>" not in page.text
    found = client.get(path, headers={"Accept": "application/json"}).get_json()
    assert client.get(f"{path}.json").get_json() == found
    assert client.get(f"{path}.nothing").status_code == 404
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("code", ["ko", "en", "zh"])
@pytest.mark.parametrize("path", ["/history", "/history/2", "/history/2/diff"])
def test_each_speaks_the_language_that_is_asked_for(client: FlaskClient, path: str, code: str) -> None:
    """Its heading differs from those of the others; no key of a message is left."""
    mains = [client.get(f"{path}?lang={one}").text.partition("<main")[2] for one in (code, "ko", "en", "zh")]
    assert "history." not in re.sub(r'"[^"]*"', "", mains[0])
    headings = [re.findall("<h1>(.+?)</h1>", main)[0] for main in mains]
    assert headings.count(headings[0]) == 2


def test_the_versions_are_listed_the_latest_first(client: FlaskClient) -> None:
    """Number, author, message, counts, and what is kept of each."""
    listed = client.get("/history.json").get_json()["versions"]
    assert [version["version"] for version in listed] == [3, 2, 1]
    assert (listed[0]["author"], listed[0]["message"]) == ("김 주무관", "<b>\x07")
    assert [(version["added"], version["removed"]) for version in listed] == [(1, 1), (1, 0), (3, 0)]
    assert [version["current"] for version in listed] == [True, False, False]
    assert {version["kept"] for version in listed} <= {"full", "folded"}
    earlier = client.get("/history.json?before=3").get_json()
    assert [version["version"] for version in earlier["versions"]] == [2, 1]


@pytest.mark.parametrize("address", ["/history.rdf", "/history/3.rdf", "/graphs/history?format=rdf"])
def test_a_message_that_xml_cannot_carry_refuses_it(client: FlaskClient, address: str) -> None:
    """A control character in a message is refused as RDF/XML with the formats that carry it."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert "text/turtle" in answer.get_json()["cure"]


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "nt", "trig", "nq"])
def test_it_is_rdf(client: FlaskClient, ending: str) -> None:
    """All versions or one, in every form; the graph of the history is the same."""
    whole, one = client.get(f"/history.{ending}"), client.get(f"/history/2.{ending}")
    form = pyoxigraph.RdfFormat.from_media_type(whole.mimetype or "")
    assert form
    every = {quad.triple for quad in pyoxigraph.parse(self_contained(whole.data), form)}
    assert {quad.triple for quad in pyoxigraph.parse(self_contained(one.data), form)} < every
    graph = client.get("/graphs/history", headers={"Accept": whole.mimetype})
    assert graph.data == whole.data
    assert client.get(f"/graphs/history?version=2&format={ending}").data != graph.data


def test_what_never_was_is_not_there(client: FlaskClient) -> None:
    """404 for each address of a version that there is not."""
    for path in ("/history/4", "/history/0", "/history/4/diff", "/history/4.ttl", "/history/4/added.nq"):
        assert client.get(path).status_code == 404, path
    assert client.get("/history/3/diff?from=9").status_code == 404
    assert client.get("/history/3/diff?from=x").status_code == 400


def test_what_changed(client: FlaskClient) -> None:
    """As quads, as RDF Patch and as JSON, from the version before or from another, which may be the later one."""
    two, three, four = (LINE.format(number) for number in (2, 3, 4))
    assert client.get("/history/3/added.nq").text == f"{four}\n"
    assert client.get("/history/3/removed.nq").text == f"{two}\n"
    patch = client.get("/history/3/diff.rdfp")
    assert patch.mimetype == "application/rdf-patch"
    assert patch.text.splitlines()[2:] == ["TX .", f"A {four}", f"D {two}", "TC ."]
    whole = client.get("/history/3/diff.json?from=1").get_json()
    assert (whole["from"], whole["to"], whole["added"], whole["removed"]) == (1, 3, [three, four], [two])
    assert client.get("/history/1/diff.json?from=3").get_json()["added"] == [two]
    assert set(whole["sentences"]) == {"ko", "en", "zh"}
    assert all(whole["sentences"].values())
    assert whole["sentences"]["ko"][0] in html.unescape(client.get("/history/3/diff.html?from=1").text)
    first = client.get("/history/1/diff.json").get_json()
    assert (first["from"], first["sentences"]) == (None, {})


def test_a_version_is_restored(client: FlaskClient, moderator: dict[str, str], store: Store) -> None:
    """The next version has what an earlier one had, and says so; what is current already stays."""
    answer = client.post("/history/1/restore?message=되돌림", headers=moderator)
    assert (answer.status_code, answer.headers["Location"]) == (201, "http://localhost/history/4")
    assert (answer.get_json()["kind"], answer.get_json()["message"]) == ("restore", "되돌림")
    assert store.changes_between(1, 4).is_empty
    assert "restoredFrom" in client.get("/history/4.ttl").text
    again = client.post("/history/1/restore", headers=moderator)
    assert (again.status_code, again.get_json()["version"]) == (200, 4)
    assert client.post("/history/9/restore", headers=moderator).status_code == 404
    late = {**moderator, "If-Match": '"version-3"'}
    assert client.post("/history/2/restore", headers=late).status_code == 412


def test_restoring_needs_its_scope(client: FlaskClient, authorized: dict[str, str]) -> None:
    """A token that writes may neither restore nor pin, and without one it is 401."""
    for headers, status in ((authorized, 403), ({}, 401)):
        assert client.post("/history/1/restore", headers=headers).status_code == status
        assert client.put("/history/1/pin", headers=headers).status_code == status
        assert client.delete("/history/1/pin", headers=headers).status_code == status


def test_a_version_is_pinned(client: FlaskClient, moderator: dict[str, str], store: Store) -> None:
    """With who did it and why; the page shows it at once, and it can be taken back."""
    assert client.put("/history/2/pin?message=cited", headers=moderator).status_code == 204
    pin = store.pins.listed()[2]
    assert (pin.author, pin.message) == ("mod", "cited")
    assert client.get("/history/2.json").get_json()["pinned"] is True
    assert client.delete("/history/2/pin", headers=moderator).status_code == 204
    assert client.get("/history/2.json").get_json()["pinned"] is False
    assert client.delete("/history/2/pin", headers=moderator).status_code == 404
    assert client.put(f"/history/2/pin?message={'x' * 1001}", headers=moderator).status_code == 400


def test_the_feed(client: FlaskClient) -> None:
    """Well-formed Atom, the latest version first, each entry with its IRI, time, author and link."""
    answer = client.get("/history.atom")
    assert answer.mimetype == "application/atom+xml"
    top = ET.fromstring(answer.data)  # noqa: S314 - it is our own
    entries = top.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"https://kg.seocho.example/history/{number}" for number in (3, 2, 1)
    ]
    assert top.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated") == "2026-11-24T09:30:00Z"
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "김 주무관"
    assert "<b>" in (entries[0].findtext(f"{ATOM}summary") or "")
    links = [link.get("href") for link in entries[0].findall(f"{ATOM}link")]
    assert links == ["http://localhost/history/3", "http://localhost/history/3/diff"]


def test_a_query_that_names_the_history_sees_it(client: FlaskClient, authorized: dict[str, str]) -> None:
    """That of the version it is asked of; one that does not name it sees none of it."""

    def numbers(**parameters: str) -> list[str]:
        answer = client.get("/sparql", query_string={"query": NUMBERS, "format": "csv", **parameters})
        return answer.text.split()[1:]

    assert numbers() == ["1", "2", "3"]
    assert numbers(version="2") == ["1", "2"]
    client.post("/sparql", data={"update": "CLEAR ALL"}, headers=authorized)
    assert numbers() == ["1", "2", "3", "4"]
    anything = {"query": "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"}
    assert client.get("/sparql", query_string=anything).get_json()["boolean"] is False


@pytest.mark.parametrize(
    "update",
    [
        f"INSERT DATA {{ GRAPH <{HISTORY}> {{ <http://a/s> <http://a/p> 1 }} }}",
        f"CLEAR SILENT GRAPH <{HISTORY}>",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH <{HISTORY}> {{ ?s ?p ?o }} }}",
        f"INSERT {{ GRAPH ?g {{ ?s ?p 1 }} }} WHERE {{ ?s ?p ?o BIND(IRI('{HISTORY}') AS ?g) }}",
    ],
)
def test_no_update_touches_the_history(
    client: FlaskClient, authorized: dict[str, str], store: Store, update: str
) -> None:
    """403, by whatever name, and nothing is done."""
    assert (
        client.post("/sparql", data={"update": f"CREATE GRAPH <urn:x> ; {update}"}, headers=authorized).status_code
        == 403
    )
    assert len(store.commits()) == 3


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_no_write_of_a_graph_touches_the_history(client: FlaskClient, authorized: dict[str, str], method: str) -> None:
    """403 at its own address and by its name."""
    for address in ("/graphs/history", f"/graphs?graph={HISTORY}"):
        headers = {**authorized, "Content-Type": "text/turtle"}
        assert client.open(address, method=method, data="", headers=headers).status_code == 403


def test_a_backup_is_streamed(app: Flask, settings: Settings, store: Store) -> None:
    """Through the front, in pieces: a tar file with every version, for a token that operates."""
    front = Front(app.wsgi_app, store, Bounds(1000, 1000, threads=2, queue=2))
    token = TokenStore(settings.store).create("op", "operate", "2026-01-01")
    headers = {"host": "localhost", "authorization": f"Bearer {token}"}
    answer = ask(front, Scope(path="/backup", query_string="", headers=headers))
    assert answer.status == 200
    assert int(dict(answer.fields)["content-length"]) == len(answer.body)
    with tarfile.open(fileobj=BytesIO(answer.body)) as archive:
        names = set(archive.getnames())
    assert {"HEAD", "commits/000001.rdfp.gz", "commits/000003.rdfp.gz"} <= names
    assert not list(settings.store.glob(".backup-*"))
    refused = ask(front, Scope(path="/backup", query_string="", headers={"host": "localhost"}))
    assert (refused.status, json.loads(refused.body)["status"]) == (401, 401)
