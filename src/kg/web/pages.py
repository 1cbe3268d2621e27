"""The pages for people: the way in, and the questions with their answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from flask import Blueprint, Response, render_template, request

from kg.graph.rdf_dataset import relocated_text
from kg.iri import Iris
from kg.store.engine import Query
from kg.web.answers import answer, unchanged
from kg.web.complete import Validators
from kg.web.conformance import has_report
from kg.web.refusals import not_found
from kg.web.site import current_site

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Question:
    """A question in Korean and English, with the query that answers it; ``name`` is that of its file."""

    name: str
    ko: str
    en: str
    query: str


def questions(iris: Iris) -> tuple[Question, ...]:
    """Return the questions of ``kg/queries``, in order, their queries under a base."""
    queries = sorted(files("kg").joinpath("queries").iterdir(), key=lambda file: file.name)
    return tuple(
        _question(file.name.removesuffix(".rq"), relocated_text(file.read_text("utf-8"), iris)) for file in queries
    )


def _question(name: str, text: str) -> Question:
    korean, english = (line.removeprefix("# ") for line in text.splitlines()[:2])
    return Question(name, korean, english, text)


@blueprint.get("/")
def home() -> Response:
    """Say what this is, and where to go from here."""
    site = current_site()
    version = site.version()
    is_reported = has_report(site)
    validators = Validators(version, f"home {is_reported}")
    kept = unchanged(validators)
    if kept is not None:
        return kept
    page = render_template("home.html", version=version, questions=questions(site.iris), has_conformance=is_reported)
    return answer(page.encode(), "text/html", validators)


@blueprint.get("/questions/<name>")
def question(name: str) -> Response:
    """Show a question with its answer as a table, and the query behind it."""
    site = current_site()
    asked = next((one for one in questions(site.iris) if one.name == name), None)
    if asked is None:
        raise not_found(request.path)
    version = site.version()
    validators = Validators(version, f"question {name}")
    kept = unchanged(validators)
    if kept is not None:
        return kept
    query = Query(asked.query, site.iris.document("sparql"), queried_graphs=site.iris.queried_graphs())
    table = _table(site.evaluator.evaluate(version, query).body)
    page = render_template("question.html", question=asked, table=table, version=version)
    return answer(page.encode(), "text/html", validators)


def _table(body: bytes) -> tuple[list[str], list[list[str]]]:
    """Return the columns and rows of solutions in JSON; an IRI is shown by its last part."""
    found = json.loads(body)
    columns: list[str] = found["head"]["vars"]
    rows = [[_cell(solution.get(column)) for column in columns] for solution in found["results"]["bindings"]]
    return columns, rows


def _cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    return term["value"].rstrip("/").rsplit("/", 1)[-1] if term["type"] == "uri" else term["value"]
