"""What people read instead of codes, bare IRIs and things that have no name; and in which order they read facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kg.domain import FIELDS, TERMS, Agreement, City, Iris, labelled
from kg.locales import Label, Language

CODED = frozenset({"administrativeLevel", "severity", "datePrecision", "category", "lineRole", "evidenceStatus"})
"""Properties whose values are codes: the catalogues have a message ``code.…`` for each."""
ROLES: Mapping[str, str] = {
    **{column.name: column.term for column in labelled(City)},
    **{f"agreement-{column.name}": column.term for column in labelled(Agreement)},
}
"""The properties that lines of the page state, by the roles of the lines: a role without a message is named so."""
DATES = frozenset({"edtf", "asOf"})
VERBATIM = frozenset(
    {*(term for term, field in FIELDS.items() if field.is_verbatim), "lineText", "pageTitle", "readingUsed"}
)
"""Properties whose values are words of the source page."""
_UNREAD = frozenset({"position", "bracket", "startDate", "endDate", "datePrecision", "asOfStart", "asOfEnd", "kind"})
_UNREAD_OF_OTHERS = ("#type", "#wasDerivedFrom", "#label", "#prefLabel", "/name", "#topConceptOf")
_GENERAL = {"item": ("sent", "received"), "agreement": ("concludes", "intendedAgreement")}
_OUTSIDE = {
    "http://www.wikidata.org/entity/": "Wikidata",
    "https://sws.geonames.org/": "GeoNames",
}
_ON_LINE = re.compile(r"(?:passage|line|doubt)/.+?\.(\d+)(?:\.|\Z)")


def message(language: Language, key: str) -> Label | None:
    """Return a message that takes no values, or None where there is none."""
    try:
        return Label(language.translate(key), language.tag)
    except KeyError:
        return None


def outside(iri: str) -> Label | None:
    """Return what an identifier of a well-known register is called.

    >>> outside("http://www.wikidata.org/entity/Q661364")
    Label(text='Wikidata Q661364', tag='')
    """
    for start, register in _OUTSIDE.items():
        if iri.startswith(start):
            return Label(f"{register} {iri.removeprefix(start).strip('/')}", "")
    return None


def nameless(iri: str, iris: Iris, language: Language) -> Label:
    """Return what a thing without a name is called: by its kind and place, else the last part of its IRI."""
    start = f"{iris.base}id/"
    if not iri.startswith(iris.base):
        return Label(iri, "")
    kind, _, slug = iri.removeprefix(start).partition("/")
    line = _ON_LINE.match(f"{kind}/{slug}")
    if line:
        return Label(language.translate(f"name.{kind}", line=line[1]), language.tag)
    named = message(language, f"name.{kind}") if iri.startswith(start) else None
    return named or Label(iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri, "")


def ordered(predicates: Iterable[str], ontology: str) -> list[str]:
    """Return the properties that a person reads: ours in the order of the vocabulary, then those of others.

    >>> ordered(["http://a/b", "http://o/#population", "http://o/#area", "http://o/#position"], "http://o/#")
    ['http://o/#area', 'http://o/#population', 'http://a/b']
    """
    given = {one.removeprefix(ontology): one for one in predicates if not one.endswith(_UNREAD_OF_OTHERS)}
    said = {general for general, exact in _GENERAL.items() if given.keys() & set(exact)}
    read = [name for name in given if name not in _UNREAD | said]
    places = {name: place for place, name in enumerate(TERMS)}
    return [given[name] for name in sorted(read, key=lambda name: (places.get(name, len(places)), name))]
