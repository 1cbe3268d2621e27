"""Endpoints for operators: liveness, readiness, metrics, OpenAPI, problem types."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Blueprint, Response, request

from kg.domain import KgError
from kg.rdf import JSON
from kg.store import Query
from kg.web.api.addresses import root
from kg.web.api.health import health
from kg.web.api.metrics import MEDIA_TYPE
from kg.web.api.openapi import openapi
from kg.web.http.errors import not_found
from kg.web.http.responses import as_response
from kg.web.pages.frame import current_language, show_page
from kg.web.site import current_site

blueprint = Blueprint("operations", __name__)

_READY_SECONDS = 2.0
"""Most probes give up after one to five seconds."""


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return as_response(health())


@blueprint.get("/readyz")
def ready() -> Response:
    """Return whether a query is answered from the current version, and which files of the store are damaged."""
    site = current_site()
    version = site.store.current()
    if version is None:
        return _plain("the store is empty\n", 503)
    query = Query("ASK {}", root(), site.iris.queried_graphs(), results=JSON)
    try:
        site.evaluator.evaluate(version, query, _READY_SECONDS)
    except KgError as error:
        return _plain(f"no query is answered: {error.problem}\n", 503)
    quarantined = (
        *(
            f"version {number} is damaged and was set aside: see damaged/ in the store\n"
            for number in site.store.quarantined()
        ),
        *(f"{name} is damaged: what needs it is refused\n" for name in site.tokens.damaged()),
    )
    return _plain("".join(["ready\n", *quarantined]))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the metrics."""
    response = _plain("")
    response.data = current_site().metrics.serialize()
    response.content_type = MEDIA_TYPE
    return response


@blueprint.get("/openapi.json")
def description() -> Response:
    """Return the OpenAPI description."""
    response = Response(json.dumps(openapi(root()), ensure_ascii=False), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Return ``robots.txt``: crawlers should not query, since the downloads have all data."""
    return _plain(f"User-agent: *\nDisallow: /sparql\nDisallow: /graphs\nSitemap: {root()}sitemap.xml\n")


@blueprint.get("/problems/<name>")
def problem(name: str) -> Response:
    """Explain a problem type."""
    leaf = next((leaf for leaf in problem_types() if leaf.problem == name), None)
    if leaf is None:
        raise not_found(request.path)
    title = current_language().label(leaf.title.texts())
    meaning = current_language().translate(f"problem.meaning.{name}")
    iri = f"{root()}problems/{name}"
    return show_page(
        "problem_type.html",
        f"problem {name}",
        lambda: {"title": title, "meaning": meaning, "status": leaf.status, "iri": iri},
    )


def problem_types(branch: type[KgError] = KgError) -> Iterator[type[KgError]]:
    """Yield every leaf of the tree of errors."""
    branches = branch.__subclasses__()
    if not branches:
        yield branch
    for smaller in branches:
        yield from problem_types(smaller)


def _plain(text: str, status: int = 200) -> Response:
    response = Response(text, status=status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
