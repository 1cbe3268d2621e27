"""What came out of the pairs: how many were compared, and what differed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_LONGEST_TEXT = 1500


@dataclass(frozen=True)
class Difference:
    """A pair that differs: the base request, what was sent instead, and how the answers differ."""

    base: str
    reason: str
    sent: str

    def __str__(self) -> str:
        """Return it as lines, the text cut where it is long."""
        text = self.sent if len(self.sent) <= _LONGEST_TEXT else f"{self.sent[:_LONGEST_TEXT]}…"
        return f"[{self.base}] {self.reason}\n{text}\n"


@dataclass
class Instrumentation:
    """The pairs and the differences of each transformation, and where other engines answer otherwise."""

    pairs: Counter[str] = field(default_factory=Counter)
    differences: Counter[str] = field(default_factory=Counter)
    opinions: list[str] = field(default_factory=list)

    def count(self, name: str, difference: Difference | None) -> None:
        """Count a pair of a transformation, and what differs."""
        self.pairs[name] += 1
        self.differences[name] += difference is not None

    def lines(self) -> Iterator[str]:
        """Yield a line for each transformation, one for the whole, and one for each opinion of another engine."""
        for name, count in sorted((+self.differences).items()):
            yield f"metamorphic: {count} of {self.pairs[name]} pairs differ: {name}"
        yield from (f"oracle: {opinion}" for opinion in self.opinions)
        if self.pairs:
            yield f"metamorphic: {self.pairs.total()} pairs, {self.differences.total()} differences"
