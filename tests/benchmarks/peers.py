"""The servers that are compared, each started on loopback with the same triples, and stopped."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks import fuseki, virtuoso
from benchmarks.table import BEFORE, ONE_PROCESS, OURS
from conformance.live_server import LOOPBACK, STOP_SECONDS, address_of, free_port
from crash.serving import environment_of

_TESTS = Path(__file__).parents[1]
_START_SECONDS = 60
_POLL_SECONDS = 0.1
_PROCESSES = 2
"""Serving processes of ours: one for each core of the machine that the ratios are wanted on."""


class NotInstalled(Exception):  # noqa: N818 - it is no fault that a peer is not there
    """A peer is not installed here; the message tells what would install it."""


@dataclass(frozen=True)
class Peer:
    """A server: its name, the dataset that a query sees (empty: it answers none), its port, where queries go."""

    name: str
    dataset: str
    port: int
    path: str
    parameters: str = ""

    @property
    def root(self) -> str:
        """The address without a path."""
        return f"http://{LOOPBACK}:{self.port}"

    def target(self, query: str) -> str:
        """Return the target of a request with a query."""
        return f"{self.path}?{self.parameters}query={quote(query, safe='')}"


@dataclass(frozen=True)
class Graph:
    """Where the triples are, the folder that the peers' own programs are installed in, and one to write to.

    ``earlier`` is another checkout of this project, None where there is none to compare with.
    """

    triples: Path
    programs: Path
    scratch: Path
    earlier: Path | None = None

    def program(self, name: str) -> str:
        """Return the path of a program of a peer.

        :raises NotInstalled: it is not there
        """
        path = self.programs / "bin" / name
        if not path.exists():
            raise NotInstalled(f"install it with: pip install -r {Path(__file__).parent / 'peers.txt'}")
        return str(path)


@contextmanager
def ours(
    graph: Graph, name: str = OURS, processes: int = _PROCESSES, python: str | Path = sys.executable
) -> Iterator[Peer]:
    """Start ``kg serve`` with so many serving processes: five named graphs, merged with the default graph."""
    environment = environment_of(graph.scratch / name) | {"KG_PROCESSES": str(processes)}
    command = [str(python), "-m", "kg"]
    subprocess.run([*command, "build"], env=environment, check=True)
    with _process([*command, "serve", "--port", "0"], environment, stdout=subprocess.PIPE) as process:
        port = urlsplit(address_of(process)).port or 0
        yield Peer(name, "five named graphs, merged with the default graph", port, "/sparql")


@contextmanager
def ours_in_one_process(graph: Graph) -> Iterator[Peer]:
    """Start ``kg serve`` with one serving process.

    :raises NotInstalled: it has no such setting, which it would refuse to be no number
    """
    environment = environment_of(graph.scratch / OURS) | {"KG_PROCESSES": "none"}
    command = [sys.executable, "-m", "kg", "history"]
    if subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0:
        raise NotInstalled("the number of serving processes cannot be set")
    with ours(graph, ONE_PROCESS, 1) as peer:
        yield peer


@contextmanager
def before(graph: Graph) -> Iterator[Peer]:
    """Start ``kg serve`` of an earlier checkout, where it is set up to be served.

    :raises NotInstalled: it is not there
    """
    python = graph.earlier and graph.earlier / ".venv" / "bin" / "python"
    if not python or not python.exists():
        raise NotInstalled("name an earlier checkout after `make .venv/.serve` there: --before CHECKOUT")
    with ours(graph, BEFORE, python=python) as peer:
        yield peer


@contextmanager
def oxigraph(graph: Graph, *options: str) -> Iterator[Peer]:
    """Start Oxigraph's own server on a store on disk; ``options`` are those of ``oxigraph serve``."""
    program, port, location = graph.program("oxigraph"), free_port(), str(graph.scratch / "oxigraph")
    subprocess.run([program, "load", "--location", location, "--file", str(graph.triples)], check=True)
    with _process([program, "serve", "--location", location, "--bind", f"{LOOPBACK}:{port}", *options]):
        yield _answering(Peer("Oxigraph", "all triples in the default graph", port, "/query"))


@contextmanager
def rdflib_endpoint(graph: Graph) -> Iterator[Peer]:
    """Start rdflib-endpoint on a graph in memory."""
    program, port = graph.program("rdflib-endpoint"), free_port()
    with _process([program, "serve", "--host", LOOPBACK, "--port", str(port), str(graph.triples)]):
        yield _answering(Peer("rdflib-endpoint", "all triples in the default graph", port, "/"))


@contextmanager
def virtuoso_7(graph: Graph, grants: str = "") -> Iterator[Peer]:
    """Start Virtuoso 7 on a database of its own; ``grants`` are SQL statements that give its endpoint more rights.

    :raises NotInstalled: it is not there
    :raises RuntimeError: a grant failed
    """
    program = shutil.which("virtuoso-t")
    if program is None or shutil.which("isql-vt") is None:
        raise NotInstalled("install the Debian package virtuoso-opensource-7")
    folder, ports = graph.scratch / "virtuoso", (free_port(), free_port())
    command = [program, "+foreground", "+configfile", str(virtuoso.configured(folder, ports))]
    with _process(command, cwd=folder, stop=lambda: virtuoso.run_sql(ports[0], "shutdown;")):
        virtuoso.load(ports[0], graph.triples, folder, _START_SECONDS)
        if grants and not virtuoso.run_sql(ports[0], grants):
            raise RuntimeError(f"Virtuoso refuses: {grants}")
        parameters = f"default-graph-uri={quote(virtuoso.GRAPH, safe='')}&"
        yield _answering(
            Peer("Virtuoso 7", "all triples in one graph, which each request names", ports[1], "/sparql", parameters)
        )


@contextmanager
def fuseki_tdb2(graph: Graph) -> Iterator[Peer]:
    """Start Apache Jena Fuseki on a TDB2 database on disk.

    :raises NotInstalled: it is not there and cannot be fetched
    """
    jar = fuseki.fetch_jar(graph.programs)
    if jar is None:
        raise NotInstalled("install Java, and Maven to fetch it")
    folder, port = graph.scratch / "fuseki", free_port()
    with _process(fuseki.configured(jar, graph.triples, folder, port), cwd=folder):
        yield _answering(Peer("Fuseki", "all triples in the default graph", port, "/kg/query"))


@contextmanager
def hello(_graph: Graph) -> Iterator[Peer]:
    """Start granian with an application that says hello, with as many processes as ours has for HTTP."""
    port = free_port()
    options = ["--interface", "rsgi", "--host", LOOPBACK, "--port", str(port), "--workers", str(_PROCESSES)]
    options += ["--no-ws"]
    environment = dict(os.environ) | {"PYTHONPATH": str(_TESTS)}
    command = [sys.executable, "-m", "granian", *options, "--log-level", "error", "benchmarks.hello:application"]
    with _process(command, environment):
        yield _answering(Peer("granian hello", "", port, "/"))


PEERS: Mapping[str, Callable[[Graph], AbstractContextManager[Peer]]] = {
    OURS: ours,
    ONE_PROCESS: ours_in_one_process,
    BEFORE: before,
    "Oxigraph": oxigraph,
    "Virtuoso 7": virtuoso_7,
    "Fuseki": fuseki_tdb2,
    "rdflib-endpoint": rdflib_endpoint,
    "granian hello": hello,
}
"""Every peer by its name, ours first."""


@contextmanager
def _process(
    command: list[str],
    environment: Mapping[str, str] | None = None,
    *,
    cwd: Path | None = None,
    stdout: int = subprocess.DEVNULL,
    stop: Callable[[], object] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """Run a program during the block; end it as it is to be ended, and kill it if it does not."""
    with subprocess.Popen(
        command, env=environment, cwd=cwd, stdout=stdout, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            (stop or process.terminate)()
            try:
                process.wait(STOP_SECONDS)
            finally:
                process.kill()


def _answering(peer: Peer) -> Peer:
    """Return a peer once it answers.

    :raises TimeoutError: it does not
    """
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if fetch(peer, "ASK {}")[0] == http.HTTPStatus.OK:
                return peer
        except OSError:
            time.sleep(_POLL_SECONDS)
    raise TimeoutError(f"{peer.name} does not answer")


def fetch(peer: Peer, query: str) -> tuple[int, bytes]:
    """Ask once, over a connection of its own."""
    connection = http.client.HTTPConnection(LOOPBACK, peer.port, timeout=_START_SECONDS)
    try:
        connection.request("GET", peer.target(query), headers={"Accept": "application/sparql-results+json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
