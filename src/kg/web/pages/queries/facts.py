"""Facts about a few things, in memory, as a page walks them."""

from __future__ import annotations

from collections.abc import Iterable

from kg.rdf import Index
from kg.web.pages.queries.terms import Term, iri


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

    def text(self, subject: str, *path: str) -> str:
        """Return the text of the first term reached, or an empty string."""
        found = self.one(subject, *path)
        return found.value if found else ""
