"""A query or an update as a test sends it: its tokens, and the dataset that the protocol names beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from conformance.terms import Term
from metamorphic.tokens import Tokens, render, tokenize

NAMESPACES = {
    "ex": "http://example.org/",
    "g": "https://kg.seocho.example/graphs/",
    "id": "https://kg.seocho.example/id/",
    "kg": "https://kg.seocho.example/ontology#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "w": "http://example.org/written/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

QUERIED_GRAPHS = tuple(
    f"https://kg.seocho.example/graphs/{name}" for name in ("page", "elsewhere", "provenance", "vocabulary", "catalog")
)
"""What a query that names no dataset sees as its default graph, merged (``docs/graph.md``)."""

Parameters = tuple[tuple[str, str], ...]
PerGraph = Callable[[NamedNode], dict[str, Term]]


@dataclass(frozen=True)
class Request:
    """The tokens of a request, and its parameters (SPARQL 1.1 Protocol, section 2.1.4)."""

    tokens: Tokens
    parameters: Parameters = ()

    @property
    def text(self) -> str:
        """The request as text."""
        return render(self.tokens)


@dataclass(frozen=True)
class Base:
    """A request whose rewritings are to have its answer.

    ``is_ordered``: its ORDER BY leaves no two solutions equal. ``joined`` names variables of GROUP_CONCAT, whose order
    is free, with the separator. Each of ``per_graph`` gives, for the name of a further named graph, a solution
    that this graph adds.
    """

    name: str
    text: str
    parameters: Parameters = ()
    is_ordered: bool = False
    joined: dict[str, str] = field(default_factory=dict)
    per_graph: tuple[PerGraph, ...] = ()

    @property
    def request(self) -> Request:
        """The request with the declarations of the prefixes that it uses."""
        tokens = tokenize(self.text)
        used = {token.text.partition(":")[0] for token in tokens if token.kind == "name"}
        declared = "".join(f"PREFIX {name}: <{NAMESPACES[name]}>\n" for name in sorted(used))
        return Request(tokenize(declared + self.text), self.parameters)

    @property
    def form(self) -> str:
        """The form of a query (``SELECT``, ``ASK``, ``CONSTRUCT``, ``DESCRIBE``); of an update its first keyword."""
        return tokenize(self.text)[0].text
