"""Facts about a few things, in memory, as a page walks them."""

from __future__ import annotations

from collections.abc import Iterable

from kg.rdf import Index
from kg.web.pages.queries.terms import Term, iri

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS = "http://www.w3.org/2004/02/skos/core#"
NAMES = (RDFS_LABEL, f"{SKOS}prefLabel")
Texts = tuple[tuple[str, str], ...]
"""The texts of one thing with their language tags, as a language chooses among them."""


class Facts(Index[Term]):
    """Triples by subject and by object, the objects of a property in the order of their languages."""

    def __init__(self, triples: Iterable[tuple[str, str, Term]]) -> None:
        """Take triples: the IRIs of subject and predicate, and the object."""
        super().__init__(sorted(triples, key=lambda triple: (*triple[:2], triple[2].language, triple[2].value)))

    def all(self, subject: str, *path: str) -> list[Term]:
        """Return the terms reached from a subject by a path of predicates, each once."""
        reached = [iri(subject)]
        for predicate in path:
            ends = (end for start in reached for end in self.objects(start.value, predicate))
            reached = list(dict.fromkeys(ends))
        return reached

    def one(self, subject: str, *path: str) -> Term | None:
        """Return the first term reached, or None."""
        return next(iter(self.all(subject, *path)), None)

    def texts(self, subject: str, *predicates: str) -> Texts:
        """Return the values of some predicates, by default the names of a thing, with their language tags."""
        found = (text for name in predicates or NAMES for text in self.all(subject, name))
        return tuple((text.language, text.value) for text in found)

    def text(self, subject: str, *path: str) -> str:
        """Return the text of the first term reached, or an empty string."""
        found = self.one(subject, *path)
        return found.value if found else ""
