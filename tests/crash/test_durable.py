"""What the office is told is done is on the disk: seen from outside, at the calls of the server that answers."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from attack.running import Sent, eventually, send
from crash.serving import kill, start
from entry import entering
from kg.auth import TokenStore
from tracing import Trace, strace

pytestmark = pytest.mark.crash

_PATIENCE_SECONDS = 30


def test_a_commit_is_on_the_disk_before_the_client_hears_of_it(store: Path, tmp_path: Path) -> None:
    """The file of the commit, its directory, and that it is current, is flushed before the answer is sent."""
    fields = {
        "Authorization": f"Bearer {TokenStore(store).create('office', 'write', '')}",
        "Content-Type": "application/sparql-update",
    }
    server = start(store)
    file = tmp_path / "trace"
    tracer = subprocess.Popen(
        strace(file, *(f"--attach={member}" for member in server.members())), stderr=subprocess.PIPE, text=True
    )
    try:
        assert tracer.stderr
        assert "attached" in tracer.stderr.readline()
        reply = send(server, Sent("POST", "/sparql", fields, entering("traced").encode()))
        assert reply.status == 204
        assert eventually(lambda: "HTTP/1.1 204" in file.read_text("utf-8"), _PATIENCE_SECONDS)
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=_PATIENCE_SECONDS)
        kill(server.process)
    trace = Trace(file)
    assert trace.first("HTTP/1.1 204") > trace.known(store, 2)
