"""Yasqe and ``fetch`` in a page of another origin, in Chromium (CORS)."""

from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.chromium import launch
from clients.answers import labels_of
from clients.endpoint import Endpoint
from clients.node import FOLDER
from clients.queries import ASK, CONSTRUCT, INSERT, NAMES, SELECT, WRITTEN
from conformance.live_server import LOOPBACK

pytestmark = pytest.mark.clients

ADDED = {"X-Requested-With": "XMLHttpRequest", "X-Query-Id": "1"}
"""Headers that libraries add; each makes the browser send a preflight request."""
ASKED = """async ({ endpoint, query, method, headers }) => {
  const yasqe = new Yasqe(document.querySelector("#editor"), {
    value: query, persistenceId: null, requestConfig: { endpoint, method, headers } });
  const answered = new Promise((resolve) => yasqe.on("queryResponse", (_, response) => resolve(response)));
  await yasqe.query();
  const answer = await answered;
  return { status: answer.status, type: answer.type, text: answer.text };
}"""
FETCHED = """async ({ endpoint, method, headers, body }) => {
  const answer = await fetch(endpoint, { method, headers, body });
  return { status: answer.status, type: answer.headers.get("Content-Type"), text: await answer.text() };
}"""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Serve the page from a port of its own, another origin than ours."""
    with ThreadingHTTPServer((LOOPBACK, 0), partial(_Quiet, directory=FOLDER)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{LOOPBACK}:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the Chromium of the machine."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, origin: str) -> Iterator[Page]:
    """Open the page."""
    page = chromium.new_page()
    page.goto(f"{origin}/yasqe/index.html")
    yield page
    page.close()


def ask(page: Page, address: str, query: str, method: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Run a query in the editor and return the response."""
    asked = {"endpoint": address, "query": query, "method": method, "headers": dict(headers)}
    answer: dict[str, Any] = page.evaluate(ASKED, asked)
    return answer


EVERY_METHOD = pytest.mark.parametrize("method", ["GET", "POST"])
EVERY_HEADERS = pytest.mark.parametrize("headers", [{}, ADDED], ids=["simple", "preflight"])


@EVERY_METHOD
@EVERY_HEADERS
def test_select(page: Page, endpoint: Endpoint, method: str, headers: Mapping[str, str]) -> None:
    """Yasqe receives the solutions, with and without a preflight request."""
    answer = ask(page, endpoint.query, SELECT, method, headers)
    assert answer["status"] == 200
    assert all(iri in answer["text"] and name in answer["text"] for iri, name in NAMES.items())


@EVERY_METHOD
@EVERY_HEADERS
def test_construct(page: Page, endpoint: Endpoint, method: str, headers: Mapping[str, str]) -> None:
    """Yasqe receives the triples, with and without a preflight request."""
    answer = ask(page, endpoint.query, CONSTRUCT, method, headers)
    assert labels_of(answer["text"].encode(), answer["type"]) == set(NAMES.items())


def test_ask(page: Page, endpoint: Endpoint) -> None:
    """Yasqe receives the boolean."""
    assert "true" in ask(page, endpoint.query, ASK[True], "POST", {})["text"]


@pytest.mark.usefixtures("graph")
def test_update(page: Page, endpoint: Endpoint) -> None:
    """Yasqe applies an update with a bearer token."""
    ask(page, endpoint.update, INSERT, "POST", {"Authorization": endpoint.authorization} | ADDED)
    assert endpoint.holds(WRITTEN)


def test_fetch(page: Page, endpoint: Endpoint) -> None:
    """A script queries by POST directly, which needs a preflight request."""
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv", "Cache-Control": "no-cache"} | ADDED
    asked = {"endpoint": endpoint.query, "method": "POST", "headers": headers, "body": SELECT}
    answer = page.evaluate(FETCHED, asked)
    assert answer["status"] == 200
    assert all(f"{iri},{name}" in answer["text"] for iri, name in NAMES.items())


def test_store(page: Page, endpoint: Endpoint, graph: str) -> None:
    """A script puts a graph with a bearer token."""
    address = f"{endpoint.addresses.graph_store}?graph={graph}"
    headers = {"Content-Type": "text/turtle", "Authorization": endpoint.authorization} | ADDED
    triple = WRITTEN.partition("{")[2].strip(" }")
    answer = page.evaluate(FETCHED, {"endpoint": address, "method": "PUT", "headers": headers, "body": f"{triple} ."})
    assert answer["status"] < 300
    assert endpoint.holds(WRITTEN)
