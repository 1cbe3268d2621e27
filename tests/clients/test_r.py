"""Base R, without packages: tables by address, a question by POST over a socket."""

import shutil
import subprocess
from pathlib import Path

import pytest

from clients.endpoint import SECONDS, Endpoint
from clients.questions import NAMES, SELECT

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="the Debian package r-base-core is not installed"),
]

SCRIPTS = Path(__file__).parent / "r"


def run(script: str, *arguments: str) -> dict[str, str]:
    """Run a script that writes two cells of a row on each line: a city and something of it."""
    command = ["Rscript", "--vanilla", "--encoding=UTF-8", str(SCRIPTS / script), *arguments]
    ran = subprocess.run(command, capture_output=True, timeout=SECONDS, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(line.split("\t") for line in ran.stdout.splitlines())


@pytest.mark.parametrize("media_type", ["text/csv", "text/tab-separated-values"])
def test_accept(endpoint: Endpoint, media_type: str) -> None:
    """read.csv and read.delim read a connection with an Accept field."""
    assert run("table.R", endpoint.query, SELECT, media_type) == NAMES


def test_post(endpoint: Endpoint) -> None:
    """A query is sent by POST in HTTP/1.0 over a socket; the answer ends with the connection."""
    assert run("post.R", endpoint.query, SELECT) == NAMES


@pytest.mark.parametrize("method", ["libcurl", "wget", "curl"])
def test_download(site: str, tmp_path: Path, method: str) -> None:
    """download.file fetches a file of the dataset by each of its methods, and read.csv reads it."""
    if method != "libcurl" and shutil.which(method) is None:
        pytest.skip(f"{method} is not installed")
    cities = run("download.R", f"{site}downloads/cities.csv", str(tmp_path / "cities.csv"), method)
    assert {city.split()[-1] for city in cities} == set(NAMES.values())
