"""The page "use this data": its programs run as they stand, against this very server, and get what is there.

The programs in R are shown only: no machine of ours has R to run them.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from rdflib import RDFS, Graph, Literal, URIRef

from kg.web.use import PROGRAMS, TASKS

HONGKOU = URIRef("https://kg.seocho.example/id/municipality/hongkou")
_NODE = shutil.which("node")


def read(address: str, accept: str) -> str:
    """Read a document of the server."""
    with urlopen(Request(address, headers={"Accept": accept})) as answer:  # noqa: S310 - our own server
        body: bytes = answer.read()
    return body.decode()


@pytest.fixture(scope="module")
def programs(server: str) -> Mapping[str, str]:
    """Read the programs off the page."""
    page = read(f"{server}use?lang=en", "text/html")
    found = re.findall(r'data-program="([\w-]+)"><code>(.*?)</code>', page, re.DOTALL)
    return {name: unescape(text) for name, text in found}


def run(program: str, text: str, folder: Path) -> str:
    """Run a program as a reader would, and return what it writes."""
    if program == "javascript" and not _NODE:
        pytest.skip("there is no node here")
    name = {"curl": "program.sh", "python": "program.py", "javascript": "program.mjs"}[program]
    (folder / name).write_text(text, "utf-8")
    command = {"curl": "bash", "python": sys.executable, "javascript": _NODE or ""}[program]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run([command, name], cwd=folder, check=True, capture_output=True, env=environment)
    return ended.stdout.decode()


def test_every_task_is_shown_in_every_language(programs: Mapping[str, str]) -> None:
    """Three things, four languages."""
    assert programs.keys() == {f"{task}-{name}" for task in TASKS for _, name in PROGRAMS}


def cities(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a CSV, without its head."""
    return (tuple(row) for row in csv.reader(io.StringIO(text)) if row != ["name", "since"])


@pytest.mark.parametrize("program", ["curl", "python", "javascript"])
def test_a_query_is_answered(programs: Mapping[str, str], program: str, tmp_path: Path) -> None:
    """Eight cities in the order of their ties, whichever program asks."""
    rows = list(cities(run(program, programs[f"query-{program}"], tmp_path)))
    assert len(rows) == 8
    assert rows[0] == ("Laoshan District", "1998-08-03")
    assert [since for _, since in rows] == sorted(since for _, since in rows)


def test_an_iri_leads_to_its_data(server: str, programs: Mapping[str, str], tmp_path: Path) -> None:
    """Each program gets what the data document says."""
    expected = Graph().parse(data=read(f"{server}data/municipality/hongkou.nt", "*/*"), format="nt")
    turtle = Graph().parse(data=run("curl", programs["iri-curl"], tmp_path), format="turtle")
    assert turtle.isomorphic(expected)
    labels = expected.objects(HONGKOU, RDFS.label)
    names = {f"{name.language} {name}" for name in labels if isinstance(name, Literal)}
    assert set(run("python", programs["iri-python"], tmp_path).splitlines()) == names
    assert str(HONGKOU) in json.dumps(json.loads(run("javascript", programs["iri-javascript"], tmp_path)))


@pytest.mark.parametrize("program", ["curl", "python", "javascript"])
def test_the_dataset_is_downloaded(server: str, programs: Mapping[str, str], program: str, tmp_path: Path) -> None:
    """The file is the one that the downloads hold."""
    written = run(program, programs[f"download-{program}"], tmp_path)
    with urlopen(f"{server}downloads/kg.ttl") as answer:  # noqa: S310 - our own server
        assert (tmp_path / "kg.ttl").read_bytes() == answer.read()
    if program == "python":
        assert int(written) == len(Graph().parse(tmp_path / "kg.ttl"))
