"""Pages of what ties Seocho to a city: the friendship, its documents, the exchanges."""

from __future__ import annotations

from collections.abc import Mapping

from kg.domain import Agreement, Column, labelled
from kg.web.pages.kinds.kind import Kind
from kg.web.pages.queries.exchanges import ExchangeView
from kg.web.pages.queries.terms import Term
from kg.web.pages.reader import Reader, agreements, exchanges, exchanges_among, query_runner
from kg.web.pages.reader import cities as known_cities

# -- friendship --------------------------------------------------------------------------------------------------


def _friendship(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a tie shows beside its description."""
    described, kg = reader.description, reader.description.kg
    runner = query_runner()
    city = described.facts.text(described.thing, kg.partner)
    return {
        "section": "cities",
        "breadcrumbs": [(reader.language.translate("navigation.cities"), "/cities"), (reader.name(city), city)],
        "city": city,
        "agreement": described.facts.text(described.thing, kg.foundedBy),
        "agreements": [one for one in agreements(runner) if city in one.places],
        "exchanges": [one for one in exchanges(runner) if city in one.cities],
    }


# -- agreement ---------------------------------------------------------------------------------------------------


def further_fields() -> list[Column]:
    """Return the labelled fields of a document that follow its title and date."""
    return [column for column in labelled(Agreement) if column.name not in ("title", "date")]


def _agreement(reader: Reader) -> Mapping[str, object]:
    """Return what the page of a document shows beside its description."""
    described, kg = reader.description, reader.description.kg
    facts = described.facts
    runner = query_runner()
    parties = [party.value for party in facts.all(described.thing, kg.party)]
    listed = next((one for one in agreements(runner) if one.iri == described.thing), None)
    cities = [one.iri for one in known_cities(runner) if listed and one.iri in listed.places]
    dated = {"dateCreated": facts.text(described.thing, kg.edtf)} if facts.text(described.thing, kg.edtf) else {}
    return {
        "section": "cities",
        "breadcrumbs": [
            (reader.language.translate("navigation.cities"), "/cities"),
            *((reader.names(city), city) for city in cities),
        ],
        "fields": further_fields(),
        "parties": parties,
        "concluding": exchanges_among(runner, described.pointing(kg.concludes)),
        "intending": exchanges_among(runner, described.pointing(kg.intendedAgreement)),
        "schema": {
            **dated,
            "inLanguage": "ko",
            "about": [{"@type": "AdministrativeArea", "@id": one, "name": str(reader.name(one))} for one in parties],
        },
    }


# -- exchange ----------------------------------------------------------------------------------------------------


def _exchange(reader: Reader) -> Mapping[str, object]:
    """Return what the page of an exchange shows beside its description."""
    described, kg = reader.description, reader.description.kg
    facts, thing = described.facts, described.thing
    city = facts.text(thing, kg.exchangedWith)
    events = _in_order(reader, kg.event, kg.startDate)
    participants = _in_order(reader, kg.participant, kg.position)
    anniversaries = _in_order(reader, kg.anniversary, kg.ordinal)
    before, after = _neighbours([one for one in exchanges(query_runner()) if city in one.cities], thing)
    return {
        "section": "exchanges",
        "breadcrumbs": [(reader.language.translate("navigation.cities"), "/cities"), (reader.name(city), city)],
        "city": city,
        "events": events,
        "participants": participants,
        "anniversaries": anniversaries,
        "doubtful": reader.doubts(thing, *events, *participants, *anniversaries),
        "line": next(iter(described.sources(thing, kg.description)), None),
        "before": before,
        "after": after,
        "schema": _schema(reader, city, events),
    }


def _in_order(reader: Reader, predicate: str, by: str) -> list[str]:
    facts = reader.description.facts
    found = [one.value for one in facts.all(reader.description.thing, predicate)]
    return sorted(found, key=lambda one: (facts.text(one, by).zfill(10), one))


def _neighbours(found: list[ExchangeView], thing: str) -> tuple[ExchangeView | None, ExchangeView | None]:
    """Return the exchange before and the one after, of a list that has the latest first."""
    place = next((place for place, one in enumerate(found) if one.iri == thing), None)
    if place is None:
        return None, None
    return (found[place + 1] if place + 1 < len(found) else None), (found[place - 1] if place else None)


def _schema(reader: Reader, city: str, events: list[str]) -> Mapping[str, object]:
    facts, kg = reader.description.facts, reader.description.kg
    known = [facts.text(one, kg.edtf).partition("/") for one in events]
    days = sorted(start for start, _, _ in known) + sorted(end or start for start, _, end in known)
    dates = {"startDate": days[0], "endDate": days[-1]} if days else {}
    name = facts.one(reader.description.thing, kg.description) or Term("")
    return {
        **dates,
        "about": {"@type": "AdministrativeArea", "@id": city, "name": str(reader.name(city))},
        "description": name.value,
    }


KINDS = (
    Kind("friendship.html", "Thing", _friendship, ("Friendship",)),
    Kind("agreement.html", "DigitalDocument", _agreement, ("Agreement",)),
    Kind("exchange.html", "Event", _exchange, ("ExchangeRecord", "ExchangeNote")),
)
