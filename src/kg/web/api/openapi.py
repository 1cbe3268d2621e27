"""The OpenAPI 3.1 description."""

from __future__ import annotations

import re
from typing import Any

from kg.rdf import GRAPH_FORMS, READ_FORMS, REPORT_FORMS, RESULT_FORMS
from kg.store import VERSION_LABELS
from kg.web.http.list_forms import LISTS, TABLE_FORMS, ListPath
from kg.web.http.memento import LINK_FORMAT, VERSION
from kg.web.http.protocol import FORM_TYPE, QUERY_TYPE, UPDATE_TYPE

Json = dict[str, Any]

_REPORTS = [*(form.media_type for form in REPORT_FORMS), "text/html"]
_PROBLEMS = {
    "400": "The request, the query or the document is malformed",
    "401": "A token is needed",
    "403": "Not allowed",
    "404": "Not found",
    "405": "The method is not supported here",
    "406": "Nothing on offer is acceptable",
    "408": "The request comes too slowly",
    "409": "A graph is there, or is not, against what the update says",
    "410": "The version is no longer kept",
    "412": "The graph, or the version, is not the one that the request is for",
    "413": "The request or the result is too large",
    "415": "The media type is not supported",
    "416": "The range is not within the file",
    "421": "The server is not known by the name in Host",
    "422": "It cannot be carried out, or the data does not conform",
    "431": "The header fields are too large",
    "500": "The store failed, or is empty",
    "502": "Another server, which SERVICE or LOAD called for, failed",
    "503": "A budget is used up",
}
_RESULTS = [form.media_type for form in (*RESULT_FORMS, *GRAPH_FORMS)]
_GRAPHS = [form.media_type for form in GRAPH_FORMS]
_TABLES = [form.media_type for form in TABLE_FORMS]
_READ = [form.media_type for form in READ_FORMS]
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_SCHEMES = ("bearer", "basic")
_WRITE, _MODERATE, _OPERATE = ([{scheme: [scope]} for scheme in _SCHEMES] for scope in ("write", "moderate", "operate"))
_JSON = "application/json"
_SPARQL_VERSION = {"type": "string", "enum": list(VERSION_LABELS)}

_DOCUMENTS: dict[str, tuple[str, list[str]]] = {
    "/id/{kind}/{slug}": ("Lead on to the page or the data of a thing", ["text/html"]),
    "/page/{kind}/{slug}": ("The page of a thing", ["text/html"]),
    "/data/{kind}/{slug}": ("The data of a thing", _GRAPHS),
    "/years/{year}": ("What happened in a year", ["text/html"]),
    "/about": ("What this is", ["text/html"]),
    "/use": ("Programs that use the data", ["text/html"]),
    "/source": ("The source pages", ["text/html"]),
    "/source/{name}": ("A source page as printed", ["text/html"]),
    "/ontology": ("The vocabulary", [*_GRAPHS, *_TABLES, "text/html"]),
    "/shapes": ("The shapes", [*_GRAPHS, "text/html"]),
    "/dataset": ("The description of the dataset", [*_GRAPHS, "text/html"]),
    "/ontology.{ending}": ("The vocabulary in one format", [*_GRAPHS, *_TABLES, "text/html"]),
    "/shapes.{ending}": ("The shapes in one format", [*_GRAPHS, "text/html"]),
    "/dataset.{ending}": ("The description of the dataset in one format", [*_GRAPHS, "text/html"]),
    "/.well-known/void": ("The dataset in VoID", _GRAPHS),
    "/sitemap.xml": ("Every page", ["application/xml"]),
}


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
            "/downloads/": {
                "get": {
                    **_get("The list of the distributions", ["text/html", *_TABLES]),
                    "parameters": _version_parameters(),
                }
            },
            "/downloads.{ending}": _document("/downloads.{ending}", "The same in one format", _TABLES),
            "/downloads/{name}": {"get": _download()},
            "/conformance": {"get": _get("The results of the W3C suites", _REPORTS)},
            "/conformance.{ending}": {
                "get": {**_get("The same in one form", ["*/*"]), "parameters": [_parameter_of_path("ending")]}
            },
            "/audit": {"get": _audit()},
            "/mcp": {"post": _mcp()},
            **_history_paths(),
            "/timemap/{form}/{path}": {
                "get": {
                    **_get("All versions of an address", [LINK_FORMAT, _JSON]),
                    "parameters": [_parameter_of_path("form"), _parameter_of_path("path")],
                }
            },
            "/backup": {"get": {**_get("A backup of the whole store", ["application/x-tar"]), "security": _OPERATE}},
            "/assets/{name}": {"get": {**_get("A style or a script of the pages", ["*/*"]), "parameters": [_name()]}},
            "/metrics": {"get": _get("What an operator watches", ["text/plain"])},
            "/problems/{name}": {"get": {**_get("What a problem means", ["text/html"]), "parameters": [_name()]}},
            "/healthz": {"get": _get("Whether the process answers", ["text/plain"])},
            "/readyz": {"get": _get("Whether there is a version", ["text/plain"])},
            "/openapi.json": {"get": _get("This description", ["application/json"])},
            "/robots.txt": {"get": _get("What crawlers may read", ["text/plain"])},
            **{path: _document(path, summary, media_types) for path, (summary, media_types) in _DOCUMENTS.items()},
            **{name: item for path, found in LISTS.items() for name, item in _list(path, found).items()},
        },
        "components": {"securitySchemes": {name: {"type": "http", "scheme": name} for name in _SCHEMES}},
    }


def _list(path: str, found: ListPath) -> Json:
    """Describe a list at its path and with an ending."""
    asked = [_parameter(name, "query", {"type": "string"}) for name in (*found.parameters, "lang")]
    types = [form.media_type for form in found.forms]
    plain, ending = _document(path, found.summary, ["text/html", *types]), f"{path}.{{ending}}"
    named = _document(ending, f"{found.summary}, in one format", types)
    format_ = _parameter("format", "query", {"type": "string", "enum": [form.name for form in found.forms]})
    plain["get"]["parameters"] = [*plain["get"].get("parameters", []), *asked, format_]
    named["get"]["parameters"][-1]["schema"]["enum"] = [form.extension for form in found.forms]
    named["get"]["parameters"] += asked
    return {path: plain, ending: named}


_LEADS_ON = {"/id/{kind}/{slug}": "303", "/source": "302", "/.well-known/void": "302"}
"""Where a document leads elsewhere: the status it does that with."""


def _document(path: str, summary: str, media_types: list[str]) -> Json:
    """Describe a page or a document: the parameters are those that its path names."""
    names = re.findall(r"\{(\w+)\}", path)
    get = _get(summary, media_types)
    if path in _LEADS_ON:
        get["responses"][_LEADS_ON[path]] = {"description": "It is found elsewhere"}
    return {"get": {**get, "parameters": [_parameter_of_path(name) for name in names]} if names else get}


def _mcp() -> Json:
    post = _get("Answer a message of an assistant (Model Context Protocol, streamable HTTP)", [_JSON])
    refused = post["responses"]["400"]
    post["responses"]["400"] = {**refused, "content": {**refused["content"], _JSON: {}}}
    schema = {"type": "object", "required": ["jsonrpc"]}
    return {**post, "requestBody": {"required": True, "content": {_JSON: {"schema": schema}}}}


def _query_by_get() -> Json:
    parameters = [
        _parameter("query", "query", {"type": "string"}),
        _parameter("default-graph-uri", "query", _IRIS),
        _parameter("named-graph-uri", "query", _IRIS),
        _parameter("format", "query", {"type": "string"}),
        _parameter("timeout", "query", {"type": "number", "minimum": 0}),
        _parameter("version", "query", _SPARQL_VERSION),
        *_version_parameters(),
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
            "version": _SPARQL_VERSION,
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


def _history_paths() -> Json:
    number, before = _parameter_of_path("number"), _parameter("before", "query", {"type": "integer", "minimum": 1})
    first, message = (_parameter(name, "query", {"type": "string"}) for name in ("from", "message"))
    listed, diff = _get("The versions", ["text/html", *_TABLES, *_GRAPHS]), _get("What a version changed", ["*/*"])
    one = {**_get("What is remembered of a version", ["text/html", _JSON, *_GRAPHS]), "parameters": [number]}
    named = {"parameters": [number, _parameter_of_path("ending")]}
    pinned = {"204": {"description": "It is so"}, **_problems()}
    restored = _answers("201", "The next version has the content of this one", [_JSON])
    moderated: Json = {"parameters": [number, message], "security": _MODERATE}
    return {
        "/history": {"get": {**listed, "parameters": [before]}},
        "/history.{ending}": {"get": {**listed, "parameters": [_parameter_of_path("ending")]}},
        "/history/{number}": {"get": one},
        "/history/{number}.{ending}": {"get": {**one, **named}},
        "/history/{number}/diff": {"get": {**diff, "parameters": [number, first]}},
        "/history/{number}/diff.{ending}": {"get": {**diff, "parameters": [*named["parameters"], first]}},
        "/history/{number}/{part}.nq": {
            "get": {
                **_get("The quads that a version added or removed", ["application/n-quads"]),
                "parameters": [number, _parameter_of_path("part"), first],
            }
        },
        "/history/{number}/restore": {"post": {"summary": "Restore a version", **moderated, "responses": restored}},
        "/history/{number}/pin": {
            "put": {"summary": "Keep a version for good", **moderated, "responses": pinned},
            "delete": {"summary": "Let a version go when its time comes", **moderated, "responses": pinned},
        },
    }


def _download() -> Json:
    got = _get("A distribution", ["*/*"])
    got["responses"]["206"] = {"description": "A part of it", "content": {"*/*": {}}}
    return {**got, "parameters": [_name(), _parameter("Range", "header", {"type": "string"}), *_version_parameters()]}


def _audit() -> Json:
    parameters = [_parameter("limit", "query", {"type": "integer"}), _parameter("token", "query", {"type": "string"})]
    got = _get("The last uses of tokens", ["application/json"])
    return {**got, "parameters": parameters, "security": _OPERATE}


def _graph(parameters: list[Json]) -> Json:
    body = {"required": True, "content": {media_type: {"schema": {"type": "string"}} for media_type in _READ}}
    written = {"201": {"description": "The graph is new"}, "204": {"description": "The graph is changed"}}
    change = {"requestBody": body, "security": _WRITE, "responses": {**written, **_problems()}}
    return {
        "parameters": parameters,
        "get": {**_get("Read a graph", _GRAPHS), "parameters": _version_parameters()},
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


def _version_parameters() -> list[Json]:
    """Return what makes a request travel in time."""
    return [
        _parameter(VERSION, "query", {"type": "integer", "minimum": 1}),
        _parameter("Accept-Datetime", "header", {"type": "string"}),
    ]


def _default() -> Json:
    return {**_parameter("default", "query", {"type": "string"}), "allowEmptyValue": True}
