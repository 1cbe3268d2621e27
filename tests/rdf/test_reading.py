"""The page from the graph alone."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, XSD, Literal, URIRef

from kg.build import Build, render
from kg.domain import Iris, terms
from kg.rdf import RdfDataset, nquads, parse_quads, read_pages
from kg.rdf.rdf_dataset import graph_of
from kg.source import write_page

SHA256 = "18c94f75bb6964f3d1a66f9dbabfec586a2a36d652e3e218223224aca9599bc6"
IRIS = Iris("https://kg.seocho.example/")
KG = terms(IRIS.ontology)
QUERIES = Path(__file__).parents[2] / "src" / "kg" / "rdf" / "queries"


def iri(kind: str, slug: str) -> URIRef:
    """Return the IRI of a thing."""
    return URIRef(IRIS.resource(kind, slug))


def concept(scheme: str, notation: str) -> URIRef:
    """Return the IRI of a concept."""
    return URIRef(IRIS.concept(scheme, notation))


@pytest.fixture
def dataset(made: Build) -> RdfDataset:
    """Give a copy of the dataset that a test may change."""
    return RdfDataset({name: graph_of(graph) for name, graph in made.dataset.graphs.items()}, IRIS)


def rendered(dataset: RdfDataset) -> list[str]:
    """Render the page from a dataset."""
    return write_page(read_pages(dataset)[0]).split("\n")


def changes(made: Build, dataset: RdfDataset) -> tuple[set[str], set[str]]:
    """Return the lines that the page has lost and gained."""
    before, after = {line.text for line in made.pages[0].lines}, set(rendered(dataset))
    return before - after, after - before


def test_the_graph_regenerates_the_page(files: dict[str, bytes]) -> None:
    """Byte for byte, from the N-Quads and from nothing else."""
    text = render(files["kg.nq"])["seocho-china"]
    assert hashlib.sha256(text.encode()).hexdigest() == SHA256


def test_it_does_so_under_any_base(made: Build) -> None:
    """The base is found in the data."""
    moved = nquads(made.dataset.relocated(Iris("http://localhost:8000/")))
    assert hashlib.sha256(render(moved)["seocho-china"].encode()).hexdigest() == SHA256


def test_a_changed_figure_is_written_from_its_values(made: Build, dataset: RdfDataset) -> None:
    """A typed value that has changed makes its line anew, and no other."""
    dataset.graphs["page"].set((iri("statistic", "hongkou-population"), KG.value, Literal(725000)))
    lost, gained = changes(made, dataset)
    assert lost == {"    • 인 구 : 약 71만명(2019년 기준)"}
    assert gained == {"    • 인 구 : 약 725,000명(2019년 기준)"}


def test_a_changed_date_is_written_from_its_values(made: Build, dataset: RdfDataset) -> None:
    """The date of an agreement changes its line."""
    agreement, page = iri("agreement", "hongkou-1999-10-21"), dataset.graphs["page"]
    page.set((agreement, KG.edtf, Literal("1999-10-22")))
    page.set((agreement, KG.startDate, Literal(date(1999, 10, 22))))
    page.set((agreement, KG.endDate, Literal(date(1999, 10, 22))))
    assert changes(made, dataset) == ({"  • 결 연 일 : 1999년 10월 21일"}, {"  • 결 연 일 : 1999년 10월 22일"})


def add_exchange(dataset: RdfDataset, slug: str, *statements: tuple[URIRef, URIRef | Literal]) -> URIRef:
    """Add a visit from Hongkou in March 2015, in typed form only."""
    page, record, event = dataset.graphs["page"], iri("exchange", slug), iri("event", slug)
    for triple in (
        (record, RDF.type, KG.ExchangeRecord),
        (record, KG.friendship, iri("friendship", "seocho-hongkou")),
        (record, KG.exchangedWith, iri("municipality", "hongkou")),
        (record, KG.primaryKind, concept("exchange-kind", "visit")),
        (record, KG.direction, concept("direction", "to-seocho")),
        (record, KG.event, event),
        (event, RDF.type, KG.ExchangeEvent),
        (event, KG.record, record),
        (event, KG.startDate, Literal("2015-03-01", datatype=XSD.date)),
        (event, KG.endDate, Literal("2015-03-31", datatype=XSD.date)),
        (event, KG.datePrecision, Literal("month")),
        *((record, predicate, value) for predicate, value in statements),
    ):
        page.add(triple)
    return record


def test_a_typed_exchange_is_written_in_the_pages_manner(made: Build, dataset: RdfDataset) -> None:
    """Values alone make a line, set by its date between its neighbours."""
    delegation = iri("delegation", "new.1")
    add_exchange(dataset, "new", (KG.participant, delegation))
    for triple in (
        (delegation, RDF.type, KG.Delegation),
        (delegation, KG.whose, iri("municipality", "hongkou")),
        (delegation, KG.role, Literal("대표단", lang="ko")),
        (delegation, KG.headCount, Literal(5)),
    ):
        dataset.graphs["page"].add(triple)
    assert changes(made, dataset) == (set(), {"    • 홍구구 대표단(5명) 서초구 방문 (2015년 3월)"})
    lines = rendered(dataset)
    position = lines.index("    • 홍구구 대표단(5명) 서초구 방문 (2015년 3월)")
    assert lines[position - 1] == "    • 홍구구 대표단 서초구 우호방문 (2014년12월)"
    assert lines[position + 1] == "    • 홍구구 대표단 서초구 우호방문 (2016년7월)"


def test_a_described_exchange_keeps_its_words(made: Build, dataset: RdfDataset) -> None:
    """A description given by hand is written as it is."""
    add_exchange(dataset, "new", (KG.description, Literal("홍구구 청소년 대표단 서초구 방문", lang="ko")))
    assert changes(made, dataset) == (set(), {"    • 홍구구 청소년 대표단 서초구 방문 (2015년 3월)"})


def test_a_new_tie_becomes_a_section(made: Build, dataset: RdfDataset) -> None:
    """A city that was never on the page has a section of its own behind the others, before the survey."""
    page = dataset.graphs["page"]
    city, friendship, agreement = iri("municipality", "suzhou"), iri("friendship", "x"), iri("agreement", "x")
    for triple in (
        (city, RDF.type, KG.Municipality),
        (city, RDFS.label, Literal("소주시", lang="ko")),
        (city, KG.within, iri("country", "cn")),
        (friendship, RDF.type, KG.Friendship),
        (friendship, KG.partner, city),
        (friendship, KG.foundedBy, agreement),
        (agreement, KG.title, Literal("서초구 - 소주시 우호도시 협정", lang="ko")),
        (agreement, KG.edtf, Literal("2025-05-01")),
        (agreement, KG.concludedInPrinted, Literal("소주시", lang="ko")),
    ):
        page.add(triple)
    lines = rendered(dataset)
    start = lines.index("중국 소주시")
    assert lines[start : start + 5] == [
        "중국 소주시",
        "",
        "중국 소주시",
        "  • 결 연 일 : 2025년 5월 1일",
        "  • 결연명칭 : 서초구 - 소주시 우호도시 협정 (체결장소 : 소주시)",
    ]
    assert lines.index("이 페이지에서 제공하는 정보에 대하여 만족하십니까?") > start
    assert {line.text for line in made.pages[0].lines} <= set(lines)


def test_a_dataset_without_our_graphs_is_refused() -> None:
    """N-Quads of somebody else's are not read as ours."""
    with pytest.raises(ValueError, match="graphs/page"):
        parse_quads(b"<a:b> <a:c> <a:d> <a:g> .\n")


def test_what_did_not_take_place_is_read_back_and_not_counted(dataset: RdfDataset) -> None:
    """A record with a status has it in the model, and the question that counts exchanges leaves it out."""
    page, record = dataset.graphs["page"], iri("exchange", "hongkou-2009-07")
    query = next(QUERIES.glob("07-*.rq")).read_text("utf-8")

    def counted() -> list[tuple[str, str]]:
        rows = page.query(query).bindings
        found = [{str(name): str(value) for name, value in row.items()} for row in rows]
        return [(row["lines"], row["occurrences"]) for row in found if row["name"] == "홍구구"]

    assert counted() == [("14", "14")]
    page.add((record, KG.status, concept("exchange-status", "cancelled")))
    assert counted() == [("13", "13")]
    statuses = [one.status for _, one in read_pages(dataset)[0].exchanges()]
    assert (statuses.count("cancelled"), statuses.count("held")) == (1, 79)
