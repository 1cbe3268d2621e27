import json

import pytest
from flask.testing import FlaskClient

from kg.diff import Patch
from kg.domain import Message, NonconformingError, Settings
from kg.store import Dataset, LocalEvaluator, PendingCommit, Store
from kg.web.app import create_app

INSERT = "INSERT DATA { <s> <http://a/p> 1 }"


def holds(client: FlaskClient, pattern: str) -> bool:
    """Tell whether the current version has a match."""
    answer = client.get("/sparql", query_string={"query": f"ASK {{ {pattern} }}"})
    return bool(json.loads(answer.data)["boolean"])


def test_an_update_makes_the_next_version(client: FlaskClient, authorized: dict[str, str], store: Store) -> None:
    """Both kinds of POST change the graph, relative IRIs resolve against the endpoint, and who did it is kept."""
    assert client.post("/sparql", data={"update": INSERT}, headers=authorized).status_code == 204
    assert holds(client, "<https://kg.seocho.example/s> <http://a/p> 1")
    headers = {"Content-Type": "application/sparql-update", **authorized}
    assert client.post("/sparql", data="CLEAR ALL", headers=headers).status_code == 204
    assert not holds(client, "?s ?p ?o")
    commits = store.commits()
    assert [commit.number for commit in commits] == [1, 2, 3]
    assert (commits[2].kind, commits[2].author) == ("update", "test")


def test_the_dataset_of_an_update(client: FlaskClient, authorized: dict[str, str]) -> None:
    """``using-graph-uri`` says what the pattern sees; with USING in the text too it is refused."""
    address = "/sparql?using-graph-uri=http://a/apart"
    headers = {"Content-Type": "application/sparql-update", **authorized}
    copy = "INSERT { ?s <http://a/copy> ?o } WHERE { ?s ?p ?o }"
    assert client.post(address, data=copy, headers=headers).status_code == 204
    assert holds(client, "?s <http://a/copy> '2'")
    assert not holds(client, "?s <http://a/copy> 'd'")
    assert client.post(address, data=f"WITH <http://a/> {copy}", headers=headers).status_code == 400


@pytest.mark.parametrize("update", ["CLEAR XYZ", "CLEAR GRAPH <http://a/none>", "LOAD <file:///etc/passwd>"])
def test_an_update_that_fails_changes_nothing(
    client: FlaskClient, authorized: dict[str, str], store: Store, update: str
) -> None:
    """An update is done whole or not at all."""
    both = f"{INSERT} ; {update}"
    assert client.post("/sparql", data={"update": both}, headers=authorized).status_code in (400, 403, 409, 502)
    assert not holds(client, "?s <http://a/p> 1")
    assert len(store.commits()) == 1


def test_every_change_is_validated(settings: Settings, store: Store, authorized: dict[str, str]) -> None:
    """What validation refuses is not committed; what it warns of is kept."""

    def validate(after: Dataset, patch: Patch) -> PendingCommit:
        subjects = [line.split()[0] for line in patch.added]
        assert subjects == ["<https://kg.seocho.example/s>"] * len(patch.added)
        assert len(after) == 4
        if is_refusing:
            raise NonconformingError(Message(ko="아니오", en="No."), cure=Message(ko="고치십시오", en="Mend it."))
        return PendingCommit(patch, 2, b"report")

    client = create_app(settings, evaluator=LocalEvaluator(validate=validate)).test_client()
    is_refusing = True
    assert client.post("/sparql", data={"update": INSERT}, headers=authorized).status_code == 422
    assert len(store.commits()) == 1
    is_refusing = False
    told = client.post("/sparql", data={"update": INSERT}, headers=authorized)
    assert (told.status_code, told.headers["Kg-Warnings"]) == (204, "2")
    assert store.commits()[1].warnings == 2
    again = client.post("/sparql", data={"update": INSERT}, headers=authorized)
    assert (again.status_code, "Kg-Warnings" in again.headers) == (204, False)
    assert store.log.report(2) == b"report"
    assert len(store.commits()) == 2
