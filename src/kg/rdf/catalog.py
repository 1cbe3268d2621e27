"""The catalogue: the dataset, its distributions and services in DCAT, its prefixes and questions in SHACL.

Editors and agents configure themselves from it: ``sh:declare`` gives the prefixes, ``sh:SPARQLExecutable`` the queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rdflib import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VOID

from kg.domain import GEO, QUERIED_GRAPHS, Iris, Metadata, Page
from kg.locales import Message, Text, Translatable
from kg.rdf.formats import GRAPH_FORMS, media_type_of_name
from kg.rdf.questions import Question
from kg.rdf.rights import rights

DISTRIBUTION_NAMES = (*(f"kg.{form.extension}" for form in GRAPH_FORMS), "cities.csv", "exchanges.csv")
DESCRIPTION, PUBLISHER = Message("catalog.description"), Message("catalog.publisher")
KEYWORDS = tuple(
    Message(f"catalog.keyword.{one}")
    for one in ("friendship_city", "exchange", "agreement", "seocho", "china", "linked_data")
)
_SPARQL_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
_NAMESPACES = {"dcat": DCAT, "dcterms": DCTERMS, "geo": GEO, "owl": OWL, "prov": PROV, "rdf": RDF, "rdfs": RDFS,
               "schema": SDO, "sh": SH, "skos": SKOS, "void": VOID, "xsd": XSD}  # fmt: skip
_SCHEME_PREFIXES = {"kind": "exchange-kind", "topic": "topic"}
_LANGUAGES = ("KOR", "ENG", "ZHO")
_COUNTRIES = ("KOR", "CHN")
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_ACCESS = f"{_AUTHORITY}access-right/PUBLIC"
_MEDIA_TYPE_REGISTRY = "https://www.iana.org/assignments/media-types/"


def catalog_graph(iris: Iris, pages: Sequence[Page], questions: Iterable[Question], licence: str = "") -> Graph:
    """Return the catalogue: how to reach the dataset, and what may be asked of it.

    There is no time in it, so that two builds give the same bytes: ``described`` adds those of a version.
    """
    graph = Graph()
    dataset, publisher = (URIRef(iris.document("dataset")), URIRef(iris.resource("body", "seocho-office")))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    _texts(graph, dataset, DCTERMS.title, Message("catalog.title"))
    _texts(graph, dataset, DCTERMS.description, DESCRIPTION)
    for keyword in KEYWORDS:
        _texts(graph, dataset, DCAT.keyword, keyword)
    graph.add((dataset, DCTERMS.publisher, publisher))
    graph.add((dataset, DCAT.landingPage, URIRef(iris.base)))
    graph.add((URIRef(iris.base), RDF.type, FOAF.Document))
    graph.add((publisher, RDF.type, FOAF.Agent))
    _texts(graph, publisher, FOAF.name, PUBLISHER)
    _texts(graph, publisher, RDFS.label, PUBLISHER)
    _coverage(graph, iris, dataset)
    _time(graph, dataset, pages)
    for number, page in enumerate(pages, 1):
        _contact(graph, dataset, number, page.metadata)
    _catalog(graph, dataset, publisher)
    _service(graph, iris, dataset)
    for name, media_type in ((name, media_type_of_name(name)) for name in DISTRIBUTION_NAMES):
        _distribution(graph, iris, dataset, name, media_type)
    _prefixes(graph, iris, dataset)
    for question in questions:
        _question(graph, iris, dataset, question)
    _rights(graph, dataset, licence)
    return graph


def _texts(graph: Graph, subject: URIRef, predicate: URIRef, message: Translatable) -> None:
    for tag, text in message.texts():
        graph.add((subject, predicate, Literal(text, lang=tag.lower())))


def _rights(graph: Graph, dataset: URIRef, licence: str) -> None:
    """State the licence of the catalogue, the dataset, its files and its service; else that there is none."""
    statement = URIRef(f"{dataset}#rights")
    graph.add((dataset, DCTERMS.accessRights, URIRef(_ACCESS)))
    graph.add((URIRef(_ACCESS), RDF.type, DCTERMS.RightsStatement))
    graph.add((statement, RDF.type, DCTERMS.RightsStatement))
    _texts(graph, statement, RDFS.label, rights(licence))
    if licence:
        graph.add((URIRef(licence), RDF.type, DCTERMS.LicenseDocument))
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService):
        for node in list(graph.subjects(RDF.type, kind)):
            graph.add((node, DCTERMS.rights, statement))
            if licence:
                graph.add((node, DCTERMS.license, URIRef(licence)))


def _time(graph: Graph, dataset: URIRef, pages: Iterable[Page]) -> None:
    """State the first and the last day of what the pages date."""
    signed = [city.agreement.date for page in pages for city in page.cities if city.agreement and city.agreement.date]
    spans = [one.date for page in pages for _, exchange in page.exchanges() for one in exchange.occurrences]
    days = [(span.start, span.end) for span in (*signed, *spans)]
    if days:
        period = URIRef(f"{dataset}#period")
        graph.add((dataset, DCTERMS.temporal, period))
        graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
        graph.add((period, DCAT.startDate, Literal(min(start for start, _ in days), datatype=XSD.date)))
        graph.add((period, DCAT.endDate, Literal(max(end for _, end in days), datatype=XSD.date)))


def _contact(graph: Graph, dataset: URIRef, number: int, metadata: Metadata) -> None:
    """State whom a page names for questions, as printed."""
    if not metadata.department:
        return
    contact = URIRef(f"{dataset}#contact-{number}")
    graph.add((dataset, DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, _VCARD.Organization))
    graph.add((contact, RDF.type, _VCARD.Kind))
    graph.add((contact, _VCARD.fn, Literal(metadata.department, lang="ko")))
    if metadata.phone:
        telephone = URIRef(f"{contact}-telephone")
        graph.add((contact, _VCARD.hasTelephone, telephone))
        graph.add((telephone, RDF.type, _VCARD.Voice))
        graph.add((telephone, _VCARD.hasValue, URIRef(f"tel:+82-{metadata.phone.removeprefix('0')}")))
        graph.add((telephone, RDFS.label, Literal(metadata.phone)))


def _coverage(graph: Graph, iris: Iris, dataset: URIRef) -> None:
    for table, codes, predicate, kind in (
        ("language", _LANGUAGES, DCTERMS.language, DCTERMS.LinguisticSystem),
        ("country", _COUNTRIES, DCTERMS.spatial, DCTERMS.Location),
    ):
        for node in (URIRef(f"{_AUTHORITY}{table}/{code}") for code in codes):
            graph.add((dataset, predicate, node))
            graph.add((node, RDF.type, kind))
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
    _texts(graph, catalog, DCTERMS.title, Message("catalog.catalog"))
    _texts(graph, catalog, DCTERMS.description, DESCRIPTION)
    graph.add((catalog, DCTERMS.publisher, publisher))
    graph.add((catalog, DCAT.dataset, dataset))
    graph.add((catalog, DCAT.service, URIRef(f"{dataset}#sparql")))


def _service(graph: Graph, iris: Iris, dataset: URIRef) -> None:
    service, endpoint = URIRef(f"{dataset}#sparql"), URIRef(iris.document("sparql"))
    graph.add((service, RDF.type, DCAT.DataService))
    _texts(graph, service, DCTERMS.title, Message("catalog.service"))
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
    asked = Text({"ko": question.ko, "en": question.en, "zh-Hans": question.zh})
    _texts(graph, node, RDFS.label, asked)
    _texts(graph, node, RDFS.comment, asked)
    graph.add((node, SH.prefixes, dataset))
    graph.add((node, SH.select, Literal(question.query)))
    graph.add((node, SDO.target, URIRef(iris.document("sparql"))))


def _distribution(graph: Graph, iris: Iris, dataset: URIRef, name: str, media_type: str) -> None:
    distribution, address = URIRef(f"{dataset}#{name}"), URIRef(iris.document(f"downloads/{name}"))
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    _texts(graph, distribution, DCTERMS.title, Message("catalog.download", name=name))
    for predicate in (DCAT.accessURL, DCAT.downloadURL):
        graph.add((distribution, predicate, address))
    media = URIRef(f"{_MEDIA_TYPE_REGISTRY}{media_type}")
    graph.add((distribution, DCAT.mediaType, media))
    graph.add((media, RDF.type, DCTERMS.MediaType))
    if name.startswith("kg."):
        graph.add((dataset, VOID.dataDump, address))
