import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kg.settings import Settings
from kg.store.versions import Store
from kg.web import front as front_module
from kg.web.front import Bounds, Front
from signing import published
from web.exchange import Exchange, Scope, ask

BOUNDS = Bounds(body_size=1000, hot_size=100_000, threads=2, queue=2)


class Counted:
    """A WSGI application that counts its calls."""

    def __init__(self, app: Flask) -> None:
        """Stand before an application."""
        self.calls = 0
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Count and pass on."""
        self.calls += 1
        return self._app.wsgi_app(environ, start_response)


@pytest.fixture
def counted(app: Flask) -> Counted:
    """Count the calls of the application."""
    return Counted(app)


@pytest.fixture
def front(counted: Counted, store: Store) -> Front:
    """Put the front before it."""
    return Front(counted, store, BOUNDS)


def test_a_question_asked_again_is_answered_before_the_application_sees_it(front: Front, counted: Counted) -> None:
    """The second answer is the first, byte for byte, until what it depends on differs."""
    first = ask(front)
    assert (first.status, json.loads(first.body)["boolean"]) == (200, True)
    assert ask(front) == first
    assert counted.calls == 1
    csv = ask(front, Scope(headers={"host": "localhost:8000", "accept": "text/csv"}))
    assert csv.body == b"true"
    assert counted.calls == 2


def test_the_request_after_a_commit_gets_the_new_version(front: Front, store: Store) -> None:
    """A hot answer is never of a version that is not current."""
    before = ask(front)
    published(store, b"")
    after = ask(front)
    assert json.loads(before.body)["boolean"] is True
    assert json.loads(after.body)["boolean"] is False


def test_a_hot_answer_is_conditional_too(front: Front, counted: Counted) -> None:
    """A client with a good copy gets 304 from the hot answers, with the validators and without a body."""
    fields = dict(ask(front).fields)
    again = ask(front, Scope(headers={"host": "localhost:8000", "if-none-match": fields["etag"]}))
    assert (again.status, again.body, counted.calls) == (304, b"", 1)
    assert dict(again.fields)["etag"] == fields["etag"]
    assert "content-length" not in dict(again.fields)
    assert ask(front, Scope(headers={"host": "localhost:8000", "if-none-match": "*"})).status == 304


@pytest.mark.parametrize(
    "scope",
    [
        Scope(query_string="query=SELECT%28RAND%28%29AS%3Fr%29%7B%7D"),
        Scope(query_string="query=oops"),
        Scope(path="/healthz"),
        Scope(headers={"host": "localhost:8000", "authorization": "Bearer x"}),
    ],
)
def test_what_is_not_kept(front: Front, counted: Counted, scope: Scope) -> None:
    """Volatile answers, errors, and answers to a client with a token are worked out each time."""
    ask(front, scope)
    ask(front, scope)
    assert counted.calls == 2


def test_a_query_by_post_is_hot_too(front: Front, counted: Counted) -> None:
    """The body is part of the question."""
    scope = Scope("POST", query_string="", headers={"host": "a", "content-type": "application/sparql-query"})
    assert ask(front, scope, Exchange([b"ASK ", b"{}"])).body == ask(front, scope, Exchange([b"ASK {}"])).body
    assert counted.calls == 1
    assert ask(front, scope, Exchange([b"ASK { <a> <b> <c> }"])).body == b'{"head":{},"boolean":false}'


@pytest.mark.parametrize(
    ("fields", "chunks"), [({"content-length": "1001"}, []), ({}, [b"x" * 600] * 2)], ids=["announced", "sent"]
)
def test_a_body_too_large_is_refused(front: Front, fields: dict[str, str], chunks: list[bytes]) -> None:
    """413, whether the size is announced or only seen."""
    answer = ask(front, Scope("POST", headers={"host": "a", **fields}), Exchange(chunks))
    assert answer.status == 413
    assert json.loads(answer.body)["type"] == "http://a/problems/too-large"


def test_a_body_that_comes_too_slowly_is_refused(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """408, and no thread waits for it."""
    monkeypatch.setattr(front_module, "_PATIENCE_SECONDS", 0.05)
    answer = ask(front, Scope("POST", headers={"host": "a"}), Exchange([b"q"] * 100, delay=0.02))
    assert answer.status == 408


def test_a_coded_body_is_not_unpacked(front: Front) -> None:
    """A gzip bomb stays packed."""
    fields = {"host": "a", "content-encoding": "gzip", "content-type": "application/sparql-query"}
    assert ask(front, Scope("POST", headers=fields), Exchange([b"\x1f\x8b"])).status == 415


def test_too_many_requests_are_told_to_come_again(settings: Settings, counted: Counted, store: Store) -> None:
    """Beyond those at work and waiting, 503 with Retry-After."""
    front = Front(counted, store, Bounds(1000, 1000, threads=1, queue=-1))
    answer = ask(front)
    assert settings
    assert answer.status == 503
    assert dict(answer.fields)["retry-after"]


def test_a_client_that_goes_cancels(front: Front, tmp_path: Path) -> None:
    """The application learns that the client is gone."""
    seen: list[bool] = []

    def wait(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for _ in range(100):
            if environ["kg.cancellation"].is_set:
                break
            asyncio.run(asyncio.sleep(0.01))
        seen.append(environ["kg.cancellation"].is_set)
        start_response("200 OK", [])
        return [b""]

    assert front
    ask(Front(wait, Store(tmp_path), BOUNDS), exchange=Exchange(gone=True))
    assert seen == [True]
