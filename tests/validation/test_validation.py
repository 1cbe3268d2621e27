"""What the shapes find does not depend on how they are handed to pySHACL."""

import pytest
from rdflib import Graph

from kg.domain import Iris
from kg.validation import validate

SHAPES = """
@prefix : <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

:Named a sh:NodeShape ; sh:targetClass :City ; sh:property :has-name .
:has-name a sh:PropertyShape ; sh:path :name ; sh:minCount 1 .
:Country a sh:NodeShape ; sh:targetClass :Country ; sh:property :has-capital .
:has-capital a sh:PropertyShape ; sh:path :capital ; sh:node :Named .
:Retired a sh:NodeShape ; sh:targetClass :Village ; sh:deactivated true ; sh:property :has-mayor .
:has-mayor a sh:PropertyShape ; sh:path :mayor ; sh:minCount 1 .
:Twinned a sh:NodeShape ; sh:targetSubjectsOf :twin ; sh:targetObjectsOf :twin ; sh:property :has-treaty .
:has-treaty a sh:PropertyShape ; sh:path :treaty ; sh:minCount 1 .
"""
DATA = """
@prefix : <https://example.org/> .

:city a :City .
:country a :Country ; :capital :nameless .
:village a :Village .
:one :twin :other .
"""


def test_a_rule_holds_for_the_targets_of_its_shape_and_where_that_is_referred_to() -> None:
    """A shape that another one refers to keeps its rules for its own targets; one that is deactivated gives none."""
    read = [Graph().parse(data=text, format="turtle") for text in (DATA, SHAPES)]
    report = validate(read[0], read[1], Iris("https://example.org/"))
    found = {(result.focus_node.rpartition("/")[2], result.shape.rpartition("/")[2]) for result in report.results}
    assert found == {
        ("city", "has-name"),
        ("country", "has-capital"),
        ("one", "has-treaty"),
        ("other", "has-treaty"),
    }


def test_an_ill_typed_literal_is_a_result_alone(caplog: pytest.LogCaptureFixture) -> None:
    """No traceback of a library goes with it."""
    text = '@prefix : <https://example.org/> . :city :name "2016-07-99"^^<http://www.w3.org/2001/XMLSchema#date> .'
    data, shapes = (Graph().parse(data=each, format="turtle") for each in (text, SHAPES))
    caplog.clear()
    (result,) = validate(data, shapes, Iris("https://example.org/")).results
    assert result.value == "2016-07-99"
    assert caplog.records == []
