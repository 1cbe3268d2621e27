"""The page of a doubt about the text of the source page."""

from __future__ import annotations

from collections.abc import Mapping

from kg.source import cure_key
from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader

TEMPLATE = "doubt.html"
SCHEMA_TYPE = "CorrectionComment"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a doubt."""
    return described.kg.SourceDoubt in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return the doubt, and what it is about."""
    described = reader.description
    doubt = described.doubt(described.thing)
    return {
        "section": "quality",
        "breadcrumbs": [(reader.language.translate("navigation.quality"), "/quality")],
        "doubt": doubt,
        "cure_key": cure_key(doubt.rule, doubt.severity),
        "about": [one.value for one in described.facts.all(described.thing, described.kg.about)],
        "schema": {"text": str(reader.label(doubt.reason) or "")},
    }
