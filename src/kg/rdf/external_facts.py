"""External facts: identifiers, coordinates and names of places, each with its evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import GEO, GEONAMES, WIKIDATA, Iris, slug, terms

_KINDS = {"country": "country", "province": "region"}
_REGION_ENDINGS = ("성", "도", "주", "자치구", "현", "부")
_SINGLE, _SEVERAL = "single public source", "two or more public sources"


@dataclass(frozen=True)
class GazetteerPlace:
    """A place of ``identifiers.json``: its row, and the names of the places that contain it."""

    row: dict[str, Any]
    above: frozenset[str]

    @property
    def slug(self) -> str:
        """Its slug in IRIs."""
        return str(self.row["slug"])

    @property
    def name(self) -> str:
        """Its own Korean name, without those of the containing places."""
        return str(self.row["ko"]).split()[-1]

    @property
    def kind(self) -> str:
        """The kind of its IRI: ``country``, ``region`` or ``municipality``."""
        return _KINDS.get(self.row["level"], "municipality")


class Gazetteer:
    """Finds the IRI of a place by its path of Korean names, from the country down."""

    def __init__(self, text: str, iris: Iris) -> None:
        """Read the places from the text of ``identifiers.json``."""
        rows = {row["slug"]: row for row in json.loads(text)["places"]}
        self.iris = iris
        self._renamed: Mapping[tuple[str, ...], str] = {}
        self.places = {name: GazetteerPlace(row, _above(row, rows)) for name, row in rows.items()}

    def renamed(self, slugs: Mapping[tuple[str, ...], str]) -> Gazetteer:
        """Return a gazetteer in which places with new names, given by their path, keep their slugs."""
        found = copy(self)
        found._renamed = slugs  # noqa: SLF001 - a copy of our own
        return found

    def is_renamed(self, slug: str) -> bool:
        """Return whether a place has another name on the page now."""
        return slug in self._renamed.values()

    def find(self, path: tuple[str, ...]) -> GazetteerPlace | None:
        """Return the known place with this path, which may skip levels."""
        if path in self._renamed:
            return self.places.get(self._renamed[path])
        fitting = [place for place in self.places.values() if place.name == path[-1] and set(path[:-1]) <= place.above]
        return fitting[0] if len(fitting) == 1 else None

    def slug(self, path: tuple[str, ...]) -> str:
        """Return the slug of a place in IRIs; an unknown place gets one from its Korean names."""
        place = self.find(path)
        return place.slug if place else self._renamed.get(path) or slug(" ".join(path[1:] or path))

    def kind(self, path: tuple[str, ...]) -> str:
        """Return the kind of a place's IRI."""
        place = self.find(path)
        if place:
            return place.kind
        return "country" if len(path) == 1 else "municipality"

    def iri(self, path: tuple[str, ...], *, is_above: bool = False) -> URIRef:
        """Return the IRI of a place; ``is_above`` if it is named only as the container of another."""
        kind = self.kind(path)
        if is_above and self.find(path) is None and kind == "municipality" and path[-1].endswith(_REGION_ENDINGS):
            kind = "region"
        return URIRef(self.iris.resource(kind, self.slug(path)))


def _above(row: dict[str, Any], rows: dict[str, dict[str, Any]]) -> frozenset[str]:
    names = set()
    while row["parent"]:
        row = rows[row["parent"]]
        names.add(row["ko"].split()[-1])
    return frozenset(names)


def elsewhere_graph(gazetteer: Gazetteer) -> Graph:
    """Return all external facts, each with a claim that has its evidence and status.

    What is marked as unverified in ``identifiers.json`` is left out.
    """
    graph = Graph()
    for place in gazetteer.places.values():
        _Claims(graph, gazetteer, place).add_all()
    return graph


class _Claims:
    def __init__(self, graph: Graph, gazetteer: Gazetteer, place: GazetteerPlace) -> None:
        self.graph, self.place, self.gazetteer = graph, place, gazetteer
        self.kg = terms(gazetteer.iris.ontology)
        self.subject = self._iri(place)

    def _iri(self, place: GazetteerPlace) -> URIRef:
        return URIRef(self.gazetteer.iris.resource(place.kind, place.slug))

    def add_all(self) -> None:
        row = self.place.row
        self.graph.add((self.subject, RDF.type, self.kg[self.place.kind.capitalize()]))
        for name, predicate, value, evidence in self._facts(row):
            self._claim(name, predicate, value, evidence)
        for remark in filter(None, (row["note"], _rejected(row))):
            self.graph.add((self.subject, SKOS.editorialNote, Literal(remark, lang="en")))

    def _facts(self, row: dict[str, Any]) -> Iterator[tuple[str, URIRef, Node, str]]:
        names = "data/identifiers.json"
        label = SKOS.altLabel if self.gazetteer.is_renamed(self.place.slug) else RDFS.label
        yield "name-ko", label, Literal(self.place.name, lang="ko"), names
        yield "name-en", RDFS.label, Literal(row["en"], lang="en"), names
        yield "name-zh", RDFS.label, Literal(row["zh_hans"], lang="zh-hans"), names
        yield "level", self.kg.administrativeLevel, Literal(row["level"]), names
        if row["parent"]:
            yield "parent", self.kg.within, self._iri(self.gazetteer.places[row["parent"]]), names
        if row["gb_t_2260"]:
            yield "gb-t-2260", self.kg.administrativeCode, Literal(row["gb_t_2260"]), row["gb_evidence"]
        if row["wikidata"] and row["wikidata_status"] in (_SINGLE, _SEVERAL):
            match = SKOS.closeMatch if row["wikidata_status"] == _SINGLE else SKOS.exactMatch
            yield "wikidata", match, WIKIDATA[row["wikidata"]], row["wikidata_evidence"]
        if row["geonames"]:
            match = SKOS.closeMatch if _status(row["geonames_evidence"]) == _SINGLE else SKOS.exactMatch
            yield "geonames", match, GEONAMES[f"{row['geonames']}/"], row["geonames_evidence"]
        if row["lat"] is not None:
            latitude, longitude = Decimal(str(row["lat"])), Decimal(str(row["lon"]))
            yield "latitude", self.kg.latitude, Literal(latitude), row["coord_evidence"]
            yield "longitude", self.kg.longitude, Literal(longitude), row["coord_evidence"]
            self._geometry(latitude, longitude)

    def _claim(self, name: str, predicate: URIRef, value: Node, evidence: str) -> None:
        claim = URIRef(self.gazetteer.iris.resource("claim", f"{self.place.slug}.{name}"))
        self.graph.add((self.subject, predicate, value))
        for term, node in (
            (RDF.type, self.kg.ExternalClaim),
            (RDF.subject, self.subject),
            (RDF.predicate, predicate),
            (RDF.object, value),
            (self.kg.evidence, Literal(evidence)),
            (self.kg.evidenceStatus, Literal(_status(evidence, self.place.row if name == "wikidata" else {}))),
        ):
            self.graph.add((claim, term, node))

    def _geometry(self, latitude: Decimal, longitude: Decimal) -> None:
        geometry = URIRef(self.gazetteer.iris.resource("geometry", self.place.slug))
        self.graph.add((self.subject, GEO.hasGeometry, geometry))
        self.graph.add((geometry, RDF.type, GEO.Geometry))
        self.graph.add((geometry, GEO.asWKT, Literal(f"POINT({longitude} {latitude})", datatype=GEO.wktLiteral)))


def _status(evidence: str, row: dict[str, Any] | None = None) -> str:
    stated = (row or {}).get("wikidata_status")
    return str(stated) if stated else _SEVERAL if ";" in evidence else _SINGLE


def _rejected(row: dict[str, Any]) -> str | None:
    rejected = row.get("dr5hn_coordinate_rejected")
    return f"Coordinate rejected: {rejected}" if rejected else None
