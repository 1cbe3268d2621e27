"""The catalogue: the dataset and its distributions in DCAT, its size in VoID."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import VOID

from kg.iri import Iris
from kg.model import Page

MEDIA_TYPES = {
    "kg.ttl": "text/turtle",
    "kg.nt": "application/n-triples",
    "kg.nq": "application/n-quads",
    "kg.trig": "application/trig",
    "kg.rdf": "application/rdf+xml",
    "kg.jsonld": "application/ld+json",
    "cities.csv": "text/csv",
    "exchanges.csv": "text/csv",
}
_TITLES = ("서초구 중국 우호도시 지식그래프", "Knowledge graph of Seocho-gu's Chinese friendship cities")
_DESCRIPTIONS = (
    "서초구의 중국 우호도시와 협정, 교류를 서초구 누리집의 내용 그대로 옮긴 데이터입니다.",
    "Seocho-gu's Chinese friendship cities, their agreements and exchanges, as the district's web page gives them.",
)
_RIGHTS = ("원문에 이용 조건이 적혀 있지 않습니다.", "The source page states no licence.")


def catalog_graph(iris: Iris, pages: Iterable[Page], sizes: Mapping[str, int]) -> Graph:
    """Return the catalogue; ``sizes`` is the number of triples of each named graph."""
    graph = Graph()
    dataset, publisher = (URIRef(iris.document("dataset")), URIRef(iris.resource("body", "seocho-office")))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    _texts(graph, dataset, DCTERMS.title, _TITLES)
    _texts(graph, dataset, DCTERMS.description, _DESCRIPTIONS)
    graph.add((dataset, DCTERMS.publisher, publisher))
    graph.add((publisher, RDF.type, FOAF.Agent))
    _texts(graph, publisher, FOAF.name, ("서초구청", "Seocho-gu Office"))
    _texts(graph, publisher, RDFS.label, ("서초구청", "Seocho-gu Office"))
    _rights(graph, dataset)
    _counts(graph, iris, dataset, sizes)
    for day in sorted(page.metadata.last_modified for page in pages if page.metadata.last_modified)[-1:]:
        graph.add((dataset, DCTERMS.modified, Literal(day, datatype=XSD.date)))
    for name, media_type in MEDIA_TYPES.items():
        _distribution(graph, iris, dataset, name, media_type)
    return graph


def _texts(graph: Graph, subject: URIRef, predicate: URIRef, texts: tuple[str, str]) -> None:
    for text, language_tag in zip(texts, ("ko", "en"), strict=True):
        graph.add((subject, predicate, Literal(text, lang=language_tag)))


def _rights(graph: Graph, dataset: URIRef) -> None:
    rights = URIRef(f"{dataset}#rights")
    graph.add((dataset, DCTERMS.accessRights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    _texts(graph, rights, RDFS.label, _RIGHTS)


def _counts(graph: Graph, iris: Iris, dataset: URIRef, sizes: Mapping[str, int]) -> None:
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(iris.document("sparql"))))
    graph.add((dataset, VOID.uriSpace, Literal(iris.document("id/"))))
    graph.add((dataset, VOID.vocabulary, URIRef(iris.ontology)))
    for name, size in sorted(sizes.items()):
        subset = URIRef(iris.graph(name))
        graph.add((dataset, VOID.subset, subset))
        graph.add((subset, RDF.type, VOID.Dataset))
        graph.add((subset, VOID.triples, Literal(size)))


def _distribution(graph: Graph, iris: Iris, dataset: URIRef, name: str, media_type: str) -> None:
    distribution, address = URIRef(f"{dataset}#{name}"), URIRef(iris.document(f"downloads/{name}"))
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    _texts(graph, distribution, DCTERMS.title, (f"{name} 내려받기", f"Download as {name}"))
    for predicate in (DCAT.accessURL, DCAT.downloadURL):
        graph.add((distribution, predicate, address))
    media = URIRef(f"https://www.iana.org/assignments/media-types/{media_type}")
    graph.add((distribution, DCAT.mediaType, media))
    if name.startswith("kg."):
        graph.add((dataset, VOID.dataDump, address))
