"""The SKOS schemes have a concept for everything that the reader of pages can produce."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import FIELDS, Iris
from kg.source import words
from kg.source.verbs import STATUSES

IRIS = Iris("https://kg.seocho.example/")
PRODUCED = {
    "basis": set(words.BASES.values()),
    "unit-kind": set(words.UNIT_KINDS.values()),
    "instrument": set(words.INSTRUMENTS.values()),
    "topic": set(words.TOPICS),
    "exchange-kind": {kind for kind, _ in words.KINDS},
    "exchange-status": {name for name, _ in STATUSES},
    "direction": {"to-seocho", "from-seocho", "mutual", "unstated"},
    "body-kind": {"council", "office", "government", "party-committee"},
}
"""The notations that the model can hold, by scheme."""
WORDS = {"basis": words.BASES, "unit-kind": words.UNIT_KINDS, "instrument": words.INSTRUMENTS}
"""The page's words that stand for one concept each."""
LANGUAGES = ["en", "ko", "zh-hans"]


def languages(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    """Return the language tags of the texts of a property, sorted."""
    return sorted(text.language or "" for text in graph.objects(subject, predicate) if isinstance(text, Literal))


def test_there_is_a_file_for_every_scheme(schemes: dict[str, Graph]) -> None:
    """What the reader produces and ``ontology/schemes/`` name the same schemes; those of the fields are among them."""
    of_fields = {one.form for one in FIELDS.values() if one.is_value and one.is_link and one.form != "iri"}
    assert of_fields < set(schemes) == set(PRODUCED)


@pytest.mark.parametrize("name", PRODUCED)
def test_a_scheme_has_the_concepts_that_the_reader_produces(schemes: dict[str, Graph], name: str) -> None:
    """A concept that is missing is added to ``ontology/schemes/{name}.ttl``; one that nothing produces goes."""
    graph = schemes[name]
    defined = {str(notation) for notation in graph.objects(None, SKOS.notation)}
    assert PRODUCED[name] - defined == set(), f"add these concepts to ontology/schemes/{name}.ttl"
    assert defined - PRODUCED[name] == set(), f"nothing in kg.source.words produces these concepts of {name}.ttl"


@pytest.mark.parametrize("name", WORDS)
def test_every_word_of_the_page_is_a_label_of_its_concept(schemes: dict[str, Graph], name: str) -> None:
    """A word of the page finds its concept: it is a Korean ``skos:prefLabel`` or ``skos:altLabel`` of it."""
    graph = schemes[name]
    for word, notation in WORDS[name].items():
        concept = URIRef(IRIS.concept(name, notation))
        labels = {*graph.objects(concept, SKOS.prefLabel), *graph.objects(concept, SKOS.altLabel)}
        assert Literal(word, lang="ko") in labels, f'add "{word}"@ko to {notation} in ontology/schemes/{name}.ttl'


@pytest.mark.parametrize("name", PRODUCED)
def test_a_scheme_introduces_itself(schemes: dict[str, Graph], name: str) -> None:
    """A scheme has a name and a definition in three languages."""
    scheme = URIRef(IRIS.resource("scheme", name))
    assert set(schemes[name].subjects(RDF.type, SKOS.ConceptScheme)) == {scheme}
    assert languages(schemes[name], scheme, SKOS.prefLabel) == LANGUAGES
    assert languages(schemes[name], scheme, SKOS.definition) == LANGUAGES


@pytest.mark.parametrize("name", PRODUCED)
def test_a_concept_is_complete(schemes: dict[str, Graph], name: str) -> None:
    """A concept has its notation in its IRI, names and a definition in three languages, and its place."""
    graph, scheme = schemes[name], URIRef(IRIS.resource("scheme", name))
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        notation = graph.value(concept, SKOS.notation)
        assert concept == URIRef(IRIS.concept(name, str(notation)))
        assert languages(graph, concept, SKOS.prefLabel) == LANGUAGES, concept
        assert languages(graph, concept, SKOS.definition) == LANGUAGES, concept
        assert set(graph.objects(concept, SKOS.inScheme)) == {scheme}
        assert set(graph.objects(concept, SKOS.topConceptOf)) == {scheme}
        assert (scheme, SKOS.hasTopConcept, concept) in graph


@pytest.mark.parametrize("name", PRODUCED)
def test_no_label_is_shared(schemes: dict[str, Graph], name: str) -> None:
    """Within a scheme no two concepts share a label, and no label is both preferred and alternative."""
    graph = schemes[name]
    labels = [label.n3() for predicate in (SKOS.prefLabel, SKOS.altLabel)
              for concept in graph.subjects(RDF.type, SKOS.Concept)
              for label in graph.objects(concept, predicate)
              if isinstance(label, Literal)]  # fmt: skip
    assert sorted(label for label in labels if labels.count(label) > 1) == []


@pytest.mark.parametrize("name", PRODUCED)
def test_a_tool_that_knows_labels_alone_finds_the_names(schemes: dict[str, Graph], name: str) -> None:
    """Scheme and concepts have each ``skos:prefLabel`` as ``rdfs:label`` too."""
    named = set(schemes[name].subject_objects(SKOS.prefLabel))
    assert named
    assert set(schemes[name].subject_objects(RDFS.label)) == named
