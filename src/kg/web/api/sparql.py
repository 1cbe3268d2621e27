"""The endpoint ``/sparql``: queries, updates and the service description."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed

from kg.store import Answer, Change, Query, Version
from kg.web.api.answer_comparison import COMPARISON_FIELD, compare_with_current
from kg.web.api.datetime_negotiation import is_memento_request, refuse_past_version, requested_version
from kg.web.api.description import describe
from kg.web.api.query_requests import QueryRequest, answer_query, is_for_a_reader, plan, query_string
from kg.web.api.write_requests import preconditions, write
from kg.web.gateway import CANCELLATION
from kg.web.http.authorization import require
from kg.web.http.memento import Address
from kg.web.http.protocol import ProtocolOperation, read_operation
from kg.web.http.response_cache import CachedResponse
from kg.web.http.responses import as_response, conditional, not_modified
from kg.web.pages.editor import show_editor
from kg.web.site import Site, current_site

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST", "QUERY"], strict_slashes=False)
def sparql() -> Response:
    """Answer a SPARQL Protocol request."""
    method = "POST" if request.method == "QUERY" else request.method
    body = request.get_data(cache=False) if method == "POST" else b""
    operation = read_operation(method, request.query_string, request.headers.get("Content-Type"), body)
    if request.method == "QUERY" and operation.kind == "update":
        raise MethodNotAllowed(["POST"])  # a QUERY changes nothing
    site = current_site()
    if is_for_a_reader(method, operation, request.headers.get("Accept")):
        return show_editor(site, operation)
    if operation.kind == "query":
        return _query(site, operation)
    if operation.kind == "update":
        return _update(site, operation)
    return describe(site, operation.formats)


def _query(site: Site, operation: ProtocolOperation) -> Response:
    is_journey = operation.version is not None or "Accept-Datetime" in request.headers
    version = requested_version(site, operation.version, _address(operation) if is_journey else None)
    planned = plan(operation, request.headers.get("Accept"), site.iris, version)
    kept = not_modified(planned.validators)
    if kept is not None:
        return kept
    planned, completed, found = _answered(site, planned)
    response = as_response(completed)
    if not found.volatile:
        response = conditional(response)
    if is_memento_request():
        response.headers[COMPARISON_FIELD] = compare_with_current(
            site.evaluator, planned.query, found, version, site.version()
        )
    return response


def _answered(site: Site, planned: QueryRequest) -> tuple[QueryRequest, CachedResponse, Answer]:
    seconds, cancellation = planned.operation.seconds, request.environ.get(CANCELLATION)

    def evaluate(version: Version, query: Query) -> Answer:
        return site.evaluator.evaluate(version, query, seconds, cancellation)

    accept, encodings = request.headers.get("Accept"), request.headers.get("Accept-Encoding")
    answered = answer_query(planned, evaluate, accept, encodings, site.iris, root=request.root_url)
    assert answered  # noqa: S101 - the evaluator answers every query
    return answered


def _address(operation: ProtocolOperation) -> Address | None:
    """Return the address that asks the same by GET, or None where it would be too long."""
    asked = query_string(operation)
    return Address(request.url_root.removesuffix("/"), "/sparql", asked) if asked else None


def _update(site: Site, operation: ProtocolOperation) -> Response:
    token = require("write")
    refuse_past_version(operation.version)
    change = Change("update", site.iris.document("sparql"), text=operation.text, dataset=operation.dataset)
    asked = preconditions()
    return write(site, change, token, lambda current: asked.check(current, lambda _: "", lambda _: True)).answered(204)
