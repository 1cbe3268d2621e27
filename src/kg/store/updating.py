"""Applying one change to the clone of a version: an update, or what the Graph Store Protocol does to one graph."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Literal

import pyoxigraph

from kg.errors import Message, RdfSyntaxError, Where
from kg.store.contents import difference, snapshot
from kg.store.engine import RDF_FORMATS, RdfDataset, evaluated, translated
from kg.store.forms import GRAPH_FORMS, Form, named
from kg.store.patches import Patch
from kg.store.refusals import no_graph
from kg.store.syntax import syntax_error
from kg.store.using import with_using

MOST_FILES = 300
"""Each change leaves three or four files more, which open slowly when they are many: then they are written anew."""


@dataclass(frozen=True)
class Document:
    """An RDF document as it was sent."""

    form: Form
    content: bytes


@dataclass(frozen=True)
class Change:
    """What to do: ``update`` takes ``text`` and ``dataset``; the others one graph (None: the default graph)."""

    kind: Literal["update", "replace", "add", "remove"]
    base_iri: str
    text: str = ""
    dataset: RdfDataset | None = None
    graph: str | None = None
    documents: tuple[Document, ...] = ()

    def to_message(self) -> tuple[dict[str, Any], bytes]:
        """Return the change as JSON knows it, and the documents one after the other."""
        message = asdict(self)
        message["documents"] = [[document.form.name, len(document.content)] for document in self.documents]
        return message, b"".join(document.content for document in self.documents)

    @classmethod
    def from_message(cls, message: dict[str, Any], body: bytes) -> Change:
        """Read a change back."""
        names = [name for name, _ in message["documents"]]
        ends = accumulate((length for _, length in message["documents"]), initial=0)
        documents = tuple(
            Document(form, body[start:end])
            for name, (start, end) in zip(names, pairwise(ends), strict=True)
            if (form := named(name, GRAPH_FORMS))
        )
        given = message["dataset"]
        dataset = RdfDataset(tuple(given["default_graphs"]), tuple(given["named_graphs"])) if given else None
        return cls(**{**message, "documents": documents, "dataset": dataset})


@dataclass(frozen=True)
class Applied:
    """What a change came to: what it added and removed, and whether its graph was there before."""

    patch: Patch
    existed: bool


def apply_change(oxigraph: Path, change: Change) -> Applied:
    """Apply a change to a triple store that nobody else has open; return what it changed.

    :raises QuerySyntaxError: the update does not parse
    :raises RdfSyntaxError: a document does not parse
    :raises NotFoundError: the graph to remove is not there
    :raises EvaluationError: the engine refused
    """
    store = pyoxigraph.Store(oxigraph)
    before = snapshot(store)
    existed = _exists(store, change.graph)
    if change.kind == "update":
        _update(store, change)
    else:
        _change_graph(store, change, existed=existed)
    store.flush()
    patch = difference(before, snapshot(store))
    del before, store
    if sum(1 for _ in oxigraph.glob("*.sst")) > MOST_FILES:
        rewrite_files(oxigraph)
    return Applied(patch, existed)


def rewrite_files(oxigraph: Path) -> None:
    """Write a triple store anew, in few files; RocksDB merges them only in a store that stays open for long."""
    fresh = oxigraph.with_name("oxigraph.new")
    source, target = pyoxigraph.Store.read_only(str(oxigraph)), pyoxigraph.Store(fresh)
    target.bulk_extend(iter(source))
    for name in source.named_graphs():
        target.add_graph(name)
    target.flush()
    del source, target
    shutil.rmtree(oxigraph)
    fresh.rename(oxigraph)


def _update(store: pyoxigraph.Store, change: Change) -> None:
    text = with_using(change.text, change.dataset) if change.dataset else change.text
    try:
        evaluated(lambda functions: store.update(text, base_iri=change.base_iri, custom_functions=functions), text)
    except SyntaxError as error:
        raise syntax_error(text, str(error), "update") from error


def _change_graph(store: pyoxigraph.Store, change: Change, *, existed: bool) -> None:
    name = _name(change.graph)
    quads = [quad for document in change.documents for quad in _read(document, change.base_iri, name)]
    if change.kind == "remove" and not existed:
        raise no_graph(change.graph or "")
    if change.kind in ("replace", "remove"):
        store.remove_graph(name) if change.graph else store.clear_graph(name)
    if change.kind != "remove":
        store.add_graph(name)
        store.extend(quads)


def holds_graph(oxigraph: Path, graph: str | None) -> bool:
    """Tell whether a triple store has a graph (None: the default graph, which is always there)."""
    return _exists(pyoxigraph.Store.read_only(str(oxigraph)), graph)


def _exists(store: pyoxigraph.Store, graph: str | None) -> bool:
    return graph is None or store.contains_named_graph(pyoxigraph.NamedNode(graph))


def _name(graph: str | None) -> pyoxigraph.NamedNode | pyoxigraph.DefaultGraph:
    return pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph()


def _read(
    document: Document, base_iri: str, name: pyoxigraph.NamedNode | pyoxigraph.DefaultGraph
) -> list[pyoxigraph.Quad]:
    try:
        parsed = pyoxigraph.parse(
            document.content,
            RDF_FORMATS[document.form],
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        )
        return [pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed]
    except SyntaxError as error:
        raise rdf_syntax_error(error, document) from error
    except ValueError as error:
        raise translated(error) from error


def rdf_syntax_error(error: SyntaxError, document: Document) -> RdfSyntaxError:
    """Translate the parser's error into one that says where, with the line quoted."""
    where = None
    if error.lineno is not None:
        lines = document.content.split(b"\n")
        quoted = lines[error.lineno - 1].decode("utf-8", "replace").rstrip("\r") if error.lineno <= len(lines) else ""
        where = Where("body", error.lineno, error.offset or 1, quoted[:500])
    return RdfSyntaxError(
        Message(ko=f"RDF 문서를 읽을 수 없습니다: {error.msg}.", en=f"The document does not parse: {error.msg}."),
        cure=Message(ko="표시된 자리를 고쳐 주십시오.", en="Correct it at the place named."),
        where=where,
    )
