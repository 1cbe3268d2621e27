"""What an update plants in the graph runs nowhere: not in the browser of a reader, not in a spreadsheet."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from built_things import path_of, things_by_class
from kg.auth import TokenStore
from kg.domain import DEFAULT_BASE_IRI, Settings
from kg.web.app import create_app

PAGES = ("/", "/cities", "/compare", "/years", "/exchanges", "/quality", "/ontology", "/dataset", "/shapes")
PLANTED = "javascript:alert(1)"
PLANT = f"""
PREFIX kg: <{DEFAULT_BASE_IRI}ontology#>
INSERT {{ GRAPH ?g {{ ?s ?p <{PLANTED}>, <data:text/html,x>, <{DEFAULT_BASE_IRI}/evil.example/> }} }}
WHERE {{ VALUES ?p {{ kg:homepage kg:exchangedWith kg:topic kg:kind kg:delegation kg:partner }}
  GRAPH ?g {{ ?s ?p ?o }} }}
"""  # noqa: S608 - SPARQL
FORMULA = f"""
PREFIX kg: <{DEFAULT_BASE_IRI}ontology#>
DELETE {{ GRAPH ?g {{ ?s kg:description ?text }} }}
INSERT {{ GRAPH ?g {{ ?s kg:description ?formula }} }}
WHERE {{ GRAPH ?g {{ ?s kg:description ?text BIND(STRLANG(CONCAT("=HYPERLINK(1)", STR(?text)), "ko") AS ?formula) }} }}
"""


@pytest.fixture
def planted(built_store: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    """Open a client of a copy of the store, with a token that may write."""
    copy = tmp_path / "store"
    shutil.copytree(built_store, copy)
    app = create_app(Settings(home=Path(__file__).parents[3], store=copy, port=0))
    with app.test_client() as client:
        token = TokenStore(copy).create("planter", "write", "2026-01-01")
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        yield client


def links(page: str) -> set[str]:
    """Return where the links of a page, its pictures included, lead."""
    return {unescape(one) for one in re.findall(r'(?:href|src|action|cite)="([^"]*)"', page)}


def test_only_addresses_of_the_web_become_links(planted: FlaskClient, built_store: Path) -> None:
    """Beside values that are IRIs stand some that are scripts: they are shown, and nothing leads to them."""
    update = {"Content-Type": "application/sparql-update"}
    assert planted.post("/sparql", data=PLANT, headers=update).status_code == 204
    things = [path_of(one) for iris in things_by_class(built_store).values() for one in iris[:1]]
    shown = 0
    for path in (*PAGES, *things, "/sparql?query=SELECT*{?s+?p+?o}&answer=page&format=html"):
        page = planted.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert not [one for one in links(page) if one.startswith(("javascript:", "data:text", "//"))], path
        shown += PLANTED in page
    assert shown


@pytest.mark.slow
def test_a_cell_is_no_formula(planted: FlaskClient) -> None:
    """A text that begins like a formula is a text in the tables for Excel; SPARQL's own CSV is as specified."""
    update = {"Content-Type": "application/sparql-update"}
    assert planted.post("/sparql", data=FORMULA, headers=update).status_code == 204
    table = planted.get("/downloads/exchanges.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table
    assert not re.search(r'(?m)(?:^|,)"?[=+@]', table)
    query = f"SELECT ?d {{ ?s <{DEFAULT_BASE_IRI}ontology#description> ?d }} LIMIT 1"
    answer = planted.get("/sparql", query_string={"query": query, "format": "csv"})
    assert answer.data.decode().splitlines()[1].strip('"').startswith("=HYPERLINK(1)")
