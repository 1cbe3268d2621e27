import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.rdf import GRAPH_FORMS
from kg.web.api.openapi import openapi
from kg.web.api.operations import problem_types

GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"
METHODS = {"GET", "PUT", "POST", "DELETE"}
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
DOORS = [
    "/sparql",
    "/graphs",
    "/graphs/x",
    "/downloads/",
    "/downloads/kg.ttl",
    "/problems/budget",
    "/",
    "/openapi.json",
]
FIELDS = ["Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "If-None-Match", "Range", "Authorization"]
PARAMETERS = ["query", "update", "format", "timeout", "graph", "default", "default-graph-uri"]
REQUESTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from([*sorted(METHODS), "HEAD", "OPTIONS", "PATCH"]),
        "path": st.sampled_from(DOORS) | TEXT.map(lambda text: f"/{quote(text, safe='')}"),
        "query_string": st.lists(st.tuples(st.sampled_from(PARAMETERS), TEXT), max_size=3).map(urlencode),
        "headers": st.dictionaries(st.sampled_from(FIELDS), st.text('abc/*;=q.01,-" ', max_size=30), max_size=4),
        "data": st.binary(max_size=60),
    }
)


def test_every_door_is_described(app: Flask, client: FlaskClient) -> None:
    """A path or method without a description fails, and so does a description of what is not there."""
    described = json.loads(client.get("/openapi.json").data)["paths"]
    endpoints = {
        (re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & METHODS
    }
    assert {
        (path, name.upper()) for path, item in described.items() for name in item if name.upper() in METHODS
    } == endpoints


VALUES = {"kind": "municipality", "slug": "hongkou", "year": "2012", "number": "1", "path": "cities", "part": "added"}
NAMES = {
    "/graphs/{name}": "page",
    "/downloads/{name}": "kg.ttl",
    "/problems/{name}": "budget",
    "/source/{name}": "seocho-china",
    "/questions/{name}": "01-cities-since",
    "/questions/{name}.{ending}": "01-cities-since",
}
FORM_OF = {"application/json": "json", "application/link-format": "link"}
ENDINGS = {"text/html": "html", "application/json": "json", "application/geo+json": "geojson", "text/csv": "csv"}
ENDINGS |= {form.media_type: form.extension for form in GRAPH_FORMS}
ANY = "*/*"
PROMISED = [
    (path, media_type)
    for path, item in openapi("http://localhost/")["paths"].items()
    if "security" not in item.get("get", {"security": []})
    for media_type in item["get"]["responses"]["200"]["content"]
    if media_type != ANY
]


@pytest.mark.parametrize(("path", "media_type"), PROMISED)
def test_what_is_promised_is_obtained_by_accept(owner_app: Flask, path: str, media_type: str) -> None:
    """Every media type of every path that anybody may read; an ending names the one that it stands for."""
    values = {**VALUES, "name": NAMES.get(path, ""), "form": FORM_OF.get(media_type, "")}
    address = path.format(**values, ending=ENDINGS.get(media_type, ""))
    query = GRAPH if media_type in ENDINGS and media_type != "text/csv" else "ASK {}"
    queries = {"/sparql": {"query": query}, "/graphs": {"default": ""}}
    with owner_app.test_client() as client:
        asked = {"Accept": media_type}
        found = client.get(address, headers=asked, query_string=queries.get(path, {}))
        if found.status_code in {302, 303}:
            found = client.get(found.headers["Location"], headers=asked)
    assert (found.status_code, found.mimetype) == (200, media_type)


def test_every_status_of_a_problem_is_described(client: FlaskClient) -> None:
    """The statuses that the errors have are those that the description names."""
    responses = json.loads(client.get("/openapi.json").data)["paths"]["/sparql"]["get"]["responses"]
    assert {str(leaf.status) for leaf in problem_types()} <= set(responses)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REQUESTS)
def test_no_request_makes_the_server_fail(client: FlaskClient, request_: dict[str, Any]) -> None:
    """Whatever is sent, the answer is no 500, and an error is a problem document or a page."""
    answer = client.open(**request_)
    assert answer.status_code < 500
    if answer.status_code >= 400 and request_["method"] != "HEAD":
        assert answer.mimetype in ("application/problem+json", "text/html")


def test_crawlers_are_kept_from_asking(client: FlaskClient) -> None:
    """The endpoint is no place for crawlers."""
    assert "Disallow: /sparql" in client.get("/robots.txt").text
