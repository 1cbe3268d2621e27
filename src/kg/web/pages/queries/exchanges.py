"""The exchange lines of a version: filtered, and counted by what they can be filtered by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

from kg.web.pages.queries.facts import Facts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own, Term, iri

XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"

Dimension = Literal["city", "year", "kind", "way", "topic"]


@dataclass(frozen=True)
class OccurrenceView:
    """One dated occurrence: its outer bounds (``YYYY-MM-DD``), its date as EDTF, its precision."""

    iri: str
    start: str
    end: str
    edtf: str
    precision: str


@dataclass(frozen=True)
class ExchangeView:
    """One line of the page; places and concepts by their IRIs, occurrences in order."""

    iri: str
    description: Term
    cities: tuple[str, ...]
    kinds: tuple[str, ...]
    primary_kind: str
    ways: tuple[str, ...]
    topics: tuple[str, ...]
    occurrences: tuple[OccurrenceView, ...]
    status: str = ""

    @property
    def is_held(self) -> bool:
        """Whether it took place; what was planned, postponed or cancelled is listed and not counted."""
        return not self.status

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which something of it happened, in order."""
        if not self.is_held:
            return ()
        years = {year for one in self.occurrences for year in range(int(one.start[:4]), int(one.end[:4]) + 1)}
        return tuple(sorted(years))

    def values(self, dimension: Dimension) -> tuple[str, ...]:
        """Return what it counts under in a dimension."""
        if dimension == "year":
            return tuple(map(str, self.years))
        of: dict[Dimension, tuple[str, ...]] = {
            "city": self.cities, "kind": self.kinds, "way": self.ways, "topic": self.topics,
        }  # fmt: skip
        return of[dimension]


@dataclass(frozen=True)
class ExchangeFilter:
    """What is asked for; an empty string asks for nothing. Places and concepts by their IRIs."""

    city: str = ""
    year: str = ""
    kind: str = ""
    way: str = ""
    topic: str = ""
    word: str = ""

    def matches(self, exchange: ExchangeView) -> bool:
        """Return whether a line is asked for."""
        return all(not value or value in exchange.values(name) for name, value in self._dimensions()) and (
            self.word.lower() in exchange.description.value.lower()
        )

    def without(self, dimension: Dimension) -> ExchangeFilter:
        """Return the filter without one dimension: what its facet counts under."""
        return replace(self, **{dimension: ""})

    def query(self, query_runner: QueryRunner, language: str) -> str:
        """Return the SPARQL query that finds the same lines, with names in a language."""
        given = {name: [_parameter(name, value)] for name, value in self._all() if value}
        return query_runner.text("exchanges", language=[Term(language)], **given)

    def _dimensions(self) -> list[tuple[Dimension, str]]:
        return [("city", self.city), ("year", self.year), ("kind", self.kind), ("way", self.way), ("topic", self.topic)]

    def _all(self) -> list[tuple[str, str]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


def _parameter(name: str, value: str) -> Term:
    if name == "year":
        return Term(value, datatype=XSD_INTEGER)
    return Term(value) if name == "word" else iri(value)


def read_exchanges(query_runner: QueryRunner) -> tuple[ExchangeView, ...]:
    """Return all exchange lines, the latest first."""
    facts = query_runner.facts("exchange-facts")
    kg = Own(query_runner.iris.ontology)
    found = (_exchange(facts, subject, kg) for subject in facts if facts.all(subject, kg.exchangedWith))
    return tuple(sorted(found, key=_latest_first))


def counts(exchanges: Iterable[ExchangeView], dimension: Dimension, asked: ExchangeFilter) -> Mapping[str, int]:
    """Return how many lines there are under each value of a dimension, the filter's other dimensions applied."""
    others = asked.without(dimension)
    matching = (exchange for exchange in exchanges if others.matches(exchange))
    return Counter(value for exchange in matching if exchange.is_held for value in exchange.values(dimension))


def _latest_first(exchange: ExchangeView) -> tuple[list[int], list[int], str]:
    last = max((one.end for one in exchange.occurrences), default="0000-00-00")
    first = min((one.start for one in exchange.occurrences), default="0000-00-00")
    return _backwards(last), _backwards(first), exchange.iri


def _backwards(day: str) -> list[int]:
    return [-int(part) for part in day.split("-")]


def _exchange(facts: Facts, subject: str, kg: Own) -> ExchangeView:
    events = facts.all(subject, kg.event)
    occurrences = (_occurrence(facts, event.value, kg) for event in events)
    ways = [*facts.all(subject, kg.direction), *facts.all(subject, kg.event, kg.direction)]
    return ExchangeView(
        iri=subject,
        description=facts.one(subject, kg.description) or Term(""),
        cities=_values(facts.all(subject, kg.exchangedWith)),
        kinds=_values(facts.all(subject, kg.kind)),
        primary_kind=facts.text(subject, kg.primaryKind),
        ways=_values(ways),
        topics=_values(facts.all(subject, kg.topic)),
        occurrences=tuple(sorted(occurrences, key=lambda one: (one.start, one.end, one.iri))),
        status=facts.text(subject, kg.status),
    )


def _occurrence(facts: Facts, event: str, kg: Own) -> OccurrenceView:
    def text(name: str) -> str:
        return facts.text(event, getattr(kg, name))

    return OccurrenceView(event, text("startDate"), text("endDate"), text("edtf"), text("datePrecision"))


def _values(found: Iterable[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.value for term in found))
