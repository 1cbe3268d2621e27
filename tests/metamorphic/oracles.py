"""Other engines that answer the base queries: rdflib in this process, and Apache Jena where Maven fetches it."""

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

from conformance.solutions import JSON_TYPE, Solutions, read_answer
from conformance.terms import Term
from metamorphic.answers import GRAPH_FORMS, Answer, Refusal
from metamorphic.datasets import moved
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

    def answer(self, base: Base) -> Answer:
        """Answer a base query; whatever rdflib raises is a refusal."""
        request = base.request if base.parameters else moved(base.request, _NO_RANDOM)
        text = Request(full_iris(request.tokens, _NO_RANDOM)).text
        try:
            with lexical_forms_kept(), catch_warnings(action="ignore"):
                return read_result(self.dataset(request).query(text))
        except Exception as error:  # noqa: BLE001 - a parser and an evaluator of others raise anything
            return Refusal(0, type(error).__name__, str(error))

    def dataset(self, request: Request) -> rdflib.Dataset:
        """Return the dataset for a request; that of requests that name none is kept."""
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

    def answers(self, quads: Quads, bases: Sequence[Base], folder: Path) -> Mapping[str, Answer]:
        """Answer base queries; a dataset of the protocol is asked for with FROM."""
        data = folder / "data.nq"
        data.write_bytes(serialize(quads.dataset(QUERIED_GRAPHS, None), format=RdfFormat.N_QUADS) or b"")
        for number, base in enumerate(bases):
            request = moved(base.request, _NO_RANDOM) if base.parameters else base.request
            (folder / f"{number}.rq").write_text(request.text, "utf-8")
        command = ["java", "-cp", self.class_path, str(_JENA / "Oracle.java"), str(data), str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        return {base.name: read_file(folder / str(number), base) for number, base in enumerate(bases)}


def class_path(options: Sequence[str]) -> str:
    """Return the class path that Maven resolves, or nothing where it fails."""
    with NamedTemporaryFile() as file:  # on its standard output stand escapes of a terminal, too
        command = ["mvn", *options, "--quiet", "--batch-mode", "--file", str(_JENA / "pom.xml")]
        goal = ["dependency:build-classpath", f"-Dmdep.outputFile={file.name}"]
        resolved = subprocess.run([*command, *goal], capture_output=True, check=False)
        return Path(file.name).read_text("utf-8").strip() if resolved.returncode == 0 else ""


def read_file(stem: Path, base: Base) -> Answer:
    """Read what Jena wrote about a query."""
    error = stem.with_suffix(".error")
    if error.exists():
        return Refusal(0, "error", error.read_text("utf-8"))
    if base.form in GRAPH_FORMS:
        quads = parse(path=stem.with_suffix(".nt"), format=RdfFormat.N_TRIPLES)
        return [(quad.subject, quad.predicate, quad.object) for quad in quads]
    return read_answer(stem.with_suffix(".srj").read_bytes(), JSON_TYPE)
