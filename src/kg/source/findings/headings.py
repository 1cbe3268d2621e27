"""Doubts about headings, about what a section lacks, and about what the page says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from kg.domain import City, Page, Passage, labelled
from kg.locales import Message
from kg.source.findings.rules import Finding
from kg.source.words import COUNTRIES, DIRECT_MUNICIPALITIES

_LABELS = {column.name: column.label for column in labelled(City)}

_MARKUP = re.compile(r"<(!doctype|html|body|div|li|p|span)\b", re.IGNORECASE)


def of_page(page: Page) -> Iterator[Finding]:
    """Yield the findings about the page as a whole."""
    for one, other in combinations(page.cities, 2):
        if one.path == other.path:
            yield Finding("city-twice", other.places["title"])
    if not page.cities:
        yield Finding("no-city", Passage(1, 1, 1), parameters={"cause": Message(f"cause.{_why_unread(page)}")})
    if page.cities and page.metadata.last_modified is None:
        yield Finding("page-undated", page.places.get("title", Passage(1, 1, 1)))


def _why_unread(page: Page) -> str:
    if not any(line.text.strip() for line in page.lines):
        return "empty-page"
    return "markup" if any(_MARKUP.search(line.text) for line in page.lines) else "no-city-heading"


def of_city(page: Page, city: City) -> Iterator[Finding]:
    """Yield the findings about a city's heading, and the items that it lacks and most others have."""
    title, path = city.places["title"], " ".join(city.path)
    if city.heading != city.title:
        yield Finding("heading-differs", title, path, {"heading": city.heading})
    above = city.path[1] if city.path[0] == "중국" and city.name.endswith("구") else ""
    if above.endswith("시") and above not in DIRECT_MUNICIPALITIES:
        yield Finding("province-missing", city.places["heading"], path)
    if city.path[0] not in COUNTRIES:
        yield Finding("country-unknown", title, path, {"country": city.path[0]})
    given = Counter(name for other in page.cities for name in _LABELS if getattr(other, name))
    for name, label in _LABELS.items():
        if not getattr(city, name) and given[name] * 2 > len(page.cities) - 1:
            yield Finding("field-missing", title, parameters={"label": label})
