"""One shape for every error on the wire: RFC 9457 problem documents, in Korean, English or Chinese."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from kg.domain import (
    BudgetError,
    FormatError,
    KgError,
    MethodError,
    NonconformingError,
    RangeError,
    RequestError,
    Result,
    UnauthorizedError,
    UnexpectedError,
)
from kg.locales import Label, Message, Translatable
from kg.rdf import GRAPH_FORMS, named
from kg.store import convert_graph
from kg.validation import Cause, causes
from kg.web.api.addresses import root
from kg.web.http.errors import body_too_large, not_found
from kg.web.http.negotiation import choose_language, choose_media_type
from kg.web.pages.frame import current_language

PROBLEM_TYPES = ("application/problem+json", "application/json", "text/html")
_REPORT_TYPES = tuple(form.media_type for form in GRAPH_FORMS)
RETRY_AFTER_SECONDS = 2
CHALLENGES = ['Bearer realm="kg"', 'Basic realm="kg", charset="UTF-8"']
"""Many clients send a password only when they are asked for one."""


def problem_response(error: KgError) -> Response:
    """Write an error as the client would have it: a problem document, or a page for a browser.

    Where data does not conform, it can be had as the SHACL report too.
    """
    told = error.report if isinstance(error, NonconformingError) else b""
    offers = (*PROBLEM_TYPES, *_REPORT_TYPES) if told else PROBLEM_TYPES
    media_type = choose_media_type(request.headers.get("Accept"), offers)
    report = _report(told, media_type)
    if media_type == "text/html":
        response = Response(_page(error), mimetype="text/html")
        response.headers["Content-Language"] = current_language().tag
    elif report is not None:
        response = Response(report, mimetype=media_type)
    else:
        language = choose_language(request.headers.get("Accept-Language"))
        document = problem_document(error, language, root())
        response = Response(f"{json.dumps(document, ensure_ascii=False)}\n", mimetype="application/problem+json")
        response.headers["Content-Language"] = language
    response.status_code = error.status
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept, Accept-Language"
    if isinstance(error, BudgetError):
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, RangeError):
        response.headers["Content-Range"] = f"bytes */{error.length}"
    if isinstance(error, UnauthorizedError):
        response.headers.setlist("WWW-Authenticate", CHALLENGES)
    return response


def problem_document(error: KgError, language: str, root: str) -> dict[str, Any]:
    """Return the members of a problem document: the registered ones, then ``cure`` and ``where``."""
    document: dict[str, Any] = {
        "type": f"{root}problems/{error.problem}",
        "title": error.title.in_language(language),
        "status": error.status,
        "detail": error.what.in_language(language),
        "cure": error.cure.in_language(language),
    }
    if error.where:
        where = error.where
        document["where"] = {"document": where.document, "line": where.line, "column": where.column}
        document["where"]["quoted"] = where.quoted_line
    if isinstance(error, NonconformingError) and error.results:
        document["results"] = [_cause(cause, language) for cause in causes(error.results)]
    return document


def _cause(cause: Cause, language: str) -> dict[str, Any]:
    """Return a result with those that follow from it."""
    consequences = [_result(result, language) for result in cause.consequences]
    return _result(cause.result, language) | ({"consequences": consequences} if consequences else {})


def _result(result: Result, language: str) -> dict[str, Any]:
    """Return a validation result as a problem document has it; what it lacks is left out."""
    members = {
        "severity": result.severity,
        "message": result.message.in_language(language),
        "focusNode": result.focus_node,
        "path": result.path,
        "value": result.value,
        "lines": list(result.lines) or None,
        "shape": result.shape,
        "cure": result.cure.in_language(language),
    }
    return {name: member for name, member in members.items() if member is not None}


def _report(report: bytes, media_type: str | None) -> bytes | None:
    """Return a SHACL report in a media type of graphs; None where it is another, or cannot represent the report."""
    form = named(media_type, GRAPH_FORMS) if media_type in _REPORT_TYPES else None
    try:
        return convert_graph(report, form) if form else None
    except FormatError:
        return None


def _page(error: KgError) -> str:
    found = error.results if isinstance(error, NonconformingError) else ()
    return render_template(
        "problem.html",
        name=_label(error.title),
        what=_label(error.what),
        cure=_label(error.cure),
        where=error.where,
        status=error.status,
        problem=error.problem,
        causes=[(_labelled(cause.result), [_labelled(each) for each in cause.consequences]) for cause in causes(found)],
    )


def _labelled(result: Result) -> tuple[Result, Label | None, Label | None]:
    return result, _label(result.message), _label(result.cure)


def _label(message: Translatable) -> Label | None:
    return current_language().label(message.texts())


def answer_errors(app: Flask) -> None:
    """Make every error of an application leave as a problem document; a stack trace goes to the log alone."""

    def of_ours(error: KgError) -> Response:
        return problem_response(error)

    def of_http(error: HTTPException) -> Response:
        response = problem_response(_translated(error))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    def of_anything(error: Exception) -> Response:
        named = request.headers.get("X-Request-Id", "-")
        app.logger.error("An unexpected error in request %s", named, exc_info=error)
        return problem_response(_unexpected())

    app.register_error_handler(KgError, of_ours)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_anything)


def _translated(error: HTTPException) -> KgError:
    if isinstance(error, NotFound):
        return not_found(request.path)
    if isinstance(error, MethodNotAllowed):
        return MethodError(
            Message("request.method", method=request.method),
            cure=Message("request.method_cure"),
        )
    if isinstance(error, RequestEntityTooLarge):
        return body_too_large()
    return RequestError(
        Message("request.unreadable", reason=error.name),
        cure=Message("request.unreadable_cure"),
    )


def _unexpected() -> UnexpectedError:
    return UnexpectedError(
        Message("request.server_failed"),
        cure=Message("request.server_failed_cure"),
    )
