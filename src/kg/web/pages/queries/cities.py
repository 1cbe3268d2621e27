"""The friendship cities of a version, as cards and comparisons show them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.web.pages.queries.facts import Facts, Texts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own, iri


@dataclass(frozen=True)
class Figure:
    """A figure as read: its number, unit (an IRI), as of when (EDTF), bases (IRIs), and how it is printed."""

    iri: str
    value: str
    unit: str
    as_of: str
    bases: tuple[str, ...]
    is_approximate: bool
    is_doubted: bool
    printed: str


@dataclass(frozen=True)
class CityView:
    """A city with its tie; places and concepts by their IRIs, the beginning of the tie as EDTF."""

    iri: str
    friendship: str
    names: Texts
    agreement: str
    title: Texts
    since: str
    instrument: str
    concluded_in: str
    within: tuple[str, ...]
    area: Figure | None
    population: Figure | None
    divisions: tuple[str, ...]


def read_cities(query_runner: QueryRunner) -> tuple[CityView, ...]:
    """Return the cities in the order of the page."""
    facts = query_runner.facts("cities")
    kg = Own(query_runner.iris.ontology)
    ties = [subject for subject in facts if facts.all(subject, kg.partner)]
    return tuple(_city(facts, tie, kg) for tie in sorted(ties, key=lambda tie: int(facts.text(tie, kg.position) or 0)))


def _city(facts: Facts, tie: str, kg: Own) -> CityView:
    city, agreement = facts.text(tie, kg.partner), facts.text(tie, kg.foundedBy)
    counts = sorted(facts.all(city, kg.divisionCount), key=lambda one: one.value)
    return CityView(
        iri=city,
        friendship=tie,
        names=facts.texts(city),
        agreement=agreement,
        title=facts.texts(agreement),
        since=facts.text(agreement, kg.edtf),
        instrument=facts.text(agreement, kg.instrument),
        concluded_in=facts.text(agreement, kg.concludedIn),
        within=tuple(place.value for place in facts.all(city, kg.within)),
        area=_figure(facts, facts.text(city, kg.area), kg),
        population=_figure(facts, facts.text(city, kg.population), kg),
        divisions=tuple(facts.text(one.value, kg.printed) for one in counts),
    )


def _figure(facts: Facts, statistic: str, kg: Own) -> Figure | None:
    if not facts.text(statistic, kg.value):
        return None
    return Figure(
        iri=statistic,
        value=facts.text(statistic, kg.value),
        unit=facts.text(statistic, kg.unit),
        as_of=facts.text(statistic, kg.asOf),
        bases=tuple(basis.value for basis in facts.all(statistic, kg.basis)),
        is_approximate=facts.text(statistic, kg.approximate) == "true",
        is_doubted=bool(facts.subjects(kg.about, iri(statistic))),
        printed=facts.text(statistic, kg.printed),
    )
