"""Stores that are measured: made, served as anyone would serve them, and seen from outside."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from attack.running import Running, Sent, send
from benchmarks.copies import copies
from crash.serving import environment_of, kill, start
from kg.build import input_digest, source_paths
from kg.domain import DEFAULT_BASE_IRI, Settings
from kg.store import Store
from signing import published

MILLISECONDS, MEGABYTE = 1000, 10**6
_HOME = Path(__file__).parents[2]
_REST_SECONDS = 3
"""Idle workers are started, and collections of garbage done, within about two seconds of readiness."""
_PATIENCE_SECONDS = 120
_LOOK_UP = """SELECT ?name WHERE {
  <https://kg.seocho.example/id/municipality/hebi> <http://www.w3.org/2000/01/rdf-schema#label> ?name
}"""


@dataclass(frozen=True)
class Served:
    """A server that answers, and the seconds from its start until it was ready."""

    server: Running
    ready: float

    def resting_megabytes(self) -> float:
        """Return the proportional set size of all processes after a rest."""
        time.sleep(_REST_SECONDS)
        return self.server.memory() / MEGABYTE

    def milliseconds(self, query: str, parameters: str = "") -> float:
        """Ask a query; return what it took, or infinity if it is not answered."""
        target = f"/sparql?query={quote(query, safe='')}{parameters}"
        reply = send(self.server, Sent(target=target, fields={"Accept": "text/csv"}), _PATIENCE_SECONDS)
        return reply.seconds * MILLISECONDS if reply.status == 200 else float("inf")

    def opening(self, version: int) -> float:
        """Return the milliseconds of a look-up in an old version."""
        return self.milliseconds(_LOOK_UP, f"&graph-version={version}")


@contextmanager
def served(store: Path) -> Iterator[Served]:
    """Serve a store during the block."""
    begun = time.monotonic()
    server = start(store)
    try:
        yield Served(server, time.monotonic() - begun)
    finally:
        kill(server.process)


def run(store: Path, *arguments: str) -> str:
    """Run ``kg`` on a store; return what it prints."""
    command = [sys.executable, "-m", "kg", *arguments]
    return subprocess.run(command, env=environment_of(store), check=True, stdout=subprocess.PIPE, text=True).stdout


def real_quads() -> str:
    """Return the graph of the owner's page as N-Quads."""
    with TemporaryDirectory() as folder:
        run(Path(folder, "none"), "build", "--out", folder)
        return Path(folder, "kg.nq").read_text("utf-8")


def write_store(store: Path, real: str, most: int) -> int:
    """Write a store of the real graph and as many copies as make at most so many quads; return how many there are."""
    quads = "".join(f"{part}\n" for part in copies(real, most))
    digest = input_digest(source_paths(_HOME), Settings(home=_HOME, store=store))
    published(Store(store), quads.encode(), {"digest": digest, "base_iri": DEFAULT_BASE_IRI})
    return quads.count("\n")


def disk_megabytes(store: Path) -> float:
    """Return what a store takes on the disk, a file with several names counted once."""
    files = {status.st_ino: status.st_blocks * 512 for path in store.rglob("*") if (status := path.lstat())}
    return sum(files.values()) / MEGABYTE
