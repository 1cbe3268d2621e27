"""The SPARQL editor: its page, and for readers without scripts the answer of a query as a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from flask import Response, request

from kg.domain import KgError
from kg.locales import read_catalogue
from kg.rdf import JSON, TURTLE
from kg.store import Answer, Version
from kg.web.api.addresses import LANGUAGE, file_address, root, version_named
from kg.web.api.datetime_negotiation import is_memento_request, requested_version
from kg.web.api.query_requests import permanent_address, plan
from kg.web.gateway import CANCELLATION
from kg.web.http.protocol import ProtocolOperation
from kg.web.pages.frame import current_language, show_page
from kg.web.site import Site

ASKED = "answer"
"""The parameter by which the form asks for the answer beside the editor, where no script fetches it."""
SHOWN_ROWS = 500
_FIRST = "SELECT * WHERE {\n  ?subject ?predicate ?object .\n}\nLIMIT 10\n"
_WORDS = "editor."


@dataclass(frozen=True)
class TermCell:
    """A term of a solution: its text, where it leads, and its language tag."""

    text: str
    address: str = ""
    language: str = ""


@dataclass(frozen=True)
class Shown:
    """An answer as the page shows it: a table, the truth of an ASK, or the text of a graph; its permanent link."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[TermCell, ...], ...] = ()
    count: int = 0
    truth: bool | None = None
    text: str | None = None
    permanent: str = ""


def show_editor(site: Site, operation: ProtocolOperation) -> Response:
    """Show the editor with the query, if one is asked; with its answer where the form was sent without scripts."""
    asked = version_named()
    version = requested_version(site) if asked else site.store.current()
    is_run = operation.kind == "query" and request.args.get(ASKED) == "page"
    problem: KgError | None = None
    shown: Shown | None = None
    if is_run:
        try:
            shown = _answered(site, operation)
        except KgError as error:
            problem = error

    def fill() -> Mapping[str, object]:
        told = problem and _told(problem)
        return {
            "query": operation.text or _FIRST,
            "shown": shown,
            "problem": told,
            "editor": _configuration(site, asked),
        }

    digest = hashlib.sha256(operation.text.encode()).hexdigest()
    response = show_page("sparql.html", f"sparql {digest}", fill, None if is_run else version)
    if problem:
        response.status_code = problem.status
    return response


def _told(problem: KgError) -> Mapping[str, object]:
    """Return what is wrong, the cure and the place."""
    named = {"title": problem.title, "detail": problem.what, "cure": problem.cure}
    label = current_language().label
    return {**{name: label(message.texts()) for name, message in named.items()}, "where": problem.where}


def _answered(site: Site, operation: ProtocolOperation) -> Shown:
    version = requested_version(site)
    planned = plan(operation, f"{JSON.media_type}, {TURTLE.media_type}", site.iris, version)
    found = site.evaluator.evaluate(version, planned.query, operation.seconds, request.environ.get(CANCELLATION))
    return replace(_shown(site, found), permanent=_permanent(operation, found, version))


def _permanent(operation: ProtocolOperation, found: Answer, version: Version) -> str:
    """Return the permanent link to an answer: the one that the answer itself has, so none where it has none.

    What only the page is asked for, in the way of an answer beside the editor and a language, is left out.
    """
    if found.volatile or is_memento_request():
        return ""
    pairs = tuple((name, value) for name, value in operation.pairs if name not in (ASKED, LANGUAGE))
    target = permanent_address(replace(operation, pairs=pairs), found.form, version)
    return target and f"{root()}sparql{target}"


def _shown(site: Site, found: Answer) -> Shown:
    if found.kind == "triples":
        return Shown(text=found.body.decode())
    read = json.loads(found.body)
    if found.kind == "boolean":
        return Shown(truth=read["boolean"])
    columns, solutions = tuple(read["head"]["vars"]), read["results"]["bindings"]
    rows = (tuple(_cell(site, solution.get(column)) for column in columns) for solution in solutions)
    return Shown(columns, tuple(islice(rows, SHOWN_ROWS)), len(solutions))


def _cell(site: Site, term: Mapping[str, object] | None) -> TermCell:
    if term is None:
        return TermCell("")
    if term["type"] == "uri":
        iri = str(term["value"])
        return TermCell(iri.removeprefix(site.settings.base_iri), file_address(iri))
    if term["type"] == "triple":
        return TermCell(json.dumps(term["value"], ensure_ascii=False))
    return TermCell(str(term["value"]), language=str(term.get("xml:lang", "")))


def _configuration(site: Site, version: str | None) -> Mapping[str, object]:
    """Return what the script of the page needs: where to ask, and its words in the language of the page."""
    language = current_language()
    words = read_catalogue(language.code).items()
    return {
        "endpoint": file_address("/sparql"),
        "root": root(),
        "base": site.settings.base_iri,
        "language": {"tag": language.tag, "order": [language.tag, *language.fallbacks]},
        "chosen": request.args.get("lang"),
        "version": version,
        "words": {key.removeprefix(_WORDS): text for key, text in words if key.startswith(_WORDS)},
    }
