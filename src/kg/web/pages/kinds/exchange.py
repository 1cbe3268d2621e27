"""The page of an exchange line, or of a note under one."""

from __future__ import annotations

from collections.abc import Mapping

from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.queries.exchanges import ExchangeView
from kg.web.pages.queries.terms import Term
from kg.web.pages.reader import Reader, exchanges, query_runner

TEMPLATE = "exchange.html"
SCHEMA_TYPE = "Event"


def matches(described: ThingView) -> bool:
    """Return whether a thing is an exchange line."""
    return bool({described.kg.ExchangeRecord, described.kg.ExchangeNote} & described.types())


def fill(reader: Reader) -> Mapping[str, object]:
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
