"""The lists: where each is, what it lists, and in which formats it comes besides its page."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf import CSV, Form

JSON = Form("json", "json", ("application/json",), "")
GEOJSON = Form("geojson", "geojson", ("application/geo+json", "application/vnd.geo+json"), "")
TABLE_FORMS = (JSON, CSV)
_PLACE_FORMS = (JSON, CSV, GEOJSON)


@dataclass(frozen=True)
class ListPath:
    """A list as ``/openapi.json`` describes it and its endpoint serves it; ``parameters`` are those of its query."""

    summary: str
    forms: tuple[Form, ...] = TABLE_FORMS
    parameters: tuple[str, ...] = ()


LISTS = {
    "/cities": ListPath("The cities", _PLACE_FORMS),
    "/compare": ListPath("Cities side by side", _PLACE_FORMS, ("city",)),
    "/years": ListPath("The exchanges by year"),
    "/exchanges": ListPath(
        "The exchanges, filtered", parameters=("city", "year", "kind", "direction", "topic", "q", "page")
    ),
    "/search": ListPath("What is found for words", parameters=("q",)),
    "/quality": ListPath("What is doubtful", parameters=("severity", "rule")),
    "/questions/{name}": ListPath("A question with its answer"),
}
"""By path; each list is also at its path with ``.json``, ``.csv`` and so on."""
