"""Doubts about the figures of a city: how they are printed, of when they are, and what they count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from kg.domain import City, Page, Statistic
from kg.source.findings.rules import Finding
from kg.source.quantities import misplaced_comma

_STALE_YEARS = 5
_MOST_PEOPLE = 40_000_000
"""More than the largest municipality of the world has: Chongqing counts 32 million."""
_ENTRANCE_DEPTH = 1


def of_city(page: Page, city: City) -> Iterator[Finding]:
    """Yield the findings about the area, the population and the homepage of a city."""
    for statistic in filter(None, (city.area, city.population)):
        if misplaced_comma(statistic.printed):
            yield Finding("misplaced-comma", statistic.places["value"], f"{statistic.value:,f}")
        bare = re.fullmatch(r"\d{1,3}\.\d{3}", re.sub(r"[^\d.,].*", "", statistic.printed.removeprefix("약").strip()))
        if bare or (statistic.unit == "명" and statistic.value > _MOST_PEOPLE):
            yield Finding("figure-implausible", statistic.places["value"], f"{statistic.value:,f}")
    if city.population is not None:
        yield from _population(page, city.population)
    segments = urlsplit(city.homepage or "").path.split("/")
    if len([segment for segment in segments if segment]) > _ENTRANCE_DEPTH:
        yield Finding("homepage-deep", city.places["homepage"])


def _population(page: Page, population: Statistic) -> Iterator[Finding]:
    place, reading = population.places["printed"], f"{population.value:,f}"
    if population.as_of is None:
        yield Finding("figure-without-year", place, reading)
    if population.basis is None:
        yield Finding("figure-without-basis", place, reading)
    others = [city.population for city in page.cities if city.population is not None]
    usual = Counter(other.basis for other in others if other.basis).most_common(1)
    if population.basis is not None and population.basis != usual[0][0]:
        yield Finding("basis-differs", population.places["basis"], reading)
    newest = max((other.as_of.year for other in others if other.as_of), default=0)
    if population.as_of and newest - population.as_of.year >= _STALE_YEARS:
        yield Finding("figure-old", population.places["as_of"], population.as_of.edtf, {"year": newest})
