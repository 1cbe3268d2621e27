"""Validating what a change can affect finds exactly what validating everything finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.term import Node

from changes.comparison import Results, after_change, all_shapes, everything, results, stored
from changes.random_changes import TYPE, Change, Pool, Triple, random_change
from kg.build import Build
from kg.domain import Iris
from kg.rdf import ntriples
from kg.validation import shapes_graph
from kg.validation.evaluation import StoredGraph
from kg.validation.validation import CompiledShapes, revalidate

IRIS = Iris("https://kg.seocho.example/")
CITY = "baishan"
FEWEST = 25
KG = "https://kg.seocho.example/ontology#"
DATE = "<http://www.w3.org/2001/XMLSchema#date>"
PREFIXES = """
@prefix a: <http://a/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@dataclass(frozen=True)
class Start:
    """A graph that changes start from, with what is found in it."""

    rules: CompiledShapes
    triples: frozenset[Triple]
    graph: StoredGraph
    found: Results

    def assert_nothing_missed(self, change: Change) -> int:
        """Old results outside what is affected, and new ones inside, are the results of everything."""
        after = stored(change.of(self.triples))
        narrowed, looked = after_change(self.rules, self.graph, self.found, after, change)
        assert narrowed == all_shapes(self.rules, after)
        return looked


def start_of(rules: CompiledShapes, triples: frozenset[Triple]) -> Start:
    """Validate a graph whole."""
    graph = stored(triples)
    return Start(rules, triples, graph, all_shapes(rules, graph))


def as_triples(graph: Graph) -> frozenset[Triple]:
    """Write the triples of a graph as N-Triples does."""
    lines = (line.removesuffix(" .").split(" ", 2) for line in ntriples(graph).decode().splitlines())
    return frozenset((subject, predicate, object_) for subject, predicate, object_ in lines)


def read(turtle: str) -> frozenset[Triple]:
    """Read triples."""
    return as_triples(Graph().parse(data=PREFIXES + turtle, format="turtle"))


@pytest.fixture(scope="module")
def start(made: Build, home: Path) -> Start:
    """Take what the graph says of one city, with all that it points to; what it lacks then is found, and stands."""
    graph = made.dataset.merged()
    of_city = {subject for subject in graph.subjects() if CITY in str(subject)}
    part = Graph()
    for node in of_city | {object_ for subject in of_city for object_ in graph.objects(subject)}:
        for triple in graph.triples((node, None, None)):
            part.add(triple)
    return start_of(CompiledShapes(shapes_graph(home, IRIS), IRIS), as_triples(part))


@settings(max_examples=settings().max_examples // 5)  # each validates a whole graph twice
@given(seed=st.integers(0, 2**32))
def test_nothing_that_a_random_change_affects_is_missed(start: Start, seed: int) -> None:
    """Whatever comes, goes or is altered."""
    start.assert_nothing_missed(random_change(Pool(start.triples), Random(seed)))


def test_whole_validation_finds_the_same_either_way(start: Start) -> None:
    """Shapes that were parsed once find what pySHACL's own entry finds."""
    assert start.found
    assert everything(start.rules, start.graph) == start.found


def test_a_hub_is_not_walked(start: Start) -> None:
    """A new record that points to what all records point to affects itself, and none of the others."""
    subject = f"<{IRIS.resource('exchange', 'new')}>"
    visit = IRIS.concept("exchange-kind", "visit")
    added = {(subject, TYPE, f"<{KG}ExchangeRecord>"), (subject, f"<{KG}kind>", f"<{visit}>")}
    change = Change(frozenset(added), frozenset())
    assert start.assert_nothing_missed(change) <= len(start.rules.affected.shapes)
    seen = revalidate(start.rules, as_nodes(added), (), stored(change.of(start.triples)), lambda: start.graph)
    assert {str(node) for nodes in seen.affected.values() for node in nodes or ()} == {subject.strip("<>")}


def as_nodes(triples: Iterable[Triple]) -> list[tuple[Node, Node, Node]]:
    """Return triples as rdflib knows them."""
    return list(stored(triples).triples((None, None, None)))


def test_a_fault_that_stood_before_is_found_and_not_brought(start: Start) -> None:
    """Who mends one fault of two is not refused for the other."""
    subject = f"<{IRIS.resource('event', 'faulty')}>"
    faulty = start.triples | {
        (subject, TYPE, f"<{KG}ExchangeEvent>"),
        (subject, f"<{KG}endDate>", f'"2013-01-01"^^{DATE}'),
    }
    mended = {(subject, f"<{KG}startDate>", f'"2013-01-01"^^{DATE}')}
    seen = revalidate(start.rules, as_nodes(mended), (), stored(faulty | mended), lambda: stored(faulty))
    assert {result.focus_node for result in seen.found.results} == {subject.strip("<>")}
    assert not seen.found.conforms
    assert seen.new.conforms
    assert len(seen.new.nodes) == len(seen.new.results)


def test_a_literal_that_its_datatype_does_not_have(start: Start) -> None:
    """It is told before anything else, of our own terms and of those that the shapes name alone."""
    subject = f"<{IRIS.resource('event', 'new')}>"
    ours = as_nodes([(subject, f"<{KG}startDate>", f'"2013-13-01"^^{DATE}')])
    foreign = as_nodes([(subject, "<http://a/date>", f'"2013-13-01"^^{DATE}')])
    (result,) = revalidate(start.rules, ours, (), start.graph, lambda: start.graph).new.results
    assert (result.severity, result.path, result.value) == ("violation", f"{KG}startDate", "2013-13-01")
    assert revalidate(start.rules, foreign, (), start.graph, lambda: start.graph).new.results == ()


SHAPES = {
    "alternative, optional and inverse paths": """
        a:S sh:targetClass a:C ; sh:property [
            sh:path ( [ sh:alternativePath ( a:p [ sh:inversePath a:q ] ) ] [ sh:zeroOrOnePath a:r ] a:v ) ;
            sh:maxCount 1 ; sh:nodeKind sh:BlankNode ] .""",
    "the inverse of a sequence": """
        a:S sh:targetClass a:C ; sh:property [ sh:path [ sh:inversePath ( a:p a:q ) ] ; sh:minCount 1 ] .""",
    "a path taken any number of times": """
        a:S sh:targetClass a:C ; sh:property [ sh:path ( [ sh:zeroOrMorePath a:p ] a:v ) ; sh:maxCount 1 ] .""",
    "shapes within shapes": """
        a:S sh:targetSubjectsOf a:p ; sh:not [ sh:property [ sh:path a:q ; sh:node a:T ] ] .
        a:T sh:xone ( [ sh:class a:C ] [ sh:property [ sh:path a:v ; sh:hasValue a:n1 ] ] ) .""",
    "siblings": """
        a:S sh:targetObjectsOf a:p ; sh:property
            [ sh:path a:q ; sh:qualifiedValueShape [ sh:class a:C ] ; sh:qualifiedMinCount 1 ;
              sh:qualifiedValueShapesDisjoint true ],
            [ sh:path a:q ; sh:qualifiedValueShape [ sh:property [ sh:path a:v ; sh:minCount 1 ] ] ;
              sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] .""",
    "a closed shape": """
        a:S sh:targetNode a:n1 ; sh:property [ sh:path a:p ; sh:node a:T ] .
        a:T sh:closed true ; sh:ignoredProperties ( rdf:type a:q ) .""",
    "pairs": """
        a:S sh:targetClass a:C ; sh:property [ sh:path ( a:p a:q ) ; sh:equals a:r ], [ sh:path a:p ; sh:disjoint a:q ],
            [ sh:path a:p ; sh:node a:T ] . a:T sh:property [ sh:path a:r ; sh:equals a:v ] .""",
    "a query that joins": """
        a:S sh:targetClass a:C ; sh:sparql [ sh:select '''SELECT $this WHERE { $this <http://a/p> ?x .
            ?x <http://a/q> ?y
            FILTER NOT EXISTS { ?y <http://a/r> ?z . ?z a <http://a/C> } }''' ] .""",
    "a query of parts": """
        a:S sh:targetClass a:C ; sh:sparql [ sh:select '''SELECT DISTINCT $this ?value WHERE {
            { $this <http://a/p> ?value } UNION { ?value <http://a/q> $this }
            OPTIONAL { ?value <http://a/v> ?w } FILTER (!BOUND(?w)) }''' ] .""",
    "a query of what is not joined": """
        a:S sh:targetClass a:C ; sh:sparql [ sh:select '''SELECT $this WHERE { $this <http://a/p> ?x .
            ?y <http://a/q> ?z
            FILTER (?x = ?z) }''' ] .""",
    "a query along a path": """
        a:S sh:targetClass a:C ; sh:sparql [ sh:select
            'SELECT $this WHERE { $this <http://a/p>+ ?x . ?x a <http://a/D> }' ] .""",
    "a query in a nested shape": """
        a:S sh:targetClass a:C ; sh:property [ sh:path a:p ; sh:node a:T ] .
        a:T sh:sparql [ sh:select 'SELECT $this WHERE { $this <http://a/q> ?x . ?x <http://a/r> $this }' ] .""",
}
"""Shapes beside ours, so that what ours do not use is read right too."""


@pytest.mark.parametrize("steps", [30, pytest.param(60, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SHAPES)
def test_other_shapes(name: str, steps: int) -> None:
    """Whatever a shape asks, nothing that a change affects is missed."""
    shapes = Graph().parse(data=PREFIXES + "a:S a sh:NodeShape ." + SHAPES[name], format="turtle")
    random = Random(f"{name}, {steps} steps")
    start = start_of(CompiledShapes(shapes, IRIS), read(random_turtle(random, 40)))
    seen_failing = start.found.total()
    for _ in range(steps):
        added = read(random_turtle(random, random.choice((0, 1, 2))))
        removed = frozenset(random.sample(sorted(start.triples), random.choice((0, 1, 2))))
        change = Change(added - start.triples, removed - added)
        start.assert_nothing_missed(change)
        start = start_of(
            start.rules, change.of(start.triples) if len(start.triples) > FEWEST else start.triples | added
        )
        seen_failing += start.found.total()
    assert seen_failing


def random_turtle(random: Random, count: int) -> str:
    """Write random triples of five nodes, two classes and their axioms."""
    nodes = tuple(f"a:n{number}" for number in range(5))
    classes = ("a:C", "a:D", "a:n1")
    forms = (
        *[(nodes, ("a:p", "a:q", "a:r", "a:v"), (*nodes, "'text'"))] * 6,
        *[(nodes, ("rdf:type",), classes)] * 3,
        (classes, ("rdfs:subClassOf",), classes),
    )
    return "".join(f"{' '.join(map(random.choice, random.choice(forms)))} .\n" for _ in range(count))


def test_the_report_tells_only_what_was_brought(start: Start) -> None:
    """The SHACL report has a result for each that the change brought."""
    subject = f"<{IRIS.resource('friendship', 'new')}>"
    added = {(subject, TYPE, f"<{KG}Friendship>")}
    seen = revalidate(start.rules, as_nodes(added), (), stored(start.triples | added), lambda: start.graph)
    told = seen.new.graph.query("SELECT ?n { ?r a sh:ValidationReport ; sh:result/sh:focusNode ?n }")
    assert {str(row[0]) for row in told} == {subject.strip("<>")}  # type: ignore[index]
    assert len(told) == len(seen.new.results)
    assert results(seen.new)
