"""The page of the source page: what it says about itself; its lines are read at ``/source``."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader

TEMPLATE = "source_page.html"
SCHEMA_TYPE = "WebPage"


def matches(described: ThingView) -> bool:
    """Return whether a thing is the source page."""
    return described.kg.SourcePage in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return how many lines the page has."""
    described = reader.description
    return {
        "section": "source",
        "lines": len(described.pointing(described.kg.page)),
        "page": described.thing.rpartition("/")[2],
        "schema": {"inLanguage": "ko"},
    }
