"""The live server, the answers to the base requests, and what is reported in the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.live_server import own_subject
from conformance.server import Server
from metamorphic.base_queries import SMALL_GRAPHS
from metamorphic.endpoint import Endpoint
from metamorphic.references import References
from metamorphic.tally import Instrumentation

_TALLY = Instrumentation()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how many pairs were compared, and how many differ."""
    for line in _TALLY.lines():
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def tally() -> Instrumentation:
    """Give where to count pairs and differences."""
    return _TALLY


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Serve the owner's graph with the small graphs beside it."""
    with own_subject(tmp_path_factory.mktemp("metamorphic") / "store") as subject:
        endpoint = Endpoint(Server(subject.addresses, subject.token))
        for graph, turtle in SMALL_GRAPHS.items():
            endpoint.put(graph, turtle)
        yield endpoint
        endpoint.server.close()


@pytest.fixture(scope="session")
def references(endpoint: Endpoint) -> References:
    """Give the answers to the base queries."""
    return References(endpoint)
