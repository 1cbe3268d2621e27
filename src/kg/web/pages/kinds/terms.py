"""Pages of the vocabulary: a concept, a scheme of concepts, a question that comes with the dataset."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.kinds.kind import Kind
from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.queries.exchanges import Dimension, ExchangeView
from kg.web.pages.queries.facts import SKOS
from kg.web.pages.queries.terms import iri
from kg.web.pages.reader import Reader, exchanges, query_runner

_DIMENSIONS: Mapping[str, Dimension] = {"exchange-kind": "kind", "direction": "way", "topic": "topic"}
_SHACL = "http://www.w3.org/ns/shacl#"


# -- concept -----------------------------------------------------------------------------------------------------


def _concept(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a concept shows beside its description."""
    described, kg = reader.description, reader.description.kg
    scheme = described.facts.text(described.thing, f"{SKOS}inScheme")
    dimension = _DIMENSIONS.get(scheme.rpartition("/")[2])
    found: list[ExchangeView] = []
    if dimension:
        found = [one for one in exchanges(query_runner()) if described.thing in one.values(dimension)]
    meaning = reader.label(described.texts(described.thing, f"{SKOS}definition"))
    users = [pair for pair in described.references() if pair[0].startswith(described.iris.ontology)]
    return {
        "breadcrumbs": [(reader.name(scheme), scheme)] if scheme else [],
        "scheme": scheme,
        "meaning": meaning,
        "dimension": dimension,
        "exchanges": found,
        "users": [] if dimension else [pair for pair in users if pair[0] != kg.about],
        "schema": {"inDefinedTermSet": scheme, "description": str(meaning or "")},
    }


# -- scheme ------------------------------------------------------------------------------------------------------


def _scheme(reader: Reader) -> Mapping[str, object]:
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


# -- question ----------------------------------------------------------------------------------------------------


def _question(reader: Reader) -> Mapping[str, object]:
    """Return the query, and the address of its answer."""
    described = reader.description
    query = described.facts.text(described.thing, f"{_SHACL}select")
    return {"query": query, "answer": f"/questions/{described.thing.rpartition('/')[2]}"}


KINDS = (
    Kind("concept.html", "DefinedTerm", _concept, (f"{SKOS}Concept",)),
    Kind("scheme.html", "DefinedTermSet", _scheme, (f"{SKOS}ConceptScheme",)),
    Kind("asked.html", "Question", _question, (f"{_SHACL}SPARQLExecutable",)),
)
