"""Doubts about counted units: administrative divisions and organs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kg.domain import City, Page, UnitCount
from kg.source.findings.rules import Finding
from kg.source.words import OFFICES


def of_city(page: Page, city: City) -> Iterator[Finding]:
    """Yield the findings about the divisions and the organs of a city."""
    heads_last = sum(_is_counted_last(unit) for other in page.cities for unit in other.organs)
    heads_first = sum(_is_counted_first(unit) for other in page.cities for unit in other.organs)
    for unit in (*city.divisions, *city.organs):
        yield from _unit(unit)
        if _is_counted_first(unit) and heads_last > heads_first:
            yield Finding("order-of-count", unit.places["printed"], f"{unit.label}{unit.count}")
    yield from _names(city.divisions)
    yield from _organs(city.organs)
    yield from _community_centers(city)


def _is_counted_first(unit: UnitCount) -> bool:
    return unit.count_first and unit.kind in OFFICES


def _is_counted_last(unit: UnitCount) -> bool:
    return not unit.count_first and unit.kind in OFFICES


def _unit(unit: UnitCount) -> Iterator[Finding]:
    place = unit.places["printed"]
    if unit.names and len(unit.names) != unit.count:
        parameters = {"count": unit.count, "named": len(unit.names)}
        yield Finding("count-differs-from-names", place, str(unit.count), parameters)
    if unit.kind is None and unit.label != "장":
        yield Finding("unit-unknown", place, unit.label)
    if unit.kind == "development-zone":
        yield Finding("zone-among-units", place, unit.label)


def _names(divisions: tuple[UnitCount, ...]) -> Iterator[Finding]:
    named = [(name, unit) for unit in divisions for name in unit.names]
    for (one, _), (other, unit) in combinations(named, 2):
        if one[:-1] == other[:-1]:
            yield Finding("unit-counted-twice", unit.places["names"], one, {"one": one, "other": other})
    for unit in divisions:
        if named and not unit.names:
            yield Finding("units-unnamed", unit.places["printed"], str(unit.count))


def _organs(organs: tuple[UnitCount, ...]) -> Iterator[Finding]:
    labels = {unit.label: unit for unit in organs}
    deputy = next((label for label in labels if label.startswith("부") and label.endswith("장")), None)
    for unit in organs:
        place = unit.places["printed"]
        if unit.label == "장" and deputy:
            parameters = {"deputy": deputy, "head": deputy[1:]}
            yield Finding("lost-syllable", place, f"{deputy[1:]}{unit.count}", parameters)
        longer = next((label for label in labels if label != unit.label and label.endswith(unit.label)), None)
        if longer and unit.label.startswith("부") and longer[0] != "부":
            yield Finding("unit-maybe-included", place, str(unit.count), {"other": longer})
    if "중심" in labels:
        yield Finding("literal-translation", labels["중심"].places["printed"], "센터")


def _community_centers(city: City) -> Iterator[Finding]:
    offices = next((unit for unit in city.divisions if unit.kind == "street-office"), None)
    centers = next((unit for unit in city.organs if unit.kind == "community-center"), None)
    if offices and centers and offices.count != centers.count:
        parameters = {"offices": offices.count, "centers": centers.count}
        yield Finding("centers-differ-from-divisions", centers.places["printed"], str(centers.count), parameters)
