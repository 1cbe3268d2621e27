"""The page of a question that comes with the dataset: the query, and where it is answered."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader

TEMPLATE = "asked.html"
SCHEMA_TYPE = "Question"
_SHACL = "http://www.w3.org/ns/shacl#"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a query that can be carried out."""
    return f"{_SHACL}SPARQLExecutable" in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return the query, and the address of its answer."""
    described = reader.description
    query = described.facts.text(described.thing, f"{_SHACL}select")
    return {"query": query, "answer": f"/questions/{described.thing.rpartition('/')[2]}"}
