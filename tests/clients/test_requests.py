"""requests: sessions, content coding, Basic authentication."""

import pytest
import requests

from clients.endpoint import SECONDS, Endpoint
from clients.queries import INSERT, NAMES, SELECT, WRITTEN

pytestmark = pytest.mark.clients

JSON = {"Accept": "application/sparql-results+json"}


def names_of(response: requests.Response) -> dict[str, str]:
    """Return the cities with their names."""
    response.raise_for_status()
    return {row["city"]["value"]: row["name"]["value"] for row in response.json()["results"]["bindings"]}


def test_session(endpoint: Endpoint) -> None:
    """A session sends queries by GET, URL-encoded POST and POST directly over one connection."""
    with requests.Session() as session:
        session.headers.update(JSON)
        got = session.get(endpoint.query, params={"query": SELECT}, timeout=SECONDS)
        posted = session.post(endpoint.query, data={"query": SELECT}, timeout=SECONDS)
        direct = session.post(
            endpoint.query, SELECT.encode(), headers={"Content-Type": "application/sparql-query"}, timeout=SECONDS
        )
        assert [names_of(response) for response in (got, posted, direct)] == [NAMES] * 3


@pytest.mark.parametrize("coding", ["gzip", "gzip, deflate", "br"])
def test_content_coding(site: str, coding: str) -> None:
    """A coded answer decodes to the same bytes."""
    query = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 2000"
    fields = {"Accept": "text/csv", "Accept-Encoding": coding}
    coded = requests.get(f"{site}sparql", {"query": query}, headers=fields, timeout=SECONDS)
    plain = requests.get(
        f"{site}sparql", {"query": query}, headers=fields | {"Accept-Encoding": "identity"}, timeout=SECONDS
    )
    assert coded.headers["Content-Encoding"] in coding
    assert coded.content == plain.content
    assert len(plain.content.splitlines()) > 2000


@pytest.mark.usefixtures("graph")
def test_basic_authentication(endpoint: Endpoint) -> None:
    """An update is applied with the token as the password of any user."""
    sent = requests.post(endpoint.update, {"update": INSERT}, auth=("office", endpoint.token), timeout=SECONDS)
    sent.raise_for_status()
    assert endpoint.holds(WRITTEN)
