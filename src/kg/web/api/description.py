"""What the endpoint says of itself: the service description for programs, a page with a form for people."""

from __future__ import annotations

import json
from functools import partial

from flask import Response, request

from kg.locales import Message
from kg.rdf import GRAPH_FORMS, JSON, READ_FORMS, RESULT_FORMS, Limit, Service, document_in, service_description
from kg.store import FUNCTIONS, Query, Version
from kg.web.http.complete_response import Validators
from kg.web.http.format_choice import Choice, choose_leniently, first_representable, prefers_page
from kg.web.http.protocol import ProtocolOperation
from kg.web.http.responses import answer, not_modified
from kg.web.pages.editor import show_editor
from kg.web.site import Site

_DEFAULT_SIZE = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"
_NAMED_SIZES = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"


def describe(site: Site, asked: tuple[str, ...]) -> Response:
    """Describe the service in the form that the client prefers; a page where it prefers that."""
    accept = request.headers.get("Accept")
    if prefers_page(GRAPH_FORMS, asked, accept):
        return show_editor(site, ProtocolOperation("describe"))
    return first_representable(
        partial(choose_leniently, GRAPH_FORMS, asked, accept), partial(_described, site, site.version())
    )


def _described(site: Site, version: Version, choice: Choice) -> Response:
    validators = Validators(version, f"description {request.base_url} {site.settings}", choice.media_type)
    kept = not_modified(validators)
    if kept is not None:
        return kept
    written = document_in(choice.form, partial(service_description, _service(site, version)), site.iris)
    return answer(written, choice.media_type, validators, choice.form)


def _service(site: Site, version: Version) -> Service:
    default_rows, named_rows = (_rows(site, version, text) for text in (_DEFAULT_SIZE, _NAMED_SIZES))
    return Service(
        endpoint=request.base_url,
        default_graph_size=int(default_rows[0]["triples"]["value"]),
        named_graph_sizes={row["graph"]["value"]: int(row["triples"]["value"]) for row in named_rows if "graph" in row},
        result_formats=tuple(form.iri for form in (*RESULT_FORMS, *GRAPH_FORMS)),
        input_formats=tuple(form.iri for form in READ_FORMS),
        functions=FUNCTIONS,
        features=("BasicFederatedQuery",) if site.settings.allowed_hosts else (),
        limits=_limits(site),
    )


def _rows(site: Site, version: Version, text: str) -> list[dict[str, dict[str, str]]]:
    query = Query(text, site.iris.document("sparql"), site.iris.queried_graphs(), results=JSON)
    results = json.loads(site.evaluator.evaluate(version, query).body)["results"]
    rows: list[dict[str, dict[str, str]]] = results["bindings"]
    return rows


def _limits(site: Site) -> tuple[Limit, ...]:
    settings = site.settings
    return (
        Limit(Message("limit.query_time"), int(settings.query_seconds), "SEC"),
        Limit(Message("limit.query_memory"), settings.query_memory, "AD"),
        Limit(Message("limit.result_size"), settings.result_size, "AD"),
        Limit(Message("limit.body_size"), settings.body_size, "AD"),
        Limit(Message("limit.queue"), settings.queue),
    )
