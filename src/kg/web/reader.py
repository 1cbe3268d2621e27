"""Who reads for a page: the version it shows, names in the reader's language, and footnotes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from kg.web.drawing.map import Ring
from kg.web.footnotes import Footnotes
from kg.web.languages.labels import Label
from kg.web.languages.language import Language
from kg.web.reading.asking import Asker
from kg.web.reading.describing import Claim, Description, Doubt, Source, Texts
from kg.web.reading.exchanges import Exchange, read_exchanges
from kg.web.reading.facts import Facts
from kg.web.reading.search import SearchIndex, read_index
from kg.web.reading.sources import read_doubts
from kg.web.reading.terms import Term
from kg.web.site import current_site

_KEPT_VERSIONS = 2


@dataclass(frozen=True)
class Reader:
    """What the template of a thing calls for."""

    description: Description
    language: Language
    notes: Footnotes[Source | Claim] = field(default_factory=Footnotes)

    def name(self, iri: str) -> Label:
        """Return the name of a thing, the last part of its IRI where it has none."""
        return self.label(self.description.texts(iri)) or unnamed(iri)

    def text(self, term: Term) -> Label:
        """Return a literal with its language."""
        return Label(term.value, term.language)

    def label(self, texts: Texts) -> Label | None:
        """Return the text that the reader understands best."""
        return self.language.label(texts)

    def marks(self, subject: str, predicate: str, value: Term | None = None) -> list[tuple[int, int]]:
        """Point to where a fact was read, or to what vouches for it where it comes from elsewhere."""
        sources: list[Source | Claim] = [*self.description.sources(subject, predicate)]
        claim = self.description.claim(subject, predicate, value) if value else None
        return [self.notes.mark(source) for source in sources or ([claim] if claim else [])]


@dataclass(frozen=True)
class Names:
    """The names of places and concepts, for pages about many things."""

    facts: Facts
    language: Language

    def __call__(self, iri: str) -> Label:
        """Return the name of a place or a concept in the reader's language."""
        labels = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#prefLabel")
        found = [(term.language, term.value) for predicate in labels for term in self.facts.all(iri, predicate)]
        return self.language.label(found) or unnamed(iri)


def unnamed(iri: str) -> Label:
    """Return what a thing without a name is called: the last part of its IRI, or all of it where it is not ours."""
    if not iri.startswith(current_site().iris.base):
        return Label(iri, "")
    return Label(iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri, "")


def asker() -> Asker:
    """Return who asks the current version."""
    site = current_site()
    return Asker(site.evaluator, site.version(), site.iris)


@lru_cache(maxsize=_KEPT_VERSIONS)
def exchanges(asking: Asker) -> tuple[Exchange, ...]:
    """Return the exchange lines of a version, the latest first, read once."""
    return read_exchanges(asking)


@lru_cache(maxsize=_KEPT_VERSIONS)
def labels(asking: Asker) -> Facts:
    """Return the names of the places and concepts of a version, read once."""
    return asking.facts("labels")


@lru_cache(maxsize=1)
def land() -> tuple[Ring, ...]:
    """Return the land that maps are drawn on; none where the front end was not built."""
    file = files("kg").joinpath("web", "assets", "land.json")
    return tuple(json.loads(file.read_text("utf-8"))) if file.is_file() else ()


@lru_cache(maxsize=_KEPT_VERSIONS)
def found_index(asking: Asker) -> SearchIndex:
    """Return what can be found in a version, read once."""
    return read_index(asking)


@lru_cache(maxsize=_KEPT_VERSIONS)
def doubts(asking: Asker) -> tuple[Doubt, ...]:
    """Return what is doubtful on the pages of a version, read once."""
    return read_doubts(asking)
