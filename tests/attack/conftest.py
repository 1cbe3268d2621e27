"""The server under attack, how long the attack goes on, and how ordinary clients fare at rest and under it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from attack.extent import LONG, SHORT, Extent
from attack.ordinary import Report, ordinary_clients
from attack.running import Running, running
from attack.scores import Scores

_SCORES = Scores()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how ordinary clients fared, whatever came out of the tests."""
    for line in _SCORES.lines():
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def extent() -> Extent:
    """Give the long form where ``TEST_ATTACK=long`` asks for it, else the short one."""
    return LONG if os.environ.get("TEST_ATTACK") == "long" else SHORT


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for the store that all servers of the attack share; the first one builds the graph."""
    return tmp_path_factory.mktemp("attack") / "store"


@pytest.fixture(scope="session")
def server(store: Path, extent: Extent) -> Iterator[Running]:
    """Serve the graph as it is served, but for the seconds of a query, and a room for hot answers that is soon full."""
    with running(store, {"KG_QUERY_SECONDS": str(extent.query_seconds), "KG_HOT_SIZE": "2"}) as server:
        yield server


@pytest.fixture(scope="session")
def scores(server: Running, extent: Extent) -> Scores:
    """Measure, once everything is warm, how ordinary clients fare at rest; give where to write down the rest."""
    for _ in range(2):
        with ordinary_clients(server.port) as report:
            extent.rest()
        assert report.faults == []
        _SCORES.at_rest = report
    _SCORES.memory_at_rest = server.memory()
    _SCORES.members_at_rest = len(server.members())
    return _SCORES


@pytest.fixture
def ordinary(request: pytest.FixtureRequest, server: Running, scores: Scores) -> Iterator[Report]:
    """Have ordinary clients ask during a test; not one answer may be wrong or lost."""
    with ordinary_clients(server.port) as report:
        yield report
    attack = request.node.callspec.id
    scores.under_attack[attack] = report
    scores.memory_after[attack] = server.memory()
    assert report.faults == []
