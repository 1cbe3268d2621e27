"""A client that commits one update after the other, and what its commits cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from attack.running import Running, Sent, send
from benchmarks.stores import MILLISECONDS, run
from benchmarks.table import Figure
from crash.serving import processor_seconds
from entry import entering, record_of

_CORRECTION = """PREFIX kg: <https://kg.seocho.example/ontology#>
PREFIX graphs: <https://kg.seocho.example/graphs/>
DELETE {{ GRAPH graphs:page {{ ?record kg:description ?old }} }}
INSERT {{ GRAPH graphs:page {{ ?record kg:description ?new }} }}
WHERE {{
  GRAPH graphs:page {{
    VALUES ?record {{ {records} }}
    ?record a kg:ExchangeRecord ; kg:description ?old .
  }}
  BIND(STRLANG("우호도시 방문 {number}", "ko") AS ?new)
}}"""
_CORRECTED = 3
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Cost:
    """What commits took: milliseconds of each on the clock, and of all processes' processor time in the mean."""

    milliseconds: list[float]
    processor: float

    def percentile(self, share: float) -> float:
        """Return the milliseconds that so large a share of the commits kept within.

        >>> Cost([3.0, 1.0, 2.0], 0).percentile(0.95)
        3.0
        """
        return sorted(self.milliseconds)[int(share * len(self.milliseconds))]

    def figures(self, name: str, most: float, processor: float | None) -> Iterator[Figure]:
        """Yield the figures of these commits, of which the median and the processor time are bounded."""
        yield Figure(f"{name}, median", median(self.milliseconds), most, "ms")
        yield Figure(f"{name}, 95th percentile", self.percentile(0.95), None, "ms")
        yield Figure(f"{name}, processor time of all processes", self.processor, processor, "ms")


class Writer:
    """A client with a token for one store."""

    def __init__(self, store: Path) -> None:
        """Create the token."""
        secret = run(store, "token", "create", "--name", "benchmark", "--scope", "write").split()[-1]
        self._fields = {"Authorization": f"Bearer {secret}", "Content-Type": "application/sparql-update"}
        self.commits = 0

    def enter(self, server: Running) -> float:
        """Enter an exchange (``INSERT DATA``); return the milliseconds until the commit was acknowledged."""
        return self._commit(server, entering(f"benchmark-{self.commits}"))

    def correct(self, server: Running) -> float:
        """Correct the first exchanges entered (``DELETE/INSERT … WHERE``); return the same."""
        records = " ".join(f"<{record_of(f'benchmark-{number}')}>" for number in range(_CORRECTED))
        return self._commit(server, _CORRECTION.format(records=records, number=self.commits))

    def _commit(self, server: Running, update: str) -> float:
        reply = send(server, Sent("POST", "/sparql", self._fields, update.encode()), _PATIENCE_SECONDS)
        if reply.status != 204:
            raise RuntimeError(f"{reply.status}: {reply.body.decode()}")
        self.commits += 1
        return reply.seconds * MILLISECONDS


def cost(server: Running, commit: Callable[[Running], float], count: int) -> Cost:
    """Make so many commits, back to back."""
    before = processor_seconds(server.process.pid)
    milliseconds = [commit(server) for _ in range(count)]
    return Cost(milliseconds, (processor_seconds(server.process.pid) - before) / count * MILLISECONDS)
