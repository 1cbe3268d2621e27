"""pandas reads answers and downloads as frames."""

from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from clients.endpoint import OURS, SECONDS, Endpoint
from clients.questions import NAMES, SELECT

pytestmark = pytest.mark.clients


def address_of(endpoint: Endpoint, **parameters: str) -> str:
    """Return the address of a query."""
    return f"{endpoint.query}?{urlencode({'query': SELECT} | parameters)}"


@pytest.mark.parametrize(("media_type", "separator"), [("text/csv", ","), ("text/tab-separated-values", "\t")])
def test_accept(pandas: Any, endpoint: Endpoint, media_type: str, separator: str) -> None:
    """A table is read with an Accept field; terms in TSV are written as in Turtle."""
    frame = pandas.read_csv(address_of(endpoint), sep=separator, quoting=3, storage_options={"Accept": media_type})
    cities, names = (list(frame[column]) for column in frame.columns)
    assert [city.strip('<>"') for city in cities] == list(NAMES)
    assert [name.removesuffix("@ko").strip('"') for name in names] == list(NAMES.values())


@pytest.mark.parametrize("name", ["format", "output"])
@pytest.mark.parametrize("value", ["csv", "text/csv"])
def test_parameter(pandas: Any, endpoint: Endpoint, name: str, value: str) -> None:
    """A table is read by its address alone, with the parameter that servers have for the format."""
    if endpoint.name not in (OURS, "Virtuoso 7"):
        pytest.skip(f"{endpoint.name} has no such parameter")
    frame = pandas.read_csv(address_of(endpoint, **{name: value}))
    assert dict(zip(frame["city"], frame["name"], strict=True)) == NAMES


def test_json(pandas: Any, endpoint: Endpoint) -> None:
    """Results in JSON become a frame with a column for each part of a term."""
    fields = {"Accept": "application/sparql-results+json"}
    answer = requests.get(endpoint.query, {"query": SELECT}, headers=fields, timeout=SECONDS).json()
    frame = pandas.json_normalize(answer["results"]["bindings"])
    assert dict(zip(frame["city.value"], frame["name.value"], strict=True)) == NAMES
    assert set(frame["name.xml:lang"]) == {"ko"}


def test_xml(pandas: Any, endpoint: Endpoint) -> None:
    """Results in XML become a frame of their bindings."""
    frame = pandas.read_xml(
        address_of(endpoint),
        xpath="//s:literal",
        namespaces={"s": "http://www.w3.org/2005/sparql-results#"},
        storage_options={"Accept": "application/sparql-results+xml"},
    )
    assert list(frame["literal"]) == list(NAMES.values())


@pytest.mark.parametrize("path", ["cities.csv", "cities.csv.gz"])
def test_download(pandas: Any, site: str, path: str) -> None:
    """The table of cities is read by its address, packed or not."""
    frame = pandas.read_csv(f"{site}downloads/{path}")
    assert {name.split()[-1] for name in frame["도시명"]} == set(NAMES.values())
