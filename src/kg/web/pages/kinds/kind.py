"""A kind of things that have a page of their own; anything else is shown as it is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader


@dataclass(frozen=True)
class Kind:
    """The template of a kind, its type in schema.org, and what the template shows beside the description.

    Things of the kind are of one of the ``classes`` (ours by their local names), or a property of ours points to them.
    """

    template: str
    schema_type: str
    fill: Callable[[Reader], Mapping[str, object]]
    classes: tuple[str, ...] = ()
    pointed_to_by: str = ""

    def matches(self, described: ThingView) -> bool:
        """Return whether a thing is of the kind."""
        if self.pointed_to_by:
            return bool(described.pointing(getattr(described.kg, self.pointed_to_by)))
        classes = {name if ":" in name else getattr(described.kg, name) for name in self.classes}
        return bool(classes & described.types())
