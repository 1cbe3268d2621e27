"""Sentences on one thing: that it was added or removed, or the old and new values of its properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rdflib import RDF, RDFS

from kg.diff.differences import Changed, Property, properties
from kg.rdf import ThingNames, Wording

_MIRRORS = (
    "startDate", "endDate", "datePrecision", "datePrinted", "directionStated", "bracket", "position", "record", "event",
    "participant", "kind", "asOfStart", "asOfEnd", "printed", "note", "noteOn", "anniversary", "friendship",
)  # fmt: skip
_SHOWN_OF_PARTS = ("edtf", "headCount", "personName", "description")
_MOST_SHOWN = 3


class ChangeWords:
    """Describes the change of one thing in a sentence."""

    def __init__(self, wording: Wording, names: ThingNames) -> None:
        """Take the ``wording``, which decides the language."""
        self.wording, self.names = wording, names
        self._mirrors = {*map(wording.kg, _MIRRORS), RDF.type.n3()}
        self._shown_of_parts = set(map(wording.kg, _SHOWN_OF_PARTS))

    def thing(self, thing: Changed) -> str:
        """Return the sentence."""
        if thing.kind == "city":
            return self._city(thing)
        if thing.kind in ("unit", "characteristic"):
            return self._listed(thing)
        if thing.kind == "statistic":
            return self._statistic(thing)
        if thing.action == "changed":
            return self._changed(thing, self._shown(thing))
        return self._whole(thing)

    def _name(self, thing: Changed) -> str:
        return self.names.of(thing.kind, thing.subject, thing.city)

    # -- what came or went -------------------------------------------------------------------------------------------

    def _whole(self, thing: Changed, more: str = "") -> str:
        what, did = self.wording.say(f"change.thing.{thing.kind}"), self.wording.say(f"change.did.{thing.action}")
        name = self._name(thing) if thing.kind == "statistic" else self.wording.name(thing.subject)
        return self.wording.say("change.whole", name=name, what=what, did=did) + more

    def _city(self, thing: Changed) -> str:
        record = self.wording.kg("ExchangeRecord")
        count = sum(quad.object == record and quad.predicate == RDF.type.n3() for _, quad in thing.statements)
        date = self._founded(thing)
        more = self.wording.say("change.tied_since", date=self.wording.date(date)) if date else ""
        more += self.wording.say("change.with_exchanges", count=count) if count else ""
        return self._whole(thing, more)

    def _founded(self, thing: Changed) -> str:
        founded_by = self.wording.kg("foundedBy")
        founding = [quad.object for _, quad in thing.statements if quad.predicate == founded_by]
        return self.wording.text(founding[0], "edtf", is_after=thing.action == "added") if founding else ""

    # -- figures and lists -------------------------------------------------------------------------------------------

    def _statistic(self, thing: Changed) -> str:
        value = self.wording.kg("value")
        shown = self._shown(thing)
        figures = [prop for prop in shown if prop.predicate == value]
        if not figures:
            return self._changed(thing, shown) if thing.action == "changed" else self._whole(thing)
        others = [prop for prop in shown if prop.predicate != value] if thing.action == "changed" else []
        text = self._turned(self._name(thing), *self._figures(thing.subject, figures[0]))
        return self._separator().join([text, *self._properties(others)])

    def _figures(self, subject: str, prop: Property) -> Iterator[str]:
        for is_after, values in ((False, prop.before), (True, prop.after)):
            yield ", ".join(self.wording.figure(subject, value, is_after=is_after) for value in values)

    def _listed(self, thing: Changed) -> str:
        """Describe the changes of an ordered list by its texts; ignore items that only moved."""
        term = {"unit": RDFS.label.n3(), "characteristic": self.wording.kg("text")}[thing.kind]
        found: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
        for is_added, quad in thing.statements:
            if quad.predicate == term:
                found[is_added][quad.object] += 1
        gone, come = found[False] - found[True], found[True] - found[False]
        if not gone and not come:
            return self._changed(thing, properties(thing.statements))
        texts = (self.wording.values(term, sorted(side.elements())) for side in (gone, come))
        return self._turned(self._name(thing), *texts)

    # -- properties of what stays ------------------------------------------------------------------------------------

    def _changed(self, thing: Changed, shown: Iterable[Property]) -> str:
        properties_told = self._separator().join(self._properties(list(shown)))
        return self.wording.say("change.of", whole=self._name(thing), part=properties_told)

    def _separator(self) -> str:
        return self.wording.say("change.property_separator")

    def _properties(self, props: list[Property]) -> list[str]:
        parts = [self._property(prop) for prop in props[:_MOST_SHOWN]]
        if len(props) > _MOST_SHOWN:
            parts.append(self.wording.say("change.more_properties", count=len(props) - _MOST_SHOWN))
        return parts

    def _property(self, prop: Property) -> str:
        name = self.wording.property_name(prop.predicate, prop.language_tag)
        return self._turned(name, *(self.wording.values(prop.predicate, side) for side in (prop.before, prop.after)))

    def _turned(self, name: str, old: str, new: str) -> str:
        """Return the old and the new value, or the one that was added or removed."""
        if old and new:
            return self.wording.say("change.turned", name=name, old=old, new=new)
        did = self.wording.say("change.did.added" if new else "change.did.removed")
        return self.wording.say("change.came_or_went", name=name, did=did, value=new or old)

    def _shown(self, thing: Changed) -> tuple[Property, ...]:
        """Return the properties to describe; those that mirror another one only if nothing else changed."""
        own = [prop for prop in thing.properties() if prop.predicate not in self._mirrors]
        of_parts = properties(found for found in thing.statements if found.quad.subject != thing.subject)
        own.sort(key=lambda prop: prop.predicate == RDFS.label.n3())
        shown: list[Property] = []
        for prop in (*own, *(prop for prop in of_parts if prop.predicate in self._shown_of_parts)):
            if not any((other.before, other.after) == (prop.before, prop.after) for other in shown):
                shown.append(prop)
        return tuple(shown) or properties(thing.statements)
