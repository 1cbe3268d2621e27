"""Data access of a page: its version, names in the reader's language, and footnotes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files

from kg.locales import Label, Language
from kg.web.api.datetime_negotiation import own_address, requested_version
from kg.web.pages.drawing.map import Ring
from kg.web.pages.footnotes import Footnotes
from kg.web.pages.queries.agreements import AgreementView, read_agreements
from kg.web.pages.queries.cities import CityView, read_cities
from kg.web.pages.queries.descriptions import Claim, DoubtView, Source, ThingView
from kg.web.pages.queries.exchanges import ExchangeView, read_exchanges
from kg.web.pages.queries.facts import SKOS, Facts, Texts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.search import SearchIndex, read_index
from kg.web.pages.queries.sources import read_doubts
from kg.web.pages.queries.terms import Term, iri
from kg.web.pages.wording import CODED, DATES, ROLES, VERBATIM, message, nameless, ordered, outside
from kg.web.site import current_site

_KEPT_VERSIONS = 2


@dataclass(frozen=True)
class Reader:
    """Functions for the template of a thing."""

    description: ThingView
    language: Language
    notes: Footnotes[Source | Claim] = field(default_factory=Footnotes)

    def name(self, iri: str) -> Label:
        """Return the name of a thing, what stands for it where it has none."""
        label = self.label(self.description.texts(iri))
        return label or outside(iri) or self._term(iri) or nameless(iri, self.description.iris, self.language)

    def property(self, predicate: str) -> Label:
        """Return what a property is called, our words for one of another vocabulary."""
        return self.label(self.names.texts(predicate)) or self.name(predicate)

    def classes(self) -> list[str]:
        """Return the classes of the thing: ours before those of others, which are left out where ours say it."""
        types = sorted(self.description.types())
        ours = [one for one in types if one.startswith(self.description.iris.ontology)]
        return ours or types

    def predicates(self) -> list[str]:
        """Return the properties of the thing that a person reads, in the order of the ontology."""
        return ordered(self.description.facts.about(self.description.thing), self.description.iris.ontology)

    def text(self, predicate: str, term: Term) -> Label:
        """Return a literal with its language; a code in the reader's words."""
        is_code = self._local(predicate) in CODED or term.datatype.endswith("#boolean")
        coded = message(self.language, f"code.{term.value}") if is_code else None
        if coded is None and is_code and term.value in ROLES:
            return self.property(f"{self.description.iris.ontology}{ROLES[term.value]}")
        return coded or self._written(term)

    def is_date(self, predicate: str, term: Term) -> bool:
        """Return whether a literal is a date or an interval."""
        return term.datatype.endswith("#date") or self._local(predicate) in DATES

    def is_quoted(self, predicate: str, term: Term) -> bool:
        """Return whether a literal is text of the source page."""
        return self._local(predicate) in VERBATIM and term.language in {"", "ko"}

    def label(self, texts: Texts) -> Label | None:
        """Return the text that the reader understands best."""
        return self.language.label(texts)

    def marks(self, subject: str, predicate: str, value: Term | None = None) -> list[tuple[int, int]]:
        """Point to where a fact was read, or to what vouches for it where it comes from elsewhere."""
        return [self.notes.mark(source) for source in self._vouching(subject, predicate, value)]

    def is_elsewhere(self, subject: str, predicate: str, value: Term) -> bool:
        """Return whether no passage of the page gives a fact, but a claim vouches for it."""
        return any(isinstance(one, Claim) for one in self._vouching(subject, predicate, value))

    def doubts(self, *subjects: str) -> list[DoubtView]:
        """Return the errors and doubts about things, each once."""
        every = (one for subject in subjects for one in self.description.doubts(subject))
        found = {one.iri: one for one in every if not one.is_style}
        return sorted(found.values(), key=lambda one: (one.source.line if one.source else 0, one.iri))

    def reading(self, used: str) -> Label:
        """Return the reading that a doubt names: of a concept its name, else the words themselves."""
        concept = self.names.of_notation(used)
        return self.names(concept) if concept else Label(used, "ko")

    @cached_property
    def names(self) -> LabelIndex:
        """The names of all places, concepts and terms of ours."""
        return LabelIndex(labels(query_runner()), self.language)

    def _vouching(self, subject: str, predicate: str, value: Term | None) -> list[Source | Claim]:
        """Return the passages that give a fact, else its claim; the page gives no name in another language."""
        is_translated = value is not None and value.language not in {"", "ko"}
        sources: list[Source | Claim] = [] if is_translated else [*self.description.sources(subject, predicate)]
        claim = self.description.claim(subject, predicate, value) if value and not sources else None
        return [claim] if claim else sources

    def _local(self, predicate: str) -> str:
        return predicate.removeprefix(self.description.iris.ontology)

    def _term(self, iri: str) -> Label | None:
        is_ours = iri.startswith(self.description.iris.base)
        return None if is_ours else message(self.language, f"term.{iri.replace('#', '/').rpartition('/')[2]}")

    def _written(self, term: Term) -> Label:
        if term.datatype.endswith("#integer"):
            return Label(self.language.number(int(term.value)), "")
        return Label(term.value, term.language)


@dataclass(frozen=True)
class LabelIndex:
    """The names of places, concepts and our own terms, for pages about many things."""

    facts: Facts
    language: Language

    def texts(self, iri: str) -> Texts:
        """Return every name of a thing."""
        return self.facts.texts(iri)

    def of_notation(self, notation: str) -> str:
        """Return the concept that is written so, or nothing."""
        found = (one for one in self.facts if self.facts.text(one, f"{SKOS}notation") == notation)
        return next(found, "")

    def __call__(self, iri: str) -> Label:
        """Return the name of a thing in the reader's language."""
        return self.language.label(self.texts(iri)) or nameless(iri, current_site().iris, self.language)


def query_runner() -> QueryRunner:
    """Return the query runner for the requested version."""
    site = current_site()
    return QueryRunner(site.evaluator, requested_version(site, address=own_address()), site.iris)


@lru_cache(maxsize=_KEPT_VERSIONS)
def exchanges(runner: QueryRunner) -> tuple[ExchangeView, ...]:
    """Return the exchange lines of a version, the latest first, read once."""
    return read_exchanges(runner)


@lru_cache(maxsize=_KEPT_VERSIONS)
def cities(runner: QueryRunner) -> tuple[CityView, ...]:
    """Return the friendship cities of a version in the order of the page, read once."""
    return read_cities(runner)


@lru_cache(maxsize=_KEPT_VERSIONS)
def agreements(runner: QueryRunner) -> tuple[AgreementView, ...]:
    """Return the documents of a version, the oldest first, read once."""
    return read_agreements(runner)


@lru_cache(maxsize=_KEPT_VERSIONS)
def labels(runner: QueryRunner) -> Facts:
    """Return the names of the places, concepts and terms of a version, read once."""
    return runner.facts("labels")


def exchanges_among(runner: QueryRunner, iris: Iterable[str]) -> tuple[ExchangeView, ...]:
    """Return those of some exchange lines, the latest first."""
    wanted = frozenset(iris)
    return tuple(one for one in exchanges(runner) if one.iri in wanted)


def exchanges_of(runner: QueryRunner, thing: str) -> tuple[ExchangeView, ...]:
    """Return the exchange lines in which a place or a body took part."""
    return exchanges_among(runner, (row["exchange"].value for row in runner.rows("exchanges-of", thing=[iri(thing)])))


@lru_cache(maxsize=1)
def land() -> tuple[Ring, ...]:
    """Return the land that maps are drawn on; none where the front end was not built."""
    file = files("kg").joinpath("web", "assets", "land.json")
    rings = json.loads(file.read_text("utf-8")) if file.is_file() else ()
    return tuple(tuple((east, north) for east, north in ring) for ring in rings)


@lru_cache(maxsize=_KEPT_VERSIONS)
def found_index(runner: QueryRunner) -> SearchIndex:
    """Return what can be found in a version, read once."""
    return read_index(runner)


@lru_cache(maxsize=_KEPT_VERSIONS)
def doubts(runner: QueryRunner) -> tuple[DoubtView, ...]:
    """Return the findings on the pages of a version, read once."""
    return read_doubts(runner)
