"""rdflib parses our documents by address, and federates with us (SERVICE)."""

import pytest
from rdflib import RDF, RDFS, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.query import ResultRow

from clients.endpoint import Endpoint
from clients.queries import HONGKOU, NAMES, NOTE, PREDICATE, SUBJECT

pytestmark = [
    pytest.mark.clients,
    pytest.mark.filterwarnings(
        "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
    ),  # its JSON-LD reader uses it
]

KG = Namespace("https://kg.seocho.example/ontology#")
LABEL = (URIRef(HONGKOU), RDFS.label, Literal(NAMES[HONGKOU], "ko"))
SHORT = "{ ?city rdfs:label ?name }"
LONG = f"{{ ?city rdfs:label ?name FILTER(?name NOT IN ({', '.join(map(str, range(300)))})) }}"


@pytest.mark.parametrize("path", ["id/municipality/hongkou", "data/municipality/hongkou", "downloads/kg.ttl"])
def test_resource(site: str, path: str) -> None:
    """A resource is parsed by address, without a format."""
    assert LABEL in Graph().parse(f"{site}{path}")


@pytest.mark.parametrize(
    ("path", "triple"),
    [
        ("ontology", (KG.Friendship, RDF.type, URIRef("http://www.w3.org/2002/07/owl#Class"))),
        ("shapes", (None, RDF.type, URIRef("http://www.w3.org/ns/shacl#NodeShape"))),
        ("dataset", (None, RDF.type, URIRef("http://www.w3.org/ns/dcat#Dataset"))),
        (".well-known/void", (None, RDF.type, URIRef("http://rdfs.org/ns/void#Dataset"))),
        ("sparql", (None, RDF.type, URIRef("http://www.w3.org/ns/sparql-service-description#Service"))),
        ("graphs?graph=https://kg.seocho.example/graphs/elsewhere", (None, RDF.type, KG.ExternalClaim)),
    ],
)
def test_document(site: str, path: str, triple: tuple[URIRef | None, URIRef, URIRef]) -> None:
    """A document about the dataset is parsed by address, without a format."""
    assert triple in Graph().parse(f"{site}{path}")


@pytest.mark.parametrize("rdf_format", ["turtle", "xml", "json-ld", "nt", "n3"])
def test_format(site: str, rdf_format: str) -> None:
    """Each format that rdflib accepts has the same graph."""
    address = f"{site}id/municipality/hongkou"
    assert isomorphic(Graph().parse(address, format=rdf_format), Graph().parse(f"{site}data/municipality/hongkou.nt"))


@pytest.mark.parametrize("name", ["kg.ttl", "kg.jsonld", "kg.nt", "kg.rdf"])
def test_download(site: str, name: str) -> None:
    """Each distribution is parsed by address, to the same number of triples."""
    lines = Graph().parse(f"{site}downloads/kg.nt")
    parsed = Dataset(default_union=True).parse(f"{site}downloads/{name}")  # JSON-LD keeps its named graphs
    assert len({triple[:3] for triple in parsed}) == len(lines) > 20_000


@pytest.mark.parametrize("block", [SHORT, LONG], ids=["get", "post"])
def test_service(endpoint: Endpoint, block: str) -> None:
    """A query on a local graph joins with the endpoint's solutions; a long query is sent by POST."""
    local = Graph()
    local.bind("rdfs", RDFS)
    local.add((URIRef(SUBJECT), URIRef(PREDICATE), Literal(NOTE)))
    local.add((URIRef(HONGKOU), URIRef(PREDICATE), Literal(NOTE)))
    rows = local.query(f"SELECT ?city ?name {{ ?city <{PREDICATE}> ?note SERVICE <{endpoint.query}> {block} }}")
    found = {tuple(row) for row in rows if isinstance(row, ResultRow)}
    assert (LABEL[0], LABEL[2]) in found
    assert {city for city, _ in found} == {LABEL[0]}
