"""Dataset → documents; the same dataset gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from io import BytesIO
from typing import Any

from rdflib import Graph
from rdflib.plugins.serializers.turtle import TurtleSerializer
from rdflib.term import Node

from kg.domain import Iris
from kg.rdf.formats import N_TRIPLES, RDF_XML, TURTLE, Form
from kg.rdf.json_ld import compact_dataset
from kg.rdf.prefixes import prefixes
from kg.rdf.rdf_dataset import RdfDataset, in_order, ntriples_term
from kg.rdf.result_writer import convert_lines, convert_quads, json_ld_of_quads


class Documents:
    """Documents of a dataset and of its parts, which share what they have in common."""

    def __init__(self, iris: Iris) -> None:
        """Take the IRIs, whose prefixes the documents have."""
        self._iris, self._compacted = iris, dict[str, Any]()
        self._turtle = cache(partial(_turtle, iris=iris))

    def serializers(self, dataset: RdfDataset, quads: bytes, stem: str) -> dict[str, Callable[[], bytes]]:
        """Return the serializer of each document by file name; it raises ``ValueError`` or ``FormatError``.

        ``quads`` has the same dataset as N-Quads. Turtle, N-Triples and RDF/XML hold all graphs as one.
        """
        graphs, by_engine = list(dataset.graphs.values()), documents_of_quads(quads, self._iris, stem)
        merged = graphs[0] if len(graphs) == 1 else dataset.merged()
        return by_engine | {
            f"{stem}.ttl": lambda: self._turtle(merged).encode(),
            f"{stem}.trig": lambda: _trig(dataset, self._turtle),
            f"{stem}.jsonld": lambda: compact_dataset(by_engine[f"{stem}.jsonld"](), self._iris, self._compacted),
        }


def documents_of_quads(quads: bytes, iris: Iris, stem: str) -> dict[str, Callable[[], bytes]]:
    """Return the serializer of each document of a dataset, of RDF 1.2 too, given as N-Quads, graph by graph.

    It raises ``FormatError`` where the format cannot represent a term.
    """
    merged = b"".join(sorted({*convert_lines(quads, N_TRIPLES).splitlines(keepends=True)}))
    converted = (TURTLE, N_TRIPLES, RDF_XML)
    return {
        **{f"{stem}.{form.extension}": partial(convert_lines, merged, form, prefixes(iris)) for form in converted},
        f"{stem}.nq": lambda: quads,
        f"{stem}.trig": lambda: convert_quads(quads, prefixes(iris)),
        f"{stem}.jsonld": lambda: json_ld_of_quads(quads),
    }


def nquads(dataset: RdfDataset) -> bytes:
    """Return a dataset as sorted N-Quads."""
    lines = (
        f"{_triple(triple)} <{name}> .\n" if name else f"{_triple(triple)} .\n" for triple, name in dataset.quads()
    )
    return "".join(lines).encode()


def document_in(form: Form, written: Callable[[str], bytes], iris: Iris) -> bytes:
    """Return a document in any format of graphs; ``written`` gives it in the media types of ``DOCUMENT_FORMS``.

    :raises FormatError: RDF/XML cannot represent it
    """
    if form is TURTLE:
        return written(form.media_type)
    lines = sorted(written(N_TRIPLES.media_type).splitlines(keepends=True))
    return convert_lines(b"".join(lines), form, prefixes(iris))


def parse_turtle(text: str) -> Graph:
    """Read a Turtle document of ours."""
    return Graph().parse(data=text, format="turtle")


def ntriples(graph: Graph) -> bytes:
    """Return a graph as sorted N-Triples."""
    return "".join(f"{_triple(triple)} .\n" for triple in in_order(graph)).encode()


def _triple(triple: tuple[Any, Any, Any]) -> str:
    return " ".join(ntriples_term(node) for node in triple)


def _turtle(graph: Graph, iris: Iris) -> str:
    for name, namespace in prefixes(iris).items():
        graph.bind(name, namespace, override=True, replace=True)
    stream = BytesIO()
    _TurtleSerializer(graph).serialize(stream)
    return stream.getvalue().decode()


class _TurtleSerializer(TurtleSerializer):
    """Write the Turtle of rdflib, but look for the prefix of an IRI once, not each time it stands in a triple."""

    def reset(self) -> None:
        super().reset()
        self._names: dict[tuple[Node, bool], str | None] = {}

    def startDocument(self) -> None:  # noqa: N802 - rdflib's name
        self._names = {}  # by now every namespace of a predicate has its prefix
        super().startDocument()

    def get_pname(self, uri: Node, gen_prefix: bool = True) -> str | None:  # noqa: FBT001, FBT002 - as rdflib has it
        key = (uri, gen_prefix)
        if key not in self._names:
            self._names[key] = super().get_pname(uri, gen_prefix)
        return self._names[key]


def _trig(dataset: RdfDataset, written: Callable[[Graph], str]) -> bytes:
    """Wrap each graph's Turtle in its name: rdflib's TriG puts the graphs in no order."""
    parts: list[tuple[list[str], str]] = []
    for name, graph in sorted(dataset.graphs.items()):
        turtle = written(graph)
        header, _, body = turtle.partition("\n\n") if turtle.startswith("@prefix") else ("", "", turtle)
        iri = dataset.graph_iri(name)
        parts.append((header.splitlines(), f"<{iri}> {{\n{body.strip()}\n}}\n" if iri else f"{body.strip()}\n"))
    headers = sorted({line for lines, _ in parts for line in lines})
    if len({line.split()[1] for line in headers}) == len(headers):
        return "\n".join(["\n".join(headers) + "\n", *(block for _, block in parts)]).encode()
    # two graphs that are not ours have the same prefix for different namespaces: each has its own before it
    return "\n".join("\n".join([*lines, "", block]) for lines, block in parts).encode()
