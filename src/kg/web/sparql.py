"""The door ``/sparql``: queries, updates, and what the service is."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from flask import Blueprint, Response, request

from kg.errors import Message, RequestError
from kg.store.engine import Answer, Query
from kg.store.forms import GRAPH_FORMS, RESULT_FORMS, Form, media_types, named, of_media_type
from kg.store.refusals import not_acceptable
from kg.store.updating import Change
from kg.web.answers import Validators, answer, unchanged
from kg.web.authorization import require
from kg.web.gateway import CANCELLATION
from kg.web.negotiation import choose_media_type
from kg.web.protocol import Operation, read_operation
from kg.web.site import Site, current_site
from kg.web.writing import write

blueprint = Blueprint("sparql", __name__)


@dataclass(frozen=True)
class Choice:
    """The media type that the client prefers, and the form it stands for."""

    media_type: str
    form: Form


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """Answer a SPARQL Protocol request."""
    body = request.get_data(cache=False) if request.method == "POST" else b""
    operation = read_operation(request.method, request.query_string, request.headers.get("Content-Type"), body)
    site = current_site()
    if operation.kind == "query":
        return _query(site, operation)
    if operation.kind == "update":
        return _update(site, operation)
    return _describe()


def _query(site: Site, operation: Operation) -> Response:
    results = choose(RESULT_FORMS, operation.format)
    graph = choose(GRAPH_FORMS, operation.format)
    if results is None and graph is None:
        raise not_acceptable("any")
    query = Query(
        operation.text,
        base_iri=site.iris.document("sparql"),
        queried_graphs=site.iris.queried_graphs(),
        dataset=operation.dataset,
        results=results.form if results else None,
        graph=graph.form if graph else None,
    )
    version = site.version()
    validators = Validators(version, f"{query}\n{results}\n{graph}")
    kept = unchanged(validators)
    if kept is not None:
        return kept
    found = site.evaluator.evaluate(version, query, operation.seconds, request.environ.get(CANCELLATION))
    return _answered(found, graph if found.kind == "triples" else results, validators)


def _answered(found: Answer, choice: Choice | None, validators: Validators) -> Response:
    media_type = choice.media_type if choice else found.form.media_type
    return answer(found.body, media_type, None if found.volatile else validators)


def choose(forms: tuple[Form, ...], asked: str | None) -> Choice | None:
    """Return what the client prefers among forms: ``?format=`` where it is given, else the Accept header."""
    if asked is not None:
        form = named(asked, forms)
        if form is None and not any(named(asked, every) for every in (RESULT_FORMS, GRAPH_FORMS)):
            raise _unknown_format(asked)
        return Choice(form.media_type, form) if form else None
    media_type = choose_media_type(request.headers.get("Accept"), media_types(forms))
    form = of_media_type(media_type, forms) if media_type else None
    return Choice(media_type, form) if media_type and form else None


def _unknown_format(asked: str) -> RequestError:
    names = ", ".join(form.name for form in (*RESULT_FORMS, *GRAPH_FORMS))
    return RequestError(
        Message(ko=f"모르는 형식입니다: {asked[:100]}.", en=f"There is no format {asked[:100]!r}."),
        cure=Message(ko=f"다음 가운데에서 고르십시오: {names}", en=f"Use one of: {names}."),
    )


def _update(site: Site, operation: Operation) -> Response:
    token = require("write")
    change = Change("update", site.iris.document("sparql"), text=operation.text, dataset=operation.dataset)
    write(site, change, token)
    return Response(status=204)


def _describe() -> Response:
    endpoint = escape(request.base_url)
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>SPARQL</title></head><body><h1>SPARQL</h1>
<p lang="ko">이 주소는 SPARQL 1.1 프로토콜로 질의를 받습니다. GET 또는 POST로 <code>query</code>를 보내십시오.</p>
<p>This address takes SPARQL queries: send <code>query</code> by GET or POST to <code>{endpoint}</code>.</p>
<form action="/sparql" method="get">
<p><textarea name="query" rows="12" cols="80" aria-label="query">SELECT * WHERE {{ ?s ?p ?o }} LIMIT 10</textarea></p>
<p><select name="format" aria-label="format"><option>json</option><option>csv</option><option>tsv</option></select>
<button type="submit">실행 / Run</button></p></form></body></html>
"""
    return answer(page.encode(), "text/html", None)
