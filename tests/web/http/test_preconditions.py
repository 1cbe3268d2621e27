import pytest
from flask.testing import FlaskClient

from kg.store import Store

GRAPH = "/graphs?graph=http://a/apart"
TURTLE = {"Content-Type": "text/turtle"}
DATA = "<http://a/s> <http://a/p> 3 ."


def put(client: FlaskClient, authorized: dict[str, str], address: str = GRAPH, **fields: str) -> int:
    """Put a graph and return the status."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return client.put(address, data=DATA, headers={**TURTLE, **authorized, **named}).status_code


def test_a_write_on_what_was_read_goes_ahead_once(client: FlaskClient, authorized: dict[str, str]) -> None:
    """The tag of any form and coding will do; after the write it is another's."""
    tags = [
        client.get(GRAPH, headers={"Accept": accept, "Accept-Encoding": coding}).headers["ETag"]
        for accept, coding in (("text/turtle", "identity"), ("application/ld+json", "gzip"))
    ]
    assert put(client, authorized, If_Match=f'"other", {tags[1]}') == 204
    assert put(client, authorized, If_Match=tags[0]) == 412


def test_a_refused_write_says_what_is_current(client: FlaskClient, authorized: dict[str, str], store: Store) -> None:
    """412 as a problem document, with the version to go on from; nothing has changed."""
    answer = client.put(GRAPH, data=DATA, headers={**TURTLE, **authorized, "If-Match": '"version-7"'})
    assert answer.status_code == 412
    assert answer.get_json()["type"].endswith("/problems/precondition")
    assert '"version-1"' in answer.get_json()["cure"]
    assert answer.headers["Kg-Version"] == "1"
    assert len(store.commits()) == 1


@pytest.mark.parametrize("kind", ["update", "put", "post", "delete"])
def test_every_write_can_name_the_version_it_is_for(client: FlaskClient, authorized: dict[str, str], kind: str) -> None:
    """The tag of the version is good for each of them, and each answer names the version that it made."""

    def write(tag: str) -> tuple[int, str]:
        fields = {**TURTLE, **authorized, "If-Match": tag}
        if kind == "update":
            fields["Content-Type"] = "application/sparql-update"
            answer = client.post("/sparql", data="INSERT DATA { <http://a/s> <http://a/p> 3 }", headers=fields)
        else:
            answer = client.open(GRAPH, method=kind, data=None if kind == "delete" else DATA, headers=fields)
        return answer.status_code, answer.headers["Kg-Version"]

    assert write('"version-2"') == (412, "1")
    assert write('W/"version-1"')[0] == 412
    assert write('"version-1"') == (204, "2")


def test_only_to_create(client: FlaskClient, authorized: dict[str, str]) -> None:
    """``If-None-Match: *`` refuses where there is something; ``If-Match: *`` where there is nothing."""
    new = "/graphs?graph=http://a/new"
    assert put(client, authorized, GRAPH, If_None_Match="*") == 412
    assert put(client, authorized, new, If_Match="*") == 412
    assert put(client, authorized, new, If_None_Match="*") == 201
    assert put(client, authorized, new, If_None_Match="*") == 412
    assert put(client, authorized, new, If_Match="*") == 204


def test_the_past_is_not_written_to(client: FlaskClient, authorized: dict[str, str]) -> None:
    """A write that names a version or a moment is refused."""
    assert put(client, authorized, f"{GRAPH}&graph-version=1") == 400
    assert put(client, authorized, Accept_Datetime="Thu, 01 Jan 2026 12:00:00 GMT") == 400
    update = {"update": "CLEAR ALL", "version": "1"}
    assert client.post("/sparql", data=update, headers=authorized).status_code == 400
