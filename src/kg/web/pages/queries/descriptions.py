"""The description of a thing: its facts, their passages or claims, and the findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.domain import Iris
from kg.web.pages.queries.facts import RDF, Facts, Texts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own, Term, iri

DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"


@dataclass(frozen=True)
class Source:
    """Where a fact stands on the page: line and columns, both from 1, the end exclusive, and the words there."""

    page: str
    line: int
    start: int
    end: int
    printed: str
    line_text: str

    @property
    def around(self) -> tuple[str, str, str]:
        """The line before, in and after the passage."""
        text = self.line_text
        return text[: self.start - 1], text[self.start - 1 : self.end - 1], text[self.end - 1 :]


@dataclass(frozen=True)
class Claim:
    """The evidence of an external fact."""

    evidence: str
    status: str


@dataclass(frozen=True)
class DoubtView:
    """What is doubtful about the page's text, and the reading that was used."""

    iri: str
    rule: str
    severity: str
    printed: str
    reading: str
    reason: Texts
    source: Source | None

    @property
    def is_style(self) -> bool:
        """Whether it is a note on style, for the office alone."""
        return self.severity == "note"


class ThingView:
    """One thing, with all that was found about it."""

    def __init__(self, facts: Facts, thing: str, iris: Iris) -> None:
        """Take the facts of the query ``description`` about a thing."""
        self.facts, self.thing, self.iris = facts, thing, iris
        self.kg = Own(iris.ontology)

    def types(self, subject: str | None = None) -> frozenset[str]:
        """Return the classes of a thing."""
        return frozenset(term.value for term in self.facts.all(subject or self.thing, f"{RDF}type"))

    def texts(self, subject: str, *predicates: str) -> Texts:
        """Return the labels of a thing, or its texts under other predicates."""
        return self.facts.texts(subject, *predicates)

    def sources(self, subject: str, predicate: str = "") -> tuple[Source, ...]:
        """Return where a property of a thing was read, or where no passage gives it, nothing; all where none is named.

        The narrowest passage that gives a property is the one that a reader wants to see, and is the only one.
        """
        passages = [
            passage.value
            for passage in self.facts.all(subject, DERIVED)
            if not predicate or iri(predicate) in self.facts.all(passage.value, self.kg.gives)
        ]
        found = sorted((self.source(one) for one in passages if one in self.facts), key=_narrowest_first)
        return tuple(found[:1] if predicate else found)

    def source(self, passage: str) -> Source:
        """Return a passage."""
        line = self.facts.text(passage, self.kg.line)
        return Source(
            page=self.facts.text(line, self.kg.page).rpartition("/")[2],
            line=int(self.facts.text(passage, self.kg.lineNumber) or 0),
            start=int(self.facts.text(passage, self.kg.startColumn) or 1),
            end=int(self.facts.text(passage, self.kg.endColumn) or 1),
            printed=self.facts.text(passage, self.kg.printed),
            line_text=self.facts.text(line, self.kg.lineText),
        )

    def claim(self, subject: str, predicate: str, value: Term) -> Claim | None:
        """Return what vouches for a fact that comes from elsewhere."""
        for claim in self.facts.subjects(f"{RDF}subject", iri(subject)):
            values = self.facts.all(claim, f"{RDF}object")
            if self.facts.text(claim, f"{RDF}predicate") == predicate and value in values:
                return Claim(self.facts.text(claim, self.kg.evidence), self.facts.text(claim, self.kg.evidenceStatus))
        return None

    def doubts(self, subject: str) -> tuple[DoubtView, ...]:
        """Return the findings about a thing, in the order of the page."""
        found = [self.doubt(doubt) for doubt in self.facts.subjects(self.kg.about, iri(subject))]
        return tuple(sorted(found, key=lambda doubt: (doubt.source.line if doubt.source else 0, doubt.iri)))

    def references(self) -> Sequence[tuple[str, str]]:
        """Return the properties and subjects that point to the thing."""
        return self.facts.pointing(iri(self.thing))

    def pointing(self, *predicates: str) -> list[str]:
        """Return the subjects that point to the thing by one of these properties."""
        return [one for predicate in predicates for one in self.facts.subjects(predicate, iri(self.thing))]

    def doubt(self, doubt: str) -> DoubtView:
        """Return a doubt."""
        sources = self.sources(doubt)
        return DoubtView(
            iri=doubt,
            rule=self.facts.text(doubt, self.kg.rule),
            severity=self.facts.text(doubt, self.kg.severity),
            printed=self.facts.text(doubt, self.kg.printed),
            reading=self.facts.text(doubt, self.kg.readingUsed),
            reason=self.texts(doubt, self.kg.reason),
            source=sources[0] if sources else None,
        )


def describe(query_runner: QueryRunner, thing: str) -> ThingView | None:
    """Return the description of a thing, or None if there are no statements about it."""
    facts = query_runner.facts("description", thing=[iri(thing)])
    return ThingView(facts, thing, query_runner.iris) if thing in facts else None


def _narrowest_first(source: Source) -> tuple[int, int, int]:
    return source.end - source.start, source.line, source.start
