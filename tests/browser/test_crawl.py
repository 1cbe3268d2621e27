"""No link is broken: every page, every IRI of the dataset, every anchor."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, Graph
from rdflib.compare import to_isomorphic

from browser.page_kinds import THINGS, Content, in_language, page_kinds, path_of
from kg.settings import DEFAULT_BASE_IRI
from kg.store.forms import GRAPH_FORMS
from kg.web.languages.language import LANGUAGES

pytestmark = pytest.mark.browser

CODES = [one.code for one in LANGUAGES]
LINK = re.compile(r'\b(?:href|src|action|cite)="([^"]*)"')
ANCHOR = re.compile(r'\bid="([^"]*)"')
MARK = re.compile(r"\d+\.\d+-\d+")
NOT_OURS = ("data:", "https://", "http://", "mailto:")
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}


@pytest.fixture(scope="module")
def client(content: Content) -> Iterator[FlaskClient]:
    """Open a client of the application."""
    with content.app.test_client() as client:
        yield client


class Crawl:
    """Follows links, each once, and remembers the anchors of pages."""

    def __init__(self, client: FlaskClient) -> None:
        """Begin with nothing."""
        self._client = client
        self._statuses: dict[str, int] = {}
        self._anchors: dict[str, frozenset[str]] = {}
        self.broken: dict[str, str] = {}

    def links(self, address: str) -> list[str]:
        """Open a page and return where it leads."""
        answer = self._client.get(address)
        assert answer.status_code in {200, 404}, address
        return list(dict.fromkeys(map(unescape, LINK.findall(answer.text))))

    def follow(self, link: str, page: str) -> None:
        """Note a link that leads nowhere."""
        if link.startswith(NOT_OURS):
            if link.startswith((DEFAULT_BASE_IRI, "http://localhost/")):
                self.follow(urlsplit(link)._replace(scheme="", netloc="").geturl(), page)
            return
        address, _, anchor = link.partition("#")
        address = plain(address or page)
        status = self._status(address)
        if status != 200 or (anchor and unquote(anchor) not in self._anchors[address]):
            self.broken.setdefault(link, page)

    def _status(self, address: str) -> int:
        """Open an address once; a page without parameters below is as good as the page with a mark."""
        if address not in self._statuses:
            answer = self._client.get(address, headers={"Accept": "text/html, */*;q=0.5"}, follow_redirects=True)
            self._statuses[address] = answer.status_code
            is_page = answer.mimetype == "text/html"
            self._anchors[address] = frozenset(ANCHOR.findall(answer.text)) if is_page else frozenset()
        return self._statuses[address]


def plain(address: str) -> str:
    """Return an address without what does not change whether it is there: the words to mark, the form of data.

    >>> plain("/source/seocho-china?lang=ko&mark=38.1-10")
    '/source/seocho-china?lang=ko'
    """
    found = urlsplit(address)
    mark = parse_qs(found.query).get("mark")
    if mark:
        assert MARK.fullmatch(mark[0]), address
    query = "&".join(part for part in found.query.split("&") if not part.startswith("mark="))
    return found.path + (f"?{query}" if query else "")


def test_no_link_of_any_kind_of_page_is_broken(client: FlaskClient, content: Content) -> None:
    """Every link of one page of each kind, in each language, leads to something, and to an anchor that is there."""
    crawl = Crawl(client)
    for address in page_kinds(content):
        for code in CODES:
            page = in_language(address.partition("#")[0], code)
            for link in crawl.links(page):
                crawl.follow(link, page)
    assert crawl.broken == {}


def test_every_thing_has_a_page_and_links_that_lead_on(client: FlaskClient, content: Content) -> None:
    """Every IRI of the dataset under ``/id/``: its page is there, and no link on it is broken."""
    crawl = Crawl(client)
    every = sorted({iri for iris in content.things.values() for iri in iris})
    assert len(every) > 2000
    for iri in every:
        page = path_of(iri)
        for link in crawl.links(page):
            if "/data/" not in link and "lang=" not in link:
                crawl.follow(link, page)
    assert crawl.broken == {}


def test_every_iri_of_the_dataset_leads_somewhere(client: FlaskClient, files: Mapping[str, bytes]) -> None:
    """Whatever IRI under our base a triple names: its data, its document or its term is there."""
    whole = Dataset()
    whole.parse(data=files["kg.nq"], format="nquads")
    named = {str(term) for quad in whole.quads() for term in quad if str(term).startswith(DEFAULT_BASE_IRI)}
    terms = ANCHOR.findall(client.get("/ontology").text)
    lost = []
    for iri in sorted(named):
        document, _, term = iri.removeprefix(DEFAULT_BASE_IRI).partition("#")
        if term:
            is_there = document != "ontology" or term in terms
        else:
            path = "/data/" + iri.removeprefix(THINGS) if iri.startswith(THINGS) else f"/{document}"
            answer = client.get(path, headers={"Accept": "text/turtle, */*;q=0.1"}, follow_redirects=True)
            is_there = answer.status_code == 200 and bool(answer.data)
        if not is_there:
            lost.append(iri)
    assert lost == []


def test_every_form_says_the_same(client: FlaskClient, content: Content) -> None:
    """One thing of each class in each form of RDF: it parses, to the same triples."""
    for iris in content.things.values():
        name = iris[len(iris) // 2].removeprefix(THINGS)
        read = {}
        for form in GRAPH_FORMS:
            answer = client.get(f"/data/{name}.{form.extension}")
            assert answer.mimetype == form.media_type
            read[form.extension] = as_graph(answer.data, PARSERS[form.extension])
        first, *others = map(to_isomorphic, read.values())
        assert len(first) > 2
        assert all(other == first for other in others), (name, {form: len(graph) for form, graph in read.items()})


def as_graph(body: bytes, parser: str) -> Graph:
    """Return the triples of a document, from whichever graph."""
    dataset, graph = Dataset(), Graph()
    dataset.parse(data=body, format=parser, publicID=DEFAULT_BASE_IRI)
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    return graph
