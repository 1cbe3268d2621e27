"""Pages of the source page, of what stands on it and what is doubtful, of claims, and of the parts of other things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from kg.locales import Label
from kg.source import cure_key
from kg.web.pages.kinds.kind import Kind
from kg.web.pages.queries.descriptions import DERIVED, Source, ThingView
from kg.web.pages.queries.facts import RDF
from kg.web.pages.queries.terms import iri
from kg.web.pages.reader import Reader, query_runner

_PARTS = (
    *("ExchangeEvent", "Delegation", "Anniversary", "Statistic", "UnitCount", "Characteristic"),
    "http://www.opengis.net/ont/geosparql#Geometry",
)


# -- part --------------------------------------------------------------------------------------------------------


def _part(reader: Reader) -> Mapping[str, object]:
    """Return the wholes that have this part, each once, and how they call it."""
    wholes: dict[str, str] = {}
    for predicate, whole in reader.description.references():
        if predicate not in {reader.description.kg.about, f"{RDF}subject"}:
            wholes.setdefault(whole, predicate)
    first = next(iter(wholes), "")
    return {
        "wholes": wholes,
        "breadcrumbs": [(reader.name(first), first)] if first else [],
        "schema": {"isPartOf": [{"@id": whole, "name": str(reader.name(whole))} for whole in wholes]},
    }


# -- doubt -------------------------------------------------------------------------------------------------------


def _doubt(reader: Reader) -> Mapping[str, object]:
    """Return the doubt, and what it is about."""
    described = reader.description
    doubt = described.doubt(described.thing)
    return {
        "section": "quality",
        "breadcrumbs": [(reader.language.translate("navigation.quality"), "/quality")],
        "doubt": doubt,
        "cure_key": cure_key(doubt.rule, doubt.severity),
        "about": [one.value for one in described.facts.all(described.thing, described.kg.about)],
        "schema": {"text": str(reader.label(doubt.reason) or "")},
    }


# -- passage -----------------------------------------------------------------------------------------------------


def _passage(reader: Reader) -> Mapping[str, object]:
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


# -- source page -------------------------------------------------------------------------------------------------


def _source_page(reader: Reader) -> Mapping[str, object]:
    """Return how many lines the page has."""
    described = reader.description
    return {
        "section": "source",
        "lines": len(described.pointing(described.kg.page)),
        "page": described.thing.rpartition("/")[2],
        "schema": {"inLanguage": "ko"},
    }


# -- claim -------------------------------------------------------------------------------------------------------


def _claim(reader: Reader) -> Mapping[str, object]:
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


KINDS = (
    Kind("part.html", "Thing", _part, _PARTS),
    Kind("doubt.html", "CorrectionComment", _doubt, ("SourceDoubt",)),
    Kind("passage.html", "Quotation", _passage, ("Passage", "SourceLine")),
    Kind("source_page.html", "WebPage", _source_page, ("SourcePage",)),
    Kind("claim.html", "Claim", _claim, ("ExternalClaim",)),
)
