from pathlib import Path

import pyoxigraph
import pytest

from kg.build import Build
from kg.distributing import NAMES, make_files
from kg.settings import DEFAULT_BASE_IRI
from kg.store.contents import dump, lines_of
from kg.store.versions import Store


@pytest.fixture(scope="module")
def quads(built_store: Path) -> bytes:
    """Give what the store holds of the owner's page."""
    current = Store(built_store).current()
    assert current
    return dump(current.oxigraph)


def test_the_files_of_a_version_are_those_of_the_build(quads: bytes, files: dict[str, bytes]) -> None:
    """What went through the store gives the same bytes."""
    found = make_files(quads, DEFAULT_BASE_IRI)
    assert not found.refused
    assert set(found.made) == set(NAMES)
    assert [name for name in NAMES if found.made[name] != files[name]] == []


def test_a_changed_version_has_all_files(quads: bytes, made: Build) -> None:
    """A triple more stands in every document, and the tables are there still."""
    iris = made.dataset.iris
    city = iris.resource("municipality", "hongkou")
    more = f'<{city}> <http://www.w3.org/2004/02/skos/core#altLabel> "홍커우"@ko <{iris.graph("elsewhere")}> .\n'
    found = make_files(quads + more.encode(), DEFAULT_BASE_IRI)
    assert not found.refused
    assert all(
        "홍커우" in found.made[f"kg.{ending}"].decode() for ending in ("ttl", "nt", "nq", "trig", "rdf", "jsonld")
    )


FOREIGN = """_:b <http://a/p> "1" .
<http://a/s> <http://a/1> _:b <http://a/g> .
"""


def test_a_version_of_any_graphs_says_what_cannot_be_made() -> None:
    """Blank nodes, the default graph and graphs that are not ours are written; a form that cannot say it is told."""
    found = make_files(FOREIGN.encode(), DEFAULT_BASE_IRI)
    assert found.made["kg.nq"].decode() == FOREIGN
    assert b"<http://a/g> {" in found.made["kg.trig"]
    assert set(found.refused) == {"kg.rdf", "cities.csv", "exchanges.csv"}
    assert "kg.rdf" in found.refused["kg.rdf"].en
    assert make_files(FOREIGN.encode(), DEFAULT_BASE_IRI) == found


@pytest.mark.parametrize(
    "line", ["<http://a/s> <http://a/p> <<( <http://a/s> <http://a/p> 'x' )>> .", "_:s <http://a/p> 'x' _:g ."]
)
def test_what_no_form_but_nquads_can_say(line: str) -> None:
    """Triple terms, and graphs named by a blank node, are there to download as N-Quads."""
    found = make_files(f"{line}\n".encode(), DEFAULT_BASE_IRI)
    assert found.made == {"kg.nq": f"{line}\n".encode()}
    assert set(found.refused) == set(NAMES) - {"kg.nq"}


def test_graphs_with_prefixes_of_their_own() -> None:
    """Two graphs that use different namespaces are what they were when their TriG is read."""
    quads = "<http://a/s> <http://a/p> 'x' <http://a/g> .\n<http://b/s> <http://b/p> 'x' <http://b/g> .\n".replace(
        "'", '"'
    )
    trig = make_files(quads.encode(), DEFAULT_BASE_IRI).made["kg.trig"]
    read = pyoxigraph.parse(trig, pyoxigraph.RdfFormat.TRIG)
    assert sorted(lines_of(read)) == quads.splitlines()


def test_an_empty_version_has_files() -> None:
    """There is nothing in them."""
    found = make_files(b"", DEFAULT_BASE_IRI)
    assert (found.made["kg.nq"], found.made["kg.nt"]) == (b"", b"")
    assert set(found.refused) == {"cities.csv", "exchanges.csv"}
