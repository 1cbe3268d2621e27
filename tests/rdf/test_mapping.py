"""What the page says as triples, and where each was read."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from rdflib import PROV, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.build import Build, program_code
from kg.domain import Iris, terms

IRIS = Iris("https://kg.seocho.example/")
KG = terms(IRIS.ontology)
MADE_BY_US = {RDF.type, RDFS.label, KG.position}


def iri(kind: str, slug: str) -> URIRef:
    """Return the IRI of a thing."""
    return URIRef(IRIS.resource(kind, slug))


def test_every_fact_leads_to_where_it_was_read(made: Build) -> None:
    """For each triple of the page graph, its subject derives from a passage that gives that very property."""
    provenance = made.dataset.graphs["provenance"]
    given = {
        (subject, predicate)
        for subject, passage in provenance.subject_objects(PROV.wasDerivedFrom)
        for predicate in provenance.objects(passage, KG.gives)
    }
    facts = {(s, p) for s, p, _ in made.dataset.graphs["page"] if p not in MADE_BY_US}
    assert facts - given == set()


def test_a_passage_holds_the_text_that_stands_there(made: Build) -> None:
    """Line and columns of a passage cut its text out of the page; columns count from 1, the end lies behind."""
    provenance = made.dataset.graphs["provenance"]
    lines = [line.text for line in made.pages[0].lines]
    for passage in provenance.subjects(RDF.type, KG.Passage):
        number, start, end = (
            int(str(provenance.value(passage, term))) for term in (KG.lineNumber, KG.startColumn, KG.endColumn)
        )
        assert lines[number - 1][start - 1 : end - 1] == str(provenance.value(passage, KG.printed))


def test_no_triple_stands_in_two_graphs(made: Build) -> None:
    """The engine would give it twice."""
    seen: set[object] = set()
    for graph in made.dataset.graphs.values():
        assert seen.isdisjoint(graph)
        seen.update(graph)


def test_there_are_no_blank_nodes(made: Build) -> None:
    """Everything in the dataset has an IRI, so it can be cited, and the same input gives the same bytes."""
    merged = made.dataset.merged()
    assert all(isinstance(node, URIRef | Literal) for triple in merged for node in triple)


def test_an_agreement_exists_once(made: Build) -> None:
    """The note that tells of Hebi's signing points to the agreement of the heading; it makes none of its own."""
    page = made.dataset.graphs["page"]
    agreement = iri("agreement", "hebi-2016-10-13")
    assert (iri("exchange", "hebi-2016-10-13"), KG.concludes, agreement) in page
    assert page.value(iri("friendship", "seocho-hebi"), KG.foundedBy) == agreement
    assert len(set(page.subjects(RDF.type, KG.Agreement))) == 8 + 4  # the ties, and 4 documents of the lists


def test_a_council_is_not_the_district(made: Build) -> None:
    """A delegation of the council is whose the council is."""
    page = made.dataset.graphs["page"]
    council = iri("body", "seocho-council")
    assert page.value(iri("delegation", "zaozhuang-2013-11.1"), KG.whose) == council
    assert page.value(council, KG.bodyOf) == iri("municipality", "seocho")


def test_a_friendship_is_named_by_both_sides_in_three_languages(made: Build) -> None:
    """The page gives the Korean names; the others are those that the two places have elsewhere."""
    page, elsewhere = made.dataset.graphs["page"], made.dataset.graphs["elsewhere"]

    def names(thing: Node, graph: Graph) -> dict[str | None, str]:
        return {label.language: str(label) for label in graph.objects(thing, RDFS.label) if isinstance(label, Literal)}

    ours = names(iri("municipality", "seocho"), elsewhere)
    partners = dict(page.subject_objects(KG.partner))
    assert len(partners) == 8
    for friendship, partner in partners.items():
        theirs = names(partner, elsewhere)
        assert names(friendship, page) == {
            "ko": f"서초구와 {names(partner, page)['ko']}의 결연",
            "en": f"Seocho-gu and {theirs['en']}",
            "zh-hans": f"{ours['zh-hans']}与{theirs['zh-hans']}",
        }
    assert names(iri("friendship", "seocho-hebi"), page)["zh-hans"] == "瑞草区与鹤壁市"


def test_another_base_changes_nothing_but_the_base(made: Build) -> None:
    """Moved to another base and back, the dataset is the one it was; and nothing of the old base is left."""
    other = Iris("https://example.org/deep/")
    moved = made.dataset.relocated(other)
    assert not any("kg.seocho.example" in str(node) for triple in moved.merged() for node in triple)
    assert set(moved.relocated(IRIS).quads()) == set(made.dataset.quads())


def test_doubts_lie_where_the_records_lie(made: Build) -> None:
    """The doubt about the misplaced comma is about the population of Baishan."""
    provenance: Graph = made.dataset.graphs["provenance"]
    doubts = list(provenance.subjects(KG.rule, Literal("misplaced-comma")))
    assert len(doubts) == 1
    assert iri("statistic", "baishan-population") in set(provenance.objects(doubts[0], KG.about))


def test_the_dataset_says_who_made_it_from_what_with_which_code(made: Build, home: Path) -> None:
    """The activity used the page, known by its SHA-256, and was carried out by this version of the code."""
    provenance = made.dataset.graphs["provenance"]
    activity = provenance.value(URIRef(IRIS.document("dataset")), PROV.wasGeneratedBy)
    used = {str(provenance.value(file, KG.sha256)) for file in provenance.objects(activity, PROV.used)}
    page = (home / "data" / "sources" / "seocho-china.txt").read_bytes()
    assert hashlib.sha256(page).hexdigest() in used
    agent = provenance.value(activity, PROV.wasAssociatedWith)
    assert str(provenance.value(agent, KG.codeVersion)) == version("kg")
    assert str(provenance.value(agent, KG.codeSha256)) == program_code().sha256
