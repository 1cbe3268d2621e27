"""The page of a document between two parties."""

from __future__ import annotations

from collections.abc import Mapping

from kg.domain import Agreement, Column, labelled
from kg.web.pages.queries.descriptions import ThingView
from kg.web.pages.reader import Reader, agreements, exchanges_among, query_runner
from kg.web.pages.reader import cities as known_cities

TEMPLATE = "agreement.html"
SCHEMA_TYPE = "DigitalDocument"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a document."""
    return described.kg.Agreement in described.types()


def further_fields() -> list[Column]:
    """Return the labelled fields of a document that follow its title and date."""
    return [column for column in labelled(Agreement) if column.name not in ("title", "date")]


def fill(reader: Reader) -> Mapping[str, object]:
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
