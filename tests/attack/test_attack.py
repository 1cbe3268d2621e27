"""While hostile clients do their worst, ordinary ones get every answer, right and soon, and nothing is left of it."""

from __future__ import annotations

from functools import partial

import pytest

from attack.connections import HOSTILE_CONNECTIONS, HostileConnections
from attack.extent import Extent
from attack.proper import check_proper
from attack.queries import HOSTILE_QUERIES, HostileQuery
from attack.running import Running, ask, eventually
from attack.scores import Scores

pytestmark = pytest.mark.attack

MOST_FACTOR = 3.0
MOST_GROWTH = 48 * 2**20
SETTLE_SECONDS = 10
CONNECTION_SECONDS = 12


@pytest.mark.parametrize("hostile", HOSTILE_QUERIES, ids=lambda hostile: hostile.name)
@pytest.mark.usefixtures("ordinary")
def test_a_hostile_query_is_answered_properly(hostile: HostileQuery, server: Running, extent: Extent) -> None:
    """It is answered, or refused with a problem document, each time, while ordinary clients get theirs."""
    patience = extent.query_seconds * 3 + 10
    for reply in extent.attack(partial(ask, server, hostile.text, patience=patience)):
        check_proper(reply, hostile.statuses, hostile.right)


@pytest.mark.parametrize("hostile", HOSTILE_CONNECTIONS, ids=lambda hostile: hostile.name)
@pytest.mark.usefixtures("ordinary")
def test_hostile_connections_are_ended_properly(hostile: HostileConnections, server: Running, extent: Extent) -> None:
    """They are refused or hung up on, each of them, while ordinary clients get their answers."""
    attempt = hostile.attempt(server.port, CONNECTION_SECONDS)
    outcomes = [attempt()] if hostile.is_slow else extent.attack(attempt)
    assert {status for statuses in outcomes for status in statuses} <= hostile.statuses


def test_memory_comes_back(server: Running, scores: Scores) -> None:
    """After all that, there is as much memory in use as there was at rest, and no process more."""
    most = scores.memory_at_rest + MOST_GROWTH
    assert eventually(lambda: len(server.members()) <= scores.members_at_rest, SETTLE_SECONDS)
    assert eventually(lambda: server.memory() <= most, SETTLE_SECONDS), server.memory() - scores.memory_at_rest


def test_ordinary_clients_hardly_notice(scores: Scores, extent: Extent) -> None:
    """The 99th percentile of their answers is at most three times that at rest, whatever the attack."""
    if not extent.is_long:
        pytest.skip("a short form has too few answers to say so")
    factors = {attack: scores.factor(attack) for attack in scores.under_attack}
    assert {attack: round(factor, 1) for attack, factor in factors.items() if factor > MOST_FACTOR} == {}
