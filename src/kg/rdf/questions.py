"""The example queries of the dataset, each with its question in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from kg.domain import DEFAULT_BASE_IRI


@dataclass(frozen=True)
class Question:
    """A question with its query; ``name`` is that of its file in ``queries/``."""

    name: str
    ko: str
    en: str
    zh: str
    query: str


def questions(base_iri: str = DEFAULT_BASE_IRI) -> tuple[Question, ...]:
    """Return the questions in order, their queries under a base; the first three lines of each file ask."""
    found = sorted(files("kg.rdf").joinpath("queries").iterdir(), key=lambda file: file.name)
    return tuple(_question(file.name.removesuffix(".rq"), file.read_text("utf-8"), base_iri) for file in found)


def _question(name: str, text: str, base_iri: str) -> Question:
    korean, english, chinese = (line.removeprefix("# ") for line in text.splitlines()[:3])
    return Question(name, korean, english, chinese, text.replace(DEFAULT_BASE_IRI, base_iri))
