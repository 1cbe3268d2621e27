"""Pages of places: a friendship city, any other place, a public body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kg.domain import City, labelled
from kg.locales import Language, in_words
from kg.web.api.addresses import address
from kg.web.pages.drawing.map import MapPlace, MapTexts, draw_map
from kg.web.pages.drawing.svg import Picture
from kg.web.pages.drawing.timeline import TimelineMark, TimelineTexts, draw_timeline
from kg.web.pages.kinds.kind import Kind
from kg.web.pages.kinds.ties import further_fields
from kg.web.pages.queries.exchanges import ExchangeView
from kg.web.pages.queries.facts import Facts
from kg.web.pages.queries.terms import Own
from kg.web.pages.reader import (
    LabelIndex,
    Reader,
    agreements,
    cities,
    exchanges,
    exchanges_of,
    labels,
    land,
    query_runner,
)

# -- city --------------------------------------------------------------------------------------------------------


def _city(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a city shows beside its description."""
    described, language = reader.description, reader.language
    runner = query_runner()
    names = LabelIndex(labels(runner), language)
    with_city = tuple(one for one in exchanges(runner) if described.thing in one.cities)
    held = tuple(one for one in with_city if one.is_held)
    places = places_of(runner.facts("cities"), described.kg, language)
    return {
        "section": "cities",
        "breadcrumbs": [(language.translate("navigation.cities"), "/cities")],
        "fields": labelled(City),
        "agreement_fields": further_fields(),
        "friendship": next(iter(described.pointing(described.kg.partner))),
        "exchanges": with_city,
        "held": held,
        "bodies": described.pointing(described.kg.bodyOf),
        "names": names,
        "map": map_of(places, language, chosen=described.thing) if places else None,
        "timeline": timeline_of(held, names, language) if held else None,
    }


def places_of(facts: Facts, kg: Own, language: Language) -> list[tuple[str, MapPlace]]:
    """Return the cities and Seocho where they lie, by their IRIs; what has no coordinates is left out."""
    partners = {term.value for subject in facts for term in facts.all(subject, kg.partner)}
    found = []
    parties = {term.value for subject in facts for term in facts.all(subject, kg.party)}
    for iri in sorted(partners | parties):
        latitude, longitude = facts.text(iri, kg.latitude), facts.text(iri, kg.longitude)
        if latitude and longitude:
            name = str(LabelIndex(facts, language)(iri))
            place = MapPlace(name, float(latitude), float(longitude), address(iri), is_home=iri not in partners)
            found.append((iri, place))
    return found


def map_of(places: list[tuple[str, MapPlace]], language: Language, chosen: str = "") -> Picture:
    """Draw the map, with one city set off where one is chosen."""
    drawn = [
        MapPlace(one.name, one.latitude, one.longitude, one.address, is_home=one.is_home, is_chosen=iri == chosen)
        for iri, one in places
    ]
    t = language.translate
    texts = MapTexts(
        t("map.title"), t("map.description", count=sum(not one.is_home for one in drawn)),
        t("map.place"), t("map.latitude"), t("map.longitude"),
    )  # fmt: skip
    return draw_map(drawn, land(), texts)


def timeline_of(found: tuple[ExchangeView, ...], names: LabelIndex, language: Language) -> Picture:
    """Draw when each exchange happened, in a track for each kind, the most frequent first."""
    t = language.translate
    kinds = [one.primary_kind for one in found]
    tracks = sorted(dict.fromkeys(kinds), key=lambda kind: (-kinds.count(kind), kind))
    marks = [
        TimelineMark(
            str(names(one.primary_kind)),
            date.fromisoformat(occurrence.start),
            date.fromisoformat(occurrence.end),
            in_words(occurrence.edtf, language),
            one.description.value,
            address(one.iri),
        )
        for one in found
        for occurrence in one.occurrences
    ]
    texts = TimelineTexts(
        t("timeline.title"), t("timeline.description", count=len(marks)),
        t("timeline.when"), t("timeline.kind"), t("timeline.what"),
    )  # fmt: skip
    return draw_timeline(sorted(marks, key=lambda mark: mark.start), [str(names(kind)) for kind in tracks], texts)


# -- place -------------------------------------------------------------------------------------------------------


def _place(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a place shows beside its description."""
    described, kg = reader.description, reader.description.kg
    runner = query_runner()
    places = places_of(runner.facts("cities"), kg, reader.language)
    is_home = bool(described.pointing(kg.party))
    return {
        "is_home": is_home,
        "places": described.pointing(kg.within),
        "bodies": described.pointing(kg.bodyOf),
        "ties": cities(runner) if is_home else (),
        "documents": agreements(runner) if is_home else (),
        "exchanges": () if is_home else exchanges_of(runner, described.thing),
        "map": map_of(places, reader.language, chosen=described.thing) if is_home and places else None,
    }


# -- body --------------------------------------------------------------------------------------------------------


def _body(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a body shows beside its description."""
    described = reader.description
    place = described.facts.text(described.thing, described.kg.bodyOf)
    return {
        "breadcrumbs": [(reader.name(place), place)] if place else [],
        "ties": described.pointing(described.kg.party),
        "exchanges": exchanges_of(query_runner(), described.thing),
    }


KINDS = (
    Kind("city.html", "AdministrativeArea", _city, pointed_to_by="partner"),
    Kind("place.html", "AdministrativeArea", _place, ("Municipality", "Region", "Country")),
    Kind("body.html", "GovernmentOrganization", _body, ("PublicBody",)),
)
