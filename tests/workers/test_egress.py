import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph
import pytest

from kg.domain import ForbiddenError, KgError, QuerySyntaxError, RemoteError
from kg.rdf import CSV
from kg.store import Change, Query, Store, Version
from kg.store.update_operations import run_update
from kg.workers import WorkerPool
from workers.conftest import BUDGETS, equipment_for, supervised
from workers.test_pool import eventually

RESULTS = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"far"}}]}}'

TRIPLE = "<http://a/far> <http://a/p> 1 ."
DOCUMENTS = {
    "/bom": (f"\ufeff{TRIPLE}".encode(), "text/turtle"),
    "/utf-16": (TRIPLE.encode("utf-16"), "text/turtle; charset=utf-16"),
    "/%EA%B0%80?%EB%82%98=1": (TRIPLE.encode(), "text/turtle;charset=UTF-8"),
    "/relative/data": (b"<../far> <p> 1 .", "text/turtle"),
    "/data.ttl": (TRIPLE.encode(), "text/plain"),
    "/data.jsonld": (b'\xef\xbb\xbf{"@id": "http://a/far", "http://a/p": 1}', "application/octet-stream"),
    "/page": (b"<html>", "text/html"),
    "/broken": (b"<a", "text/turtle"),
    "/charset": (b"\xff", "text/turtle; charset=x"),
}


class Endpoint(BaseHTTPRequestHandler):
    """Answers every query with one row, and every GET with one triple unless there is a document."""

    def do_POST(self) -> None:
        """Answer a query."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(RESULTS, "application/sparql-results+json")

    def do_GET(self) -> None:
        """Send a document."""
        if self.path in DOCUMENTS:
            self._send(*DOCUMENTS[self.path])
        elif self.path == "/none":
            self.send_error(404)
        elif self.path == "/redirect/near":
            self._redirect("/relative/data")
        elif self.path == "/redirect":
            self._redirect("http://127.0.0.2:8000/")
        else:
            self._send(b"<http://a/far> <http://a/p> 1 .", "text/turtle")

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def _redirect(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, body: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def endpoint() -> Iterator[int]:
    """Serve the endpoint on a port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def reaching(store: Store, *allowed: str) -> Iterator[WorkerPool]:
    """Start a pool that may reach so much."""
    with supervised(equipment_for(store.path, *allowed)) as supervisor:
        pool = WorkerPool(supervisor.control, replace(BUDGETS, seconds=10))
        yield pool
        pool.close()


def test_listed_destinations_are_reached_and_nothing_else(store: Store, version: Version) -> None:
    """SERVICE, by IRI or variable, and LOAD reach the listed address; any other is forbidden or not there."""
    with endpoint() as listed, endpoint() as other, reaching(store, f"127.0.0.1:{listed}", "far.example") as pool:
        here, there = f"<http://127.0.0.1:{listed}/sparql>", f"<http://127.0.0.1:{other}/sparql>"

        def ask(text: str) -> bytes:
            return pool.evaluate(version, Query(text, "http://a/", results=CSV)).body

        assert ask(f"SELECT ?o {{ SERVICE {here} {{ ?s ?p ?o }} }}") == b"o\r\nfar\r\n"
        assert ask(f"SELECT ?o {{ SERVICE SILENT {there} {{ ?s ?p ?o }} }}") == b"o\r\n\r\n"
        with pytest.raises(ForbiddenError, match="KG_ALLOWED_HOSTS"):
            ask(f"SELECT ?o {{ SERVICE {there} {{ ?s ?p ?o }} }}")
        with pytest.raises(RemoteError):
            ask("SELECT ?o { SERVICE <http://far.example/sparql> { ?s ?p ?o } }")


def test_load_follows_the_same_list(store: Store, version: Version) -> None:
    """LOAD takes a document from a listed address, and a redirect to another leads nowhere."""
    with endpoint() as listed, reaching(store, f"127.0.0.1:{listed}") as pool:

        def load(text: str) -> tuple[str, ...]:
            return pool.change(version, Change("update", "http://a/", text=text)).pending.patch.added

        assert len(load(f"LOAD <http://127.0.0.1:{listed}/data>")) == 1
        assert load(f"LOAD SILENT <http://127.0.0.1:{listed}/redirect>") == ()
        with pytest.raises(ForbiddenError):
            load("LOAD <http://169.254.169.254/>")
        with pytest.raises(QuerySyntaxError):
            load("LOAD <http://169.254.169.254/> LOAD <x>")


@pytest.mark.parametrize(
    "path", ["/bom", "/utf-16", "/가?나=1", "/data.ttl", "/data.jsonld", "/data", "/relative/data", "/redirect/near"]
)
def test_what_is_loaded(path: str) -> None:
    """A document has the form and the encoding that its server says, else those that its name does; no mark is read."""
    store = pyoxigraph.Store()
    with endpoint() as port:
        text = f"BASE <http://127.0.0.1:{port}> PREFIX : <http://a/> LOAD <{path}> INTO GRAPH :g ; LOAD <{path}>"
        run_update(store, Change("update", "http://a/", text=text))
    triples = {(quad.subject.value.rpartition("/")[2], quad.object.value, str(quad.graph_name)) for quad in store}
    assert triples == {("far", "1", "<http://a/g>"), ("far", "1", "DEFAULT")}


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("/page", "text/html is no form of RDF"),
        ("/none", "404"),
        ("/charset", "unknown encoding"),
        ("/broken", "does not parse"),
        ("file:///etc/passwd", "unknown url type"),
        ("urn:x", "unknown url type"),
    ],
)
def test_what_cannot_be_loaded(address: str, error: str) -> None:
    """It is an error that says why, unless the update wants silence about it."""
    store = pyoxigraph.Store()
    with endpoint() as port:
        address = address if ":" in address else f"http://127.0.0.1:{port}{address}"
        with pytest.raises(KgError, match=error):
            run_update(store, Change("update", "http://a/", text=f"LOAD <{address}>"))
        run_update(
            store, Change("update", "http://a/", text=f"LOAD SILENT <{address}> ; INSERT DATA {{ <a:s> <a:p> 1 }}")
        )
    assert len(store) == 1


def test_a_load_that_does_not_parse_is_no_request() -> None:
    """A prefix that is not declared is an error with its place, SILENT or not, and so is what is no IRI."""
    for address, error in (("x:y", "update:1:13"), ("<http://[x/>", "not an IRI")):
        with pytest.raises(QuerySyntaxError, match=error):
            run_update(pyoxigraph.Store(), Change("update", "http://a/", text=f"LOAD SILENT {address}"))


def test_the_gates_are_opened_again_with_the_zygote(store: Store, version: Version) -> None:
    """What is listed is reached after the zygote was lost."""
    with endpoint() as listed, supervised(equipment_for(store.path, f"127.0.0.1:{listed}")) as supervisor:
        pool = WorkerPool(supervisor.control, replace(BUDGETS, seconds=20))
        lost = supervisor.process
        os.kill(lost, signal.SIGKILL)
        eventually(lambda: supervisor.process != lost)
        text = f"SELECT ?o {{ SERVICE <http://127.0.0.1:{listed}/> {{ ?s ?p ?o }} }}"
        assert pool.evaluate(version, Query(text, "http://a/", results=CSV)).body == b"o\r\nfar\r\n"
        pool.close()
