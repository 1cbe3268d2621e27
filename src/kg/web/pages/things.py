"""The endpoint ``/page``: every IRI of ours has a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Response

from kg.rdf import GRAPH_FORMS
from kg.web.api.linked_data import signposts, thing
from kg.web.api.missing_resource import missing_resource_error
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.kinds import places, sources, terms, ties
from kg.web.pages.queries.descriptions import describe
from kg.web.pages.reader import Reader, query_runner
from kg.web.pages.schema_org import thing_markup
from kg.web.site import current_site

blueprint = Blueprint("things", __name__)

_KINDS = (*places.KINDS, *ties.KINDS, *terms.KINDS, *sources.KINDS)
_SCHEMA = "https://schema.org/"


@blueprint.get("/page/<kind>/<slug>")
def page(kind: str, slug: str) -> Response:
    """Show a thing."""
    runner, found = query_runner(), thing(current_site(), kind, slug)
    described = describe(runner, found.iri)
    if described is None:
        raise missing_resource_error(current_site(), found.iri)
    kind_of = next((one for one in _KINDS if one.matches(described)), None)
    type_name = kind_of.schema_type if kind_of else "Thing"
    reader = Reader(described, current_language())

    def fill() -> dict[str, object]:
        forms = [(form.extension, found.data(form)) for form in GRAPH_FORMS]
        name = reader.name(found.iri)
        shared = {"d": described, "r": reader, "kg": described.kg, "title": name, "forms": forms}
        filled: Mapping[str, object] = kind_of.fill(reader) if kind_of else {}
        schema = cast("Mapping[str, object]", filled.get("schema", {}))
        return {**shared, **filled, "markup": thing_markup(described, type_name, str(name), schema)}

    response = show_page(kind_of.template if kind_of else "thing.html", f"page {found.iri}", fill, runner.version)
    types = (f"{_SCHEMA}AboutPage", *([f"{_SCHEMA}{kind_of.schema_type}"] if kind_of else []))
    response.headers["Link"] = ", ".join(signposts(current_site(), found, types, of_page=True))
    return response
