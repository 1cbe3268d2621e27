"""Other engines that answer the base requests: rdflib in this process, and Apache Jena where Maven fetches it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile
from warnings import catch_warnings

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize
from rdflib.query import Result

from conformance.documents import quad_row
from conformance.solutions import JSON_TYPE, Solutions, read_answer
from conformance.terms import Row, Term
from metamorphic.answers import GRAPH_FORMS, Answer, Refusal
from metamorphic.datasets import moved
from metamorphic.endpoint import WRITTEN
from metamorphic.naming import full_iris
from metamorphic.requests import QUERIED_GRAPHS, Base, Request

_JENA = Path(__file__).with_name("jena")
_NO_RANDOM = Random()


@dataclass(frozen=True)
class Quads:
    """The quads of all named graphs of the server; its default graph is empty."""

    all: tuple[Quad, ...]

    def dataset(self, default: Iterable[str], named: Iterable[str] | None) -> list[Quad]:
        """Return a dataset: the merge of some graphs, and the named graphs (None: all of them)."""
        merged = frozenset(map(NamedNode, default))
        kept = None if named is None else frozenset(map(NamedNode, named))
        triples = [Quad(quad.subject, quad.predicate, quad.object) for quad in self.all if quad.graph_name in merged]
        return triples + [quad for quad in self.all if kept is None or quad.graph_name in kept]


def queried_dataset(quads: Quads, request: Request) -> list[Quad]:
    """Return the dataset that a request names, or that one sees which names none."""
    if not request.parameters:
        return quads.dataset(QUERIED_GRAPHS, None)
    graphs = {kind: [iri for name, iri in request.parameters if name == kind] for kind, _ in request.parameters}
    return quads.dataset(graphs.get("default-graph-uri", ()), graphs.get("named-graph-uri", ()))


@dataclass
class Rdflib:
    """rdflib, asked with full IRIs (7.6 keeps the backslash of a local name) and without FROM (it would load those)."""

    quads: Quads
    unnamed: rdflib.Dataset | None = None
    stored: rdflib.Dataset | None = None

    def answer(self, base: Base) -> Answer:
        """Answer a base query; whatever rdflib raises is a refusal."""
        request = base.request if base.parameters else moved(base.request, _NO_RANDOM)
        text = Request(full_iris(request.tokens, _NO_RANDOM)).text
        try:
            with lexical_forms_kept(), catch_warnings(action="ignore"):
                return read_result(self.dataset(request).query(text))
        except Exception as error:  # noqa: BLE001 - a parser and an evaluator of others raise anything
            return Refusal(0, type(error).__name__, str(error))

    def written_by(self, base: Base) -> Answer:
        """Carry out a base update; return and remove the quads that it wrote."""
        if self.stored is None:
            self.stored = loaded(self.quads.all)
        text = Request(full_iris(base.request.tokens, _NO_RANDOM)).text
        try:
            with lexical_forms_kept(), catch_warnings(action="ignore"):
                self.stored.update(text)
        except Exception as error:  # noqa: BLE001 - as above
            return Refusal(0, type(error).__name__, str(error))
        finally:
            found = take_written(self.stored)
        return found

    def dataset(self, request: Request) -> rdflib.Dataset:
        """Return the dataset for a query; that of requests that name none is kept."""
        if request.parameters:
            return loaded(queried_dataset(self.quads, request))
        if self.unnamed is None:
            self.unnamed = loaded(queried_dataset(self.quads, request))
        return self.unnamed


@contextmanager
def lexical_forms_kept() -> Iterator[None]:
    """Have rdflib leave literals as they are written."""
    normalizes = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = normalizes


def loaded(quads: Sequence[Quad]) -> rdflib.Dataset:
    """Load quads into rdflib."""
    dataset = rdflib.Dataset(default_union=False)
    with lexical_forms_kept():
        dataset.parse(data=serialize(quads, format=RdfFormat.N_QUADS), format="nquads")
    return dataset


def take_written(dataset: rdflib.Dataset) -> list[Row]:
    """Return and remove the quads that an update wrote."""
    graphs = [graph for graph in dataset.graphs() if str(graph.identifier).startswith(WRITTEN)]
    rows = [(term(graph.identifier), *map(term, triple)) for graph in graphs for triple in graph]
    for graph in graphs:
        dataset.remove_graph(graph)
    return rows


def read_result(result: Result) -> Answer:
    """Read a result of rdflib."""
    if result.type == "ASK":
        return bool(result.askAnswer)
    if result.graph is not None:
        return [tuple(map(term, triple)) for triple in result.graph]
    variables = tuple(map(str, result.vars or ()))
    rows = tuple(tuple(term(binding.get(rdflib.Variable(name))) for name in variables) for binding in result.bindings)
    return Solutions(variables, rows)


def term(node: object) -> Term | None:
    """Return a term of rdflib as one of ours."""
    match node:
        case rdflib.URIRef():
            return NamedNode(str(node))
        case rdflib.BNode():
            return BlankNode(f"b{str(node).encode().hex()}")
        case rdflib.Literal():
            return literal(node)
    return None


def literal(node: rdflib.Literal) -> Literal:
    """Return a literal of rdflib as one of ours."""
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))


@dataclass(frozen=True)
class Jena:
    """Apache Jena; it answers all queries in one process."""

    class_path: str

    @classmethod
    def find(cls) -> Jena | None:
        """Return it where Maven and Java are at hand and have it or can fetch it."""
        if not (shutil.which("mvn") and shutil.which("java")):
            return None
        return next((cls(path) for path in map(class_path, (["--offline"], [])) if path), None)

    def answers(
        self, quads: Quads, queries: Sequence[Base], updates: Sequence[Base], folder: Path
    ) -> Mapping[str, Answer]:
        """Answer base queries, and carry out base updates, each on the same quads."""
        queried = write_quads(folder / "queried.nq", quads.dataset(QUERIED_GRAPHS, None))
        stored = write_quads(folder / "stored.nq", quads.all)
        stems = {base.name: write_request(folder, base, "rq") for base in queries}
        stems |= {base.name: write_request(folder, base, "ru") for base in updates}
        command = ["java", "-cp", self.class_path, str(_JENA / "Oracle.java"), str(queried), str(stored), str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        return {base.name: read_file(stems[base.name], base) for base in (*queries, *updates)}


def write_quads(path: Path, quads: Sequence[Quad]) -> Path:
    """Write a file of N-Quads."""
    path.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return path


def write_request(folder: Path, base: Base, ending: str) -> Path:
    """Write a request into a file, a dataset of the protocol as FROM; return its path without the ending."""
    request = moved(base.request, _NO_RANDOM) if base.parameters else base.request
    stem = folder / base.name.replace(" ", "-")
    stem.with_suffix(f".{ending}").write_text(request.text, "utf-8")
    return stem


def class_path(options: Sequence[str]) -> str:
    """Return the class path that Maven resolves, or nothing where it fails."""
    with NamedTemporaryFile() as file:  # on its standard output stand escapes of a terminal, too
        command = ["mvn", *options, "--quiet", "--batch-mode", "--file", str(_JENA / "pom.xml")]
        goal = ["dependency:build-classpath", f"-Dmdep.outputFile={file.name}"]
        resolved = subprocess.run([*command, *goal], capture_output=True, check=False)
        return Path(file.name).read_text("utf-8").strip() if resolved.returncode == 0 else ""


def read_file(stem: Path, base: Base) -> Answer:
    """Read what Jena wrote about a request."""
    error, solutions, graph = (stem.with_suffix(ending) for ending in (".error", ".srj", ".nt"))
    if error.exists():
        return Refusal(0, "error", error.read_text("utf-8"))
    if solutions.exists():
        return read_answer(solutions.read_bytes(), JSON_TYPE)
    if base.form in GRAPH_FORMS:
        return [quad_row(quad)[:3] for quad in parse(path=graph, format=RdfFormat.N_TRIPLES)]
    quads = parse(path=stem.with_suffix(".nq"), format=RdfFormat.N_QUADS)
    return [(name, *triple) for *triple, name in map(quad_row, quads)]
