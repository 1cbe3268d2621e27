"""Whatever is sent, no answer is a fault of the server's; each error is a problem document."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from attack.extent import Extent
from attack.proper import check_problem
from attack.running import Reply, Running, Sent, ask, running, send
from attack.strategies import questions_by_get, requests, updates
from conformance.live_server import LOOPBACK
from kg.auth import TokenStore

pytestmark = pytest.mark.attack

NOT_OURS = frozenset({502, 503})
FIRST_ERROR, FIRST_FAULT = 400, 500


@dataclass(frozen=True)
class Fuzzed:
    """A server to be fuzzed, with a token that may write to it."""

    server: Running
    token: str


@pytest.fixture(scope="module")
def fuzzed(server: Running, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    """Serve a copy of the store, so that what is written stays apart."""
    assert server.members()
    copy = tmp_path_factory.mktemp("fuzz") / "store"
    shutil.copytree(store, copy)
    token = TokenStore(copy).create("fuzz", "write", "2026-01-01")
    with running(copy, {"KG_QUERY_SECONDS": "5"}) as of_the_copy:
        yield Fuzzed(of_the_copy, token)


def check_no_fault(reply: Reply, method: str) -> None:
    """Assert that an answer is no fault, and an error a problem document."""
    assert reply.status < FIRST_FAULT or reply.status in NOT_OURS, (reply.status, reply.body[:500])
    is_document = reply.body and not reply.fields.get("content-type", "").startswith("text/html")
    if reply.status >= FIRST_ERROR and method != "HEAD" and is_document:
        check_problem(reply)


def fuzz(strategy: SearchStrategy[Sent], attempt: Callable[[Sent], Reply], examples: int) -> None:
    """Send what a strategy draws, the same in every run."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(sent: Sent) -> None:
        check_no_fault(attempt(sent), sent.method)

    each()


def test_queries(fuzzed: Fuzzed, extent: Extent) -> None:
    """Queries that are nearly right, asked with any headers."""
    fuzz(questions_by_get, lambda sent: send(fuzzed.server, sent), extent.examples * 3)


def test_requests(fuzzed: Fuzzed, extent: Extent) -> None:
    """Any method, any of the endpoints, any parameters, headers and bodies."""
    fuzz(requests, lambda sent: send(fuzzed.server, sent), extent.examples * 3)


def test_requests_with_a_token(fuzzed: Fuzzed, extent: Extent) -> None:
    """The same from a client that may write."""
    token = {"Authorization": f"Bearer {fuzzed.token}"}

    def attempt(sent: Sent) -> Reply:
        return send(fuzzed.server, replace(sent, fields={**sent.fields, **token}))

    fuzz(requests, attempt, extent.examples)


def test_updates(fuzzed: Fuzzed, extent: Extent) -> None:
    """Updates that are nearly right."""
    fields = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {fuzzed.token}"}
    sent = updates.map(lambda text: Sent("POST", fields=fields, body=text.encode("utf-8", "surrogatepass")))
    fuzz(sent, lambda one: send(fuzzed.server, one), extent.examples)
    assert ask(fuzzed.server, "ASK {}").status == 200


def test_what_the_description_promises(fuzzed: Fuzzed, extent: Extent, tmp_path: Path) -> None:
    """Requests made from ``/openapi.json`` are answered with no fault, and as it says."""
    program = Path(sys.executable).with_name("schemathesis")
    options = ["--seed", "1", "--max-examples", str(extent.examples // 4), "--generation-deterministic", "--no-color"]
    checks = ["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"]
    address = f"http://{LOOPBACK}:{fuzzed.server.port}/openapi.json"
    command = [str(program), "run", address, *options, *checks, "--workers", "1", "--request-timeout", "20"]
    ran = subprocess.run(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-8000:]
