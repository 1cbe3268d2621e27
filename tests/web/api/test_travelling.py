from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from kg.diff import Patch
from kg.store import CommitMetadata, Policy, Store
from kg.web.http.memento import http_date
from signing import MOMENT, patching

GRAPH = "/graphs?graph=http://a/apart"
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH <http://a/apart> { ?s ?p ?o } }"
ALL = "SELECT ?o { GRAPH <http://a/apart> { ?s ?p ?o } }"
LINE = '<http://a/s> <http://a/p> "{}" <http://a/apart> .'


@pytest.fixture
def versions(store: Store) -> Store:
    """Add three versions, each a day after the one before: one triple more, another one more, one less."""
    lines = [LINE.format(number) for number in (2, 3, 4)]
    for number, patch in enumerate([Patch(added=(lines[1],)), Patch(added=(lines[2],)), Patch(removed=(lines[2],))], 1):
        store.commit(patching(patch), CommitMetadata("a", "", day(number), "update"))
    return store


def day(number: float) -> datetime:
    """Return a moment so many days after the first version."""
    return MOMENT + timedelta(days=number)


def ask(query: str, **more: str) -> str:
    """Return the address of a query."""
    return f"/sparql?query={quote(query)}" + "".join(f"&{name}={value}" for name, value in more.items())


def count(client: FlaskClient, address: str, **fields: str) -> str:
    """Ask how many triples there are."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return client.get(address, headers={"Accept": "text/csv", **named}).text.split()[-1]


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize("name", ["graph-version", "version"])
def test_a_version_is_asked_by_its_number(client: FlaskClient, name: str) -> None:
    """By GET and by POST, also under the former name; without a number the current one answers."""
    assert [count(client, ask(COUNT, **{name: str(number)})) for number in (1, 2, 3, 4)] == ["1", "2", "3", "2"]
    assert count(client, ask(COUNT)) == "2"
    form = {"query": COUNT, name: "3"}
    assert client.post("/sparql", data=form, headers={"Accept": "text/csv"}).text.split()[-1] == "3"
    assert client.get(f"{GRAPH}&{name}=2").headers["Kg-Version"] == "2"
    assert client.get(f"/downloads/?{name}=2").headers["Kg-Version"] == "2"


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize("label", ["1.1", "1.2-basic", "1.2"])
def test_a_version_of_sparql_is_none_of_the_graph(client: FlaskClient, label: str) -> None:
    """SPARQL 1.2 Protocol, 2.1: it is understood wherever it stands, beside a version of the graph too."""
    assert count(client, ask(COUNT, version=label)) == "2"
    assert count(client, ask(COUNT, **{"version": label, "graph-version": "3"})) == "3"
    assert count(client, f"{ask(COUNT, version=label)}&version=3") == "3"
    form = {"query": COUNT, "version": label}
    assert client.post("/sparql", data=form, headers={"Accept": "text/csv"}).text.split()[-1] == "2"
    headers = {"Accept": "text/csv", "Content-Type": f"application/sparql-query; version={label}"}
    assert client.post("/sparql", data=COUNT, headers=headers).text.split()[-1] == "2"
    answer = client.get(f"{GRAPH}&version={label}")
    assert (answer.status_code, answer.headers["Kg-Version"]) == (200, "4")
    assert "Memento-Datetime" not in answer.headers
    assert client.get(f"/cities?version={label}", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.usefixtures("versions")
def test_an_update_may_announce_its_version(client: FlaskClient, authorized: dict[str, str]) -> None:
    """It is no request to change the past."""
    form = {"update": "INSERT DATA { <http://a/s> <http://a/p> 9 }", "version": "1.2"}
    assert client.post("/sparql", data=form, headers=authorized).status_code == 204
    headers = {**authorized, "Content-Type": "application/sparql-update;version=1.1"}
    assert client.post("/sparql", data="CLEAR GRAPH <http://a/apart>", headers=headers).status_code == 204
    headers = {**authorized, "Content-Type": "text/turtle"}
    assert client.put(f"{GRAPH}&version=1.2", data="", headers=headers).status_code < 300


@pytest.mark.parametrize("method", ["get", "form", "query", "update"])
def test_an_unknown_version_is_refused(client: FlaskClient, authorized: dict[str, str], method: str) -> None:
    """400 names the versions that are known."""
    answer = {
        "get": lambda: client.get(ask(COUNT, version="9.9")),
        "form": lambda: client.post("/sparql", data={"query": COUNT, "version": "9.9"}),
        "query": lambda: client.post("/sparql", data=COUNT, content_type='application/sparql-query; version="9.9"'),
        "update": lambda: client.post("/sparql", data={"update": "CLEAR ALL", "version": "9.9"}, headers=authorized),
    }[method]()
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert all(label in answer.get_json()["cure"] for label in ("1.1", "1.2-basic", "1.2", "graph-version"))


@pytest.mark.usefixtures("versions")
def test_a_version_is_asked_by_a_moment(client: FlaskClient) -> None:
    """What was current then; before the first version, that one."""
    moments = {-9: "1", 0.5: "1", 1: "2", 2.9: "3", 90: "2"}
    for days, expected in moments.items():
        assert count(client, ask(COUNT), Accept_Datetime=http_date(day(days))) == expected


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize("address", [ask(ALL), GRAPH, "/downloads/"])
def test_the_fields_of_a_memento(client: FlaskClient, address: str) -> None:
    """RFC 7089, section 4.2.2: 200, with when it was made, where it stays, and the way to the others."""
    answer = client.get(address, headers={"Accept-Datetime": http_date(day(1.5))})
    assert answer.status_code == 200
    assert answer.headers["Memento-Datetime"] == http_date(day(1))
    assert answer.headers["Kg-Version"] == "2"
    assert "Accept-Datetime" in answer.headers["Vary"]
    joint = "&" if "?" in address else "?"
    memento = answer.headers["Content-Location"]
    assert memento.startswith("http://localhost/")
    assert memento.endswith(f"{joint}graph-version=2")
    link = answer.headers["Link"]
    for relation in ("original timegate", "timemap", "first prev memento", "memento", "next memento", "last memento"):
        assert f'rel="{relation}' in link
    again = client.get(memento)
    assert again.data == answer.data
    assert again.headers["Memento-Datetime"] == http_date(day(1))
    assert "Content-Location" not in again.headers


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize("address", [ask(ALL), GRAPH, "/downloads/"])
def test_what_cannot_be_asked(client: FlaskClient, address: str) -> None:
    """404 for what never was, 400 for what is no version and no date; an error is no Memento."""
    joint = "&" if "?" in address else "?"
    for version, status in (("5", 404), ("0", 400), ("one", 400), ("1&graph-version=2", 400)):
        answer = client.get(f"{address}{joint}graph-version={version}")
        assert answer.status_code == status
        assert "Memento-Datetime" not in answer.headers
    assert client.get(address, headers={"Accept-Datetime": "yesterday"}).status_code == 400


def test_what_was_pruned_is_gone(client: FlaskClient, versions: Store) -> None:
    """410 by number and by moment; what is kept answers on, and the TimeMap has nothing else."""
    Store(versions.path, Policy(keep_versions=2)).check()
    assert client.get(ask(ALL, **{"graph-version": "2"})).status_code == 410
    assert client.get(ask(ALL), headers={"Accept-Datetime": http_date(day(1))}).status_code == 410
    assert count(client, ask(COUNT, **{"graph-version": "3"})) == "3"
    assert "version=2" not in client.get(f"/timemap/link{GRAPH}").text


@pytest.mark.usefixtures("versions")
def test_a_permanent_link_gives_the_same_bytes(client: FlaskClient, authorized: dict[str, str]) -> None:
    """Also when the answer was chosen by Accept, and after the graph has changed."""
    asked = ask(f'{ALL} # 서초 <>"')
    answer = client.get(asked, headers={"Accept": "text/csv"})
    assert answer.headers["Kg-Version"] == "4"
    target, _, rest = answer.headers["Link"].removeprefix("<").partition(">")
    assert rest.startswith(f'; rel="bookmark memento"; datetime="{http_date(day(3))}"')
    client.post("/sparql", data={"update": "CLEAR ALL"}, headers=authorized)
    again = client.get(f"/sparql{target}")
    assert (again.data, again.mimetype) == (answer.data, "text/csv")
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert again.headers["Kg-Version"] == "4"
    posted = client.post("/sparql?timeout=5", data={"query": ALL}, headers={"Accept": "text/csv"})
    assert client.get(f"/sparql{posted.headers['Link'][1:].partition('>')[0]}").data == posted.data


@pytest.mark.usefixtures("versions")
def test_an_address_that_would_be_too_long_is_no_link(client: FlaskClient) -> None:
    """A query of more than 4 KB has no permanent link, and still its version."""
    long = client.post("/sparql", data={"query": f"{ALL} #{'x' * 4096}"})
    assert 'rel="bookmark' not in long.headers["Link"]
    assert "timemap" not in long.headers["Link"]
    assert long.headers["Kg-Version"] == "4"
    then = client.post("/sparql", data={"query": f"{ALL} #{'x' * 4096}", "version": "2"})
    assert then.headers["Memento-Datetime"] == http_date(day(1))
    assert 'rel="bookmark' not in then.headers["Link"]
    assert "timemap" not in then.headers["Link"]


@pytest.mark.usefixtures("versions")
@pytest.mark.parametrize(
    ("query", "version", "verdict"),
    [
        (ALL, 4, "same"),
        (ALL, 3, "differs"),
        (ALL, 2, "same"),
        ("SELECT (NOW() AS ?now) {}", 2, "same"),
        ("SELECT (NOW() AS ?now) {}", 3, "unknown"),
        ("ASK { ?s ?p '4' }", 3, "same"),
        ("ASK { GRAPH ?g { ?s ?p '4' } }", 3, "differs"),
        ("CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }", 3, "unknown"),
        ("CONSTRUCT { [] ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", 3, "differs"),
    ],
    ids=range(9),
)
def test_an_old_answer_says_whether_it_still_holds(client: FlaskClient, query: str, version: int, verdict: str) -> None:
    """By what the solutions are, not by their order; the link says how to ask for today's."""
    answer = client.get(ask(query, **{"graph-version": str(version)}))
    assert answer.headers["Kg-Today"] == verdict
    assert 'rel="original timegate latest-version"' in answer.headers["Link"]
    assert "Kg-Today" not in client.get(ask(query)).headers


@pytest.mark.usefixtures("versions")
def test_a_timemap_has_every_version(client: FlaskClient) -> None:
    """In the link format, and as JSON by Accept or by address; for what does not travel there is none."""
    link = client.get(f"/timemap/link{GRAPH}")
    assert link.mimetype == "application/link-format"
    assert link.text.count('memento"; datetime=') == 4
    assert '<http://localhost/graphs?graph=http://a/apart>; rel="original timegate"' in link.text
    found = client.get(f"/timemap/json{GRAPH}").get_json()
    assert [memento["version"] for memento in found["mementos"]["list"]] == [1, 2, 3, 4]
    assert client.get(f"/timemap/link{GRAPH}", headers={"Accept": "application/json"}).get_json() == found
    for memento in found["mementos"]["list"]:
        assert client.get(memento["uri"]).headers["Memento-Datetime"]
    assert client.get("/timemap/link/healthz").status_code == 404
    assert client.get("/timemap/html/sparql").status_code == 404


@pytest.mark.usefixtures("versions")
def test_what_is_current_leads_to_its_past(client: FlaskClient) -> None:
    """A graph and a file name their TimeMap and their permanent address."""
    link = client.get(GRAPH).headers["Link"]
    assert '<http://localhost/timemap/link/graphs?graph=http://a/apart>; rel="timemap"' in link
    assert 'version=4>; rel="bookmark memento"' in link
