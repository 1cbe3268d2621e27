"""The thing that a triple belongs to: a record, figure, place or term, and its city."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from rdflib import OWL, PROV, RDF
from rdflib.namespace import VOID

from kg.domain import GEO, QUERIED_GRAPHS, City, columns, terms
from kg.rdf.quads import Quad, Sides

KINDS = (
    "city", "friendship", "agreement", "statistic", "unit", "characteristic", "exchange", "place", "body", "page",
    "doubt", "term", "other", "order", "source", "program", "catalog", "graph",
)  # fmt: skip
"""The kinds of things, in the order of the sentences."""

GROUPED = ("unit", "characteristic", "order", "source", "program", "catalog", "graph")
"""Kinds whose things are told together: the counts of a city, its characteristics, the lines of the page, a graph."""

_KIND_OF_CLASS = {
    "ExchangeRecord": "exchange", "Friendship": "friendship", "Agreement": "agreement", "Statistic": "statistic",
    "UnitCount": "unit", "Characteristic": "characteristic", "Municipality": "place", "Region": "place",
    "Country": "place", "PublicBody": "body", "SourcePage": "page", "SourceDoubt": "doubt", "SourceLine": "source",
    "Passage": "source",
}  # fmt: skip
_SOURCE_TERMS = (
    "page", "lineNumber", "lineText", "lineRole", "line", "startColumn", "endColumn", "printed", "gives",
)  # fmt: skip
FIGURES = tuple(column.term for column in columns(City) if column.form == "statistic")
"""The properties of a city that lead to its figures."""
_LISTS = {
    "unit": tuple(column.term for column in columns(City) if column.form == "unit-counts"),
    "characteristic": ("characteristic",),
}
_DEEPEST = 4


class Things:
    """Look-ups about the subjects of a change, in the graphs before and after it."""

    def __init__(self, sides: Sides) -> None:
        """Take both sides of a change."""
        self._sides, self._iris = sides, sides.iris
        self._terms = terms(self._iris.ontology)
        self._type = RDF.type.n3()
        self._catalog_terms = {VOID.triples.n3(), VOID.subset.n3(), self._type}
        self._derived = PROV.wasDerivedFrom.n3()
        self._source_terms = {self.kg(term) for term in _SOURCE_TERMS} | {self._type, OWL.deprecated.n3()}
        self._down = {self.kg(term) for term in (*FIGURES, *_LISTS["unit"], *_LISTS["characteristic"], "foundedBy")}
        self._own_graphs = {f"<{self._iris.graph(name)}>": name for name in QUERIED_GRAPHS} | {"": "page"}
        self.types: Callable[[str], frozenset[str]] = cache(self._types)
        self.thing: Callable[[str], tuple[str, str]] = cache(self._thing_of)

    def kg(self, term: str) -> str:
        """Return one of our own terms in N-Triples."""
        return self._terms[term].n3()

    # -- what a quad is about --------------------------------------------------------------------------------------

    def owner(self, quad: Quad) -> tuple[str, str]:
        """Return the kind and the subject of the thing that a quad belongs to."""
        name = self._own_graphs.get(quad.graph)
        if name is None:
            return "graph", quad.graph
        counted = self._counted(quad, name)
        if counted:
            return counted, ""
        if name == "vocabulary":
            return "term", quad.subject
        below = self.thing(quad.object) if quad.predicate in self._down else ("other", "")
        if below[0] != "other":
            return below
        kind, subject = self.thing(quad.subject)
        return ("other", quad.subject) if kind == "source" else (kind, subject)

    def _counted(self, quad: Quad, graph: str) -> str:
        """Return the kind of a quad that is counted rather than described; empty for any other."""
        if graph == "catalog" and quad.predicate in self._catalog_terms:
            return "catalog"
        if graph == "provenance" and self._is_of_program(quad):
            return "program"
        if quad.predicate == self.kg("position") and self.kg("Friendship") in self.types(quad.subject):
            return "order" if self.action(quad.subject) == "changed" else ""
        if quad.predicate == self._derived:
            return "source" if self._is_place_of_source(quad.object) else ""
        is_source = quad.predicate in self._source_terms and self.thing(quad.subject)[0] == "source"
        return "source" if is_source else ""

    def _is_of_program(self, quad: Quad) -> bool:
        ours = tuple(f"<{self._iris.resource(kind, '')}" for kind in ("file", "activity", "agent"))
        is_sha = quad.predicate == self.kg("sha256")
        return is_sha or quad.subject.startswith(ours) or quad.object.startswith(ours)

    def _is_place_of_source(self, term: str) -> bool:
        return term.startswith(f"<{self._iris.resource('passage', '')}")

    def _types(self, subject: str) -> frozenset[str]:
        found = {*self._sides.after.objects(subject, self._type), *self._sides.before.objects(subject, self._type)}
        return frozenset(found)

    def part_of(self, subject: str) -> str:
        """Return the record that a part belongs to, such as an event; anything else itself."""
        current = subject
        for _ in range(_DEEPEST):
            above = self._above(current)
            if above is None:
                break
            current = above
        return current

    def _thing_of(self, subject: str) -> tuple[str, str]:
        current = self.part_of(subject)
        types = self.types(current)
        kind = next((kind for name, kind in _KIND_OF_CLASS.items() if self.kg(name) in types), "other")
        if kind in ("unit", "characteristic"):
            return kind, self._city_of_part(kind, current) or current
        return kind, current

    def _above(self, subject: str) -> str | None:
        """Return the whole of a part: the record of an event, the place of a claim."""
        types = self.types(subject)
        for name, predicate, is_forward in (
            (self.kg("ExchangeEvent"), self.kg("record"), True),
            (self.kg("ExchangeNote"), self.kg("noteOn"), True),
            (self.kg("ExternalClaim"), RDF.subject.n3(), True),
            (self.kg("Delegation"), self.kg("participant"), False),
            (self.kg("Anniversary"), self.kg("anniversary"), False),
            (GEO.Geometry.n3(), GEO.hasGeometry.n3(), False),
        ):
            if name in types:
                found = self.objects(subject, predicate) if is_forward else self.subjects(predicate, subject)
                return found[0] if found and found[0] != subject else None
        return None

    def objects(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the objects after the change; if there are none, those before it."""
        return self._sides.objects(subject, predicate, is_after=True)

    def subjects(self, predicate: str, node: str) -> Sequence[str]:
        """Return the subjects after the change; if there are none, those before it."""
        return self._sides.subjects(predicate, node, is_after=True)

    # -- what was done to it, and where it belongs -------------------------------------------------------------------

    def action(self, subject: str) -> Literal["added", "removed", "changed"]:
        """Return whether a thing is new, gone, or was and is there: by its types."""
        was = bool(self._sides.before.objects(subject, self._type))
        is_there = bool(self._sides.after.objects(subject, self._type))
        return "changed" if was == is_there else "added" if is_there else "removed"

    def city(self, kind: str, subject: str) -> str:
        """Return the city that a thing is told under; nothing for a thing that is of no city."""
        found: Sequence[str] = ()
        if kind in ("unit", "characteristic"):
            return subject
        if kind == "exchange":
            found = self.objects(subject, self.kg("exchangedWith"))
        elif kind == "friendship":
            found = self.objects(subject, self.kg("partner"))
        elif kind == "statistic":
            found = [city for figure in FIGURES for city in self.subjects(self.kg(figure), subject)]
        elif kind == "place":
            found = [subject] if self.subjects(self.kg("partner"), subject) else []
        elif kind == "agreement":
            return self._city_of_agreement(subject)
        return found[0] if found else ""

    def _city_of_part(self, kind: str, subject: str) -> str:
        return next((city for name in _LISTS[kind] for city in self.subjects(self.kg(name), subject)), "")

    def _city_of_agreement(self, subject: str) -> str:
        ties = self.objects(subject, self.kg("founds")) or self.subjects(self.kg("foundedBy"), subject)
        records = [] if ties else self.subjects(self.kg("concludes"), subject)
        above = [*(("friendship", tie) for tie in ties), *(self.thing(record) for record in records)]
        return next(filter(None, (self.city(kind, thing) for kind, thing in above)), "")
