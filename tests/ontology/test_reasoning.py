"""What follows from our data in the words of PROV-O and schema.org is no contradiction, and is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyshacl
import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics  # type: ignore[import-untyped]
from rdflib import OWL, PROV, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.build import Build
from kg.domain import Iris, terms

KG = terms(Iris("https://kg.seocho.example/").ontology)
SCHEMA, OLD_SCHEMA = "https://schema.org/", "http://schema.org/"
_FEW = 3
"""So many of each class of the apparatus: all are said alike, and the closure of all takes a minute."""
APPARATUS = (KG.Passage, KG.SourceLine, KG.SourceDoubt, KG.ExternalClaim, KG.UnitCount)
SINCE = {"Observation": "QuantitativeValue"}
"""Super-classes that schema.org has stated since the edition that pySHACL carries."""


def closure(graph: Graph) -> list[str]:
    """Add all that follows by OWL 2 RL, and return the contradictions."""
    DeductiveClosure(OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return [str(message) for _, predicate, message in graph if str(predicate).endswith("error")]


@pytest.fixture(scope="module")
def axioms(kg_graph: Graph, alignments_graph: Graph) -> Graph:
    """Join our ontology, its alignments and PROV-O."""
    return kg_graph + alignments_graph + Graph().parse(Path(__file__).with_name("prov-o.ttl"))


def test_the_data_contradicts_no_vocabulary(made: Build, axioms: Graph) -> None:
    """No individual is in two classes that exclude each other, domains and ranges included."""
    data = made.dataset.merged()
    left_out = {node for each in APPARATUS for node in sorted(data.subjects(RDF.type, each), key=str)[_FEW:]}
    graph = axioms + Graph()
    for subject, predicate, object_ in data:
        if subject not in left_out and not isinstance(object_, Literal):
            graph.add((subject, predicate, object_))
    assert closure(graph) == []
    assert (KG.ExchangeRecord, RDFS.subClassOf, PROV.Entity) in graph


def test_a_contradiction_is_found(axioms: Graph) -> None:
    """An activity that was derived from something would be one."""
    one = URIRef("http://a/one")
    graph = axioms + Graph()
    graph.add((one, RDF.type, PROV.Activity))
    graph.add((one, PROV.wasDerivedFrom, URIRef("http://a/other")))
    assert any(str(one) in message for message in closure(graph))


def test_a_property_of_schema_org_is_used_where_it_has_a_meaning(kg_graph: Graph, alignments_graph: Graph) -> None:
    """The class of what we say it of is one that schema.org has the property for."""
    schema = Graph().parse(Path(pyshacl.__file__).with_name("assets") / "schema.ttl")
    for name, wider in SINCE.items():
        schema.add((URIRef(OLD_SCHEMA + name), RDFS.subClassOf, URIRef(OLD_SCHEMA + wider)))
    ours = kg_graph + alignments_graph
    for term, above in ours.subject_objects(RDFS.subPropertyOf):
        having = {one for shape in schema.subjects(SH.path, old(above)) for one in schema.subjects(SH.property, shape)}
        for domain in domains(ours, term) if str(above).startswith(SCHEMA) else ():
            stated = (old(each) for each in ours.transitive_objects(domain, RDFS.subClassOf))
            reached = {each for one in stated for each in schema.transitive_objects(one, RDFS.subClassOf)}
            assert having & (reached | {old(f"{SCHEMA}Thing")}), (term, above, domain)


def old(term: Node | str | None) -> URIRef:
    """Return a term of schema.org as older editions name it."""
    return URIRef(str(term).replace(SCHEMA, OLD_SCHEMA))


def domains(ontology: Graph, term: Node | None) -> Iterator[Node]:
    """Yield the classes of a property's domain."""
    for domain in ontology.objects(term, RDFS.domain):
        union = ontology.value(domain, OWL.unionOf)
        yield from ontology.items(union) if union else (domain,)
