from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from kg.auth import Audit, TokenStore
from kg.domain import Settings
from kg.store import Store
from kg.web.app import create_app

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
INSERT = {"update": "INSERT DATA { <s> <http://a/p> 1 }"}


@pytest.fixture
def client(settings: Settings, store: Store) -> FlaskClient:  # noqa: ARG001 - the store is published first
    """Make a client of an application whose clock stands still."""
    return create_app(settings, clock=lambda: NOW).test_client()


def bearer(settings: Settings, scope: str, expires: datetime | None = None) -> dict[str, str]:
    """Make a token named as its scope, and the header of its holder."""
    return {"Authorization": f"Bearer {TokenStore(settings.store).create(scope, scope, NOW.isoformat(), expires)}"}


def test_a_request_needs_its_scope(client: FlaskClient, settings: Settings) -> None:
    """A token for other things is refused with what it is for; one for several does."""
    moderator, both = bearer(settings, "moderate"), bearer(settings, "write operate")
    refused = client.post("/sparql", data=INSERT, headers=moderator)
    assert refused.status_code == 403
    assert "moderate" in refused.get_json()["detail"]
    assert client.get("/audit", headers=moderator).status_code == 403
    assert client.post("/sparql", data=INSERT, headers=both).status_code == 204
    assert client.get("/audit", headers=both).status_code == 200


def basic(settings: Settings, user: str = "office") -> dict[str, str]:
    """Make a token, and the header of a client that sends it as a password."""
    secret = bearer(settings, "write operate")["Authorization"].removeprefix("Bearer ")
    return {"Authorization": f"Basic {b64encode(f'{user}:{secret}'.encode()).decode()}"}


@pytest.mark.parametrize("user", ["", "office", "사무실"])
def test_a_token_is_also_a_password(client: FlaskClient, settings: Settings, user: str) -> None:
    """Basic authentication has it under any user name; the use is recorded under the name of the token."""
    assert client.post("/sparql", data=INSERT, headers=basic(settings, user)).status_code == 204
    (use,) = Audit(settings.store).uses()
    assert (use.token, use.status) == ("write operate", 204)


@pytest.mark.parametrize("credentials", ["", "kg_wrong", "YTpi", "%%%", "Og==", "/////w=="])
def test_a_wrong_password_is_asked_for_again(client: FlaskClient, credentials: str) -> None:
    """401 with both ways to send a token."""
    refused = client.post("/sparql", data=INSERT, headers={"Authorization": f"Basic {credentials}"})
    assert refused.status_code == 401
    schemes = [challenge.partition(" ")[0] for challenge in refused.headers.getlist("WWW-Authenticate")]
    assert schemes == ["Bearer", "Basic"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 401),
        ({"Sec-Fetch-Site": "same-site"}, 401),
        ({"Origin": "http://elsewhere.example"}, 401),
        ({"Origin": "null"}, 401),
        ({"Origin": "http://["}, 401),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 204),
        ({"Sec-Fetch-Site": "none"}, 204),
        ({"Origin": "http://localhost"}, 204),
    ],
)
def test_another_site_cannot_use_the_password_that_a_browser_keeps(
    client: FlaskClient, settings: Settings, fields: dict[str, str], status: int
) -> None:
    """A page elsewhere makes no change with it; with a bearer token, which no browser lends, it does."""
    assert client.post("/sparql", data=INSERT, headers={**basic(settings), **fields}).status_code == status
    token = bearer(settings, "write")
    assert client.post("/sparql", data=INSERT, headers={**token, **fields}).status_code == 204


def test_an_expired_token_is_worth_nothing(client: FlaskClient, settings: Settings) -> None:
    """401 with the time it ended, once its time has come."""
    ended = bearer(settings, "write", NOW)
    refused = client.post("/sparql", data=INSERT, headers=ended)
    assert refused.status_code == 401
    assert NOW.isoformat() in refused.get_json()["detail"]
    assert refused.headers["WWW-Authenticate"]
    good = bearer(settings, "write moderate", NOW + timedelta(seconds=1))
    assert client.post("/sparql", data=INSERT, headers=good).status_code == 204


def test_each_use_is_recorded_with_its_outcome(client: FlaskClient, settings: Settings) -> None:
    """Refused or done, with the version it made; a request that was refused for want of a known token, too."""
    writer = bearer(settings, "write")
    client.post("/sparql", data=INSERT, headers=writer)
    client.post("/sparql", data={"update": "oops"}, headers=writer)
    client.get("/audit", headers=writer)
    client.get("/sparql?query=ASK{}", headers=writer)
    client.post("/sparql", data=INSERT)
    client.post("/sparql", data=INSERT, headers={"Authorization": "Bearer kg_wrong"})
    uses = [
        (use.token, use.method, use.path, use.scope, use.status, use.version) for use in Audit(settings.store).uses()
    ]
    assert uses == [
        ("write", "POST", "/sparql", "write", 204, 2),
        ("write", "POST", "/sparql", "write", 400, None),
        ("write", "GET", "/audit", "operate", 403, None),
        ("", "POST", "/sparql", "write", 401, None),
        ("", "POST", "/sparql", "write", 401, None),
    ]
    assert {use.client for use in Audit(settings.store).uses()} == {"127.0.0.1"}
    assert "kg_wrong" not in (settings.store / "audit-refused.jsonl").read_text("utf-8")


def test_the_audit_shows_the_latest_first(client: FlaskClient, settings: Settings) -> None:
    """So many, of one token where it is named; never kept by a cache."""
    operator, writer = bearer(settings, "operate"), bearer(settings, "write")
    client.post("/sparql", data=INSERT, headers=writer)
    client.get("/audit", headers=operator)

    def listed(asked: str = "") -> list[tuple[str, str]]:
        answer = client.get(f"/audit{asked}", headers=operator)
        assert answer.headers["Cache-Control"] == "no-store"
        return [(use["token"], use["path"]) for use in answer.get_json()["uses"]]

    assert listed() == [("operate", "/audit"), ("write", "/sparql")]
    assert listed("?limit=1") == [("operate", "/audit")]
    assert listed("?token=write") == [("write", "/sparql")]
    assert client.get("/audit?limit=0", headers=operator).status_code == 400


def test_a_record_that_cannot_be_written_undoes_nothing(client: FlaskClient, settings: Settings) -> None:
    """What was done is told as done."""
    writer = bearer(settings, "write")
    (settings.store / "audit.jsonl").mkdir()
    assert client.post("/sparql", data=INSERT, headers=writer).status_code == 204
