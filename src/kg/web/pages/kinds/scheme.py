"""The page of a scheme of concepts."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import SKOS, ThingView
from kg.web.pages.queries.terms import iri
from kg.web.pages.reader import Reader, query_runner

TEMPLATE = "scheme.html"
SCHEMA_TYPE = "DefinedTermSet"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a scheme."""
    return f"{SKOS}ConceptScheme" in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return the concepts, the most used first: name, meaning, and how many things each is said of."""
    described = reader.description
    runner = query_runner()
    scheme = [iri(described.thing)]
    rows = runner.rows("concepts", scheme=scheme)
    texts = ThingView(runner.facts("concept-texts", scheme=scheme), described.thing, described.iris)
    concepts = [
        (row["concept"].value, reader.label(texts.texts(row["concept"].value, f"{SKOS}definition")), row["count"].value)
        for row in rows
    ]
    named = [{"@type": "DefinedTerm", "@id": one, "name": str(reader.name(one))} for one, _, _ in concepts]
    meaning = reader.label(described.texts(described.thing, f"{SKOS}definition"))
    return {"concepts": concepts, "meaning": meaning, "schema": {"hasDefinedTerm": named}}
