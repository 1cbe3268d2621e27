"""The web application: the doors, put together."""

from __future__ import annotations

from flask import Flask

from kg.settings import Settings
from kg.store.evaluator import Evaluator, LocalEvaluator
from kg.store.versions import Store
from kg.web import operations, resources, sparql
from kg.web.problems import answer_errors
from kg.web.site import Site, install


def create_app(settings: Settings, *, evaluator: Evaluator | None = None) -> Flask:
    """Return the application; without an evaluator it evaluates in this process, without budgets."""
    app = Flask("kg.web", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    install(app, Site(settings, Store(settings.store), evaluator or LocalEvaluator()))
    answer_errors(app)
    for blueprint in (sparql.blueprint, resources.blueprint, operations.blueprint):
        app.register_blueprint(blueprint)
    return app
