"""The pages for people: the way in."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from flask import Blueprint, Response, render_template

from kg.graph.rdf_dataset import relocated_text
from kg.iri import Iris
from kg.web.answers import answer, unchanged
from kg.web.complete import Validators
from kg.web.conformance import has_report
from kg.web.site import current_site

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Question:
    """A question in Korean and English, with the query that answers it."""

    ko: str
    en: str
    query: str


def questions(iris: Iris) -> tuple[Question, ...]:
    """Return the questions of ``kg/queries``, in order, their queries under a base."""
    queries = sorted(files("kg").joinpath("queries").iterdir(), key=lambda file: file.name)
    return tuple(_question(relocated_text(file.read_text("utf-8"), iris)) for file in queries)


def _question(text: str) -> Question:
    korean, english = (line.removeprefix("# ") for line in text.splitlines()[:2])
    return Question(korean, english, text)


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
