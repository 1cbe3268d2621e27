"""The Flask application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from flask import Flask, Response, request

from kg.auth import TokenStore
from kg.build import HistoryGraphCache
from kg.domain import Iris, KgError, Settings
from kg.rdf import rights_link
from kg.store import Evaluator, LocalEvaluator, Policy, Removals, Store
from kg.web.api import (
    assistants,
    audit,
    backup,
    changes,
    documents,
    graph_store,
    linked_data,
    operations,
    sparql,
    timemaps,
)
from kg.web.api import downloads as resources
from kg.web.api.datetime_negotiation import add_memento_headers
from kg.web.api.metrics import Metrics
from kg.web.gateway import REFUSAL
from kg.web.http.authorization import log_token_uses, refuse_unreceived
from kg.web.http.cors import allow_origins
from kg.web.http.errors import coded_body
from kg.web.http.security import secure
from kg.web.pages import conformance, frame, history, listings, lists, pages, source_pages, things, usage
from kg.web.pages.bundle import Bundle, read_bundle
from kg.web.pages.problems import answer_errors
from kg.web.pages.schema_org import page_markup
from kg.web.site import Site, install

_WITHOUT_DATA = frozenset({operations.blueprint.name, frame.blueprint.name})


def create_app(
    settings: Settings,
    *,
    evaluator: Evaluator | None = None,
    metrics: Metrics | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    bundle: Bundle | None = None,
) -> Flask:
    """Return the application.

    Without an evaluator it evaluates in this process, without budgets and without validation. The
    metrics are what ``/metrics`` tells; the clock says when something is done; the bundle is what the front-end build
    wrote, unless another is given.
    """
    app = Flask("kg.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_size
    store = Store(settings.store, Policy.of(settings))
    iris = Iris(settings.base_iri)
    history_cache = HistoryGraphCache(store, iris)
    site = Site(
        settings,
        store,
        evaluator or LocalEvaluator(history_cache.lines, iris.queried_graphs()),
        TokenStore(settings.store),
        history_cache,
        Removals(store, settings.base_iri),
        metrics or Metrics(),
        clock,
    )
    install(app, site)
    answer_errors(app)
    app.after_request(partial(_add_rights, rights_link(settings.license, iris.document("dataset"))))
    log_token_uses(app)
    add_memento_headers(app)
    secure(app)
    allow_origins(app)
    frame.install_frame(app, read_bundle() if bundle is None else bundle)
    app.jinja_env.globals["page_markup"] = page_markup
    app.before_request(_refuse)
    for blueprint in (
        pages.blueprint,
        sparql.blueprint,
        graph_store.blueprint,
        resources.blueprint,
        conformance.blueprint,
        linked_data.blueprint,
        lists.blueprint,
        documents.blueprint,
        source_pages.blueprint,
        things.blueprint,
        listings.blueprint,
        usage.blueprint,
        operations.blueprint,
        assistants.blueprint,
        audit.blueprint,
        backup.blueprint,
        history.blueprint,
        changes.blueprint,
        timemaps.blueprint,
        frame.blueprint,
    ):
        app.register_blueprint(blueprint)
    return app


def _add_rights(link: str, response: Response) -> Response:
    """Link what holds data to its licence."""
    if response.status_code in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT} and request.blueprint not in _WITHOUT_DATA:
        response.headers["Link"] = ", ".join([*response.headers.getlist("Link"), link])
    return response


def _refuse() -> None:
    """Raise the error with which the front refused the request, so that it is rendered like any other."""
    refusal: KgError | None = request.environ.get(REFUSAL)
    if refusal is not None:
        raise refusal
    refuse_unreceived()
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        raise coded_body(coding)
