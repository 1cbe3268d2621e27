"""The doors described for programs: OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from kg.graph.conformance import FORMATS as REPORTS
from kg.store.forms import GRAPH_FORMS, READ_FORMS, RESULT_FORMS
from kg.web.protocol import FORM_TYPE, QUERY_TYPE, UPDATE_TYPE

Json = dict[str, Any]

_PROBLEMS = {
    "400": "The request, the query or the document is malformed",
    "401": "A token is needed",
    "403": "Not allowed",
    "404": "Not found",
    "405": "The method is not supported here",
    "406": "Nothing on offer is acceptable",
    "408": "The request comes too slowly",
    "409": "A graph is there, or is not, against what the update says",
    "413": "The request or the result is too large",
    "415": "The media type is not supported",
    "422": "It cannot be carried out, or the data does not conform",
    "500": "The store failed, or is empty",
    "502": "Another server, which SERVICE or LOAD called for, failed",
    "503": "A budget is used up",
}
_RESULTS = [form.media_type for form in (*RESULT_FORMS, *GRAPH_FORMS)]
_GRAPHS = [form.media_type for form in GRAPH_FORMS]
_READ = [form.media_type for form in READ_FORMS]
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_WRITE = [{"token": ["write"]}]


def openapi(root: str) -> Json:
    """Return the description of a server that is reached at a root address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "The friendship cities of Seocho-gu", "version": "1", "summary": "SPARQL and downloads"},
        "servers": [{"url": root.removesuffix("/")}],
        "paths": {
            "/sparql": {"get": _query_by_get(), "post": _operation_by_post()},
            "/graphs": _graph([_parameter("graph", "query", {"type": "string"}), _default()]),
            "/graphs/{name}": _graph([_parameter("name", "path", {"type": "string"}, required=True)]),
            "/": {"get": _get("The way in", ["text/html"])},
            "/questions/{name}": {
                "get": {**_get("A question with its answer", ["text/html"]), "parameters": [_name()]}
            },
            "/downloads/": {"get": _get("The list of the distributions", ["application/json", "text/html"])},
            "/downloads/{name}": {"get": {**_get("A distribution", ["*/*"]), "parameters": [_name()]}},
            "/conformance": {"get": _get("The results of the W3C suites", [*REPORTS, "text/html"])},
            "/conformance.{ending}": {
                "get": {**_get("The same in one form", ["*/*"]), "parameters": [_parameter_of_path("ending")]}
            },
            "/audit": {"get": _audit()},
            "/metrics": {"get": _get("What an operator watches", ["text/plain"])},
            "/problems/{name}": {"get": {**_get("What a problem means", ["text/html"]), "parameters": [_name()]}},
            "/healthz": {"get": _get("Whether the process answers", ["text/plain"])},
            "/readyz": {"get": _get("Whether there is a version", ["text/plain"])},
            "/openapi.json": {"get": _get("This description", ["application/json"])},
            "/robots.txt": {"get": _get("What crawlers may read", ["text/plain"])},
        },
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _query_by_get() -> Json:
    parameters = [
        _parameter("query", "query", {"type": "string"}),
        _parameter("default-graph-uri", "query", _IRIS),
        _parameter("named-graph-uri", "query", _IRIS),
        _parameter("format", "query", {"type": "string"}),
        _parameter("timeout", "query", {"type": "number", "exclusiveMinimum": 0}),
    ]
    return {
        **_get("Answer a query; without one, describe the service", [*_RESULTS, "text/html"]),
        "parameters": parameters,
    }


def _operation_by_post() -> Json:
    form = {
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in ("query", "update", "format")},
            **{f"{name}-graph-uri": _IRIS for name in ("default", "named", "using", "using-named")},
        },
    }
    content = {
        FORM_TYPE: {"schema": form},
        QUERY_TYPE: {"schema": {"type": "string"}},
        UPDATE_TYPE: {"schema": {"type": "string"}},
    }
    return {
        "summary": "Answer a query, or carry out an update",
        "requestBody": {"required": True, "content": content},
        "security": [{}, *_WRITE],
        "responses": {**_answers("200", "The answer", _RESULTS), "204": {"description": "The update is done"}},
    }


def _audit() -> Json:
    parameters = [_parameter("limit", "query", {"type": "integer"}), _parameter("token", "query", {"type": "string"})]
    got = _get("The last uses of tokens", ["application/json"])
    return {**got, "parameters": parameters, "security": [{"token": ["operate"]}]}


def _graph(parameters: list[Json]) -> Json:
    body = {"required": True, "content": {media_type: {"schema": {"type": "string"}} for media_type in _READ}}
    written = {"201": {"description": "The graph is new"}, "204": {"description": "The graph is changed"}}
    change = {"requestBody": body, "security": _WRITE, "responses": {**written, **_problems()}}
    return {
        "parameters": parameters,
        "get": _get("Read a graph", _GRAPHS),
        "put": {"summary": "Put a graph in the place of what is there", **change},
        "post": {"summary": "Add to a graph", **change},
        "delete": {
            "summary": "Remove a graph",
            "security": _WRITE,
            "responses": {"204": {"description": "The graph is gone"}, **_problems()},
        },
    }


def _get(summary: str, media_types: list[str]) -> Json:
    return {
        "summary": summary,
        "responses": {**_answers("200", summary, media_types), "304": {"description": "Unchanged"}},
    }


def _answers(status: str, description: str, media_types: list[str]) -> Json:
    return {status: {"description": description, "content": {name: {} for name in media_types}}, **_problems()}


def _problems() -> Json:
    content = {"application/problem+json": {"schema": {"type": "object"}}, "text/html": {}}
    return {status: {"description": text, "content": content} for status, text in _PROBLEMS.items()}


def _parameter(name: str, place: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _name() -> Json:
    return _parameter_of_path("name")


def _parameter_of_path(name: str) -> Json:
    return _parameter(name, "path", {"type": "string"}, required=True)


def _default() -> Json:
    return {**_parameter("default", "query", {"type": "string"}), "allowEmptyValue": True}
