"""The page "use this data": its programs run as they stand, against this very server, and get what is there."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from rdflib import RDFS, Graph, Literal, URIRef

from kg.web.pages.usage import PROGRAMS, TASKS

HONGKOU = URIRef("https://kg.seocho.example/id/municipality/hongkou")
_RUN_BY = {
    "curl": ("bash", "sh"),
    "python": (sys.executable, "py"),
    "r": ("Rscript", "R"),
    "javascript": ("node", "mjs"),
}
"""What runs a program, and the ending of its file."""
_R_ROW = re.compile(r"^\d+ +(.+?) +([\d-]+)$", re.MULTILINE)
"""A row of a data frame as R prints it: number, name, date."""


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
    command, ending = _RUN_BY[program]
    path = shutil.which(command)
    if path is None:
        pytest.skip(f"there is no {command} here")
    name = f"program.{ending}"
    (folder / name).write_text(text, "utf-8")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    ended = subprocess.run([path, name], cwd=folder, check=True, capture_output=True, env=environment)
    return ended.stdout.decode()


def test_every_task_is_shown_in_every_language(programs: Mapping[str, str]) -> None:
    """Three things, four languages."""
    assert programs.keys() == {f"{task}-{name}" for task in TASKS for _, name in PROGRAMS}


def cities(program: str, text: str) -> list[tuple[str, ...]]:
    """Read the rows that a program writes: those of a CSV without its head, or of a data frame."""
    if program == "r":
        return _R_ROW.findall(text)
    return [tuple(row) for row in csv.reader(io.StringIO(text)) if row != ["name", "since"]]


@pytest.mark.parametrize("program", _RUN_BY)
def test_a_query_is_answered(programs: Mapping[str, str], program: str, tmp_path: Path) -> None:
    """Eight cities in the order of their ties, whichever program asks."""
    rows = cities(program, run(program, programs[f"query-{program}"], tmp_path))
    assert len(rows) == 8
    assert rows[0] == ("Laoshan District", "1998-08-03")
    assert [since for _, since in rows] == sorted(since for _, since in rows)


@pytest.fixture
def hongkou(server: str) -> Graph:
    """Read the data document of a city."""
    return Graph().parse(data=read(f"{server}data/municipality/hongkou.nt", "*/*"), format="nt")


@pytest.mark.parametrize("program", ["curl", "r"])
def test_an_iri_leads_to_its_turtle(hongkou: Graph, programs: Mapping[str, str], program: str, tmp_path: Path) -> None:
    """The program writes what the data document says."""
    turtle = run(program, programs[f"iri-{program}"], tmp_path)
    assert Graph().parse(data=turtle, format="turtle").isomorphic(hongkou)


def test_an_iri_leads_to_its_names(hongkou: Graph, programs: Mapping[str, str], tmp_path: Path) -> None:
    """The program writes each name with its language."""
    labels = hongkou.objects(HONGKOU, RDFS.label)
    names = {f"{name.language} {name}" for name in labels if isinstance(name, Literal)}
    assert set(run("python", programs["iri-python"], tmp_path).splitlines()) == names


def test_an_iri_leads_to_its_json(programs: Mapping[str, str], tmp_path: Path) -> None:
    """The program reads a document about that very thing."""
    assert str(HONGKOU) in json.dumps(json.loads(run("javascript", programs["iri-javascript"], tmp_path)))


@pytest.mark.parametrize("program", ["curl", "python", "javascript"])
def test_the_dataset_is_downloaded(server: str, programs: Mapping[str, str], program: str, tmp_path: Path) -> None:
    """The file is the one that the downloads hold."""
    written = run(program, programs[f"download-{program}"], tmp_path)
    with urlopen(f"{server}downloads/kg.ttl") as answer:  # noqa: S310 - our own server
        assert (tmp_path / "kg.ttl").read_bytes() == answer.read()
    if program == "python":
        assert int(written) == len(Graph().parse(tmp_path / "kg.ttl"))


def test_r_reads_the_table(server: str, programs: Mapping[str, str], tmp_path: Path) -> None:
    """The file is the one that the downloads hold, and its first column is no byte order mark."""
    text = f"{programs['download-r']}\nwriteLines(paste(nrow(exchanges), names(exchanges)[1]))\n"
    written = run("r", text, tmp_path)
    with urlopen(f"{server}downloads/exchanges.csv") as answer:  # noqa: S310 - our own server
        assert (tmp_path / "exchanges.csv").read_bytes() == answer.read()
    rows = list(csv.reader(io.StringIO((tmp_path / "exchanges.csv").read_text("utf-8-sig"))))
    assert written.split() == [str(len(rows) - 1), rows[0][0]]
