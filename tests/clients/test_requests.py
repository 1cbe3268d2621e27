"""requests: one connection for many questions, answers that were packed, forms, Basic authentication."""

import pytest
import requests

from clients.endpoint import SECONDS, Endpoint
from clients.questions import INSERT, NAMES, SELECT, WRITTEN

pytestmark = pytest.mark.clients

JSON = {"Accept": "application/sparql-results+json"}


def names_of(response: requests.Response) -> dict[str, str]:
    """Return the cities with their names."""
    response.raise_for_status()
    return {row["city"]["value"]: row["name"]["value"] for row in response.json()["results"]["bindings"]}


def test_one_connection(endpoint: Endpoint) -> None:
    """A session asks by GET, by a form and directly, over one connection."""
    with requests.Session() as session:
        session.headers.update(JSON)
        got = session.get(endpoint.query, params={"query": SELECT}, timeout=SECONDS)
        posted = session.post(endpoint.query, data={"query": SELECT}, timeout=SECONDS)
        direct = session.post(
            endpoint.query, SELECT.encode(), headers={"Content-Type": "application/sparql-query"}, timeout=SECONDS
        )
        assert [names_of(response) for response in (got, posted, direct)] == [NAMES] * 3


@pytest.mark.parametrize("coding", ["gzip", "gzip, deflate", "br"])
def test_packed(site: str, coding: str) -> None:
    """An answer is packed as the client can unpack it, and is the same."""
    query = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 2000"
    fields = {"Accept": "text/csv", "Accept-Encoding": coding}
    packed = requests.get(f"{site}sparql", {"query": query}, headers=fields, timeout=SECONDS)
    plain = requests.get(
        f"{site}sparql", {"query": query}, headers=fields | {"Accept-Encoding": "identity"}, timeout=SECONDS
    )
    assert packed.headers["Content-Encoding"] in coding
    assert packed.content == plain.content
    assert len(plain.content.splitlines()) > 2000


@pytest.mark.usefixtures("graph")
def test_basic_authentication(endpoint: Endpoint) -> None:
    """A user and the token as the password write."""
    sent = requests.post(endpoint.update, {"update": INSERT}, auth=("office", endpoint.token), timeout=SECONDS)
    sent.raise_for_status()
    assert endpoint.holds(WRITTEN)
