"""The catalogue: the dataset, its distributions and services in DCAT, its prefixes and questions in SHACL.

Editors and agents configure themselves from it: ``sh:declare`` gives the prefixes, ``sh:SPARQLExecutable`` the queries.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.namespace import VOID

from kg.domain import GEO, QUERIED_GRAPHS, Iris, Page
from kg.rdf.formats import GRAPH_FORMS, media_type_of_name
from kg.rdf.questions import Question

DISTRIBUTION_NAMES = (*(f"kg.{form.extension}" for form in GRAPH_FORMS), "cities.csv", "exchanges.csv")
_TITLES = ("서초구 중국 우호도시 지식그래프", "Knowledge graph of Seocho-gu's Chinese friendship cities")
_DESCRIPTIONS = (
    "서초구의 중국 우호도시와 협정, 교류를 서초구 누리집의 내용 그대로 옮긴 데이터입니다.",
    "Seocho-gu's Chinese friendship cities, their agreements and exchanges, as the district's web page gives them.",
)
_RIGHTS = ("원문에 이용 조건이 적혀 있지 않습니다.", "The source page states no licence.")


_SPARQL_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
_NAMESPACES = {"dcat": DCAT, "dcterms": DCTERMS, "geo": GEO, "owl": OWL, "prov": PROV, "rdf": RDF, "rdfs": RDFS,
               "schema": SDO, "sh": SH, "skos": SKOS, "void": VOID, "xsd": XSD}  # fmt: skip
_SCHEME_PREFIXES = {"kind": "exchange-kind", "topic": "topic"}
_SERVICE_TITLES = ("SPARQL 종점", "SPARQL endpoint")
_CATALOG_TITLES = ("서초구 우호도시 데이터 목록", "Catalogue of Seocho-gu's friendship city data")
_LANGUAGES = ("KOR", "ENG", "ZHO")
_LANGUAGE_TABLE = "http://publications.europa.eu/resource/authority/language/"
_MEDIA_TYPE_REGISTRY = "https://www.iana.org/assignments/media-types/"


def catalog_graph(iris: Iris, pages: Iterable[Page], questions: Iterable[Question]) -> Graph:
    """Return the catalogue: how to reach the dataset, and what may be asked of it."""
    graph = Graph()
    dataset, publisher = (URIRef(iris.document("dataset")), URIRef(iris.resource("body", "seocho-office")))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    _texts(graph, dataset, DCTERMS.title, _TITLES)
    _texts(graph, dataset, DCTERMS.description, _DESCRIPTIONS)
    graph.add((dataset, DCTERMS.publisher, publisher))
    graph.add((dataset, DCAT.landingPage, URIRef(iris.base)))
    graph.add((URIRef(iris.base), RDF.type, FOAF.Document))
    graph.add((publisher, RDF.type, FOAF.Agent))
    _texts(graph, publisher, FOAF.name, ("서초구청", "Seocho-gu Office"))
    _texts(graph, publisher, RDFS.label, ("서초구청", "Seocho-gu Office"))
    _rights(graph, dataset)
    _coverage(graph, iris, dataset)
    _catalog(graph, dataset, publisher)
    _service(graph, iris, dataset)
    for day in sorted(page.metadata.last_modified for page in pages if page.metadata.last_modified)[-1:]:
        graph.add((dataset, DCTERMS.modified, Literal(day, datatype=XSD.date)))
    for name, media_type in ((name, media_type_of_name(name)) for name in DISTRIBUTION_NAMES):
        _distribution(graph, iris, dataset, name, media_type)
    _prefixes(graph, iris, dataset)
    for question in questions:
        _question(graph, iris, dataset, question)
    return graph


def _texts(graph: Graph, subject: URIRef, predicate: URIRef, texts: tuple[str, str]) -> None:
    for text, language_tag in zip(texts, ("ko", "en"), strict=True):
        graph.add((subject, predicate, Literal(text, lang=language_tag)))


def _rights(graph: Graph, dataset: URIRef) -> None:
    rights = URIRef(f"{dataset}#rights")
    graph.add((dataset, DCTERMS.accessRights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    _texts(graph, rights, RDFS.label, _RIGHTS)


def _coverage(graph: Graph, iris: Iris, dataset: URIRef) -> None:
    for language in _LANGUAGES:
        graph.add((dataset, DCTERMS.language, URIRef(f"{_LANGUAGE_TABLE}{language}")))
        graph.add((URIRef(f"{_LANGUAGE_TABLE}{language}"), RDF.type, DCTERMS.LinguisticSystem))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(iris.document("sparql"))))
    graph.add((dataset, VOID.uriSpace, Literal(iris.document("id/"))))
    graph.add((dataset, VOID.vocabulary, URIRef(iris.ontology)))
    for name in QUERIED_GRAPHS:
        subset = URIRef(iris.graph(name))
        graph.add((dataset, VOID.subset, subset))
        graph.add((subset, RDF.type, VOID.Dataset))


def _catalog(graph: Graph, dataset: URIRef, publisher: URIRef) -> None:
    catalog = URIRef(f"{dataset}#catalog")
    graph.add((catalog, RDF.type, DCAT.Catalog))
    _texts(graph, catalog, DCTERMS.title, _CATALOG_TITLES)
    _texts(graph, catalog, DCTERMS.description, _DESCRIPTIONS)
    graph.add((catalog, DCTERMS.publisher, publisher))
    graph.add((catalog, DCAT.dataset, dataset))
    graph.add((catalog, DCAT.service, URIRef(f"{dataset}#sparql")))


def _service(graph: Graph, iris: Iris, dataset: URIRef) -> None:
    service, endpoint = URIRef(f"{dataset}#sparql"), URIRef(iris.document("sparql"))
    graph.add((service, RDF.type, DCAT.DataService))
    _texts(graph, service, DCTERMS.title, _SERVICE_TITLES)
    graph.add((service, DCAT.endpointURL, endpoint))
    graph.add((service, DCAT.endpointDescription, endpoint))
    graph.add((service, DCAT.servesDataset, dataset))
    graph.add((service, DCTERMS.conformsTo, URIRef(_SPARQL_PROTOCOL)))
    graph.add((URIRef(_SPARQL_PROTOCOL), RDF.type, DCTERMS.Standard))


def _prefixes(graph: Graph, iris: Iris, dataset: URIRef) -> None:
    """State the prefixes that the questions use (SHACL, section 5.2.1)."""
    namespaces = {"kg": iris.ontology, **{prefix: str(namespace) for prefix, namespace in _NAMESPACES.items()}}
    namespaces |= {prefix: iris.concept(scheme, "") for prefix, scheme in _SCHEME_PREFIXES.items()}
    for prefix, namespace in namespaces.items():
        declaration = URIRef(f"{dataset}#prefix-{prefix}")
        graph.add((dataset, SH.declare, declaration))
        graph.add((declaration, SH.prefix, Literal(prefix)))
        graph.add((declaration, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))


def _question(graph: Graph, iris: Iris, dataset: URIRef, question: Question) -> None:
    """State a question as a query that can be carried out (SHACL 1.2 SPARQL Extensions)."""
    node = URIRef(iris.resource("question", question.name))
    graph.add((node, RDF.type, SH.SPARQLExecutable))
    graph.add((node, RDF.type, SH.SPARQLSelectExecutable))
    _texts(graph, node, RDFS.label, (question.ko, question.en))
    _texts(graph, node, RDFS.comment, (question.ko, question.en))
    graph.add((node, SH.prefixes, dataset))
    graph.add((node, SH.select, Literal(question.query)))
    graph.add((node, SDO.target, URIRef(iris.document("sparql"))))


def _distribution(graph: Graph, iris: Iris, dataset: URIRef, name: str, media_type: str) -> None:
    distribution, address = URIRef(f"{dataset}#{name}"), URIRef(iris.document(f"downloads/{name}"))
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    _texts(graph, distribution, DCTERMS.title, (f"{name} 내려받기", f"Download as {name}"))
    for predicate in (DCAT.accessURL, DCAT.downloadURL):
        graph.add((distribution, predicate, address))
    media = URIRef(f"{_MEDIA_TYPE_REGISTRY}{media_type}")
    graph.add((distribution, DCAT.mediaType, media))
    graph.add((media, RDF.type, DCTERMS.MediaType))
    if name.startswith("kg."):
        graph.add((dataset, VOID.dataDump, address))
