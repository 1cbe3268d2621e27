"""Requested changes: SPARQL updates, Graph Store operations, changesets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, Literal

from kg.rdf import GRAPH_FORMS, Form, named
from kg.sparql import ParsedOperation, read
from kg.store.commit_info import Kind
from kg.store.engine import RequestedDataset


@dataclass(frozen=True)
class Document:
    """An RDF document as received."""

    form: Form
    content: bytes


@dataclass(frozen=True)
class Change:
    """A requested change: ``update`` takes ``text`` and ``dataset``; ``patch`` has a serialized changeset in ``text``.

    The other kinds take one graph (None: the default graph) and ``documents``.
    """

    kind: Literal["update", "replace", "add", "remove", "patch"]
    base_iri: str
    text: str = ""
    dataset: RequestedDataset | None = None
    graph: str | None = None
    documents: tuple[Document, ...] = ()

    @cached_property
    def parsed(self) -> ParsedOperation:
        """The parsed update.

        :raises QuerySyntaxError: it does not parse
        """
        return read(self.text, "update")

    @property
    def commit_kind(self) -> Kind:
        """The kind of its commit; a changeset is the restore of an earlier version."""
        return "restore" if self.kind == "patch" else self.kind

    def to_message(self) -> tuple[dict[str, Any], bytes]:
        """Return the change as a JSON object, and the concatenated documents."""
        message = asdict(self)
        message["documents"] = [[document.form.name, len(document.content)] for document in self.documents]
        return message, b"".join(document.content for document in self.documents)

    @classmethod
    def from_message(cls, message: dict[str, Any], body: bytes) -> Change:
        """Parse the result of ``to_message``."""
        names = [name for name, _ in message["documents"]]
        ends = accumulate((length for _, length in message["documents"]), initial=0)
        documents = tuple(
            Document(form, body[start:end])
            for name, (start, end) in zip(names, pairwise(ends), strict=True)
            if (form := named(name, GRAPH_FORMS))
        )
        given = message["dataset"]
        dataset = RequestedDataset(tuple(given["default_graphs"]), tuple(given["named_graphs"])) if given else None
        return cls(**{**message, "documents": documents, "dataset": dataset})
