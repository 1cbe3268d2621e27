"""What a client asks to be changed: an update, or what the Graph Store Protocol does to one graph."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, Literal

from kg.rdf import GRAPH_FORMS, Form, named
from kg.sparql import Reading, read
from kg.store.commit_info import Kind
from kg.store.engine import RequestedDataset


@dataclass(frozen=True)
class Document:
    """An RDF document as it was sent."""

    form: Form
    content: bytes


@dataclass(frozen=True)
class Change:
    """What to do: ``update`` takes ``text`` and ``dataset``; ``patch`` has a changeset, serialized, in ``text``.

    The others take one graph (None: the default graph).
    """

    kind: Literal["update", "replace", "add", "remove", "patch"]
    base_iri: str
    text: str = ""
    dataset: RequestedDataset | None = None
    graph: str | None = None
    documents: tuple[Document, ...] = ()

    @cached_property
    def reading(self) -> Reading:
        """The update, read.

        :raises QuerySyntaxError: it does not parse
        """
        return read(self.text, "update")

    @property
    def commit_kind(self) -> Kind:
        """The kind of the commit that it makes: a changeset restores what was."""
        return "restore" if self.kind == "patch" else self.kind

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
        dataset = RequestedDataset(tuple(given["default_graphs"]), tuple(given["named_graphs"])) if given else None
        return cls(**{**message, "documents": documents, "dataset": dataset})
