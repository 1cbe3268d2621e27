"""A server started as a user starts it, and all of its processes seen from outside."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from conformance.live_server import LOOPBACK, STOP_SECONDS, address_of

_POLL_SECONDS = 0.05
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_STATE, _SESSION, _USER_TICKS, _SYSTEM_TICKS = 0, 3, 11, 12


@dataclass(frozen=True)
class Running:
    """A server that answers, in a session of processes that is its own."""

    process: subprocess.Popen[str]
    port: int

    def members(self) -> list[int]:
        """List the processes that are alive."""
        return [process for process, _ in self._states()]

    def memory(self) -> int:
        """Return the bytes of all processes, what they share counted once."""
        return sum(map(_proportional_bytes, self.members()))

    def processor_share(self, seconds: float = 0.5) -> float:
        """Return how many processors all processes together keep busy, measured for so long."""
        before = self._ticks()
        time.sleep(seconds)
        after = self._ticks()
        spent = sum(ticks - before.get(process, 0) for process, ticks in after.items())
        return spent / _TICKS_PER_SECOND / seconds

    def _ticks(self) -> dict[int, int]:
        return {process: int(stat[_USER_TICKS]) + int(stat[_SYSTEM_TICKS]) for process, stat in self._states()}

    def _states(self) -> Iterator[tuple[int, list[str]]]:
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                stat = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat[_SESSION]) == self.process.pid and stat[_STATE] != "Z":
                yield int(path.parent.name), stat


def _proportional_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


@contextmanager
def running(store: Path, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run ``kg serve`` with a store and settings (``KG_…``); in the end stop it, and see that nothing is left."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    own = {"KG_STORE": str(store), "KG_HOST": LOOPBACK, "KG_ACCESS_LOG": os.devnull}
    environment = kept | own | dict(settings or {})
    command = [sys.executable, "-m", "kg", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            server = Running(process, int(address_of(process).rstrip("/").rpartition(":")[2]))
            yield server
            process.terminate()
            assert process.wait(STOP_SECONDS) == 0, "the server did not end as it should"
            assert eventually(lambda: not server.members(), 5), f"left behind: {server.members()}"
        finally:
            process.kill()


def eventually(holds: Callable[[], bool], seconds: float) -> bool:
    """Tell whether something comes to hold within so long."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


@dataclass(frozen=True)
class Reply:
    """A whole answer, with header names in small letters, and how many seconds it took."""

    status: int
    fields: Mapping[str, str]
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Sent:
    """A request."""

    method: str = "GET"
    target: str = "/sparql"
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


def send(server: Running, sent: Sent, patience: float = 30) -> Reply:
    """Send a request over a connection of its own and read the whole answer."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=patience)
    try:
        connection.request(sent.method, sent.target, body=sent.body, headers=dict(sent.fields))
        response = connection.getresponse()
        answered = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, answered, response.read(), time.monotonic() - begun)
    finally:
        connection.close()


def ask(server: Running, query: str, parameters: str = "", patience: float = 30) -> Reply:
    """Ask a query by POST, directly."""
    fields = {"Content-Type": "application/sparql-query", "Accept": "text/csv, */*;q=0.1"}
    return send(server, Sent("POST", f"/sparql{parameters}", fields, query.encode()), patience)
