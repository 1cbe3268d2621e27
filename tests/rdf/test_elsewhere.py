"""Facts from elsewhere stand apart, each with its evidence."""

import json
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Literal, URIRef

from kg.build import Build
from kg.domain import WIKIDATA, Iris, terms
from kg.rdf import Gazetteer

IRIS = Iris("https://kg.seocho.example/")
KG = terms(IRIS.ontology)


@pytest.fixture(scope="module")
def gazetteer(home: Path) -> Gazetteer:
    """Read the places of the project."""
    return Gazetteer((home / "data" / "identifiers.json").read_text("utf-8"), IRIS)


def test_a_single_source_is_a_close_match_and_two_an_exact_one(made: Build) -> None:
    """The strength of the link follows the evidence."""
    graph = made.dataset.graphs["elsewhere"]
    assert (URIRef(IRIS.resource("municipality", "hongkou")), SKOS.closeMatch, WIKIDATA.Q661364) in graph
    assert (URIRef(IRIS.resource("municipality", "dongcheng")), SKOS.exactMatch, WIKIDATA.Q394681) in graph


def test_what_is_not_verified_is_left_out(home: Path, made: Build) -> None:
    """No identifier without evidence: Jianhua has no Wikidata item here."""
    rows = json.loads((home / "data" / "identifiers.json").read_text("utf-8"))["places"]
    assert [row["slug"] for row in rows if row["wikidata_status"].startswith("UNVERIFIED")] == ["jianhua"]
    jianhua = URIRef(IRIS.resource("municipality", "jianhua"))
    matches = [*made.dataset.graphs["elsewhere"].objects(jianhua, SKOS.closeMatch)]
    assert matches == []


def test_every_claim_has_its_evidence(made: Build) -> None:
    """A claim repeats a fact of the dataset and says whose word it rests on."""
    graph, merged = made.dataset.graphs["elsewhere"], made.dataset.merged()
    claims = list(graph.subjects(RDF.type, KG.ExternalClaim))
    assert len(claims) > 100
    for claim in claims:
        assert str(graph.value(claim, KG.evidence))
        subject, predicate, value = (graph.value(claim, term) for term in (RDF.subject, RDF.predicate, RDF.object))
        assert value in set(merged.objects(subject, predicate))


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        (("중국", "청도시", "노산구"), "laoshan"),
        (("중국", "흑룡강성", "치치하얼시"), "qiqihar"),
        (("중국", "하남성", "정주시"), "zhengzhou"),
        (("중국", "정주시"), "zhengzhou"),
        (("대한민국", "서울특별시", "서초구"), "seocho"),
        (("일본", "교토부", "교토시"), "교토부-교토시"),
    ],
)
def test_a_place_is_found_by_its_names(gazetteer: Gazetteer, path: tuple[str, ...], slug: str) -> None:
    """Levels between may be left out; a place that is not known is called by its own names."""
    assert gazetteer.slug(path) == slug


def test_every_municipality_of_a_tie_has_three_names(made: Build) -> None:
    """Korean, English and simplified Chinese."""
    merged = made.dataset.merged()
    for city in merged.objects(None, KG.partner):
        labels = merged.objects(city, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))
        assert {label.language for label in labels if isinstance(label, Literal)} == {"ko", "en", "zh-hans"}
