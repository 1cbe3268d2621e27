"""The pages of a concept, with what it is said of, and of a scheme of concepts."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import SKOS, ThingView
from kg.web.pages.queries.exchanges import Dimension, ExchangeView
from kg.web.pages.reader import Reader, exchanges, query_runner

TEMPLATE = "concept.html"
SCHEMA_TYPE = "DefinedTerm"
_DIMENSIONS: Mapping[str, Dimension] = {"exchange-kind": "kind", "direction": "way", "topic": "topic"}


def matches(described: ThingView) -> bool:
    """Return whether a thing is a concept."""
    return f"{SKOS}Concept" in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a concept shows beside its description."""
    described, kg = reader.description, reader.description.kg
    scheme = described.facts.text(described.thing, f"{SKOS}inScheme")
    dimension = _DIMENSIONS.get(scheme.rpartition("/")[2])
    found: list[ExchangeView] = []
    if dimension:
        found = [one for one in exchanges(query_runner()) if described.thing in one.values(dimension)]
    meaning = reader.label(described.texts(described.thing, f"{SKOS}definition"))
    users = [pair for pair in described.references() if pair[0].startswith(described.iris.ontology)]
    return {
        "breadcrumbs": [(reader.name(scheme), scheme)] if scheme else [],
        "scheme": scheme,
        "meaning": meaning,
        "dimension": dimension,
        "exchanges": found,
        "users": [] if dimension else [pair for pair in users if pair[0] != kg.about],
        "schema": {"inDefinedTermSet": scheme, "description": str(meaning or "")},
    }
