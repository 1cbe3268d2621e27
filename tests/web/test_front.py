import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kg.domain import Settings
from kg.store import Store
from kg.web.access_log import AccessLog
from kg.web.front import Bounds, Front
from kg.web.http import request_bodies as bodies_module
from kg.web.http.hosts import ServerNames
from signing import published
from web.exchange import Exchange, Scope, ask

BUCKET_BOUNDS = Bounds(body_size=1000, hot_size=100_000, threads=2, queue=2)


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
    return Front(counted, store, BUCKET_BOUNDS)


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
        Scope(path="/readyz"),
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
    scope = Scope("POST", query_string="", headers={"host": "localhost", "content-type": "application/sparql-query"})
    assert ask(front, scope, Exchange([b"ASK ", b"{}"])).body == ask(front, scope, Exchange([b"ASK {}"])).body
    assert counted.calls == 1
    assert ask(front, scope, Exchange([b"ASK { <a> <b> <c> }"])).body == b'{"head":{},"boolean":false}'


@pytest.mark.parametrize(
    ("fields", "chunks"), [({"content-length": "1001"}, []), ({}, [b"x" * 600] * 2)], ids=["announced", "sent"]
)
def test_a_body_too_large_is_refused(front: Front, fields: dict[str, str], chunks: list[bytes]) -> None:
    """413, whether the size is announced or only seen."""
    answer = ask(front, Scope("POST", headers={"host": "localhost", **fields}), Exchange(chunks))
    assert answer.status == 413
    assert json.loads(answer.body)["type"] == "http://localhost/problems/too-large"


def test_a_body_that_comes_too_slowly_is_refused(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """408, and no thread waits for it."""
    monkeypatch.setattr(bodies_module, "_PATIENCE_SECONDS", 0.05)
    answer = ask(front, Scope("POST", headers={"host": "localhost"}), Exchange([b"q"] * 100, delay=0.02))
    assert answer.status == 408


@pytest.mark.parametrize(
    "scope", [Scope("POST", "/cities"), Scope("GET"), Scope("PUT", "/graphs/page"), Scope("POST", "/no/such/page")]
)
def test_a_small_body_that_nothing_asks_for_is_read(front: Front, scope: Scope) -> None:
    """A connection closed with data unread would be reset, and the answer lost."""
    chunks = iter([b"12345", b"67890"])
    headers = {**scope.headers, "content-length": "10"}
    answer = ask(front, replace(scope, headers=headers), Exchange(chunks))
    assert answer.status
    assert list(chunks) == []


def test_a_large_body_that_nothing_asks_for_is_not_read(front: Front) -> None:
    """It is left to the end of the connection, as is one that its client holds back."""
    chunks = iter([b"12345"])
    headers = {**Scope().headers, "content-length": str(10**9)}
    assert ask(front, Scope("POST", "/cities", headers=headers), Exchange(chunks)).status
    assert list(chunks) == [b"12345"]


def test_a_coded_body_is_not_unpacked(front: Front) -> None:
    """A gzip bomb stays packed."""
    fields = {"host": "localhost", "content-encoding": "gzip", "content-type": "application/sparql-query"}
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
    ask(Front(wait, Store(tmp_path), BUCKET_BOUNDS), exchange=Exchange(gone=True))
    assert seen == [True]


@pytest.mark.parametrize("fields", [{"cookie": "x" * 17_000}, {f"x-{n}": "y" * 1000 for n in range(17)}])
def test_header_fields_are_bounded(front: Front, fields: dict[str, str]) -> None:
    """Beyond 16 kB together, 431 with a problem document, though the language is still the client's."""
    headers = {"host": "localhost", "accept-language": "ko", **fields}
    answer = ask(front, Scope(headers=headers))
    assert answer.status == 431
    document = json.loads(answer.body)
    assert document["type"].endswith("/problems/header-fields")
    assert "헤더" in document["title"]
    assert ask(front, Scope(headers={"host": "localhost", "cookie": "x" * 15_000})).status == 200


@pytest.mark.parametrize(
    ("fields", "query", "is_direct"),
    [
        ({}, "query=ASK%7B%7D", True),
        ({}, "query=ASK%7B%7D" + "%20" * 3000, False),
        ({"accept": "text/csv," * 1000}, "query=ASK%7B%7D", False),
    ],
)
def test_little_is_parsed_on_the_event_loop(
    app: Flask,
    store: Store,
    fields: dict[str, str],
    query: str,
    is_direct: bool,  # noqa: FBT001 - drawn
) -> None:
    """What is answered without a thread is given no more than 8 kB."""
    asked: list[str] = []

    class Direct:
        def answer(self, _version: Any, request: Any) -> None:
            asked.append(request.query_string)

    front = Front(app.wsgi_app, store, BUCKET_BOUNDS, direct=Direct())  # type: ignore[arg-type]
    assert ask(front, Scope(query_string=query, headers={"host": "localhost", **fields})).status == 200
    assert asked == ([query] if is_direct else [])


def test_the_health_of_a_server_needs_no_thread(front: Front, counted: Counted, app: Flask) -> None:
    """The front gives the answer that the application gives, but for the version, without asking it."""
    answer = ask(front, Scope(path="/healthz", query_string=""))
    assert counted.calls == 0
    by_flask = app.test_client().get("/healthz")
    fields = {name.lower(): value for name, value in by_flask.headers if name.lower() != "kg-version"}
    assert dict(answer.fields) == fields
    assert (answer.status, answer.body) == (by_flask.status_code, by_flask.data)


def test_a_host_that_is_configured_or_local_is_answered(app: Flask, store: Store) -> None:
    """By the names of the settings, by the base IRI, by any address and port of the machine itself."""
    settings = Settings.from_environment({"KG_ALLOWED_SERVER_NAMES": "data.example.org, other.example"})
    front = Front(app.wsgi_app, store, Bounds(1000, 1000, 2, 2, names=ServerNames.of(settings)))
    local = ("localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:9", "127.9.9.9", "")
    for host in (*local, "kg.seocho.example", "data.example.org:444", "Other.example"):
        answer = ask(front, Scope(path="/nothing", headers={"host": host, "accept": "application/json"}))
        assert answer.status == 404, host
        assert json.loads(answer.body)["type"] == f"http://{host.lower() or 'localhost:8000'}/problems/not-found"


def test_no_address_is_built_from_another_host(front: Front) -> None:
    """421, and what is told leads to the server itself."""
    for host in ("evil.example", "localhost.evil.example", "192.0.2.1", "a b", ":", "localhost:x"):
        for path in ("/", "/sparql", "/sitemap.xml", "/downloads/kg.ttl"):
            answer = ask(front, Scope(path=path, headers={"host": host, "accept": "application/json"}))
            document = json.loads(answer.body)
            assert (answer.status, document["type"]) == (421, "http://localhost/problems/misdirected"), host
            assert "evil" not in json.dumps(dict(answer.fields))


@pytest.mark.parametrize("given", ["3f2a-77", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])
def test_a_request_keeps_the_name_that_the_client_gave_it(front: Front, given: str) -> None:
    """``X-Request-Id`` comes back, from a hot answer too."""
    for _ in range(3):
        exchange = Exchange()
        ask(front, Scope(headers={"host": "localhost", "x-request-id": given}), exchange)
        assert exchange.request_id == given


def test_a_name_that_could_not_stand_in_a_log_is_replaced(front: Front) -> None:
    """Each request without a good name has one of its own."""
    names = set()
    bad = ("", "a b", "x" * 200, '"', "é")
    for given in bad * 2:
        exchange = Exchange()
        ask(front, Scope(headers={"host": "localhost", "x-request-id": given}), exchange)
        names.add(exchange.request_id)
    assert len(names) == len(bad) * 2
    assert names.isdisjoint(bad)


def test_each_request_is_a_line_of_the_access_log(app: Flask, store: Store, tmp_path: Path) -> None:
    """What was asked and what came of it, without query strings and header fields; of the client behind a proxy."""
    file = tmp_path / "access.jsonl"
    log = AccessLog(str(file))
    front = Front(app.wsgi_app, store, BUCKET_BOUNDS, log=log)
    log.start()
    sent = {"host": "localhost", "authorization": "Bearer kg_secret", "x-request-id": "one"}
    length = len(ask(front, Scope(headers=sent)).body)
    ask(front, Scope(path="/healthz", query_string="token=kg_secret"))
    log.close()
    first, second = map(json.loads, file.read_text("utf-8").splitlines())
    assert first.keys() == {"time", "request_id", "client", "method", "path", "status", "bytes", "ms"}
    assert (first["request_id"], first["client"], first["method"]) == ("one", "127.0.0.1", "GET")
    assert (first["path"], first["status"], first["bytes"]) == ("/sparql", 200, length)
    assert (second["path"], second["status"]) == ("/healthz", 200)
    assert "kg_secret" not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o007 == 0


def test_the_access_log_can_be_rotated_and_turned_off(app: Flask, store: Store, tmp_path: Path) -> None:
    """A file that was moved away is begun anew; ``off`` writes nothing."""
    file = tmp_path / "access.jsonl"
    for _ in range(2):
        log = AccessLog(str(file))
        log.start()
        ask(Front(app.wsgi_app, store, BUCKET_BOUNDS, log=log))
        log.close()
        file.rename(tmp_path / "access.jsonl.1")
    assert not AccessLog("off").is_on
