"""The page "use this data": three tasks in four programming languages, ready to copy."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, render_template

from kg.web.api.addresses import root
from kg.web.pages.frame import current_language, show_page
from kg.web.site import current_site

blueprint = Blueprint("use", __name__)

TASKS = ("query", "iri", "download")
PROGRAMS = (("curl", "curl"), ("Python", "python"), ("R", "r"), ("JavaScript", "javascript"))
"""The languages with the endings of their templates below ``templates/use``."""
_THING = ("municipality", "hongkou")
_NAMES_IN = {"ko": "ko", "en": "en", "zh": "zh-hans"}


@blueprint.get("/use")
def use() -> Response:
    """Show how to ask, follow an IRI and download, each program with the addresses of this very site."""
    return show_page("use.html", "use", _filled, current_site().store.current())


def _filled() -> Mapping[str, object]:
    site = current_site()
    iri = site.iris.resource(*_THING)
    query = render_template("use/query.rq", example_language=_NAMES_IN[current_language().code])
    values = {"root": root(), "thing": site.reached(iri, root()), "thing_iri": iri, "query": query}

    def program(task: str, name: str) -> str:
        return render_template(f"use/{task}.{name}", **values)

    examples = [(task, [(shown, name, program(task, name)) for shown, name in PROGRAMS]) for task in TASKS]
    return {**values, "examples": examples}
