"""ckanext-dcat, with which most public data portals harvest catalogues."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from clients.endpoint import SECONDS

pytestmark = pytest.mark.clients

PYTHON = Path(__file__).parents[2] / ".venv-ckan" / "bin" / "python"
PROGRAM = """
import json, sys
from ckanext.dcat.processors import RDFParser
parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(sys.stdin.read(), _format="turtle")
print(json.dumps(list(parser.datasets())))
"""


@pytest.fixture(scope="module")
def harvested(site: str) -> dict[str, Any]:
    """Harvest the catalogue, which has one dataset."""
    if not PYTHON.exists():
        pytest.skip("ckanext-dcat is not here: make clients")
    served = requests.get(f"{site}dataset", headers={"Accept": "text/turtle"}, timeout=SECONDS).text
    read = subprocess.run(
        [PYTHON, "-c", PROGRAM], input=served, capture_output=True, text=True, timeout=2 * SECONDS, check=True
    )
    (dataset,) = json.loads(read.stdout)
    found: dict[str, Any] = dataset
    return found


def test_the_dataset_is_harvested(harvested: dict[str, Any]) -> None:
    """Its title, its publisher, whom to ask, where and when, in the fields of a portal."""
    extras = {one["key"]: one["value"] for one in harvested["extras"]}
    assert harvested["title"]
    assert len(harvested["tags"]) >= 6
    assert extras["publisher_uri"].endswith("/id/body/seocho-office")
    assert extras["contact_name"] == "행정지원과"
    assert (extras["temporal_start"], extras["temporal_end"]) == ("1997-01-01", "2024-07-31")
    assert extras["spatial_uri"]
    assert extras["modified"] >= extras["issued"]


def test_each_file_is_a_resource(site: str, harvested: dict[str, Any]) -> None:
    """With its length and its digest, which are those of the download, its type, its dates and its rights."""
    assert len(harvested["resources"]) >= 8
    listed = requests.get(f"{site}downloads.json", timeout=SECONDS).json()["files"]
    files = {one["name"]: (one["bytes"], one["sha256"]) for one in listed}
    for one in harvested["resources"]:
        assert files[one["download_url"].rpartition("/")[2]] == (one["size"], one["hash"])
        assert all(one[name] for name in ("name", "mimetype", "issued", "modified", "rights"))
