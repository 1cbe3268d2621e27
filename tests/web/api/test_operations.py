import json
import re

import pytest
from flask.testing import FlaskClient

from kg.domain import Settings
from kg.locales import LANGUAGES
from kg.store import Answer, LocalEvaluator, Store, budget
from kg.web.api.operations import problem_types
from kg.web.app import create_app


def test_alive_and_ready(client: FlaskClient) -> None:
    """A server with a version is alive and ready."""
    assert client.get("/healthz").data == b"ok\n"
    assert client.get("/readyz").status_code == 200


def test_a_damaged_version_is_told(client: FlaskClient, store: Store) -> None:
    """What was set aside is named until it is removed; the server is ready all the same."""
    (store.path / "damaged" / "000007").mkdir(parents=True)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "version 7 is damaged" in answer.text


def test_ready_is_a_server_that_answers_a_query(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the current version cannot be queried, or there is no worker for it, the server is not ready."""

    def fail(*_: object) -> Answer:
        raise budget("memory", "", "")

    monkeypatch.setattr(LocalEvaluator, "evaluate", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "no query is answered: budget\n")
    assert store.current()


def test_a_damaged_token_file_is_told(
    client: FlaskClient, settings: Settings, authorized: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Changes are a 503 that names no path; the log names the file, once; queries go on; ``/readyz`` says so."""
    update = {"update": "INSERT DATA { <s> <http://a/p> 1 }"}
    for content in ("", "[", "{}", "[1]", '[{"name": 1}]', "[" * 100_000, '[{"expires": "soon"}]', '"x"'):
        (settings.store / "tokens.json").write_text(content, "utf-8")
        answer = client.post("/sparql", data=update, headers=authorized)
        assert answer.status_code == 503, content
        assert answer.get_json()["type"].endswith("/problems/damaged-file")
        assert str(settings.store) not in answer.text
        assert client.get("/sparql?query=ASK{}").status_code == 200
        ready = client.get("/readyz")
        assert (ready.status_code, ready.text) == (200, "ready\ntokens.json is damaged: what needs it is refused\n")
    named = [record.getMessage() for record in caplog.records if "tokens.json" in record.getMessage()]
    assert len(named) == 8
    assert all(str(settings.store / "tokens.json") in message for message in named)


def test_an_empty_store_is_alive_but_not_ready(settings: Settings) -> None:
    """Without a version there is nothing to answer from, and the cure is named."""
    client = create_app(settings).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    answer = client.get("/sparql?query=ASK%7B%7D")
    assert answer.status_code == 500
    assert "kg build" in json.loads(answer.data)["cure"]


def test_every_problem_type_is_explained(client: FlaskClient) -> None:
    """The type of a problem is the address of a page about it."""
    leaves = list(problem_types())
    assert len({leaf.problem for leaf in leaves}) == len(leaves)
    for leaf in leaves:
        assert leaf.title.ko in client.get(f"/problems/{leaf.problem}").text
        assert leaf.exit_code in (1, 2, 3)
    assert client.get("/problems/none").status_code == 404


def test_metrics_tell_of_an_application(client: FlaskClient) -> None:
    """An application without a server in front of it has the metrics, at zero."""
    answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4"
    assert "kg_hot_hits_total 0.0" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_metrics_tell_of_commits(client: FlaskClient, authorized: dict[str, str]) -> None:
    """How many there were, by outcome, and how long they took."""
    for update in ("INSERT DATA { <s> <http://a/p> 1 }", "CREATE GRAPH <http://a/apart>"):
        client.post("/sparql", data={"update": update}, headers=authorized)
    told = client.get("/metrics").text
    assert 'kg_commits_total{outcome="committed"} 1.0' in told
    assert 'kg_commits_total{outcome="conflict"} 1.0' in told
    assert "kg_commit_seconds_count 2.0" in told
    assert "kg_validation_seconds_count" in told


def test_every_problem_type_is_explained_in_every_language(client: FlaskClient) -> None:
    """One sentence of its own in each."""
    for leaf in problem_types():
        pages = [client.get(f"/problems/{leaf.problem}?lang={one.code}").text for one in LANGUAGES]
        assert len({re.search(r'<p class="lead">([^<]+)', page)[1] for page in pages}) == len(LANGUAGES)  # type: ignore[index]  # each has one
