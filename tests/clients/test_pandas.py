"""pandas reads answers and downloads by address."""

from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from clients.endpoint import OURS, SECONDS, Endpoint
from clients.queries import NAMES, SELECT

pytestmark = pytest.mark.clients


def address_of(endpoint: Endpoint, **parameters: str) -> str:
    """Return the address of a query."""
    return f"{endpoint.query}?{urlencode({'query': SELECT} | parameters)}"


@pytest.mark.parametrize(("media_type", "separator"), [("text/csv", ","), ("text/tab-separated-values", "\t")])
def test_accept(pandas: Any, endpoint: Endpoint, media_type: str, separator: str) -> None:
    """``read_csv`` reads CSV and TSV with an Accept header; terms in TSV have the syntax of Turtle."""
    frame = pandas.read_csv(address_of(endpoint), sep=separator, quoting=3, storage_options={"Accept": media_type})
    cities, names = (list(frame[column]) for column in frame.columns)
    assert [city.strip('<>"') for city in cities] == list(NAMES)
    assert [name.removesuffix("@ko").strip('"') for name in names] == list(NAMES.values())


@pytest.mark.parametrize("name", ["format", "output"])
@pytest.mark.parametrize("value", ["csv", "text/csv"])
def test_parameter(pandas: Any, endpoint: Endpoint, name: str, value: str) -> None:
    """``read_csv`` reads an address with the format parameter of other servers."""
    if endpoint.name not in (OURS, "Virtuoso 7"):
        pytest.skip(f"{endpoint.name} has no such parameter")
    frame = pandas.read_csv(address_of(endpoint, **{name: value}))
    assert dict(zip(frame["city"], frame["name"], strict=True)) == NAMES


def test_json(pandas: Any, endpoint: Endpoint) -> None:
    """``json_normalize`` turns SPARQL results in JSON into a frame."""
    fields = {"Accept": "application/sparql-results+json"}
    answer = requests.get(endpoint.query, {"query": SELECT}, headers=fields, timeout=SECONDS).json()
    frame = pandas.json_normalize(answer["results"]["bindings"])
    assert dict(zip(frame["city.value"], frame["name.value"], strict=True)) == NAMES
    assert set(frame["name.xml:lang"]) == {"ko"}


def test_xml(pandas: Any, endpoint: Endpoint) -> None:
    """``read_xml`` turns SPARQL results in XML into a frame."""
    frame = pandas.read_xml(
        address_of(endpoint),
        xpath="//s:literal",
        namespaces={"s": "http://www.w3.org/2005/sparql-results#"},
        storage_options={"Accept": "application/sparql-results+xml"},
    )
    assert list(frame["literal"]) == list(NAMES.values())


@pytest.mark.parametrize("path", ["cities.csv", "cities.csv.gz"])
def test_download(pandas: Any, site: str, path: str) -> None:
    """``read_csv`` reads the table of cities, gzipped or not."""
    frame = pandas.read_csv(f"{site}downloads/{path}")
    assert {name.split()[-1] for name in frame["도시명"]} == set(NAMES.values())
