"""The editor's page: who gets it, and what it shows to readers without scripts."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
SELECT = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o"


def asked(query: str, **parameters: str) -> str:
    """Return the address of a query."""
    return f"/sparql?query={quote(query)}" + "".join(f"&{name}={value}" for name, value in parameters.items())


def permanent(page: str) -> list[str]:
    """Return the permanent link that a page shows, if it shows one."""
    return [unescape(address) for address in re.findall(r'<a href="([^"]+)" rel="bookmark">', page)]


def configuration(page: str) -> dict[str, object]:
    """Read what the page hands to its script."""
    found = re.search(r"data-configuration='([^']*)'", page)
    assert found
    read: dict[str, object] = json.loads(unescape(found[1]))
    return read


def test_a_browser_that_follows_a_link_gets_the_editor_with_the_query(client: FlaskClient) -> None:
    """The text field holds it, escaped; the page may be kept, and is told apart from the answer."""
    query = 'SELECT * { ?s ?p "</textarea><b>" }'
    answer = client.get(asked(query), headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    field = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert field
    assert unescape(field[1]) == query
    assert "<b>" not in answer.text
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["ETag"] != client.get(asked(query)).headers["ETag"]
    assert answer.headers["ETag"] != client.get(asked("ASK {}"), headers={"Accept": BROWSER}).headers["ETag"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv, text/html", "text/csv"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("TEXT/HTML", "text/html"),
        ("text/*", "text/csv"),
    ],
)
def test_a_program_gets_the_answer(client: FlaskClient, accept: str | None, media_type: str) -> None:
    """Only who would rather have a page than any form of the answer gets one."""
    assert client.get(asked(SELECT), headers={"Accept": accept} if accept else {}).mimetype == media_type


@pytest.mark.parametrize(("query", "form", "media_type"), [(SELECT, "csv", "text/csv"), ("ASK {}", "tsv", None)])
def test_a_format_always_gives_the_answer(client: FlaskClient, query: str, form: str, media_type: str | None) -> None:
    """A download link works in a browser."""
    answer = client.get(asked(query, format=form), headers={"Accept": BROWSER})
    assert answer.mimetype == (media_type or "text/tab-separated-values")


def test_a_query_sent_by_post_is_answered(client: FlaskClient) -> None:
    """The editor is for links; whoever posts wants the answer, or is told that there is no such form."""
    assert client.post("/sparql", data={"query": SELECT}, headers={"Accept": BROWSER}).mimetype != "text/html"


def test_without_scripts_the_form_shows_the_answer(client: FlaskClient) -> None:
    """As a table with languages and links, beside the query and its downloads."""
    page = client.get(asked(SELECT, answer="page"), headers={"Accept": BROWSER}).text
    assert '<td lang="ko">쑤저우</td>' in page
    assert '<a href="http://a/s">http://a/s</a>' in page
    assert "2행" in page
    assert unescape(page).count("format=csv") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "이 결과의 고정 주소"), ("en", "Permanent link to this result"), ("zh", "此结果的永久链接")],
)
@pytest.mark.parametrize("query", [SELECT, "ASK { ?s ?p '쑤저우'@ko }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_an_answer_has_its_permanent_link(
    client: FlaskClient, authorized: dict[str, str], query: str, language: str, words: str
) -> None:
    """It is the one that the answer itself has, and gives the same bytes when the data have changed."""
    page = client.get(asked(query, answer="page", lang=language), headers={"Accept": BROWSER}).text
    assert f">{words}</a>" in page
    (address,) = permanent(page)
    wanted = client.get(asked(query), headers={"Accept": "application/sparql-results+json, text/turtle"})
    target = wanted.headers["Link"].partition(">")[0].removeprefix("<")
    assert parse_qs(urlsplit(address).query) == parse_qs(target[1:])
    update = "CLEAR ALL ; INSERT DATA { <http://a/s> <http://a/p> 'new' }"
    assert client.post("/sparql", data={"update": update}, headers=authorized).status_code == 204
    assert client.get(address, headers={"Accept": BROWSER}).data == wanted.data != client.get(asked(query)).data


@pytest.mark.parametrize(
    ("query", "more"),
    [("SELECT (RAND() AS ?r) {}", {}), (SELECT, {"version": "1"}), (f"ASK {{ ?s ?p '{'x' * 4096}' }}", {})],
    ids=["differs each time", "is of a version that was asked for", "has too long an address"],
)
def test_an_answer_without_a_permanent_link_shows_none(client: FlaskClient, query: str, more: dict[str, str]) -> None:
    """There is none where the answer itself has none."""
    page = client.get(asked(query, answer="page", **more), headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert not permanent(page.text)
    assert 'rel="bookmark' not in client.get(asked(query, **more)).headers.get("Link", "")


def test_a_permanent_link_keeps_the_dataset(client: FlaskClient) -> None:
    """What was asked of some graphs alone is asked of them again."""
    where = {"default-graph-uri": "http://a/apart"}
    (address,) = permanent(client.get(asked(SELECT, answer="page", **where), headers={"Accept": BROWSER}).text)
    assert parse_qs(urlsplit(address).query)["default-graph-uri"] == ["http://a/apart"]
    assert b'"2"' in client.get(address).data


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s ?p ?o }", '<p class="lead">예</p>'),
        ("ASK { ?s ?p 77 }", '<p class="lead">아니요</p>'),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "&lt;http://a/s&gt;"),
        ("SELECT (IRI('javascript:alert(1)') AS ?x) {}", "<td>javascript:alert(1)</td>"),
        ("SELECT (IRI('https://kg.seocho.example/id/body/x') AS ?x) {}", '<a href="/id/body/x">id/body/x</a>'),
        ("SELECT ?x { VALUES ?x { UNDEF } }", "<td></td>"),
    ],
)
def test_each_kind_of_answer_is_shown(client: FlaskClient, query: str, shown: str) -> None:
    """Truth, graph, terms that are no address of the web, things of ours, nothing."""
    assert shown in client.get(asked(query, answer="page"), headers={"Accept": BROWSER}).text


@pytest.mark.parametrize(("language", "place"), [("ko", "질의 2행"), ("en", "Line 2"), ("zh", "第 2 行")])
def test_without_scripts_a_wrong_query_is_shown_with_its_place(client: FlaskClient, language: str, place: str) -> None:
    """The status is the problem's, the words are the reader's, the query stands there to be corrected."""
    answer = client.get(asked("SELECT *\n{ oops }", answer="page", lang=language), headers={"Accept": BROWSER})
    assert answer.status_code == 400
    assert place in answer.text
    assert "<code>{ oops }</code>" in answer.text
    assert "oops }</textarea>" in answer.text


@pytest.mark.parametrize("language", ["ko", "en", "zh"])
def test_the_script_has_its_words_in_every_language(client: FlaskClient, language: str) -> None:
    """Every word that the script calls for is handed over, and where to ask under a prefix."""
    page = client.get(f"/sparql?lang={language}", headers={"Accept": BROWSER}).text
    read = configuration(page)
    assert (read["endpoint"], read["chosen"]) == ("/sparql", language)
    assert isinstance(read["words"], dict)
    assert read["words"].keys() >= {"table", "bars", "map", "timeline", "raw", "rows"}


def test_an_earlier_version_is_asked(client: FlaskClient, authorized: dict[str, str]) -> None:
    """A link with a version keeps it: in the form, for the script, and in the answer beside the editor."""
    update = "CLEAR ALL ; INSERT DATA { <http://a/s> <http://a/p> 'new' }"
    assert client.post("/sparql", data={"update": update}, headers=authorized).status_code == 204
    page = client.get(asked(SELECT, answer="page", **{"graph-version": "1"}), headers={"Accept": BROWSER})
    assert (page.status_code, "쑤저우" in page.text, ">new<" in page.text) == (200, True, False)
    assert configuration(page.text)["version"] == "1"
    assert '<input type="hidden" name="graph-version" value="1">' in page.text
    assert ">new<" in client.get(asked(SELECT, answer="page"), headers={"Accept": BROWSER}).text
    assert client.get(asked(SELECT, version="7"), headers={"Accept": BROWSER}).status_code == 404
