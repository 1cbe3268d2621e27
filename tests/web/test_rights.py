"""The licence of the data: stated everywhere, or that there is none and who could grant one."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.domain import SettingError, Settings
from kg.web.app import create_app

LICENCE = "https://spdx.org/licenses/CC-BY-4.0"
PATHS = ["/", "/cities", "/page/municipality/hongkou", "/dataset", "/use", "/search?q=hongkou"]
DATA = ["/cities.json", "/exchanges.csv", "/data/municipality/hongkou.ttl", "/sparql?query=ASK{}", "/graphs/page"]


@pytest.fixture(scope="module")
def licensed_app(built_store: Path, home: Path) -> Flask:
    """Make the application of the owner's page with a licence."""
    return create_app(
        Settings.from_environment({"KG_HOME": str(home), "KG_STORE": str(built_store), "KG_LICENSE": "cc-by-4.0"})
    )


def markup(client: FlaskClient, path: str) -> str:
    """Return the JSON-LD of a page."""
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(path, headers={"Accept": "text/html"}).text
    )
    assert found
    return json.dumps(json.loads(found[1]), ensure_ascii=False)


@pytest.mark.parametrize("path", [*PATHS, *DATA])
def test_every_answer_links_to_the_licence(licensed_app: Flask, owner_app: Flask, path: str) -> None:
    """By ``Link``; where there is none, to the rights statement of the dataset."""
    link = licensed_app.test_client().get(path).headers.getlist("Link")
    assert f'<{LICENCE}>; rel="license"' in ", ".join(link)
    links = ", ".join(owner_app.test_client().get(path).headers.getlist("Link"))
    assert '<https://kg.seocho.example/dataset#rights>; rel="copyright"' in links
    assert "license" not in links


@pytest.mark.parametrize("path", PATHS)
def test_every_page_says_it_to_people_and_programs(licensed_app: Flask, owner_app: Flask, path: str) -> None:
    """In the footer, and in schema.org."""
    as_page = {"Accept": "text/html", "Accept-Language": "en"}
    assert (
        f'<a rel="license" href="{LICENCE}">CC-BY-4.0</a>' in licensed_app.test_client().get(path, headers=as_page).text
    )
    assert "Seocho-gu Office, can grant one" in owner_app.test_client().get(path, headers=as_page).text
    assert f'"license": "{LICENCE}"' in markup(licensed_app.test_client(), path)
    assert "copyrightNotice" in markup(owner_app.test_client(), path)


def test_a_list_says_it(licensed_app: Flask, owner_app: Flask) -> None:
    """In three languages."""
    assert licensed_app.test_client().get("/cities.json").get_json()["license"] == LICENCE
    listed = owner_app.test_client().get("/cities.geojson").get_json()
    assert listed["license"] is None
    assert set(listed["rights"]) == {"ko", "en", "zh"}
    assert "서초구청" in listed["rights"]["ko"]


@pytest.mark.parametrize(
    "text", ["CC-BY-40", "free", "MIT OR Apache-2.0", "LicenseRef-own", "ftp://a/b", "http://a/ b", "<x>"]
)
def test_what_names_no_licence_is_refused(text: str) -> None:
    """An identifier that SPDX does not have, or several, or no IRI of the web."""
    with pytest.raises(SettingError) as refused:
        Settings.from_environment({"KG_LICENSE": text})
    assert "KG_LICENSE" in str(refused.value)
