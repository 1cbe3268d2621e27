"""An RDF dataset as named graphs in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pyoxigraph
from rdflib import SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import DEFAULT_BASE_IRI, Iris

__all__ = [
    "Graph", "RdfDataset", "disjoint", "graph_of", "in_order",
    "parse_any_quads", "parse_quads", "relocated_text", "union",
]  # fmt: skip

Triple = tuple[Node, Node, Node]


class RdfDataset:
    """Named graphs by the names that ``iri.QUERIED_GRAPHS`` and its kind give them."""

    def __init__(self, graphs: Mapping[str, Graph], iris: Iris) -> None:
        """Take the graphs, whose IRIs are minted under the base of ``iris``."""
        self.graphs, self.iris = dict(graphs), iris

    def merged(self) -> Graph:
        """Return the union of all graphs, with triples added in sorted order, so that iteration is deterministic."""
        return union(self.graphs.values())

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Yield every triple with the IRI of its graph, in order; the default graph has none."""
        for name, graph in sorted(self.graphs.items()):
            for triple in in_order(graph):
                yield triple, self.graph_iri(name)

    def graph_iri(self, name: str) -> str:
        """Return the IRI of a graph; one that is not ours has it for a name, the default graph has none."""
        return self.iris.graph(name) if name and ":" not in name else name

    def without_subjects(self, prefix: str) -> RdfDataset:
        """Return the dataset without what is said of subjects whose IRIs begin with a prefix."""
        graphs = {
            name: graph_of(triple for triple in graph if not str(triple[0]).startswith(prefix))
            for name, graph in self.graphs.items()
        }
        return RdfDataset(graphs, self.iris)

    def relocated(self, iris: Iris) -> RdfDataset:
        """Return the dataset under another base: every IRI of ours moves, and nothing else changes."""
        old, new = self.iris.base, iris.base
        if old == new:
            return self
        graphs = {name: graph_of(_moved(triple, old, new) for triple in graph) for name, graph in self.graphs.items()}
        return RdfDataset(graphs, iris)


def in_order(triples: Iterable[Triple]) -> list[Triple]:
    """Sort triples by their N-Triples lines."""
    written = cache(ntriples_term)  # most nodes stand in many triples
    return sorted(triples, key=lambda triple: tuple(map(written, triple)))


def ntriples_term(node: Node) -> str:
    """Write a node in N-Triples: rdflib's own way lets a line break stand in a long literal."""
    if not isinstance(node, Literal):
        return str(node.n3())
    escaped = str(node).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    tail = f"@{node.language}" if node.language else f"^^<{node.datatype}>" if node.datatype else ""
    return f'"{escaped}"{tail}'


def graph_of(triples: Iterable[Triple]) -> Graph:
    """Return a graph of these triples, added in order and kept in it."""
    graph = Graph(store="SimpleMemory")
    for triple in in_order(set(triples)):
        graph.add(triple)
    return graph


def disjoint(graphs: Mapping[str, Graph]) -> dict[str, Graph]:
    """Remove from each graph the triples of the graphs before it.

    The engine gives a triple that stands in two graphs of a query's dataset twice.
    """
    seen: set[Triple] = set()
    found = {}
    for name, graph in graphs.items():
        found[name] = graph_of(triple for triple in graph if triple not in seen)
        seen.update(graph)
    return found


def union(graphs: Iterable[Graph]) -> Graph:
    """Return the triples of all graphs as one graph, added in order."""
    return graph_of(triple for graph in graphs for triple in graph)


def _moved(triple: Triple, old: str, new: str) -> Triple:
    subject, predicate, value = triple
    if predicate == SH.select:
        return _move(subject, old, new), predicate, Literal(str(value).replace(old, new))
    return _move(subject, old, new), _move(predicate, old, new), _move(value, old, new)


def _move(node: Node, old: str, new: str) -> Node:
    if isinstance(node, URIRef) and node.startswith(old):
        return URIRef(new + node[len(old) :])
    if isinstance(node, Literal) and str(node).startswith(old):
        return Literal(new + str(node)[len(old) :], lang=node.language, datatype=node.datatype)
    return node


def relocated_text(text: str, iris: Iris) -> str:
    """Return a file of ours (Turtle, SPARQL), written under the default base, under the base of ``iris``.

    >>> relocated_text("PREFIX kg: <https://kg.seocho.example/ontology#>", Iris("https://example.org/"))
    'PREFIX kg: <https://example.org/ontology#>'
    """
    return text.replace(DEFAULT_BASE_IRI, iris.base)


def parse_quads(data: bytes) -> RdfDataset:
    """Read a dataset of ours from N-Quads; its base is what its graph names begin with.

    Raise ``ValueError`` when no graph is named as ours are.
    """
    named = _named_graphs(data)
    page = next((name for name in named if name.endswith("/graphs/page")), None)
    if page is None:
        raise ValueError("no graph is named …/graphs/page")
    return _dataset(named, Iris(page.removesuffix("graphs/page")))


def parse_any_quads(data: bytes, iris: Iris) -> RdfDataset:
    """Read any dataset from N-Quads; blank nodes keep their names. Raise ``ValueError`` where it cannot be held."""
    return _dataset(_named_graphs(data), iris)


def _named_graphs(data: bytes) -> dict[str, list[Triple]]:
    named, node = defaultdict[str, list[Triple]](list), cache(_node)
    try:
        for quad in pyoxigraph.parse(data, pyoxigraph.RdfFormat.N_QUADS):
            if isinstance(quad.graph_name, pyoxigraph.BlankNode):
                raise ValueError("a graph has a blank node for a name")  # noqa: TRY004 - of the data, not of an argument
            name = quad.graph_name.value if isinstance(quad.graph_name, pyoxigraph.NamedNode) else ""
            named[name].append((node(quad.subject), node(quad.predicate), node(quad.object)))
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    return named


def _node(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if isinstance(term, pyoxigraph.Triple) or term.direction:
        raise ValueError(f"a term of RDF 1.2: {term}")
    is_plain = term.language or term.datatype.value == str(XSD.string)
    return Literal(term.value, lang=term.language, datatype=None if is_plain else term.datatype.value)


def _dataset(named: Mapping[str, Iterable[Triple]], iris: Iris) -> RdfDataset:
    prefix = iris.graph("")
    short = {name: name.removeprefix(prefix) for name in named}
    names = {name: found if ":" not in found else name for name, found in short.items()}
    return RdfDataset({names[name]: graph_of(graph) for name, graph in named.items()}, iris)
