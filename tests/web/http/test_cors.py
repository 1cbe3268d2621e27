"""Browser applications of other sites (Fetch, CORS protocol)."""

import pytest
from flask.testing import FlaskClient

ORIGIN = {"Origin": "http://elsewhere.example"}
SAFELISTED = {
    *("cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"),
}
FOR_THE_BROWSER = {
    *("content-security-policy", "permissions-policy", "referrer-policy", "x-content-type-options"),
    *("access-control-allow-origin", "access-control-expose-headers"),
}
DATETIME = {"Accept-Datetime": "Thu, 01 Jan 2026 12:00:00 GMT"}
QUERY = "/sparql?query=ASK%7B%7D"


def preflight(client: FlaskClient, path: str, method: str, fields: str | None) -> tuple[int, str, str, str]:
    """Ask what a request may have; return the status, the methods, the fields and Vary."""
    asked = {} if fields is None else {"Access-Control-Request-Headers": fields}
    answer = client.options(path, headers={**ORIGIN, "Access-Control-Request-Method": method, **asked})
    methods, allowed = (answer.headers[f"Access-Control-Allow-{what}"] for what in ("Methods", "Headers"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.status_code, methods, allowed, answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/sparql", "/graphs/page", "/graphs?default", "/downloads/kg.ttl", "/id/a/b"])
@pytest.mark.parametrize(
    "fields", ["content-type,queryid", "x-requested-with", "authorization, range , if-range", "x-any_thing.else~1"]
)
def test_a_request_may_have_the_fields_it_asks_for(client: FlaskClient, path: str, fields: str) -> None:
    """A preflight allows them by name, and says that it depends on what was asked."""
    status, methods, allowed, vary = preflight(client, path, "GET", fields)
    assert (status, allowed) == (200, fields)
    assert {"GET", "HEAD", "POST", "PUT", "DELETE"} <= set(methods.split(", "))
    assert "Access-Control-Request-Headers" in vary


@pytest.mark.parametrize("fields", [None, "", "a b", "x: y", "é", ",", "x" * 5000])
def test_what_are_no_names_of_fields_is_not_repeated(client: FlaskClient, fields: str | None) -> None:
    """Then the usual fields are allowed."""
    status, _, allowed, _ = preflight(client, "/sparql", "POST", fields)
    assert status == 200
    assert {"Authorization", "Content-Type", "Range", "X-Requested-With"} <= set(allowed.split(", "))


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("GET", QUERY, {}),
        ("GET", QUERY, DATETIME),
        ("GET", "/graphs/page", DATETIME),
        ("GET", "/downloads/kg.nt", {"Range": "bytes=0-9"}),
        ("GET", "/downloads/kg.nt", {"Accept-Encoding": "gzip"}),
        ("GET", "/ontology", {"Accept": "text/html"}),
        ("GET", "/id/a/b", {}),
        ("GET", "/nowhere", {}),
        ("PUT", "/sparql", {}),
        ("PUT", "/graphs/new", {}),
        ("DELETE", "/graphs/new", {"Authorization": ""}),
    ],
)
def test_every_field_of_ours_can_be_read(
    client: FlaskClient, authorized: dict[str, str], method: str, path: str, fields: dict[str, str]
) -> None:
    """What an answer says in its header, a page of another site sees."""
    sent = {"Content-Type": "text/turtle", **authorized, **ORIGIN, **fields}
    answer = client.open(path, method=method, data=b"" if method == "PUT" else None, headers=sent)
    exposed = {name.lower() for name in answer.headers["Access-Control-Expose-Headers"].split(", ")}
    assert {name.lower() for name, _ in answer.headers} <= exposed | SAFELISTED | FOR_THE_BROWSER
    assert {"kg-warnings", "kg-today", "kg-version", "retry-after", "content-location", "content-range"} <= exposed
