"""extruct, a reader of what pages say to search engines: schema.org as JSON-LD, and Open Graph."""

from importlib import import_module
from typing import Any

import pytest
import requests

from clients.endpoint import SECONDS

pytestmark = [
    pytest.mark.clients,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the parsers that it loads
]


def read(address: str) -> dict[str, Any]:
    """Return what a page says, by syntax."""
    page = requests.get(address, headers={"Accept": "text/html", "Accept-Language": "en"}, timeout=SECONDS)
    found: dict[str, Any] = import_module("extruct").extract(
        page.text, base_url=address, syntaxes=["json-ld", "opengraph"]
    )
    return found


def test_the_dataset_is_complete(site: str) -> None:
    """What search engines for data require and recommend of a schema.org Dataset."""
    (dataset,) = read(f"{site}dataset")["json-ld"]
    assert dataset["@type"] == "Dataset"
    required = {"name", "description", "keywords", "creator", "publisher", "identifier", "url", "version", "inLanguage"}
    dated = {"datePublished", "dateModified", "temporalCoverage", "spatialCoverage"}
    reached = {"distribution", "includedInDataCatalog", "isAccessibleForFree", "copyrightNotice"}
    assert not (required | dated | reached) - set(dataset)
    for one in dataset["distribution"]:
        assert (
            requests.head(one["contentUrl"], timeout=SECONDS).headers["Content-Type"].startswith(one["encodingFormat"])
        )


@pytest.mark.parametrize("path", ["", "cities", "page/municipality/hongkou", "dataset", "questions/01-cities-since"])
def test_a_page_has_open_graph(site: str, path: str) -> None:
    """Its title, its description, its address, its language."""
    (found,) = read(f"{site}{path}")["opengraph"]
    said = dict(found["properties"])
    assert set(said) >= {"og:title", "og:description", "og:url", "og:type", "og:site_name", "og:locale"}
    assert (said["og:url"], said["og:locale"]) == (f"{site}{path}?lang=en", "en_US")
    assert all(said.values())
