"""What is said of our terms in the words of others names terms that exist on both sides."""

from __future__ import annotations

from rdflib import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN, Graph, URIRef
from rdflib.namespace import GEO, DefinedNamespace

from kg.domain import TERMS, Iris, terms

IRIS = Iris("https://kg.seocho.example/")
KG = terms(IRIS.ontology)
CLOSED: tuple[type[DefinedNamespace], ...] = (DCTERMS, GEO, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN)
LISTED = {
    "http://qudt.org/schema/qudt/": {"QuantityValue", "numericValue", "hasUnit"},
    "http://www.w3.org/ns/oa#": {"Annotation", "SpecificResource", "TextPositionSelector", "bodyValue", "end", "exact",
                                 "hasTarget", "start"},
    "http://id.loc.gov/datatypes/": {"edtf"},
}  # fmt: skip
"""Namespaces that rdflib does not know: the terms of them that were looked up."""
RELATIONS = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso, OWL.equivalentClass, OWL.equivalentProperty,
             SKOS.closeMatch, SKOS.exactMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}  # fmt: skip


def exists(term: URIRef) -> bool:
    """Say whether the namespace that a term lies in has it."""
    for namespace in CLOSED:
        if str(term).startswith(str(namespace)):
            return term in namespace
    return any(str(term) == f"{namespace}{name}" for namespace, names in LISTED.items() for name in names)


def test_the_alignments_are_about_our_terms(alignments_graph: Graph) -> None:
    """Every subject is a term of ours, every predicate one that relates terms."""
    assert set(alignments_graph.subjects()) <= {KG[name] for name in TERMS}
    assert set(alignments_graph.predicates()) <= RELATIONS


def test_every_foreign_term_exists(alignments_graph: Graph, kg_graph: Graph) -> None:
    """No alignment, domain, range or annotation leads to a term that its vocabulary does not have."""
    spoken_of = {term for triple in alignments_graph for term in triple[1:]} | set(kg_graph.predicates())
    assert [term for term in spoken_of if isinstance(term, URIRef) and not exists(term)] == []


def test_classes_align_with_classes(alignments_graph: Graph) -> None:
    """A class is a sub-class, a property a sub-property."""
    for subject in alignments_graph.subjects(RDFS.subClassOf):
        assert str(subject).removeprefix(IRIS.ontology)[0].isupper()
    for subject in alignments_graph.subjects(RDFS.subPropertyOf):
        assert str(subject).removeprefix(IRIS.ontology)[0].islower()


def test_a_district_is_no_city(alignments_graph: Graph) -> None:
    """Half of the municipalities are districts, so none is claimed to be a ``schema:City``."""
    assert (None, None, SDO.City) not in alignments_graph
