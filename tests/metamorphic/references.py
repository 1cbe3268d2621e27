"""The answers to the base queries, with which all others are compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from metamorphic.answers import Answer, accepted_type, read
from metamorphic.endpoint import Endpoint
from metamorphic.requests import Base


@dataclass
class References:
    """The answers to the base queries, each asked once."""

    endpoint: Endpoint
    known: dict[str, Answer] = field(default_factory=dict)

    def of(self, base: Base) -> Answer:
        """Return the answer to a base query."""
        if base.name not in self.known:
            self.known[base.name] = read(self.endpoint.post(base.request, accepted_type(base)))
        return self.known[base.name]
