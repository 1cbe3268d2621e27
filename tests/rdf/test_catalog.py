"""The catalogue: what programs configure themselves from, and the European profile of DCAT."""

import pytest
from rdflib import DCAT, DCTERMS, RDF, RDFS, SDO, SH, Graph, Namespace, URIRef
from rdflib.namespace import VOID

from dcat_ap import needs_shapes, violations
from kg.build import Build
from kg.domain import DEFAULT_BASE_IRI, Iris
from kg.rdf import catalog_graph, questions

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DATASET = URIRef(f"{DEFAULT_BASE_IRI}dataset")


@pytest.fixture(scope="module")
def catalog(made: Build) -> Graph:
    """Give the catalogue of the owner's page."""
    return made.dataset.graphs["catalog"]


@needs_shapes
def test_the_catalogue_conforms_to_dcat_ap(catalog: Graph) -> None:
    """Not one violation of DCAT-AP 3.0.1."""
    assert not violations(Graph() + catalog)


def test_every_question_can_be_carried_out(catalog: Graph) -> None:
    """Each question is an executable query with its text in three languages, its prefixes and its endpoint."""
    found = set(catalog.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert len(found) == len(questions()) == 12
    for node in found:
        assert {text.language for text in catalog.objects(node, RDFS.comment)} == {"ko", "en", "zh-hans"}  # type: ignore[attr-defined]
        assert catalog.value(node, SH.prefixes) == DATASET
        assert str(catalog.value(node, SDO.target)) == f"{DEFAULT_BASE_IRI}sparql"
        assert (node, RDF.type, SH.SPARQLExecutable) in catalog
    assert {str(text) for text in catalog.objects(None, SH.select)} == {one.query for one in questions()}


def test_the_questions_need_no_other_prefix(catalog: Graph) -> None:
    """Every prefix of a question is declared, as the same namespace."""
    declared = {
        str(catalog.value(node, SH.prefix)): str(catalog.value(node, SH.namespace))
        for node in catalog.objects(DATASET, SH.declare)
    }
    for question in questions():
        lines = (line.split() for line in question.query.splitlines() if line.startswith("PREFIX"))
        for _, prefix, namespace in lines:
            assert declared[prefix.removesuffix(":")] == namespace.strip("<>")


def test_the_dataset_says_how_it_is_reached(catalog: Graph) -> None:
    """A catalogue with one dataset, its service, its files, its graphs."""
    assert list(catalog.subjects(RDF.type, DCAT.Catalog)) == [URIRef(f"{DATASET}#catalog")]
    (service,) = catalog.subjects(RDF.type, DCAT.DataService)
    assert catalog.value(service, DCAT.servesDataset) == DATASET
    assert len(list(catalog.objects(DATASET, DCAT.distribution))) == 8
    assert len(list(catalog.objects(DATASET, VOID.subset))) == 5
    assert (DATASET, DCTERMS.spatial, URIRef("http://publications.europa.eu/resource/authority/country/CHN")) in catalog
    period = catalog.value(DATASET, DCTERMS.temporal)
    assert [str(catalog.value(period, one)) for one in (DCAT.startDate, DCAT.endDate)] == ["1997-01-01", "2024-07-31"]
    contact = catalog.value(DATASET, DCAT.contactPoint)
    assert str(catalog.value(contact, VCARD.fn)) == "행정지원과"
    assert str(catalog.value(catalog.value(contact, VCARD.hasTelephone), VCARD.hasValue)) == "tel:+82-2-2155-6168"
    assert len(list(catalog.objects(DATASET, DCAT.keyword))) == 18


@pytest.mark.parametrize("licence", ["", "https://spdx.org/licenses/CC-BY-4.0"])
def test_a_licence_is_stated_of_each_thing_that_can_have_one(made: Build, licence: str) -> None:
    """Where there is none, each says so, and by whom one could be stated."""
    catalog = catalog_graph(Iris(DEFAULT_BASE_IRI), made.pages, questions(), licence)
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution):
        for node in catalog.subjects(RDF.type, kind):
            assert [str(one) for one in catalog.objects(node, DCTERMS.license)] == [licence] * bool(licence)
            said = {str(text) for text in catalog.objects(catalog.value(node, DCTERMS.rights), RDFS.label)}
            assert len(said) == 3
            assert any((licence or "Seocho-gu Office") in text for text in said)


def test_another_base_moves_the_queries_too(made: Build) -> None:
    """A build with another base differs in nothing but the base, inside the queries as well."""
    moved = made.dataset.relocated(Iris("https://example.org/kg/")).graphs["catalog"]
    texts = {str(text) for text in moved.objects(None, SH.select)}
    assert texts == {one.query for one in questions("https://example.org/kg/")}
    assert not any(DEFAULT_BASE_IRI in text for text in texts)
