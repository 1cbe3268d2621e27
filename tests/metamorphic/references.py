"""The answers to the base requests, with which all others are compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from metamorphic.answers import Answer, accepted_type, read
from metamorphic.endpoint import Endpoint
from metamorphic.requests import Base


@dataclass
class References:
    """The answers to the base requests, each sent once."""

    endpoint: Endpoint
    known: dict[str, Answer] = field(default_factory=dict)

    def of(self, base: Base) -> Answer:
        """Return the answer to a base query."""
        if base.name not in self.known:
            self.known[base.name] = read(self.endpoint.post(base.request, accepted_type(base)))
        return self.known[base.name]

    def written_by(self, base: Base) -> Answer:
        """Return the quads that a base update writes, as graph name, subject, predicate and object."""
        if base.name not in self.known:
            self.known[base.name] = written(self.endpoint, base.request.text)
        return self.known[base.name]


def written(endpoint: Endpoint, update: str) -> Answer:
    """Send an update; return and remove the quads that it wrote."""
    response = endpoint.update(update)
    return endpoint.take_written() if response.is_success else read(response)
