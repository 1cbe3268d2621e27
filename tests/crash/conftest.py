"""How often the server is killed, and what is told of it in the end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

from crash.serving import Restart, environment_of

SHORT, LONG = 10, 300
_RESTARTS: list[Restart] = []


@pytest.fixture(scope="session")
def rounds() -> int:
    """Give the long form where ``TEST_CRASH=long`` asks for it, or the number that it is, else the short form."""
    asked = os.environ.get("TEST_CRASH", "")
    return int(asked) if asked.isdigit() else LONG if asked == "long" else SHORT


@pytest.fixture(scope="session")
def restarts() -> list[Restart]:
    """Give where to write down how long each restart took."""
    return _RESTARTS


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Give a store of the owner's page, as anyone would make it."""
    path = tmp_path / "store"
    subprocess.run([sys.executable, "-m", "kg", "build"], env=environment_of(path), check=True)
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how soon the server was ready again, whatever came out of the tests."""
    if _RESTARTS:
        terminalreporter.write_line(f"killed {len(_RESTARTS)} times; ready again after, in seconds:")
        terminalreporter.write_line(_told("on the clock", [restart.wall for restart in _RESTARTS]))
        terminalreporter.write_line(_told("of the processors", [restart.processor for restart in _RESTARTS]))


def _told(what: str, seconds: list[float]) -> str:
    ranked = sorted(seconds)
    late = ranked[min(int(0.95 * len(ranked)), len(ranked) - 1)]
    within = sum(second < 2 for second in ranked)
    return (
        f"  {what}: median {median(ranked):.2f}, 95th percentile {late:.2f}, most {ranked[-1]:.2f}; "
        f"{within} of {len(ranked)} under 2"
    )
