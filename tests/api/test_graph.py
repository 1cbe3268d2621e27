"""The Python API: the same graph from a store, a file and a server."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import kg
from kg.api import KnowledgeGraph
from kg.domain import KgError, NotFoundError, QuerySyntaxError, RemoteError

TYPED = 'SELECT * { VALUES (?a ?b ?c ?d) { (1 2.5 "2020-05-01"^^<http://www.w3.org/2001/XMLSchema#date> UNDEF) } }'

ONTOLOGY = "https://kg.seocho.example/ontology#"


@pytest.fixture(params=["store", "file", "server"])
def graph(request: pytest.FixtureRequest, built_store: Path, tmp_path: Path) -> KnowledgeGraph:
    """Open the owner's page in each way."""
    if request.param == "server":
        return kg.open(request.getfixturevalue("server"))
    if request.param == "store":
        return kg.open(built_store)
    file = tmp_path / "kg.nq"
    file.write_bytes(request.getfixturevalue("made").quads())
    return kg.open(file)


def test_rows_have_values_of_python(graph: KnowledgeGraph) -> None:
    """Numbers and dates are that, and what is not bound is None; a data frame has the same columns."""
    rows = graph.query(TYPED)
    assert [tuple(row[name] for name in "abcd") for row in rows] == [(1, Decimal("2.5"), date(2020, 5, 1), None)]
    assert list(rows.to_frame().columns) == list(rows.columns)
    assert graph.query("ASK { ?s ?p ?o }") == [{"ask": True}]


def test_a_city_by_its_name(graph: KnowledgeGraph) -> None:
    """It has what the page says and what comes from elsewhere; an unknown one is an error."""
    city = graph.city("hongkou")
    assert (city.ko, city.en, city.zh) == ("홍구구", "Hongkou District", "虹口区")
    assert (city.since, city.population) == (date(1999, 10, 21), 710_000)
    assert city.exchanges == len(graph.query(f"SELECT ?r {{ ?r <{ONTOLOGY}exchangedWith> <{city.iri}> }}"))
    with pytest.raises(NotFoundError):
        graph.city("seoul> } #")


def test_errors_name_the_cause(graph: KnowledgeGraph) -> None:
    """A wrong query is told as such, also by a server."""
    with pytest.raises((QuerySyntaxError, RemoteError), match=r"The query does not parse"):
        graph.query("SELECT")


def test_nothing_there(tmp_path: Path) -> None:
    """No store, no file, no server: an error with its cure."""
    for source in (tmp_path, tmp_path / "no.ttl", "http://127.0.0.1:9/"):
        with pytest.raises(KgError) as raised:
            kg.open(source).query("ASK {}")
        assert str(raised.value.cure)
