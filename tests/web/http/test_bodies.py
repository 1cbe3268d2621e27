import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from flask import Flask

from kg.auth import TokenStore
from kg.domain import Settings
from kg.store import Store
from kg.web.app import create_app
from kg.web.front import Bounds, Front
from kg.web.http import request_bodies as bodies_module
from kg.web.http.authorization import token_guard
from web.exchange import Exchange, Scope, ask

LARGE = 70_000
BUCKET_BOUNDS = Bounds(body_size=100_000, hot_size=0, threads=4, queue=4)
QUERY = {"host": "localhost", "content-type": "application/sparql-query"}


class HalfSent(Exchange):
    """A client that sends half of a body, and the rest when it is told to."""

    def __init__(self, first: bytes) -> None:
        """Take the half that is sent at once."""
        super().__init__()
        self.rest = asyncio.Event()
        self.read = asyncio.Event()
        self._first = first

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Send the halves."""
        yield self._first
        self.read.set()
        await self.rest.wait()
        yield b" ASK {}"


@pytest.fixture
def front(app: Flask, store: Store, settings: Settings) -> Front:
    """Make a front that knows the tokens of the store."""
    return Front(app.wsgi_app, store, BUCKET_BOUNDS, guard=token_guard(TokenStore(settings.store)))


def post(front: Front, exchange: Exchange, client: str = "192.0.2.1:1", **fields: str) -> asyncio.Task[None]:
    """Begin to send a query."""
    scope = Scope("POST", query_string="", client=client, headers={**QUERY, **fields})
    return asyncio.create_task(front.__rsgi__(scope, exchange))


async def begun(front: Front, count: int, client: str = "192.0.2.1:1") -> list[tuple[HalfSent, asyncio.Task[None]]]:
    """Send halves of so many large bodies."""
    halves = [HalfSent(b"#" + b"x" * LARGE + b"\n") for _ in range(count)]
    tasks = [(half, post(front, half, client)) for half in halves]
    await asyncio.gather(*(half.read.wait() for half in halves))
    return tasks


async def finished(tasks: list[tuple[HalfSent, asyncio.Task[None]]]) -> list[int]:
    """Send the other halves and return the statuses."""
    for half, _ in tasks:
        half.rest.set()
    await asyncio.gather(*(task for _, task in tasks))
    return [half.answer.status for half, _ in tasks]


def test_half_sent_bodies_of_one_client_shut_out_no_other(front: Front) -> None:
    """A fourth large body of one address is refused; small ones, and another address, are answered meanwhile."""

    async def attack() -> None:
        halves = await begun(front, 3)
        fourth, small, other = Exchange([b"#" * LARGE]), Exchange([b"ASK {}"]), Exchange([b"#" * LARGE, b"\nASK {}"])
        await post(front, fourth)
        await post(front, small)
        await post(front, other, "192.0.2.2:1")
        assert (fourth.answer.status, small.answer.status, other.answer.status) == (503, 200, 200)
        assert "bodies of a client" in json.loads(fourth.answer.body)["detail"]
        assert await finished(halves) == [200, 200, 200]

    asyncio.run(attack())
    assert front.bodies.bytes_held == 0


def test_all_clients_together_are_bounded(front: Front) -> None:
    """Beyond the eighth large body the ninth is refused, whoever sends it; afterwards all is as before."""

    async def attack() -> None:
        halves = [half for number in range(4) for half in await begun(front, 2, f"192.0.2.{number}:1")]
        ninth = Exchange([b"#" * LARGE])
        await post(front, ninth, "192.0.2.99:1")
        assert ninth.answer.status == 503
        assert await finished(halves) == [200] * 8
        again = Exchange([b"#" * LARGE, b"\nASK {}"])
        await post(front, again)
        assert again.answer.status == 200

    asyncio.run(attack())


def test_the_client_behind_a_trusted_proxy_counts(app: Flask, store: Store) -> None:
    """Bodies of one forwarded client leave room for those of another; a stranger's word is not taken."""
    settings = Settings.from_environment({"KG_TRUSTED_PROXIES": "192.0.2.1"})
    front = Front(app.wsgi_app, store, Bounds(100_000, 0, 4, 4, trusted=settings.trusted_proxies))

    async def attack() -> None:
        halves = [HalfSent(b"#" + b"x" * LARGE + b"\n") for _ in range(3)]
        tasks = [(half, post(front, half, **{"x-forwarded-for": "198.51.100.1"})) for half in halves]
        await asyncio.gather(*(half.read.wait() for half in halves))
        same, other = Exchange([b"#" * LARGE]), Exchange([b"#" * LARGE, b"\nASK {}"])
        await post(front, same, **{"x-forwarded-for": "203.0.113.9, 198.51.100.1"})
        await post(front, other, **{"x-forwarded-for": "198.51.100.1, 198.51.100.2"})
        assert (same.answer.status, other.answer.status) == (503, 200)
        assert await finished(tasks) == [200, 200, 200]

    asyncio.run(attack())


def test_what_came_fast_earns_no_time_to_be_slow(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that came fast and then stops is refused as soon as one that never began."""
    monkeypatch.setattr(bodies_module, "_PATIENCE_SECONDS", 0.05)

    async def attack() -> int:
        half = HalfSent(b"#" * LARGE)
        await asyncio.wait_for(post(front, half), 1)
        return half.answer.status

    assert asyncio.run(attack()) == 408


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("PUT", "/graphs", "text/turtle"),
        ("POST", "/graphs/page", "text/turtle"),
        ("PUT", "/%67raphs/page", "text/turtle"),
        ("POST", "/sparql", "application/sparql-update"),
        ("POST", "/sparql/", "Application/SPARQL-Update; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("credentials", [{}, {"authorization": "Bearer kg_wrong"}])
def test_a_body_is_received_only_with_a_token(
    front: Front, method: str, path: str, content_type: str, credentials: dict[str, str]
) -> None:
    """Without a good token it is 401, and not a byte of the body was read."""
    half = asyncio.run(_half())
    headers = {"host": "localhost", "content-type": content_type, "content-length": "90000", **credentials}
    answer = ask(front, Scope(method, path, "graph=http://a/g", headers=headers), half)
    assert answer.status == 401
    assert not half.read.is_set()


async def _half() -> HalfSent:
    return HalfSent(b"x")


def test_a_token_for_other_things_is_not_enough(front: Front, settings: Settings) -> None:
    """403 before the body is read; with the scope it is read."""
    query = "graph=http://a/g"
    headers = {"host": "localhost", "content-type": "text/turtle"}
    for scope, status in (("moderate", 403), ("write", 201)):
        token = {"authorization": f"Bearer {TokenStore(settings.store).create(scope, scope, '2026-01-01')}"}
        exchange = Exchange([b"<http://a/s> <http://a/p> 1 ."])
        sent = Scope("PUT", "/graphs", query, headers={**headers, **token})
        assert ask(front, sent, exchange).status == status


def test_a_door_that_reads_no_body_receives_none(front: Front) -> None:
    """The body of a request for a page is left where it is."""
    half = asyncio.run(_half())
    assert ask(front, Scope("POST", "/cities", headers={"host": "localhost"}), half).status == 405
    assert not half.read.is_set()


def test_a_token_that_was_made_meanwhile_changes_nothing(settings: Settings, store: Store) -> None:
    """A request whose body was not received is refused, though its token is good by now."""
    token = TokenStore(settings.store).create("new", "write", "2026-01-01")

    def too_early(_fields: Any, _scope: str) -> bool:
        return False

    front = Front(create_app(settings).wsgi_app, store, BUCKET_BOUNDS, guard=too_early)
    headers = {"host": "localhost", "content-type": "text/turtle", "authorization": f"Bearer {token}"}
    before = store.current()
    assert ask(front, Scope("PUT", "/graphs/page", "", headers=headers), Exchange([b""])).status == 401
    assert store.current() == before
