import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kg.domain import AddressInUseError, Settings
from kg.store import Store
from kg.web import serve
from kg.workers import memory_of
from signing import published

PROGRAM = """
import sys
from pathlib import Path
from kg.domain import Settings
from kg.web.server import serve
home = Path(sys.argv[1])
serve(Settings(home=home, store=home / "store", port=0), lambda address: print(address, flush=True))
"""


@contextmanager
def served(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the server as a process of its own and yield it with its address."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def members(session: int) -> list[int]:
    """List the processes of a session that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.slow), signal.SIGINT])
def test_it_answers_once_it_says_so_and_leaves_nothing_behind(settings: Settings, store: Store, number: int) -> None:
    """The first line is the address; a signal ends every process."""
    assert store.current()
    with served(settings.home) as (process, address):
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.request("GET", "/sparql?query=ASK%7B%7D")
        assert connection.getresponse().read() == b'{"head":{},"boolean":true}'
        connection.close()
        os.kill(process.pid, number)
        assert process.wait(10) == 0
        assert members(process.pid) == []


def test_over_the_wire(settings: Settings, store: Store) -> None:
    """HEAD equals GET without the body; a hang-up, a flood of headers and rubbish leave the server answering."""
    with served(settings.home) as (_, address):
        where = urlsplit(address).netloc
        get, head = fetch(where, "GET", "/sparql?query=ASK%7B%7D"), fetch(where, "HEAD", "/sparql?query=ASK%7B%7D")
        own = ("date", "x-request-id")
        assert [line for line in get[1] if line[0] not in own] == [line for line in head[1] if line[0] not in own]
        assert head[2] == b""
        assert fetch(where, "GET", "/sparql?query=ASK%7B%7D", {f"x-{n}": "x" for n in range(2000)})[0] == 431
        host, port = where.split(":")
        for rubbish in (b"\x00\xff\r\n\r\n", b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\nContent-Le"):
            with socket.create_connection((host, int(port))) as connection:
                connection.sendall(rubbish)
        assert store.current()
        published(store, b"<http://a/new> <http://a/p> <http://a/o> .")
        told = fetch(where, "GET", "/metrics")[2].decode()
        assert 'kg_requests_total{endpoint="sparql",status="200"} 2.0' in told
        assert 'kg_queries_total{outcome="answered"} 2.0' in told
        assert "kg_version 2.0" in told
        assert fetch(where, "GET", "/sparql?query=ASK%7B%3Chttp://a/new%3E%20?p%20?o%7D")[2].endswith(b"true}")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sparql?query=ASK%7B%7D", 200),
        ("GET", "/readyz", 200),
        ("POST", "/no/such/page", 404),
        ("POST", "/history/1/restore", 401),
        ("PUT", "/history/1/pin", 401),
        ("PUT", "/graphs/page", 401),
    ],
)
def test_a_body_that_nothing_asks_for_does_no_harm(
    settings: Settings, store: Store, method: str, path: str, status: int
) -> None:
    """The answer arrives whole, with the header fields and the body in packets of their own."""
    assert store.current()
    with served(settings.home) as (_, address):
        where = urlsplit(address).netloc
        for body in (b"x", b"x" * 60_000):
            assert fetch(where, method, path, body=body)[0] == status
        assert fetch(where, "GET", "/readyz")[0] == 200


def fetch(
    where: str, method: str, path: str, fields: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Send a request over a connection of its own."""
    connection = http.client.HTTPConnection(where, timeout=10)
    connection.request(method, path, headers=fields or {}, body=body)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, [(name.lower(), value) for name, value in answer.getheaders()], body


def test_an_address_in_use_is_an_error(settings: Settings, store: Store) -> None:
    """A second server at the same address says so and does not start."""
    assert store.current()
    with served(settings.home) as (_, address):
        port = urlsplit(address).port
        assert port
        taken = Settings(home=settings.home, store=settings.store, port=port)
        with pytest.raises(AddressInUseError, match=f"localhost:{port}"):
            serve(taken, print)


@pytest.mark.slow
def test_memory_comes_back_after_large_bodies(settings: Settings, store: Store) -> None:
    """What large bodies took of the process that serves is given back within seconds."""
    assert store.current()
    body = b"query=ASK%7BVALUES%20%3Fx%20%7B" + b"1%20" * 1_500_000 + b"%7D%7D"
    fields = {"Content-Type": "application/x-www-form-urlencoded"}
    with served(settings.home) as (process, address):
        where = urlsplit(address).netloc
        assert fetch(where, "GET", "/sparql?query=ASK%7B%7D")[0] == 200
        before = largest_memory(process.pid)
        for _ in range(3):
            connection = http.client.HTTPConnection(where, timeout=20)
            connection.request("POST", "/sparql", body=body, headers=fields)
            assert connection.getresponse().status in (200, 503)
            connection.close()
        deadline = time.monotonic() + 15
        while largest_memory(process.pid) > before + 2**23 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert largest_memory(process.pid) <= before + 2**23


def largest_memory(session: int) -> int:
    """Return what the largest process of a session that serves holds (bytes)."""
    names = {process: Path(f"/proc/{process}/comm").read_text() for process in members(session)}
    serving = [process for process, name in names.items() if "zygote" not in name]
    return max(map(memory_of, serving))


def test_workers_that_cannot_be_born_end_the_server(settings: Settings, store: Store) -> None:
    """Where no worker can be born, it ends with an error that names the cure."""
    assert store.current()
    poor = f"replace(Settings(home=home, store=home / 'store', port=0), query_memory={32 * 2**20})"
    program = PROGRAM.replace('Settings(home=home, store=home / "store", port=0)', poor)
    program = program.replace("import sys", "import sys\nfrom dataclasses import replace")
    done = subprocess.run(
        [sys.executable, "-c", program, str(settings.home)], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "StoreError" in done.stderr
    assert "KG_QUERY_MEMORY" in done.stderr
