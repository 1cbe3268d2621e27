"""The web application: the doors, put together."""

from __future__ import annotations

from flask import Flask

from kg.settings import Settings
from kg.store.evaluator import Evaluator, LocalEvaluator
from kg.store.tokens import Tokens
from kg.store.versions import Gate, Store, open_gate
from kg.web import graph_store, operations, resources, sparql
from kg.web.problems import answer_errors
from kg.web.site import Site, install


def create_app(settings: Settings, *, evaluator: Evaluator | None = None, gate: Gate = open_gate) -> Flask:
    """Return the application.

    Without an evaluator it evaluates in this process, without budgets. The gate stands before every change.
    """
    app = Flask("kg.web", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    site = Site(settings, Store(settings.store), evaluator or LocalEvaluator(), Tokens(settings.store), gate)
    install(app, site)
    answer_errors(app)
    for blueprint in (sparql.blueprint, graph_store.blueprint, resources.blueprint, operations.blueprint):
        app.register_blueprint(blueprint)
    return app
