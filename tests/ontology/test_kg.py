"""Every term that the graph uses is defined, for people who read Korean and for those who read English."""

from __future__ import annotations

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import TERMS, Iris, terms

IRIS = Iris("https://kg.seocho.example/")
KG = terms(IRIS.ontology)
ONTOLOGY = URIRef(IRIS.document("ontology"))


def languages(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    """Return the language tags of the texts of a property, sorted."""
    return sorted(text.language or "" for text in graph.objects(subject, predicate) if isinstance(text, Literal))


def test_the_ontology_defines_the_terms_of_the_code_and_no_others(kg_graph: Graph) -> None:
    """``kg.domain.vocabulary.TERMS`` and ``ontology/kg.ttl`` name the same terms; mend whichever is behind."""
    defined = {str(term).removeprefix(IRIS.ontology) for term in kg_graph.subjects(RDFS.isDefinedBy, ONTOLOGY)}
    assert defined == set(TERMS)


def test_every_subject_is_a_term_or_the_ontology(kg_graph: Graph) -> None:
    """The file speaks about our own terms only, and says of each that it is defined here."""
    assert set(kg_graph.subjects()) == {ONTOLOGY, *kg_graph.subjects(RDFS.isDefinedBy, ONTOLOGY)}


@pytest.mark.parametrize("name", TERMS)
def test_a_term_has_one_label_and_one_definition_in_each_language(kg_graph: Graph, name: str) -> None:
    """Every term has a label and a definition in Korean, English and Chinese, one of each."""
    assert languages(kg_graph, KG[name], RDFS.label) == ["en", "ko", "zh-hans"], f"kg:{name}"
    assert languages(kg_graph, KG[name], SKOS.definition) == ["en", "ko", "zh-hans"], f"kg:{name}"


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_a_class_or_one_kind_of_property(kg_graph: Graph, name: str) -> None:
    """A name with a capital is a class; any other is an object property or a datatype property, not both."""
    kinds = set(kg_graph.objects(KG[name], RDF.type))
    assert len(kinds) == 1
    assert kinds <= ({OWL.Class} if name[0].isupper() else {OWL.ObjectProperty, OWL.DatatypeProperty})


def test_no_two_terms_of_a_kind_share_a_label(kg_graph: Graph) -> None:
    """Two classes, or two properties, with one label could not be told apart on a page."""
    for kinds in ((OWL.Class,), (OWL.ObjectProperty, OWL.DatatypeProperty)):
        labels = [label.n3() for kind in kinds for term in kg_graph.subjects(RDF.type, kind)
                  for label in kg_graph.objects(term, RDFS.label) if isinstance(label, Literal)]  # fmt: skip
        assert sorted(label for label in labels if labels.count(label) > 1) == []


def test_own_terms_that_are_spoken_of_exist(kg_graph: Graph) -> None:
    """A domain, range, inverse or super-property under our namespace is a term of ours."""
    spoken_of = {str(node) for triple in kg_graph for node in triple if str(node).startswith(IRIS.ontology)}
    assert {iri.removeprefix(IRIS.ontology) for iri in spoken_of} - {""} == set(TERMS)


def test_definitions_name_only_terms_that_exist(kg_graph: Graph) -> None:
    """``kg:…`` inside a definition is a term of ours."""
    for definition in kg_graph.objects(None, SKOS.definition):
        for word in str(definition).split("kg:")[1:]:
            name = "".join(letter for letter in word.split()[0] if letter.isascii() and letter.isalpha())
            assert name in TERMS, definition


def test_the_ontology_introduces_itself(kg_graph: Graph) -> None:
    """The ontology has a title and a description in each language, a version, and its preferred prefix."""
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert languages(kg_graph, ONTOLOGY, predicate) == ["en", "ko", "zh-hans"]
    assert kg_graph.value(ONTOLOGY, OWL.versionInfo)
    assert str(kg_graph.value(ONTOLOGY, VANN.preferredNamespacePrefix)) == "kg"
    assert str(kg_graph.value(ONTOLOGY, VANN.preferredNamespaceUri)) == IRIS.ontology
