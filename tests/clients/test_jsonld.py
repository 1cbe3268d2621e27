"""JSON-LD processors with their own document loaders: PyLD and jsonld.js."""

from typing import Any, Protocol
from urllib.parse import urlencode

import pytest
import requests

from clients import node
from clients.endpoint import SECONDS, Endpoint
from clients.queries import CONSTRUCT, HONGKOU, LABEL, NAMES

pytestmark = pytest.mark.clients

KG = "https://kg.seocho.example/ontology#"
CONTEXT = {"label": {"@id": LABEL, "@language": "ko"}, "kg": KG}
FRAME = {"@context": CONTEXT, "@type": "kg:Municipality", "@embed": "@never", "label": {}}
PATHS = ("id/municipality/hongkou", "data/municipality/hongkou", "data/municipality/hongkou.jsonld")


class Processor(Protocol):
    """The operations of both processors; each loads its document by address."""

    def flatten(self, address: str, context: object) -> Any:
        """Return a document, flattened and compacted."""

    def frame(self, address: str, frame: object) -> Any:
        """Return a document, framed."""

    def triples(self, address: str) -> int:
        """Return the number of triples of a document."""


class PyLD:
    """PyLD with its loader on requests."""

    def __init__(self, pyld: Any) -> None:
        """Set the document loader."""
        self._pyld = pyld
        pyld.set_document_loader(pyld.requests_document_loader(timeout=SECONDS))

    def flatten(self, address: str, context: object) -> Any:
        """Return a document, flattened and compacted."""
        return self._pyld.flatten(address, context)

    def frame(self, address: str, frame: object) -> Any:
        """Return a document, framed."""
        return self._pyld.frame(address, frame)

    def triples(self, address: str) -> int:
        """Return the number of triples of a document, in all its graphs."""
        return sum(map(len, self._pyld.to_rdf(address).values()))


class JsonLdJs:
    """jsonld.js with its loader for Node.js."""

    def flatten(self, address: str, context: object) -> Any:
        """Return a document, flattened and compacted."""
        return node.run("jsonld", "flatten", address=address, context=context)

    def frame(self, address: str, frame: object) -> Any:
        """Return a document, framed."""
        return node.run("jsonld", "frame", address=address, frame=frame)

    def triples(self, address: str) -> int:
        """Return the number of triples of a document, in all its graphs."""
        return int(node.run("jsonld", "triples", address=address))


@pytest.fixture(params=["PyLD", "jsonld.js"])
def processor(request: pytest.FixtureRequest) -> Processor:
    """Return each processor."""
    return PyLD(request.getfixturevalue("pyld")) if request.param == "PyLD" else JsonLdJs()


def lines_of(address: str) -> int:
    """Return the number of triples of a document, counted in N-Triples."""
    response = requests.get(address, headers={"Accept": "application/n-triples"}, timeout=SECONDS)
    response.raise_for_status()
    return response.content.count(b"\n")


@pytest.mark.parametrize("path", PATHS)
def test_flatten(processor: Processor, site: str, path: str) -> None:
    """A resource is flattened and compacted with a context of the client."""
    document = processor.flatten(f"{site}{path}", CONTEXT)
    things = {thing["@id"]: thing for thing in document["@graph"] if "@id" in thing}
    assert things[HONGKOU]["label"] == NAMES[HONGKOU]


@pytest.mark.parametrize(
    ("path", "names"),
    [(path, {HONGKOU: NAMES[HONGKOU]}) for path in PATHS] + [("downloads/kg.jsonld", NAMES)],
    ids=[*PATHS, "downloads/kg.jsonld"],
)
def test_frame(processor: Processor, site: str, path: str, names: dict[str, str]) -> None:
    """A frame by type matches the cities: ``rdf:type`` is serialized as ``@type`` (JSON-LD 1.1 API, section 8.4)."""
    assert labels_of(processor.frame(f"{site}{path}", FRAME)).items() >= names.items()


def labels_of(framed: Any) -> dict[str, str]:
    """Return the labels of the framed nodes; a single one stands without ``@graph`` (``omitGraph``)."""
    return {thing["@id"]: thing["label"] for thing in framed.get("@graph", [framed]) if "@id" in thing}


@pytest.mark.parametrize("path", [*PATHS[:2], "ontology", "dataset"])
def test_triples(processor: Processor, site: str, path: str) -> None:
    """A document has the same number of triples as in N-Triples."""
    assert processor.triples(f"{site}{path}") == lines_of(f"{site}{path}") > 0


def test_triples_of_the_dataset(processor: Processor, site: str) -> None:
    """The whole dataset has the same number of triples as in N-Triples."""
    assert processor.triples(f"{site}downloads/kg.jsonld") == lines_of(f"{site}downloads/kg.nt") > 20_000


def test_context(processor: Processor, site: str) -> None:
    """The published context is loaded by address and compacts types."""
    document = processor.flatten(f"{site}data/municipality/hongkou", f"{site}downloads/context.jsonld")
    things = {thing["id"]: thing for thing in document["@graph"] if "id" in thing}
    assert "Municipality" in things[HONGKOU]["type"]


def test_construct(processor: Processor, endpoint: Endpoint) -> None:
    """The answer to a CONSTRUCT is a JSON-LD document at the address of the query."""
    document = processor.flatten(f"{endpoint.query}?{urlencode({'query': CONSTRUCT})}", CONTEXT)
    assert {thing["@id"]: thing["label"] for thing in document["@graph"]} == NAMES


def test_frame_of_a_construct(processor: Processor, endpoint: Endpoint) -> None:
    """A frame by type matches the cities in the answer to a CONSTRUCT."""
    query = CONSTRUCT.replace("{ ?city", "{ ?city a kg:Municipality ;", 1)
    framed = processor.frame(f"{endpoint.query}?{urlencode({'query': query})}", FRAME)
    assert labels_of(framed) == NAMES
