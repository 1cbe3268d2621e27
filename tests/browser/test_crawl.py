"""No link is broken: every page, every IRI of the dataset, every anchor."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, Graph, URIRef
from rdflib.compare import to_isomorphic
from rdflib.term import Node

from browser.page_kinds import ABSENT, Content, page_kinds
from built_things import THINGS, path_of
from json_ld_documents import self_contained
from kg.domain import DEFAULT_BASE_IRI
from kg.rdf import GRAPH_FORMS

pytestmark = pytest.mark.browser

LINK = re.compile(r'\b(?:href|src|action|cite)="([^"]*)"')
ANCHOR = re.compile(r'\bid="([^"]*)"')
LEFT_OUT = re.compile(r"mark=\d+\.\d+-\d+|lang=(?:ko|en|zh)")
ROOT = "http://localhost/"
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}
SUFFIXES = tuple(f".{form.extension}" for form in GRAPH_FORMS)


@pytest.fixture(scope="module")
def client(content: Content) -> Iterator[FlaskClient]:
    """Open a client of the application."""
    with content.app.test_client() as client:
        yield client


@dataclass(frozen=True)
class Opened:
    """What an address answers: its status, the anchors of the page and where the page leads."""

    status: int
    anchors: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()


class Crawl:
    """Follows links, opening each address once."""

    def __init__(self, client: FlaskClient) -> None:
        """Begin with nothing."""
        self._client = client
        self._opened: dict[str, Opened] = {}
        self.broken: dict[str, str] = {}

    def page(self, address: str) -> None:
        """Open a page and follow where it leads."""
        for link in self._open(address).links:
            self._follow(link, address)

    def _follow(self, link: str, page: str) -> None:
        """Note a link that leads nowhere; the hosts of others are not asked."""
        found = urlsplit(link)
        if found.scheme and not link.startswith((ROOT, DEFAULT_BASE_IRI)):
            return
        address = plain(found._replace(scheme="", netloc="", fragment="").geturl() or page)
        opened = self._open(address)
        if opened.status != 200 or (found.fragment and unquote(found.fragment) not in opened.anchors):
            self.broken.setdefault(link, page)

    def _open(self, address: str) -> Opened:
        if address not in self._opened:
            answer = self._client.get(address, headers={"Accept": "text/html, */*;q=0.5"}, follow_redirects=True)
            text = answer.text if answer.mimetype == "text/html" else ""
            links = tuple(dict.fromkeys(map(unescape, LINK.findall(text))))
            self._opened[address] = Opened(answer.status_code, frozenset(ANCHOR.findall(text)), links)
        return self._opened[address]


def plain(address: str) -> str:
    """Return an address without what does not change whether it is there: language, words to mark, form of data.

    >>> plain("/source/seocho-china?lang=ko&mark=38.1-10"), plain("/data/topic/health.ttl")
    ('/source/seocho-china', '/data/topic/health')
    """
    path, _, query = address.partition("?")
    if path.startswith("/data/") and path.endswith(SUFFIXES):
        path = path.rpartition(".")[0]
    kept = [part for part in query.split("&") if not LEFT_OUT.fullmatch(part)]
    return path + (f"?{'&'.join(kept)}" if query and kept else "")


def test_no_link_is_broken(client: FlaskClient, content: Content) -> None:
    """Every IRI of the dataset under ``/id/`` has a page; every link of it, and of each kind of page, leads on."""
    crawl = Crawl(client)
    every = {path_of(iri) for iris in content.things.values() for iri in iris}
    assert len(every) > 2000
    for address in sorted(every | set(page_kinds(content)) - {ABSENT}):
        crawl.page(plain(address.partition("#")[0]))
    assert crawl.broken == {}


def test_every_iri_of_the_dataset_leads_somewhere(client: FlaskClient, files: Mapping[str, bytes]) -> None:
    """Whatever IRI under our base a triple names: its document says something of it."""
    triples = as_graph(files["kg.nt"], "nt")
    named = {term for triple in triples for term in triple if isinstance(term, URIRef)}
    described = {
        document: set(as_graph(client.get(f"/{document}?format=turtle").data, "turtle").subjects())
        for document in ("dataset", "ontology")
    }
    assert {iri for iri in named if iri.startswith(DEFAULT_BASE_IRI) and not leads(iri, client, described)} == set()


def leads(iri: URIRef, client: FlaskClient, described: Mapping[str, set[Node]]) -> bool:
    """Tell whether the document of an IRI is there and, where the IRI has a fragment, says something of it."""
    document, _, fragment = iri.removeprefix(DEFAULT_BASE_IRI).partition("#")
    if fragment:
        return iri in described[document]
    if iri.startswith(THINGS):
        return f"<{iri}>" in client.get(f"/data/{iri.removeprefix(THINGS)}.nt").text
    return client.get(f"/{document}", headers={"Accept": "*/*"}, follow_redirects=True).status_code == 200


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own readers use it
def test_every_form_says_the_same(client: FlaskClient, content: Content) -> None:
    """One thing of each class in each form of RDF: it parses, to the same triples."""
    for iris in content.things.values():
        name = iris[len(iris) // 2].removeprefix(THINGS)
        read = {}
        for form in GRAPH_FORMS:
            answer = client.get(f"/data/{name}.{form.extension}")
            assert answer.mimetype == form.media_type
            read[form.extension] = to_isomorphic(as_graph(answer.data, PARSERS[form.extension]))
        assert len(read["ttl"]) > 2
        assert [form for form, graph in read.items() if graph != read["ttl"]] == [], name


def as_graph(body: bytes, parser: str) -> Graph:
    """Return the triples of a document, from whichever graph."""
    dataset, graph = Dataset(), Graph()
    dataset.parse(data=self_contained(body), format=parser, publicID=DEFAULT_BASE_IRI)
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    return graph
