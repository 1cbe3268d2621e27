"""The page of a public body: an office, a council, a people's government."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader, exchanges_of, query_runner

TEMPLATE = "body.html"
SCHEMA_TYPE = "GovernmentOrganization"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a public body."""
    return described.kg.PublicBody in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a body shows beside its description."""
    described = reader.description
    place = described.facts.text(described.thing, described.kg.bodyOf)
    return {
        "breadcrumbs": [(reader.name(place), place)] if place else [],
        "ties": described.pointing(described.kg.party),
        "exchanges": exchanges_of(query_runner(), described.thing),
    }
