"""How hard an attack tries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

_MOST_REPETITIONS = 5000
_T = TypeVar("_T")


@dataclass(frozen=True)
class Extent:
    """Seconds that a query may take, that an attack goes on and that a rest lasts; attackers at once; examples."""

    query_seconds: int
    attack_seconds: float
    rest_seconds: float
    attackers: int
    examples: int
    is_long: bool = False

    def rest(self) -> None:
        """Let others work."""
        time.sleep(self.rest_seconds)

    def attack(self, attempt: Callable[[], _T]) -> list[_T]:
        """Have all attackers make one attempt after the other; return what each attempt came to."""
        with ThreadPoolExecutor(self.attackers) as attackers:
            made = [attackers.submit(lambda: list(self._attempts(attempt))) for _ in range(self.attackers)]
        return [outcome for attempts in made for outcome in attempts.result()]

    def _attempts(self, attempt: Callable[[], _T]) -> Iterator[_T]:
        deadline = time.monotonic() + self.attack_seconds
        for _ in range(_MOST_REPETITIONS):
            yield attempt()
            if time.monotonic() > deadline:
                return


SHORT = Extent(query_seconds=1, attack_seconds=0.5, rest_seconds=2, attackers=3, examples=60)
LONG = Extent(query_seconds=10, attack_seconds=10, rest_seconds=10, attackers=8, examples=2000, is_long=True)
