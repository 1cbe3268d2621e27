"""Measuring with wrk: requests a second of sixteen connections."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.peers import Peer
from benchmarks.questions import NUMBER, Question

CONNECTIONS = 16
THREADS = 2
ACCEPT = "application/sparql-results+json"
_TIMEOUT_SECONDS = 30
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Measurement:
    """What one run of wrk came to: requests answered with success, and how many failed."""

    requests_per_second: float
    failed: int


def measure(peer: Peer, question: Question, seconds: int, run: str, scratch: Path) -> Measurement:
    """Ask a question for so long; ``run`` is a word that no other run has."""
    if not question.is_fresh:
        return _measured([*_command(peer, seconds), "-s", "report.lua", f"{peer.root}{peer.target(question.texts[0])}"])
    targets = scratch / "targets"
    lines = [peer.target(text).replace(quote(NUMBER, safe=""), NUMBER) for text in question.texts]
    targets.write_text("\n".join(lines) + "\n", "ascii")
    script = ["-s", "fresh.lua", f"{peer.root}/", "--", str(targets), run]
    return _measured([*_command(peer, seconds), *script])


def _command(peer: Peer, seconds: int) -> list[str]:
    fields = [f"Accept: {ACCEPT}", f"Host: {peer.root.removeprefix('http://')}"]
    named = [part for field in fields for part in ("-H", field)]
    times = ["-d", f"{seconds}s", "--timeout", f"{_TIMEOUT_SECONDS}s"]
    return ["wrk", "-t", str(THREADS), "-c", str(CONNECTIONS), *times, *named]


def _measured(command: list[str]) -> Measurement:
    printed = subprocess.run(command, cwd=_HERE, stdout=subprocess.PIPE, text=True, check=True).stdout
    told = json.loads(next(line for line in printed.splitlines() if line.startswith("{")))
    succeeded = told["requests"] - told["failed"]
    return Measurement(max(succeeded, 0) / told["microseconds"] * 1e6, told["failed"])
