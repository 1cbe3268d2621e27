"""curl, as it is typed: with and without an Accept field, by every method of the protocol."""

import subprocess

import pytest

from clients.endpoint import SECONDS, Endpoint
from clients.questions import ASK, CONSTRUCT, DELETE, DESCRIBE, HONGKOU, INSERT, NAMES, SELECT, TRIPLE, WRITTEN
from clients.reading import essence, values_of

pytestmark = pytest.mark.clients

MANNERS = {
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
    """Run curl, which fails where the status is an error; return the media type and the body."""
    command = ["curl", "--silent", "--show-error", "--fail-with-body", "-w", "\n%{content_type}", *arguments]
    ran = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    assert ran.returncode == 0, (ran.stderr + ran.stdout[:400]).decode()
    body, _, content_type = ran.stdout.rpartition(b"\n")
    return essence(content_type.decode()), body


def with_text(manner: tuple[str, ...], text: str) -> list[str]:
    """Return the options of a manner, with the text of the query or update in its place."""
    return [option.replace("{}", text) for option in manner]


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("form", HELD)
@pytest.mark.parametrize("accept", [(), ("-H", "Accept:"), ("-H", "Accept: */*;q=0.1")], ids=["any", "none", "weak"])
def test_query(endpoint: Endpoint, form: str, manner: str, accept: tuple[str, ...]) -> None:
    """A query is answered in a format of its form, whether curl accepts any (as it does) or says nothing."""
    query, held = HELD[form]
    media_type, body = curl(*with_text(MANNERS[manner], query), *accept, endpoint.query)
    assert values_of(body, media_type) >= held


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("answer", ASK)
def test_ask(endpoint: Endpoint, manner: str, *, answer: bool) -> None:
    """An ASK is answered without an Accept field."""
    assert str(answer).lower().encode() in curl(*with_text(MANNERS[manner], ASK[answer]), endpoint.query)[1]


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("manner", UPDATES)
@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_update(endpoint: Endpoint, manner: str, kind: str) -> None:
    """An update is applied with a header field, or with -u and the token as the password of anybody."""
    token = (
        ["-H", f"Authorization: {endpoint.authorization}"] if kind == "bearer" else ["-u", f"office:{endpoint.token}"]
    )
    curl(*token, *with_text(UPDATES[manner], INSERT), endpoint.update)
    assert endpoint.holds(WRITTEN)
    curl(*token, *with_text(UPDATES[manner], DELETE), endpoint.update)
    assert not endpoint.holds(WRITTEN)


@pytest.mark.parametrize("kind", ["bearer", "basic"])
def test_upload(endpoint: Endpoint, graph: str, kind: str) -> None:
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
    """A document is sent to whoever follows redirects, in a format of RDF, packed where curl can unpack it."""
    (media_type, plain), (_, packed) = (curl("-L", *options, f"{site}{path}") for options in ((), ("--compressed",)))
    assert values_of(plain, media_type) == values_of(packed, media_type)
    assert HONGKOU in values_of(plain, media_type)
