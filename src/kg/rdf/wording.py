"""Names, values and dates of the graph in Korean, English and simplified Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from rdflib import RDF, RDFS, SKOS, XSD

from kg.domain import UNITS, terms
from kg.locales import Message, in_words, language_of
from kg.rdf.quads import Sides, read_literal

Language = Literal["ko", "en", "zh"]

_NUMBERS = {str(XSD.integer), str(XSD.decimal)}
_LABELS = (RDFS.label.n3(), SKOS.prefLabel.n3())
_LONGEST = 80


PROPERTIES = {
    RDFS.label.n3(): "property.name",
    SKOS.prefLabel.n3(): "property.name",
    SKOS.altLabel.n3(): "property.alternative_name",
    SKOS.definition.n3(): "property.definition",
    RDFS.comment.n3(): "property.comment",
    RDF.type.n3(): "property.type",
}
_OURS = {"description": "property.text", "edtf": "property.date", "text": "property.text"}
"""Our own properties that a sentence calls otherwise than the ontology does."""
_LANGUAGES = {"ko": "language.ko", "en": "language.en", "zh-hans": "language.zh", "zh": "language.zh"}
_TRUTH = {"true": "code.true", "false": "code.false"}


class Wording:
    """Words for terms in one language, with the labels that the graph before or after a change gives."""

    def __init__(self, language: Language, sides: Sides) -> None:
        """Write in this language; a thing is called what it was called before, so that a new name is seen as new."""
        self.language, self.sides = language, sides
        self._terms = terms(sides.iris.ontology)
        self._dates = {self.kg(term) for term in ("edtf", "asOf")}

    def kg(self, term: str) -> str:
        """Return one of our own terms in N-Triples."""
        return self._terms[term].n3()

    def say(self, key: str, **parameters: object) -> str:
        """Return a message in the language."""
        return Message(key, **parameters).in_language(self.language)

    # -- looking up ------------------------------------------------------------------------------------------------

    def objects(self, subject: str, predicate: str, *, is_after: bool = False) -> Sequence[str]:
        """Return the objects before the change, or else after it; or the other way round."""
        return self.sides.objects(subject, predicate, is_after=is_after)

    def text(self, subject: str, term: str, *, is_after: bool = False) -> str:
        """Return the first value of one of our own properties, or an empty string."""
        values = self.objects(subject, self.kg(term), is_after=is_after)
        literal = read_literal(values[0]) if values else None
        return literal.lexical_form if literal else ""

    def name(self, term: str) -> str:
        """Return the name of a thing in the language, else in Korean, else in any; else its IRI."""
        labels = [label for predicate in _LABELS for label in map(read_literal, self.objects(term, predicate)) if label]
        for wanted in (self.language, "ko", ""):
            found = [label.lexical_form for label in labels if label.language_tag.lower().startswith(wanted)]
            if found:
                return found[0]
        return term

    # -- words -----------------------------------------------------------------------------------------------------

    def property_name(self, predicate: str, language_tag: str = "") -> str:
        """Return the name of a property, with the language of its values if names come in several."""
        key = PROPERTIES.get(predicate)
        if key:
            tag = _LANGUAGES.get(language_tag)
            return (
                self.say("property.in_language", name=self.say(key), language=self.say(tag)) if tag else self.say(key)
            )
        ours = predicate.removeprefix(f"<{self.sides.iris.ontology}").removesuffix(">")
        return self.say(_OURS[ours]) if ours in _OURS else self.name(predicate)

    def values(self, predicate: str, nodes: Iterable[str]) -> str:
        """Return values with commas between."""
        return self.say("change.value_separator").join(self.value(node, predicate) for node in nodes)

    def value(self, term: str, predicate: str = "") -> str:
        """Return a value: a name for an IRI, a date, a number with its commas, a text in quotes."""
        literal = read_literal(term)
        if literal is None:
            return self.name(term)
        form = literal.lexical_form
        if predicate in self._dates or literal.datatype == str(XSD.date):
            return self.date(form)
        if literal.datatype in _NUMBERS:
            return grouped(form)
        if literal.datatype == str(XSD.boolean) and form in _TRUTH:
            return self.say(_TRUTH[form])
        return quoted(form)

    def date(self, edtf: str) -> str:
        """Format an EDTF date or interval; return anything else unchanged."""
        return in_words(edtf, language_of(self.language))

    def figure(self, statistic: str, value: str, *, is_after: bool) -> str:
        """Return a figure with its unit, and whether it is approximate, as it stood then."""
        unit = self.text(statistic, "unitPrinted", is_after=is_after)
        figure = self.value(value)
        written = (
            self.say(f"unit.{UNITS[unit].rpartition('/')[2]}", value=figure) if unit in UNITS else f"{figure}{unit}"
        )
        is_about = self.text(statistic, "approximate", is_after=is_after) == "true"
        return self.say("figure.approximate", value=written) if is_about else written


def grouped(number: str) -> str:
    """Format a number with thousands separators; return anything else unchanged.

    >>> grouped("1180000.5")
    '1,180,000.5'
    """
    return f"{Decimal(number):,}" if re.fullmatch(r"[+-]?\d+(\.\d+)?", number) else number


def quoted(text: str) -> str:
    """Return a text in quotation marks, cut where it is very long."""
    return f"“{text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'}”"
