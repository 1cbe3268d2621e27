"""Every distribution says the same, as a parser that did not write it reads it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from json_ld_documents import self_contained
from kg.build import Build
from kg.domain import TERMS, Iris
from kg.rdf.json_ld import context

FORMS = {
    "kg.ttl": ox.RdfFormat.TURTLE,
    "kg.nt": ox.RdfFormat.N_TRIPLES,
    "kg.rdf": ox.RdfFormat.RDF_XML,
    "kg.jsonld": ox.RdfFormat.JSON_LD,
    "kg.nq": ox.RdfFormat.N_QUADS,
    "kg.trig": ox.RdfFormat.TRIG,
}
WITH_GRAPHS = {"kg.nq", "kg.trig", "kg.jsonld"}


def canonical(quads: list[ox.Quad], *, named: bool) -> ox.Dataset:
    """Return a dataset in canonical form; its graphs as one unless they are to be kept apart."""
    dataset = ox.Dataset(quads if named else [ox.Quad(q.subject, q.predicate, q.object) for q in quads])
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.fixture(scope="module")
def original(made: Build) -> list[ox.Quad]:
    """Give the quads of the graph in memory, written here term by term."""
    return [
        ox.Quad(ox.NamedNode(str(s)), ox.NamedNode(str(p)), term(o), ox.NamedNode(name))
        for (s, p, o), name in made.dataset.quads()
    ]


def term(node: object) -> ox.NamedNode | ox.Literal:
    """Return a node of rdflib as one of the engine's, by its parts."""
    language, datatype = getattr(node, "language", None), getattr(node, "datatype", None)
    if not hasattr(node, "language"):
        return ox.NamedNode(str(node))
    return (
        ox.Literal(str(node), language=language)
        if language
        else ox.Literal(str(node), datatype=ox.NamedNode(str(datatype)) if datatype else None)
    )


@pytest.mark.parametrize("name", FORMS)
def test_a_second_parser_reads_the_same_graph(name: str, files: dict[str, bytes], original: list[ox.Quad]) -> None:
    """What rdflib wrote, the engine's parser reads as the graph that was written."""
    named = name in WITH_GRAPHS
    read = list(ox.parse(self_contained(files[name]), format=FORMS[name]))
    assert canonical(read, named=named) == canonical(original, named=named)


@pytest.mark.skipif(not shutil.which("rapper"), reason="needs rapper (Debian: raptor2-utils)")
@pytest.mark.parametrize(("name", "form"), [("kg.ttl", "turtle"), ("kg.rdf", "rdfxml")])
def test_rapper_reads_the_same_graph(
    name: str, form: str, files: dict[str, bytes], original: list[ox.Quad], tmp_path: Path
) -> None:
    """A third parser agrees on Turtle and RDF/XML."""
    path = tmp_path / name
    path.write_bytes(files[name])
    command = ["rapper", "-q", "-i", form, "-o", "ntriples", str(path)]
    lines = subprocess.run(command, check=True, capture_output=True).stdout
    read = list(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    assert canonical(read, named=False) == canonical(original, named=False)


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(home: Path, files: dict[str, bytes], tmp_path: Path) -> None:
    """Another process, with another order of its hashes, writes every distribution byte for byte the same."""
    command = [sys.executable, "-m", "kg", "build", "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, cwd=home, env={"PYTHONHASHSEED": "7", "PATH": ""})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_the_context_knows_every_term() -> None:
    """Each of our terms has its local name in the JSON-LD context."""
    assert set(TERMS) <= set(context(Iris("https://kg.seocho.example/")))


def test_jsonld_is_compact(files: dict[str, bytes]) -> None:
    """Our terms stand in JSON-LD under their short names only."""
    body = files["kg.jsonld"].partition(b'"@graph"')[2]
    assert not re.search(rb'"(?:kg:|https://kg\.seocho\.example/ontology#)\w+":', body)
    assert b'"startDate": "1998-08-03"' in body
