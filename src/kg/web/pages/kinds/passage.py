"""The pages of a passage, a line and the whole of the source page: the words, and what was read from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from kg.web.pages.queries.descriptions import DERIVED, Source, ThingView
from kg.web.pages.queries.terms import iri
from kg.web.pages.reader import Reader, query_runner

TEMPLATE = "passage.html"
SCHEMA_TYPE = "Quotation"


def matches(described: ThingView) -> bool:
    """Return whether a thing is a passage or a line of the source page."""
    return bool({described.kg.Passage, described.kg.SourceLine} & described.types())


def fill(reader: Reader) -> Mapping[str, object]:
    """Return the words, and what was read from them: things with their properties."""
    described, kg = reader.description, reader.description.kg
    facts = query_runner().facts("read-here", thing=[iri(described.thing)])
    reading = Reader(ThingView(facts, described.thing, described.iris), reader.language)
    properties: defaultdict[str, list[str]] = defaultdict(list)
    for subject in facts:
        for passage in facts.all(subject, DERIVED):
            properties[subject] += [one.value for one in facts.all(passage.value, kg.gives)]
    found = {subject: sorted(set(given)) for subject, given in properties.items()}
    line = source_of(described)
    return {
        "breadcrumbs": [(reader.language.translate("navigation.source"), f"/source/{line.page}")],
        "line": line,
        "reading": reading,
        "found": found,
        "schema": {"text": line.printed or line.line_text, "inLanguage": "ko"},
    }


def source_of(described: ThingView) -> Source:
    """Return the place of a passage; a line is its own."""
    kg, facts, thing = described.kg, described.facts, described.thing
    if kg.Passage in described.types():
        return described.source(thing)
    text = facts.text(thing, kg.lineText)
    page = facts.text(thing, kg.page).rpartition("/")[2]
    return Source(page, int(facts.text(thing, kg.lineNumber)), 1, len(text) + 1, text, text)
