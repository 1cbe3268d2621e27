"""curl: with and without an Accept header, by each operation of the protocol."""

import subprocess

import pytest

from clients.answers import essence, values_of
from clients.endpoint import SECONDS, Endpoint
from clients.queries import ASK, CONSTRUCT, DELETE, DESCRIBE, HONGKOU, INSERT, NAMES, SELECT, TRIPLE, WRITTEN

pytestmark = pytest.mark.clients

METHODS = {
    "get": ("-G", "--data-urlencode", "query={}"),
    "post": ("--data-urlencode", "query={}"),
    "post-directly": ("-H", "Content-Type: application/sparql-query", "--data-binary", "{}"),
}
UPDATES = {
    "post": ("--data-urlencode", "update={}"),
    "post-directly": ("-H", "Content-Type: application/sparql-update", "--data-binary", "{}"),
}
HELD = {"select": (SELECT, set(NAMES)), "construct": (CONSTRUCT, set(NAMES)), "describe": (DESCRIBE, {HONGKOU})}


def curl(*arguments: str) -> tuple[str, bytes]:
    """Run curl and return the media type and the body.

    :raises AssertionError: the status is an error
    """
    command = ["curl", "--silent", "--show-error", "--fail-with-body", "-w", "\n%{content_type}", *arguments]
    ran = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    assert ran.returncode == 0, (ran.stderr + ran.stdout[:400]).decode()
    body, _, content_type = ran.stdout.rpartition(b"\n")
    return essence(content_type.decode()), body


def with_text(method: tuple[str, ...], text: str) -> list[str]:
    """Return a method's options with the query or update filled in."""
    return [option.replace("{}", text) for option in method]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("form", HELD)
@pytest.mark.parametrize("accept", [(), ("-H", "Accept:"), ("-H", "Accept: */*;q=0.1")], ids=["any", "none", "weak"])
def test_query(endpoint: Endpoint, form: str, method: str, accept: tuple[str, ...]) -> None:
    """A query is answered in a format of its form with curl's ``Accept: */*``, a weak one, or none."""
    query, held = HELD[form]
    media_type, body = curl(*with_text(METHODS[method], query), *accept, endpoint.query)
    assert values_of(body, media_type) >= held


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("answer", ASK)
def test_ask(endpoint: Endpoint, method: str, *, answer: bool) -> None:
    """An ASK is answered with curl's ``Accept: */*``."""
    assert str(answer).lower().encode() in curl(*with_text(METHODS[method], ASK[answer]), endpoint.query)[1]


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("method", UPDATES)
@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_update(endpoint: Endpoint, method: str, kind: str) -> None:
    """An update is applied with a bearer token, or with ``-u`` and the token as the password of any user."""
    token = (
        ["-H", f"Authorization: {endpoint.authorization}"] if kind == "bearer" else ["-u", f"office:{endpoint.token}"]
    )
    curl(*token, *with_text(UPDATES[method], INSERT), endpoint.update)
    assert endpoint.holds(WRITTEN)
    curl(*token, *with_text(UPDATES[method], DELETE), endpoint.update)
    assert not endpoint.holds(WRITTEN)


@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_graph_store(endpoint: Endpoint, graph: str, kind: str) -> None:
    """A graph is put, read and deleted by its IRI (Graph Store Protocol, section 4.1)."""
    token = (
        ["-H", f"Authorization: {endpoint.authorization}"] if kind == "bearer" else ["-u", f"office:{endpoint.token}"]
    )
    address = f"{endpoint.addresses.graph_store}?graph={graph}"
    curl(*token, "-X", "PUT", "-H", "Content-Type: text/turtle", "--data-binary", f"{TRIPLE} .", address)
    assert endpoint.holds(WRITTEN)
    media_type, body = curl("-H", "Accept: application/n-triples", address)
    assert (media_type, body.count(b"\n")) == ("application/n-triples", 1)
    curl(*token, "-X", "DELETE", address)
    assert not endpoint.holds(WRITTEN)


@pytest.mark.parametrize("path", ["id/municipality/hongkou", "data/municipality/hongkou", "downloads/kg.ttl"])
def test_document(site: str, path: str) -> None:
    """A document is sent as RDF after redirects, and the same with ``--compressed``."""
    (media_type, plain), (_, packed) = (curl("-L", *options, f"{site}{path}") for options in ((), ("--compressed",)))
    assert values_of(plain, media_type) == values_of(packed, media_type)
    assert HONGKOU in values_of(plain, media_type)
