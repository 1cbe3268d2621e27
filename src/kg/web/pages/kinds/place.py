"""The page of a place that no tie makes a friendship city: Seocho, a province, a country, a city that visited once."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.kinds.city import map_of, places_of
from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader, agreements, cities, exchanges_of, query_runner

TEMPLATE = "place.html"
SCHEMA_TYPE = "AdministrativeArea"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a place."""
    return bool({described.kg.Municipality, described.kg.Region, described.kg.Country} & described.types())


def fill(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a place shows beside its description."""
    described, kg = reader.description, reader.description.kg
    runner = query_runner()
    places = places_of(runner.facts("cities"), kg, reader.language)
    is_home = bool(described.pointing(kg.party))
    return {
        "is_home": is_home,
        "places": described.pointing(kg.within),
        "bodies": described.pointing(kg.bodyOf),
        "ties": cities(runner) if is_home else (),
        "documents": agreements(runner) if is_home else (),
        "exchanges": () if is_home else exchanges_of(runner, described.thing),
        "map": map_of(places, reader.language, chosen=described.thing) if is_home and places else None,
    }
