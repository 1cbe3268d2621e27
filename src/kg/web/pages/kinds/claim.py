"""The page of a claim: what vouches for one fact that does not come from the source page."""

from __future__ import annotations

from collections.abc import Mapping

from kg.locales import Label
from kg.web.pages.queries.descriptions import RDF, ThingView
from kg.web.pages.reader import Reader

TEMPLATE = "claim.html"
SCHEMA_TYPE = "Claim"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a claim."""
    return described.kg.ExternalClaim in described.types()


def fill(reader: Reader) -> Mapping[str, object]:
    """Return the fact that the claim is about, and its evidence."""
    described, kg = reader.description, reader.description.kg
    facts, thing = described.facts, described.thing
    subject = facts.text(thing, f"{RDF}subject")
    predicate = facts.text(thing, f"{RDF}predicate")
    return {
        "title": Label(f"{reader.name(subject)}: {reader.property(predicate)}", reader.language.tag),
        "breadcrumbs": [(reader.name(subject), subject)] if subject else [],
        "subject": subject,
        "predicate": predicate,
        "values": facts.all(thing, f"{RDF}object"),
        "evidence": facts.text(thing, kg.evidence),
        "status": facts.text(thing, kg.evidenceStatus),
        "schema": {"about": {"@id": subject, "name": str(reader.name(subject))}},
    }
