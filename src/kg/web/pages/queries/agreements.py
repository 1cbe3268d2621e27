"""The documents of a version, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.web.pages.queries.facts import Texts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own


@dataclass(frozen=True)
class AgreementView:
    """A document: its title, kind (an IRI), date as EDTF (empty where unknown) with its bounds.

    ``places`` are its parties, for a public body the place whose it is.
    """

    iri: str
    title: Texts
    instrument: str
    edtf: str
    start: str
    end: str
    places: tuple[str, ...]

    def is_in(self, year: int) -> bool:
        """Return whether it may have been concluded in a year."""
        return bool(self.start) and int(self.start[:4]) <= year <= int(self.end[:4])


def read_agreements(query_runner: QueryRunner) -> tuple[AgreementView, ...]:
    """Return the documents, the oldest first, those without a date at the end."""
    facts = query_runner.facts("agreements")
    kg = Own(query_runner.iris.ontology)
    found = [
        AgreementView(
            iri=subject,
            title=facts.texts(subject),
            instrument=facts.text(subject, kg.instrument),
            edtf=facts.text(subject, kg.edtf),
            start=facts.text(subject, kg.startDate),
            end=facts.text(subject, kg.endDate),
            places=tuple(facts.text(party.value, kg.bodyOf) or party.value for party in facts.all(subject, kg.party)),
        )
        for subject in facts
        if facts.all(subject, kg.instrument)
    ]
    return tuple(sorted(found, key=lambda one: (one.start or "9999", one.iri)))
