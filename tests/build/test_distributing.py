from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, cast
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest

from json_ld_documents import self_contained
from kg.build import NAMES, Build, serialize_files
from kg.build.distributions import TABLES, changed_by_hand
from kg.diff import Patch
from kg.domain import DEFAULT_BASE_IRI
from kg.rdf import GRAPH_FORMS, TRIG
from kg.store import CommitMetadata, Store, Version, reads_back
from kg.store.contents import lines_of
from signing import held_by, patching

PAGE = f"{DEFAULT_BASE_IRI}graphs/page"
ONE = f'<http://a/s> <http://a/p> "1" <{PAGE}> .\n'


@pytest.fixture(scope="module")
def quads(built_store: Path) -> bytes:
    """Give what the store holds of the owner's page."""
    return held_by(Store(built_store).current())


def test_the_files_of_a_version_are_those_of_the_build(quads: bytes, files: dict[str, bytes]) -> None:
    """What went through the store gives the same bytes."""
    found = serialize_files(quads, DEFAULT_BASE_IRI)
    assert not found.refused
    assert set(found.made) == set(NAMES)
    assert [name for name in NAMES if found.made[name] != files[name]] == []


@pytest.mark.slow
def test_a_changed_version_has_all_files(quads: bytes, made: Build) -> None:
    """A triple more stands in every document, and the tables are there still."""
    iris = made.dataset.iris
    city = iris.resource("municipality", "hongkou")
    more = f'<{city}> <http://www.w3.org/2004/02/skos/core#altLabel> "홍커우"@ko <{iris.graph("elsewhere")}> .\n'
    found = serialize_files(quads + more.encode(), DEFAULT_BASE_IRI)
    assert not found.refused
    assert all(
        "홍커우" in found.made[f"kg.{ending}"].decode() for ending in ("ttl", "nt", "nq", "trig", "rdf", "jsonld")
    )


def test_a_version_of_any_content_says_what_cannot_be_made() -> None:
    """Blank nodes and the default graph are written; a format that cannot represent the rest is told."""
    quads = f'_:b <http://a/p> "1" .\n<http://a/s> <http://a/1> _:b <{PAGE}> .\n'
    found = serialize_files(quads.encode(), DEFAULT_BASE_IRI)
    assert found.made["kg.nq"].decode() == quads
    assert f"<{PAGE}> {{".encode() in found.made["kg.trig"]
    assert set(found.refused) == {"kg.rdf", "domain.rdf", *TABLES}
    assert "application/rdf+xml" in str(found.refused["kg.rdf"])
    assert serialize_files(quads.encode(), DEFAULT_BASE_IRI) == found


@pytest.mark.parametrize(
    "line",
    [
        "<http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 1 )>> <http://a/g> .",
        '<http://a/s> <http://a/p> "x"@ar--rtl <http://a/g> .',
        '<http://a/s> <http://a/1> "\\u0000" <http://a/g> .',
        '_:s <http://a/p> "x" _:g .',
        f"<http://a/s> <http://a/p> <{PAGE}> <http://a/g> .",
    ],
)
def test_no_file_depends_on_a_graph_beside_the_dataset(line: str) -> None:
    """Whatever somebody puts into a graph of their own, the files are the same."""
    beside = line.replace(" 1 )", ' "1" )')
    assert serialize_files(f"{ONE}{beside}\n".encode(), DEFAULT_BASE_IRI) == serialize_files(
        ONE.encode(), DEFAULT_BASE_IRI
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("term", "refused"),
    [('<<( <http://a/s> <http://a/p> "<<( x" )>>', {"kg.jsonld", "domain.jsonld"}), ('"x"@ar--rtl', set())],
    ids=["triple term", "direction"],
)
def test_terms_of_rdf_1_2_in_the_dataset(quads: bytes, term: str, refused: set[str]) -> None:
    """They are in every file whose format has them, and the tables are there still."""
    line = f"<http://a/s> <http://a/p> {term}"
    found = serialize_files(quads + f"{line} <{PAGE}> .\n".encode(), DEFAULT_BASE_IRI)
    assert set(found.refused) == refused
    assert set(found.made) == set(NAMES) - refused
    (new,) = pyoxigraph.parse(f"{line} .", pyoxigraph.RdfFormat.N_QUADS)
    for name in ("kg.ttl", "kg.nt", "kg.nq", "kg.trig", "kg.rdf", "kg.jsonld"):
        if name not in refused:
            format_ = pyoxigraph.RdfFormat.from_extension(name.partition(".")[2])
            read = {quad.triple for quad in pyoxigraph.parse(self_contained(found.made[name]), format_)}
            assert new.triple in read, name
            assert len(read) == quads.count(b"\n") + 1, name


def test_rdf_xml_is_xml() -> None:
    """A parser reads every line break as it is, and no file has what XML has no character for."""
    line = f'<http://a/s> <http://a/p> "a\\rb" <{PAGE}> .\n'
    document = serialize_files(line.encode(), DEFAULT_BASE_IRI).made["kg.rdf"]
    assert "a\rb" in ET.fromstring(document).itertext()  # noqa: S314 - our own document
    refused = serialize_files(line.replace("\\r", "\\u0001").encode(), DEFAULT_BASE_IRI).refused
    assert set(refused) == {"kg.rdf", "domain.rdf", *TABLES}


def test_graphs_with_prefixes_of_their_own() -> None:
    """Two graphs that use different namespaces are what they were when their TriG is read."""
    elsewhere = f"{DEFAULT_BASE_IRI}graphs/elsewhere"
    quads = f'<http://a/s> <http://a/p> "x" <{PAGE}> .\n<http://b/s> <http://b/p> "x" <{elsewhere}> .\n'
    trig = serialize_files(quads.encode(), DEFAULT_BASE_IRI).made["kg.trig"]
    read = pyoxigraph.parse(trig, pyoxigraph.RdfFormat.TRIG)
    assert sorted(lines_of(read)) == quads.splitlines()


def test_an_empty_version_has_files() -> None:
    """There is nothing in them."""
    found = serialize_files(b"", DEFAULT_BASE_IRI)
    assert (found.made["kg.nq"], found.made["kg.nt"]) == (b"", b"")
    assert set(found.refused) == set(TABLES)


def test_no_document_loses_a_triple() -> None:
    """An empty text beside an IRI, which one writer drops, is in every document."""
    quads = b'<http://a/s> <http://a/p> "" .\n<http://a/s> <http://a/p> <http://a/o> .\n'
    made = serialize_files(quads, DEFAULT_BASE_IRI).made
    for form in GRAPH_FORMS:
        assert reads_back(self_contained(made[f"kg.{form.name}"]), form, quads), form.name


@pytest.mark.parametrize("name", ["domain", "elsewhere", "provenance", "vocabulary"])
def test_a_slice_holds_its_graphs_in_every_form(files: dict[str, bytes], name: str) -> None:
    """The same triples in each; the domain has at most 6,000, no claim among them."""
    lines = files[f"{name}.nt"].splitlines()
    whole = set(files["kg.nt"].splitlines())
    assert 1000 < len(lines) < len(whole)
    assert set(lines) <= whole
    for form in GRAPH_FORMS:
        assert reads_back(self_contained(files[f"{name}.{form.extension}"]), form, files[f"{name}.nt"]), form.name
    if name == "domain":
        assert len(lines) <= 6000
        assert b"/id/claim/" not in files["domain.nt"]
        assert b"Hongkou District" in files["domain.nt"]


def test_what_was_changed_by_hand_is_known_by_its_day(tmp_path: Path) -> None:
    """The day in Korea of the last commit that is no build; a build that changes it again takes it back."""
    store, late = Store(tmp_path), datetime(2026, 11, 22, 20, tzinfo=UTC)
    line = '<http://a/{}> <http://a/p> "{}" .'
    for subject, kind in (("1", "build"), ("2", "update"), ("3", "update"), ("2", "build")):
        value = store.require_current().number if subject != "1" else 0
        change = Patch(added=(line.format(subject, value),))
        store.commit(patching(change), CommitMetadata("a", "", late, cast("Literal['build', 'update']", kind)))
    assert changed_by_hand(store.require_current()) == {"http://a/3": date(2026, 11, 23)}
    assert changed_by_hand(Version(tmp_path, 2)) == {"http://a/2": date(2026, 11, 23)}


def test_a_graph_without_prefixes_is_in_every_file() -> None:
    """An IRI that no prefix can shorten leaves Turtle without a declaration."""
    quads = f"<http://a/A> <http://a/A.> <http://a/A> <{PAGE}> .\n".encode()
    found = serialize_files(quads, DEFAULT_BASE_IRI)
    assert set(found.refused) == set(TABLES)
    assert reads_back(found.made["kg.trig"], TRIG, quads)
