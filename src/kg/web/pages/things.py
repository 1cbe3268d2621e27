"""The endpoint ``/page``: every IRI of ours has a page."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import cast

from flask import Blueprint, Response

from kg.rdf import GRAPH_FORMS
from kg.web.api.linked_data import signposts, thing
from kg.web.api.missing_resource import missing_resource_error
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.kinds import (
    agreement,
    body,
    city,
    claim,
    concept,
    doubt,
    exchange,
    friendship,
    part,
    passage,
    place,
    question,
    scheme,
    source_page,
)
from kg.web.pages.queries.descriptions import describe
from kg.web.pages.reader import Reader, query_runner
from kg.web.pages.schema_org import thing_markup
from kg.web.site import current_site

blueprint = Blueprint("things", __name__)

_KINDS: tuple[ModuleType, ...] = (
    *(city, place, exchange, agreement, friendship, body),
    *(concept, scheme, question, part, doubt, passage, source_page, claim),
)
"""Each says whether it ``matches`` a thing, which ``TEMPLATE`` shows it and what is to ``fill`` it with."""
_SCHEMA = "https://schema.org/"


@blueprint.get("/page/<kind>/<slug>")
def page(kind: str, slug: str) -> Response:
    """Show a thing."""
    runner, found = query_runner(), thing(current_site(), kind, slug)
    described = describe(runner, found.iri)
    if described is None:
        raise missing_resource_error(current_site(), found.iri)
    making = next((one for one in _KINDS if one.matches(described)), None)
    type_name = making.SCHEMA_TYPE if making else "Thing"
    reader = Reader(described, current_language())

    def fill() -> dict[str, object]:
        forms = [(form.extension, found.data(form)) for form in GRAPH_FORMS]
        name = reader.name(found.iri)
        shared = {"d": described, "r": reader, "kg": described.kg, "title": name, "forms": forms}
        filled: Mapping[str, object] = making.fill(reader) if making else {}
        schema = cast("Mapping[str, object]", filled.get("schema", {}))
        return {**shared, **filled, "markup": thing_markup(described, type_name, str(name), schema)}

    response = show_page(making.TEMPLATE if making else "thing.html", f"page {found.iri}", fill, runner.version)
    types = (f"{_SCHEMA}AboutPage", *([f"{_SCHEMA}{making.SCHEMA_TYPE}"] if making else []))
    response.headers["Link"] = ", ".join(signposts(current_site(), found, types, of_page=True))
    return response
