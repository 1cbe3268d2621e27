"""Answers to cheap queries without a thread and without Flask, through the same function as the Flask view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from kg.domain import FormatError, Iris
from kg.rdf import JSON_LD, rights_link
from kg.store import Answer, Query, Version
from kg.web.api.query_requests import QueryRequest, answer_query, is_for_a_reader, plan
from kg.web.gateway import Request
from kg.web.http.cors import CORS_FIELDS
from kg.web.http.protocol import read_operation
from kg.web.http.response_cache import CachedResponse
from kg.web.http.security import FIELDS

_PATHS = frozenset({"/sparql", "/sparql/"})
_METHODS = frozenset({"GET", "POST"})
_LARGEST = 8 * 1024
"""Bytes of a request that are parsed on the event loop; parsing more would keep other requests waiting."""

Evaluate = Callable[[Version, Query], Answer | None]
"""Answers a query at once, or returns None where it is not cheap."""


class DirectAnswers:
    """Answers cheap queries sent to ``/sparql``; Flask answers everything else."""

    def __init__(self, evaluate: Evaluate, iris: Iris, licence: str = "") -> None:
        """Take the evaluation in this process, the IRIs, and the licence of the data."""
        self._evaluate = evaluate
        self._iris = iris
        self._rights = rights_link(licence, iris.document("dataset"))

    def answer(self, version: Version, request: Request) -> CachedResponse | None:
        """Answer a cheap query, or return None for another request.

        :raises KgError: the answer is that error
        """
        if request.path not in _PATHS or request.method not in _METHODS:
            return None
        if len(request.query_string) + len(request.body) > _LARGEST:
            return None
        fields = request.fields
        operation = read_operation(
            request.method, request.query_string.encode(), fields.get("content-type"), request.body
        )
        if operation.kind != "query" or operation.seconds is not None or operation.version is not None:
            return None
        accept = fields.get("accept")
        if is_for_a_reader(request.method, operation, accept):
            return None
        return self._answer(plan(operation, accept, self._iris, version), fields)

    def _answer(self, planned: QueryRequest, fields: Mapping[str, str]) -> CachedResponse | None:
        if _is_compacted(planned):
            return None
        known = fields.get("if-none-match", "")
        answer = planned.validators.matched(known) if known else None
        if answer is None:
            found = answer_query(
                planned, self._evaluate_once, fields.get("accept"), fields.get("accept-encoding"), self._iris
            )
            if found is None:
                return None
            answer = found[1].not_modified() if found[1].matches_etag(known) else found[1]
        complete = [*answer.fields, *CORS_FIELDS, *FIELDS]
        if answer.status == HTTPStatus.OK:
            place = next((number for number, (name, _) in enumerate(complete) if name == "link"), len(complete))
            links = [value for _, value in complete[place : place + 1]]
            complete[place : place + 1] = [("link", ", ".join([*links, self._rights]))]
        return CachedResponse(answer.status, complete, answer.body, answer.etag)

    def _evaluate_once(self, version: Version, query: Query) -> Answer | None:
        try:
            return self._evaluate(version, query)
        except FormatError:  # the next acceptable form may be JSON-LD
            return None


def _is_compacted(planned: QueryRequest) -> bool:
    """Return whether the answer may be a graph in JSON-LD: a thread compacts it, so that no other request waits."""
    if planned.graph is None or planned.graph.form is not JSON_LD:
        return False
    return planned.query.parsed.has("CONSTRUCT") or planned.query.parsed.has("DESCRIBE")
