"""Minting of IRIs: slugs that are stable when other records are added or removed."""

from __future__ import annotations

from collections import Counter

from rdflib import URIRef

from kg.domain import City, Exchange, Iris, Party, Passage, slug
from kg.rdf.external_facts import Gazetteer


class Naming:
    """Mints the IRIs of the records of a page; duplicate slugs get a number."""

    def __init__(self, iris: Iris, gazetteer: Gazetteer, page: str) -> None:
        """Take the name of the page."""
        self.iris, self.gazetteer, self.page = iris, gazetteer, page
        self._taken: Counter[tuple[str, str]] = Counter()

    def iri(self, kind: str, name: str) -> URIRef:
        """Return the IRI with this slug."""
        return URIRef(self.iris.resource(kind, name))

    def fresh(self, kind: str, name: str) -> URIRef:
        """Return the IRI with this slug, or with ``-2``, ``-3`` … behind it where the slug is taken."""
        self._taken[kind, name] += 1
        number = self._taken[kind, name]
        return self.iri(kind, name if number == 1 else f"{name}-{number}")

    def city(self, city: City) -> str:
        """Return the slug of a city."""
        return self.gazetteer.slug(city.path)

    def party(self, party: Party) -> URIRef:
        """Return the IRI of a municipality, or of a body of it."""
        if party.body == "municipality":
            return self.gazetteer.iri(party.path)
        return self.iri("body", f"{self.gazetteer.slug(party.path)}-{party.body}")

    def exchange(self, city: City, exchange: Exchange) -> URIRef:
        """Return the IRI of an exchange line: its city and first date."""
        first = min(exchange.occurrences, key=lambda occurrence: occurrence.date, default=None)
        date = first.date.first.edtf if first else f"undated-{slug(exchange.description)[:40]}"
        return self.fresh("exchange", f"{self.city(city)}-{date}")

    def line(self, number: int) -> URIRef:
        """Return the IRI of a line of the page."""
        return self.iri("line", f"{self.page}.{number}")

    def passage(self, place: Passage) -> URIRef:
        """Return a new IRI for a passage: each record read from the same passage has its own."""
        return self.fresh("passage", f"{self.page}.{place.line}.{place.start}-{place.end}")


def tail(iri: URIRef) -> str:
    """Return the slug of one of our IRIs.

    >>> tail(URIRef("https://kg.seocho.example/id/exchange/hongkou-2000"))
    'hongkou-2000'
    """
    return str(iri).rsplit("/", 1)[-1]
