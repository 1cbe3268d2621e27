"""The pages of what is part of another thing: a dated event, a delegation, a figure; each leads to its whole."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import RDF, ThingView
from kg.web.pages.reader import Reader

TEMPLATE = "part.html"
SCHEMA_TYPE = "Thing"
_GEOMETRY = "http://www.opengis.net/ont/geosparql#Geometry"


def matches(described: ThingView) -> bool:
    """Return whether a thing is part of another."""
    kg = described.kg
    parts = {kg.ExchangeEvent, kg.Delegation, kg.Anniversary, kg.Statistic, kg.UnitCount, kg.Characteristic, _GEOMETRY}
    return bool(parts & described.types())


def fill(reader: Reader) -> Mapping[str, object]:
    """Return the wholes that have this part, each once, and how they call it."""
    wholes: dict[str, str] = {}
    for predicate, whole in reader.description.references():
        if predicate not in {reader.description.kg.about, f"{RDF}subject"}:
            wholes.setdefault(whole, predicate)
    first = next(iter(wholes), "")
    return {
        "wholes": wholes,
        "breadcrumbs": [(reader.name(first), first)] if first else [],
        "schema": {"isPartOf": [{"@id": whole, "name": str(reader.name(whole))} for whole in wholes]},
    }
