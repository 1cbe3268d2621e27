"""Base R without packages."""

import shutil
import subprocess
from pathlib import Path

import pytest

from clients.endpoint import SECONDS, Endpoint
from clients.queries import NAMES, SELECT

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="the Debian package r-base-core is not installed"),
]

SCRIPTS = Path(__file__).parent / "r"


def run(script: str, *arguments: str) -> dict[str, str]:
    """Run a script and return the first two cells of each line that it writes."""
    command = ["Rscript", "--vanilla", "--encoding=UTF-8", str(SCRIPTS / script), *arguments]
    ran = subprocess.run(command, capture_output=True, timeout=SECONDS, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(line.split("\t") for line in ran.stdout.splitlines())


@pytest.mark.parametrize("media_type", ["text/csv", "text/tab-separated-values"])
def test_accept(endpoint: Endpoint, media_type: str) -> None:
    """``read.csv`` and ``read.delim`` read a connection with an Accept header."""
    assert run("table.R", endpoint.query, SELECT, media_type) == NAMES


def test_post(endpoint: Endpoint) -> None:
    """A query is answered by POST in HTTP/1.0 over a socket."""
    assert run("post.R", endpoint.query, SELECT) == NAMES


@pytest.mark.parametrize("method", ["libcurl", "wget", "curl"])
def test_download(site: str, tmp_path: Path, method: str) -> None:
    """``download.file`` fetches a distribution with each of its methods."""
    if method != "libcurl" and shutil.which(method) is None:
        pytest.skip(f"{method} is not installed")
    cities = run("download.R", f"{site}downloads/cities.csv", str(tmp_path / "cities.csv"), method)
    assert {city.split()[-1] for city in cities} == set(NAMES.values())
