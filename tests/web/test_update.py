import json

import pytest
from flask.testing import FlaskClient

from kg.errors import Message, NonconformingError
from kg.settings import Settings
from kg.store.evaluator import LocalEvaluator
from kg.store.versions import Candidate, Store, Verdict, Version
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
    records = store.records()
    assert [record.number for record in records] == [1, 2, 3]
    assert (records[2].kind, records[2].author) == ("update", "test")


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
    assert len(store.records()) == 1


def test_the_gate_stands_before_every_change(settings: Settings, store: Store, authorized: dict[str, str]) -> None:
    """What the gate refuses is not published; what it warns of is kept."""

    def gate(candidate: Candidate) -> Verdict:
        assert candidate.base
        assert candidate.base.is_dir()
        assert candidate.oxigraph.is_dir()
        subjects = [line.split()[0] for line in candidate.patch.added]
        assert subjects == ["<https://kg.seocho.example/s>"]
        if shut:
            raise NonconformingError(Message(ko="아니오", en="No."), cure=Message(ko="고치십시오", en="Mend it."))
        return Verdict(2, b"report")

    client = create_app(settings, gate=gate).test_client()
    shut = True
    assert client.post("/sparql", data={"update": INSERT}, headers=authorized).status_code == 422
    assert len(store.records()) == 1
    shut = False
    told = client.post("/sparql", data={"update": INSERT}, headers=authorized)
    assert (told.status_code, told.headers["Kg-Warnings"]) == (204, "2")
    assert store.records()[1].warnings == 2
    again = client.post("/sparql", data={"update": INSERT}, headers=authorized)
    assert (again.status_code, "Kg-Warnings" in again.headers) == (204, False)
    assert (store.path / "versions" / "000002" / "report.nt.gz").read_bytes() == b"report"


def test_the_evaluator_hears_of_a_change_that_came_through(
    settings: Settings, store: Store, authorized: dict[str, str]
) -> None:
    """So it gets ready for the version before anybody asks."""
    heard: list[str] = []

    class Attentive(LocalEvaluator):
        def follow(self, version: Version) -> None:
            assert version == store.current()
            heard.append("current")

    def gate(_candidate: Candidate) -> Verdict:
        heard.append("gate")
        return Verdict()

    client = create_app(settings, evaluator=Attentive(), gate=gate).test_client()
    assert client.post("/sparql", data={"update": INSERT}, headers=authorized).status_code == 204
    assert heard == ["gate", "current"]
    assert len(store.records()) == 2
