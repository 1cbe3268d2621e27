import json
import re

from flask.testing import FlaskClient

from kg.settings import Settings
from kg.store.versions import Store
from kg.web.app import create_app
from kg.web.languages.language import LANGUAGES
from kg.web.operations import problem_types


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


def test_every_problem_type_is_explained_in_every_language(client: FlaskClient) -> None:
    """One sentence of its own in each."""
    for leaf in problem_types():
        pages = [client.get(f"/problems/{leaf.problem}?lang={one.code}").text for one in LANGUAGES]
        assert len({re.search(r'<p class="lead">([^<]+)', page)[1] for page in pages}) == len(LANGUAGES)  # type: ignore[index]  # each has one
