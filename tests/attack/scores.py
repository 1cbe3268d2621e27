"""How ordinary clients fared, at rest and under each attack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from attack.ordinary import Report

P99 = 0.99
_MEBIBYTE = 2**20


@dataclass
class Scores:
    """Reports of ordinary clients, and what the server took when it had nothing else to do."""

    at_rest: Report = field(default_factory=Report)
    memory_at_rest: int = 0
    members_at_rest: int = 0
    under_attack: dict[str, Report] = field(default_factory=dict)
    memory_after: dict[str, int] = field(default_factory=dict)

    def factor(self, attack: str) -> float:
        """Return the 99th percentile under an attack as a multiple of that at rest."""
        return self.under_attack[attack].percentile(P99) / self.at_rest.percentile(P99)

    def lines(self) -> Iterator[str]:
        """Yield a Markdown table."""
        if not self.under_attack:
            return
        yield "| attack | right answers | median ms | 99 % ms | of that at rest | wrong or lost | memory after, MiB |"
        yield "|---|---|---|---|---|---|---|"
        yield self._line("(at rest)", self.at_rest, 1.0, self.memory_at_rest)
        for attack, report in self.under_attack.items():
            yield self._line(attack, report, self.factor(attack), self.memory_after.get(attack, 0))

    def _line(self, name: str, report: Report, factor: float, memory: int) -> str:
        middle, high = report.percentile(0.5), report.percentile(P99)
        cells = [name, len(report.milliseconds), f"{middle:.1f}", f"{high:.1f}", f"{factor:.1f}", len(report.faults)]
        return f"| {' | '.join(map(str, cells))} | {memory // _MEBIBYTE} |"
