"""Puts a test's whole dataset into the server with one write, and none where it is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import Quad, RdfFormat, serialize

from conformance.documents import EMPTY, is_default, read_dataset
from conformance.manifest import DatasetDocuments
from conformance.server import Response, Server

Strategy = Callable[[Server, list[Quad]], Response]
Rewriting = Callable[[str], str]


def put_dataset(server: Server, quads: list[Quad], rewrite: Rewriting = str) -> Response:
    """Replace all graphs with one PUT of N-Quads to the graph store, which names no graph."""
    headers = {"Content-Type": "application/n-quads"} | server.authorization()
    return server.send("PUT", server.addresses.graph_store, headers, rewrite(n_quads(quads)).encode())


def insert_data(server: Server, quads: list[Quad], rewrite: Rewriting = str) -> Response:
    """Replace all graphs with one update; a blank node keeps its identity over one INSERT DATA."""
    return server.update(rewrite(insert_data_text(quads)))


STRATEGIES: dict[str, Callable[..., Response]] = {"put-dataset": put_dataset, "update": insert_data}


def n_quads(quads: Iterable[Quad]) -> str:
    """Return the quads as N-Quads."""
    return (serialize(quads, format=RdfFormat.N_QUADS) or b"").decode("utf-8")


def insert_data_text(quads: Iterable[Quad]) -> str:
    """Return an update that leaves the store with these quads and nothing else.

    >>> from pyoxigraph import NamedNode
    >>> s, g = NamedNode("http://example.org/s"), NamedNode("http://example.org/g")
    >>> print(insert_data_text([Quad(s, s, s, g)]))
    DROP ALL ;
    INSERT DATA {
    GRAPH <http://example.org/g> {
    <http://example.org/s> <http://example.org/s> <http://example.org/s> .
    }
    }
    """
    lines = ["DROP ALL ;", "INSERT DATA {"]
    for graph_name, group in groupby(sorted(quads, key=graph_key), key=graph_key):
        triples = [f"{quad.triple} ." for quad in group]
        lines += [f"GRAPH {graph_name} {{", *triples, "}"] if graph_name else triples
    return "\n".join([*lines, "}"])


def graph_key(quad: Quad) -> str:
    """Return the graph's name as SPARQL text; nothing for the default graph."""
    return "" if is_default(quad) else str(quad.graph_name)


@dataclass
class Loader:
    """Knows which dataset the server holds; ``loaded`` is None after anything else may have written."""

    server: Server
    strategy: str
    loaded: tuple[DatasetDocuments, str] | None = None

    def load(self, dataset: DatasetDocuments = EMPTY, rewrite: Rewriting = str, rewriting: str = "") -> None:
        """Make the server hold this dataset; ``rewriting`` names what ``rewrite`` does to its text.

        Raises RuntimeError where the server refuses.
        """
        if self.loaded == (dataset, rewriting):
            return
        self.loaded = None
        response = STRATEGIES[self.strategy](self.server, read_dataset(dataset), rewrite)
        if not response.is_success:
            raise RuntimeError(f"the dataset could not be loaded: {response.summary()}")
        self.loaded = (dataset, rewriting)

    def forget(self) -> None:
        """Note that the server's dataset may have changed."""
        self.loaded = None
