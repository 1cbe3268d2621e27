"""The page of the tie between Seocho and a city."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader, agreements, exchanges, query_runner

TEMPLATE = "friendship.html"
SCHEMA_TYPE = "Thing"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a tie."""
    return described.kg.Friendship in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a tie shows beside its description."""
    described, kg = reader.description, reader.description.kg
    runner = query_runner()
    city = described.facts.text(described.thing, kg.partner)
    return {
        "section": "cities",
        "breadcrumbs": [(reader.language.translate("navigation.cities"), "/cities"), (reader.name(city), city)],
        "city": city,
        "agreement": described.facts.text(described.thing, kg.foundedBy),
        "agreements": [one for one in agreements(runner) if city in one.places],
        "exchanges": [one for one in exchanges(runner) if city in one.cities],
    }
