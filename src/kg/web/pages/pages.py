"""The pages for people: the way in, and the questions with their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from kg.locales import Label
from kg.rdf import Question, questions
from kg.store import Query
from kg.web.http.errors import not_found
from kg.web.pages.conformance import has_report
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.kinds.places import map_of, places_of
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own
from kg.web.pages.reader import LabelIndex, exchanges, labels, query_runner
from kg.web.pages.schema_org import page_markup
from kg.web.pages.tabular import Cell, DataTable, ListView, listed, number, thing
from kg.web.site import current_site

blueprint = Blueprint("pages", __name__)

_LATEST = 5


def title(question: Question) -> Label | None:
    """Return the question in the language of the page, or the next best."""
    return current_language().label((("ko", question.ko), ("en", question.en), ("zh-Hans", question.zh)))


@blueprint.get("/")
def home() -> Response:
    """Say what this is, and where to go from here."""
    site = current_site()
    is_reported = has_report(site)

    def fill() -> dict[str, object]:
        asked = [(question.name, title(question)) for question in questions(site.iris.base)]
        return {"questions": asked, "has_conformance": is_reported, **_overview()}

    return show_page("home.html", f"home {is_reported}", fill, query_runner().version)


def _overview() -> dict[str, object]:
    """Return what the way in shows of the data: numbers, the map, the latest exchanges."""
    runner, language = query_runner(), current_language()
    kg = Own(runner.iris.ontology)
    counted = {row["class"].value: int(row["count"].value) for row in runner.rows("numbers")}
    places = places_of(runner.facts("cities"), kg, language)
    return {
        "number": lambda name: counted.get(getattr(kg, name), 0),
        "years": sorted(year for one in exchanges(runner) for year in one.years),
        "latest": [one for one in exchanges(runner) if one.is_held][:_LATEST],
        "names": LabelIndex(labels(runner), language),
        "map": map_of(places, language) if places else None,
        "markup": page_markup("WebSite", language.translate("site.name")),
    }


@listed(blueprint, "/questions/{name}")
def question(name: str) -> ListView:
    """Show a question with its answer as a table, and the query behind it."""
    site = current_site()
    asked = next((one for one in questions(site.iris.base) if one.name == name), None)
    if asked is None:
        raise not_found(request.path)
    runner = query_runner()
    version = runner.version
    query = Query(asked.query, site.iris.document("sparql"), queried_graphs=site.iris.queried_graphs())

    def fill() -> dict[str, object]:
        found = json.loads(site.evaluator.evaluate(version, query).body)
        columns = found["head"]["vars"]
        rows = [[_cell(solution.get(column)) for column in columns] for solution in found["results"]["bindings"]]
        return {"title": title(asked), "columns": columns, "rows": rows, "query": asked.query}

    return ListView(
        f"question {name}",
        version,
        str(title(asked)),
        lambda: _table(runner, json.loads(site.evaluator.evaluate(version, query).body)),
        lambda: show_page("question.html", f"question {name}", fill, version),
    )


def _table(runner: QueryRunner, found: Mapping[str, Any]) -> DataTable:
    """Return solutions in JSON as data; a thing has its names in every language."""
    columns, solutions = tuple(found["head"]["vars"]), found["results"]["bindings"]
    rows = [tuple(_value(runner, solution.get(column)) for column in columns) for solution in solutions]
    of_things = {column for column in columns for one in solutions if one.get(column, {}).get("type") == "uri"}
    return DataTable("rows", columns, rows, frozenset(of_things))


def _value(runner: QueryRunner, term: Mapping[str, str] | None) -> Cell:
    if term is None:
        return None
    if term["type"] == "uri":
        return thing(runner, term["value"])
    datatype = term.get("datatype", "").rpartition("#")[2]
    if datatype == "boolean":
        return term["value"] == "true"
    return number(term["value"]) if datatype in {"integer", "decimal", "double"} else term["value"]


def _cell(term: dict[str, str] | None) -> Label:
    if term is None:
        return Label("", "")
    text = term["value"].rstrip("/").rsplit("/", 1)[-1] if term["type"] == "uri" else term["value"]
    return Label(text, term.get("xml:lang", ""))
