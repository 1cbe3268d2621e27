"""JSON-LD processors load our documents by their addresses: PyLD and jsonld.js, with their own document loaders."""

from typing import Any, Protocol
from urllib.parse import urlencode

import pytest
import requests

from clients import node
from clients.endpoint import SECONDS, Endpoint
from clients.questions import CONSTRUCT, HONGKOU, LABEL, NAMES

pytestmark = pytest.mark.clients

KG = "https://kg.seocho.example/ontology#"
CONTEXT = {"label": {"@id": LABEL, "@language": "ko"}, "kg": KG}
FRAME = {"@context": CONTEXT, "@type": "kg:Municipality", "@embed": "@never", "label": {}}
PATHS = ("id/municipality/hongkou", "data/municipality/hongkou", "data/municipality/hongkou.jsonld")


class Processor(Protocol):
    """What both processors are asked for: all by address."""

    def flatten(self, address: str, context: object) -> Any:
        """Return the things of a document, each once, compacted."""

    def frame(self, address: str, frame: object) -> Any:
        """Return a document, framed."""

    def triples(self, address: str) -> int:
        """Return how many triples a document has."""


class PyLD:
    """PyLD with the loader that is built on requests."""

    def __init__(self, pyld: Any) -> None:
        """Choose the loader."""
        self._pyld = pyld
        pyld.set_document_loader(pyld.requests_document_loader(timeout=SECONDS))

    def flatten(self, address: str, context: object) -> Any:
        """Return the things of a document, each once, compacted."""
        return self._pyld.flatten(address, context)

    def frame(self, address: str, frame: object) -> Any:
        """Return a document, framed."""
        return self._pyld.frame(address, frame)

    def triples(self, address: str) -> int:
        """Return how many triples a document has, in whichever graph."""
        return sum(map(len, self._pyld.to_rdf(address).values()))


class JsonLdJs:
    """jsonld.js with the loader for Node.js."""

    def flatten(self, address: str, context: object) -> Any:
        """Return the things of a document, each once, compacted."""
        return node.run("jsonld", "flatten", address=address, context=context)

    def frame(self, address: str, frame: object) -> Any:
        """Return a document, framed."""
        return node.run("jsonld", "frame", address=address, frame=frame)

    def triples(self, address: str) -> int:
        """Return how many triples a document has, in whichever graph."""
        return int(node.run("jsonld", "triples", address=address))


@pytest.fixture(params=["PyLD", "jsonld.js"])
def processor(request: pytest.FixtureRequest) -> Processor:
    """Give each processor."""
    return PyLD(request.getfixturevalue("pyld")) if request.param == "PyLD" else JsonLdJs()


def lines_of(address: str) -> int:
    """Return how many triples N-Triples of the same has."""
    response = requests.get(address, headers={"Accept": "application/n-triples"}, timeout=SECONDS)
    response.raise_for_status()
    return response.content.count(b"\n")


@pytest.mark.parametrize("path", PATHS)
def test_flatten(processor: Processor, site: str, path: str) -> None:
    """A thing is loaded by its address and compacted with a context of one's own."""
    document = processor.flatten(f"{site}{path}", CONTEXT)
    things = {thing["@id"]: thing for thing in document["@graph"] if "@id" in thing}
    assert things[HONGKOU]["label"] == NAMES[HONGKOU]


def test_frame(processor: Processor, site: str) -> None:
    """The whole dataset is framed by type, its context included, and the cities are found."""
    framed = processor.frame(f"{site}downloads/kg.jsonld", FRAME)
    labels = {thing["@id"]: thing["label"] for thing in framed["@graph"]}
    assert labels.items() >= NAMES.items()


@pytest.mark.parametrize("path", [*PATHS[:2], "ontology", "dataset"])
def test_triples(processor: Processor, site: str, path: str) -> None:
    """A document has as many triples as the same in N-Triples."""
    assert processor.triples(f"{site}{path}") == lines_of(f"{site}{path}") > 0


def test_triples_of_the_dataset(processor: Processor, site: str) -> None:
    """The whole dataset has as many triples as in N-Triples."""
    assert processor.triples(f"{site}downloads/kg.jsonld") == lines_of(f"{site}downloads/kg.nt") > 20_000


def test_context(processor: Processor, site: str) -> None:
    """The context that we publish is loaded by its address, and shortens what a thing is."""
    document = processor.flatten(f"{site}data/municipality/hongkou", f"{site}downloads/context.jsonld")
    things = {thing["id"]: thing for thing in document["@graph"] if "id" in thing}
    assert "Municipality" in things[HONGKOU]["type"]


def test_construct(processor: Processor, endpoint: Endpoint) -> None:
    """The answer to a CONSTRUCT is loaded by its address as a JSON-LD document."""
    document = processor.flatten(f"{endpoint.query}?{urlencode({'query': CONSTRUCT})}", CONTEXT)
    assert {thing["@id"]: thing["label"] for thing in document["@graph"]} == NAMES
