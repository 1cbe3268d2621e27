"""Pages and data of things as they were: by number, by moment, and what is gone."""

import pytest
from flask.testing import FlaskClient

from kg.diff import Patch
from kg.store import CommitMetadata, Store
from kg.web.http.memento import http_date
from signing import MOMENT, patching

THING = "https://kg.seocho.example/id/topic/tea"
LABEL = '<{0}> <http://www.w3.org/2000/01/rdf-schema#label> "{1}"@en <https://kg.seocho.example/graphs/page> .'
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TYPE = f"<{THING}> <{A}> <http://a/Topic> <https://kg.seocho.example/graphs/page> ."
HTML = {"Accept": "text/html"}


@pytest.fixture
def versions(store: Store) -> Store:
    """Name a thing in version 2, rename it in version 3, take it away in version 4."""
    tea, coffee = LABEL.format(THING, "Tea"), LABEL.format(THING, "Coffee")
    patches = [
        Patch(added=(tea, TYPE)),
        Patch(added=(coffee,), removed=(tea,)),
        Patch(removed=(coffee, TYPE)),
    ]
    for patch in patches:
        store.commit(patching(patch), CommitMetadata("a", "", MOMENT, "update"))
    return store


@pytest.mark.usefixtures("versions")
def test_a_page_is_shown_as_it_was(client: FlaskClient) -> None:
    """It says which version it is, leads to the current one, and its links stay in the version."""
    second = client.get("/page/topic/tea?graph-version=2&lang=en", headers=HTML)
    third = client.get("/page/topic/tea?graph-version=3&lang=en", headers=HTML)
    assert (second.status_code, third.status_code) == (200, 200)
    assert "<h1>Tea</h1>" in second.text
    assert "<h1>Coffee</h1>" in third.text
    assert "This is version 2" in second.text
    assert 'href="/page/topic/tea?lang=en"' in second.text
    assert 'href="/?lang=en&amp;graph-version=2"' in second.text
    assert second.headers["Kg-Version"] == "2"
    assert second.headers["Memento-Datetime"] == http_date(MOMENT)
    assert 'rel="cite-as"' in ", ".join(second.headers.getlist("Link"))
    assert 'rel="timemap"' in ", ".join(second.headers.getlist("Link"))


@pytest.mark.usefixtures("versions")
def test_data_travels_too(client: FlaskClient) -> None:
    """By number and by moment; an IRI leads on within the version."""
    assert "Tea" in client.get("/data/topic/tea.ttl?graph-version=2").text
    assert "Coffee" in client.get("/data/topic/tea.ttl?graph-version=3").text
    led = client.get("/id/topic/tea?graph-version=2", headers=HTML).headers["Location"]
    assert led == "http://localhost/page/topic/tea?graph-version=2"
    assert client.get("/", headers={**HTML, "Accept-Datetime": http_date(MOMENT)}).headers["Memento-Datetime"]
    assert client.get("/timemap/link/page/topic/tea").status_code == 200


@pytest.mark.usefixtures("versions")
def test_what_was_taken_away_is_gone(client: FlaskClient) -> None:
    """410 says up to which version it was there; what never was is 404."""
    for path in ("/page/topic/tea", "/data/topic/tea.ttl"):
        gone = client.get(path, headers={"Accept-Language": "en", "Accept": "application/problem+json, text/turtle"})
        assert gone.status_code == 410, path
        assert "version 3" in gone.text
        assert "?graph-version=3" in gone.text
    assert client.get("/page/topic/coffee").status_code == 404
    missing = client.get("/page/topic/tea?graph-version=1", headers=HTML)
    assert missing.status_code == 404
    assert 'class="alert warning' not in missing.text
    assert client.get("/page/topic/tea?graph-version=4").status_code == 410


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize("moment", [None, http_date(MOMENT), "yesterday"])
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/page/topic/tea", "/page/topic/none", "/data/topic/tea", "/data/topic/tea.nt", "/data/topic/none"),
        *("/sparql?query=ASK%7B%7D", "/sparql?query=oops", "/graphs/page", "/graphs/none", "/graphs?default"),
        *("/downloads/", "/downloads/kg.nt", "/downloads/none", "/dataset", "/ontology.ttl", "/cities", "/search?q=x"),
    ],
)
def test_what_depends_on_the_moment_says_so(client: FlaskClient, path: str, moment: str | None) -> None:
    """RFC 7089, 4.1: Vary names Accept-Datetime, whether one was sent or not, of errors too."""
    fields = {"Accept-Datetime": moment} if moment else {}
    for accept in ("text/html", "*/*"):
        answer = client.get(path, headers={"Accept": accept, **fields})
        assert "accept-datetime" in [name.strip().lower() for name in answer.headers["Vary"].split(",")], accept
        kept = {**fields, "Accept": accept, "If-None-Match": answer.headers.get("ETag", '"none"')}
        assert "Accept-Datetime" in client.get(path, headers=kept).headers["Vary"]
