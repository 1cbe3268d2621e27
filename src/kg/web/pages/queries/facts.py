"""Facts about a few things, in memory, as a page walks them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.web.pages.queries.terms import Term


class Facts:
    """Triples by subject and by object."""

    def __init__(self, triples: Iterable[tuple[str, str, Term]]) -> None:
        """Take triples: the IRIs of subject and predicate, and the object."""
        self._by_subject: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._by_object: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for subject, predicate, value in sorted(triples, key=_order):
            self._by_subject[subject][predicate].append(value)
            if value.is_iri:
                self._by_object[value.value].append((predicate, subject))

    def __contains__(self, subject: str) -> bool:
        """Return whether there are statements about a subject."""
        return subject in self._by_subject

    def subjects(self) -> Iterator[str]:
        """Yield every subject."""
        yield from self._by_subject

    def all(self, subject: str, *path: str) -> list[Term]:
        """Return the terms reached from a subject by a path of predicates, each once."""
        reached = [Term(subject, is_iri=True)]
        for predicate in path:
            ends = (end for start in reached for end in self._objects(start.value, predicate))
            reached = list(dict.fromkeys(ends))
        return reached

    def one(self, subject: str, *path: str) -> Term | None:
        """Return the first term reached, or None."""
        return next(iter(self.all(subject, *path)), None)

    def text(self, subject: str, *path: str) -> str:
        """Return the text of the first term reached, or an empty string."""
        found = self.one(subject, *path)
        return found.value if found else ""

    def pointing(self, thing: str, predicate: str | None = None) -> list[tuple[str, str]]:
        """Return the subjects that point to a thing, as pairs of predicate and subject."""
        found = self._by_object.get(thing, ())
        return [pair for pair in found if predicate is None or pair[0] == predicate]

    def about(self, subject: str) -> dict[str, list[Term]]:
        """Return the objects of a subject by predicate."""
        return {predicate: list(values) for predicate, values in self._by_subject.get(subject, {}).items()}

    def _objects(self, subject: str, predicate: str) -> Iterable[Term]:
        return self._by_subject[subject].get(predicate, ()) if subject in self._by_subject else ()


def _order(triple: tuple[str, str, Term]) -> tuple[str, str, str, str]:
    subject, predicate, value = triple
    return subject, predicate, value.language, value.value
