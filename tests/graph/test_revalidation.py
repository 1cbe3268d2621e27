"""Validating what a change can affect finds exactly what validating everything finds."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from changes.comparison import Results, after_change, all_shapes, everything, stored
from changes.random_changes import TYPE, Change, Pool, Triple, random_change
from kg.build import Build, shapes_graph
from kg.graph.evaluation import StoredGraph
from kg.graph.serialization import ntriples
from kg.graph.validation import Rules, revalidate
from kg.iri import Iris

IRIS = Iris("https://kg.seocho.example/")
CITIES = ("baishan", "jianhua")
KG = "https://kg.seocho.example/ontology#"


@pytest.fixture(scope="module")
def rules(home: object) -> Rules:
    """Parse the shapes once."""
    return Rules(shapes_graph(home, IRIS), IRIS)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def triples(made: Build) -> frozenset[Triple]:
    """Take what the graph says of two cities, with all that it points to; what it lacks then is found, and stands."""
    graph = made.dataset.merged()
    chosen = {subject for subject in graph.subjects() if any(city in str(subject) for city in CITIES)}
    part = Graph()
    for subject in chosen | {object_ for subject in chosen for object_ in graph.objects(subject)}:
        for triple in graph.triples((subject, None, None)):
            part.add(triple)
    lines = (line.removesuffix(" .").split(" ", 2) for line in ntriples(part).decode().splitlines())
    return frozenset((subject, predicate, object_) for subject, predicate, object_ in lines)


@pytest.fixture(scope="module")
def before(triples: frozenset[Triple]) -> StoredGraph:
    """Put the part into the engine."""
    return stored(triples)


@pytest.fixture(scope="module")
def found_before(rules: Rules, before: StoredGraph) -> Results:
    """Validate the part whole."""
    return all_shapes(rules, before)


@pytest.fixture(scope="module")
def pool(triples: frozenset[Triple]) -> Pool:
    """Hold what changes are drawn from."""
    return Pool(triples)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_what_a_change_affects_is_all_that_differs(
    rules: Rules, triples: frozenset[Triple], before: StoredGraph, found_before: Results, pool: Pool, seed: int
) -> None:
    """Old results outside what is affected, and new ones inside, are the results of everything."""
    change = random_change(pool, Random(seed))
    after = stored(change.of(triples))
    narrowed, _ = after_change(rules, before, found_before, after, change)
    assert narrowed == all_shapes(rules, after)
