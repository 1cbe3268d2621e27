from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import DCTERMS, PROV, RDFS, XSD, Dataset, Graph, Literal, URIRef

from kg.build import HISTORY, KINDS, version_iri, version_lines
from kg.build.history import agent_iri, version_graph
from kg.domain import Iris, terms
from kg.rdf import ntriples
from kg.store import CommitInfo
from kg.validation import validate

IRIS = Iris("https://kg.seocho.example/")
KG = terms(IRIS.ontology)
MADE = datetime(2026, 11, 22, 18, 30, tzinfo=timezone(timedelta(hours=9)))


def commit_info(number: int, kind: str = "update", author: str = "office", **facts: str) -> CommitInfo:
    """Make a record."""
    return CommitInfo(number, MADE, author, f'"{number}"\n', kind, facts, 2 * number, number, 0, {})  # type: ignore[arg-type]


def iri(number: int) -> URIRef:
    """Return the IRI of a version."""
    return URIRef(version_iri(number, IRIS))


def remembered(*commits: CommitInfo) -> Graph:
    """Read the history graph as a query sees it: from the lines that a worker is given."""
    lines = b"".join(version_lines(one, IRIS) for one in commits)
    return Dataset().parse(data=lines, format="nquads").graph(IRIS.graph(HISTORY))


def test_a_version_tells_when_by_whom_and_why() -> None:
    """Number, time in UTC, kind, counts, agent and message are all there."""
    graph = version_graph(commit_info(2), IRIS)
    version, activity = iri(2), URIRef(f"{iri(2)}#commit")
    assert graph.value(version, KG.versionNumber) == Literal(2)
    assert graph.value(version, PROV.generatedAtTime).n3() == f'"2026-11-22T09:30:00Z"^^<{XSD.dateTime}>'  # type: ignore[union-attr]
    assert (graph.value(version, KG.addedCount), graph.value(version, KG.removedCount)) == (Literal(4), Literal(2))
    assert graph.value(version, PROV.wasGeneratedBy) == activity
    agent = graph.value(activity, PROV.wasAssociatedWith)
    assert agent == URIRef("https://kg.seocho.example/history#agent-office")
    assert graph.value(agent, RDFS.label) == Literal("office")
    assert graph.value(activity, DCTERMS.description) == Literal('"2"\n')


def test_versions_follow_one_another() -> None:
    """Each revises the one before; a restored one says from which."""
    graph = remembered(commit_info(1, "build"), commit_info(2), commit_info(3, "restore", restored="1"))
    assert set(graph.subject_objects(PROV.wasRevisionOf)) == {(iri(2), iri(1)), (iri(3), iri(2))}
    assert set(graph.subject_objects(KG.restoredFrom)) == {(iri(3), iri(1))}


def test_names_that_differ_have_iris_that_differ() -> None:
    """Signs that an IRI cannot hold do not make two people one."""
    names = ("Kim", "kim", "김", "kim ", "k/im", "", "<>")
    assert len({agent_iri(name, IRIS) for name in names}) == len(names)


@pytest.mark.parametrize("kind", KINDS)
def test_it_conforms_to_the_shapes(kind: str, home: Path) -> None:
    """Every kind of change is described as the shapes ask."""
    shapes = Graph().parse(home / "shapes" / "must.ttl")
    report = validate(remembered(commit_info(1, "build"), commit_info(2, kind, restored="1")), shapes, IRIS)
    assert report.results == ()


def test_the_lines_are_quads_of_the_history_graph() -> None:
    """They hold the same triples, in a graph of that name."""
    commits = [commit_info(1, "build", author='<a> "b"\\'), commit_info(2)]
    lines = b"".join(version_lines(one, IRIS) for one in commits)
    quads = list(pyoxigraph.parse(lines, pyoxigraph.RdfFormat.N_QUADS))
    assert {quad.graph_name.value for quad in quads} == {"https://kg.seocho.example/graphs/history"}
    triples = b"".join(ntriples(version_graph(one, IRIS)) for one in commits)
    expected = pyoxigraph.parse(triples, pyoxigraph.RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in quads} == {quad.triple for quad in expected}


def test_it_is_a_function_of_the_records() -> None:
    """The same records give the same bytes, whatever the zone their time is told in."""
    elsewhere = CommitInfo(**{**vars(commit_info(2)), "time": MADE.astimezone(UTC)})
    assert version_lines(elsewhere, IRIS) == version_lines(commit_info(2), IRIS)
