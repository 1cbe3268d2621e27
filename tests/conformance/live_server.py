"""The server under test: one that the environment names, or our own, started for the run as anyone would start it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from conformance.server import Addresses
from conformance.suite_run import Subject

LOOPBACK = "127.0.0.1"
STOP_SECONDS = 15


def named_subject(environment: Mapping[str, str]) -> Subject | None:
    """Return the server that ``TEST_CONFORMANCE_ENDPOINT`` and its like name, or None.

    >>> named_subject({}) is None
    True
    """
    endpoint = environment.get("TEST_CONFORMANCE_ENDPOINT")
    if not endpoint:
        return None
    return Subject(
        Addresses(endpoint, endpoint, environment["TEST_CONFORMANCE_GRAPH_STORE"]),
        token=environment.get("TEST_CONFORMANCE_TOKEN"),
        service_port=int(environment.get("TEST_CONFORMANCE_SERVICE_PORT", "0")),
    )


@contextmanager
def own_subject(store: Path) -> Iterator[Subject]:
    """Start ``kg serve`` on an empty store with a token that may write; stop it in the end."""
    port = free_port()
    own = {"KG_STORE": str(store), "KG_HOST": LOOPBACK, "KG_ACCESS_LOG": os.devnull, "KG_RDF_TERMS": "1.2"}
    environment = os.environ | own | {"KG_ALLOWED_HOSTS": f"{LOOPBACK}:{port}"}
    create = [sys.executable, "-m", "kg", "token", "create", "--name", "conformance", "--scope", "write"]
    created = subprocess.run(create, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    serve = [sys.executable, "-m", "kg", "serve", "--port", "0"]
    with subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = address_of(process)
            addresses = Addresses(f"{address}sparql", f"{address}sparql", f"{address}graphs")
            yield Subject(addresses, token=created.stdout.split()[-1], service_port=port)
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def address_of(process: subprocess.Popen[str]) -> str:
    """Return the address that a starting server prints once it answers."""
    for line in process.stdout or ():
        words = [word for word in line.split() if word.startswith("http://")]
        if words:
            return words[-1]
    raise RuntimeError(f"kg serve ended with {process.wait(STOP_SECONDS)} before it answered")


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
