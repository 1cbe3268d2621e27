"""Neighbourhoods: a record with its events, delegations and notes, and the lines that reference them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kg.domain import Iris
from kg.rdf import object_of, read_quad, subject_of

_LINKS = ("record", "noteOn", "participant", "anniversary")


class Neighbourhood:
    """The links between records and their parts in some datasets, given as N-Quads lines."""

    def __init__(self, datasets: Iterable[Iterable[str]], iris: Iris) -> None:
        """Collect the links between records and their parts."""
        links = tuple(f" <{iris.ontology}{name}> <" for name in _LINKS)
        self._linked: defaultdict[str, set[str]] = defaultdict(set)
        for lines in datasets:
            for line in lines:
                if any(link in line for link in links):
                    quad = read_quad(line)
                    self._linked[quad.subject].add(quad.object)
                    self._linked[quad.object].add(quad.subject)

    def around(self, subjects: Iterable[str]) -> Nearby:
        """Return these subjects with their neighbours."""
        found: set[str] = set()
        waiting = list(subjects)
        while waiting:
            subject = waiting.pop()
            if subject not in found:
                found.add(subject)
                waiting.extend(self._linked.get(subject, ()))
        return Nearby(frozenset(found))


class Nearby:
    """Some subjects, and the lines that mention them."""

    def __init__(self, subjects: frozenset[str]) -> None:
        """Take the subjects."""
        self._subjects = subjects

    def lines(self, lines: Iterable[str]) -> list[str]:
        """Return the lines that mention the subjects."""
        return [line for line in lines if subject_of(line) in self._subjects or object_of(line) in self._subjects]
