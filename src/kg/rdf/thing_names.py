"""Names of things in sentences: a city's exchange of a month, its population, a term of the vocabulary."""

from __future__ import annotations

from kg.rdf.things import FIGURES, Things
from kg.rdf.wording import Wording, quoted

_LISTS = ("unit", "characteristic")


class ThingNames:
    """Names things as in the graph before the change, or after it for new things."""

    def __init__(self, wording: Wording) -> None:
        """Name things in the language of ``wording``."""
        self.wording = wording
        self._things = Things(wording.sides)

    def name(self, subject: str) -> str:
        """Return the name of a thing or a part of one."""
        kind, thing = self._things.thing(subject)
        if kind in _LISTS or kind == "source":
            return self.wording.name(subject)
        return self.of(kind, thing, self._things.city(kind, thing))

    def of(self, kind: str, subject: str, city: str) -> str:
        """Return the name of a thing of this kind, listed under this city."""
        if kind in _LISTS:
            return self._of_city(city, self.wording.say(f"change.list.{kind}"))
        if kind == "exchange":
            return self._of_city(city, self._exchange(subject))
        if kind == "statistic":
            return self._of_city(city, self._figure(subject))
        if kind in ("term", "agreement"):
            return self._of_city(city, f"{self.wording.say(f'change.thing.{kind}')} {self._quoted(subject)}")
        if kind == "doubt":
            return f"{self.wording.say(f'change.thing.{kind}')} {quoted(self.wording.text(subject, 'printed'))}"
        return self.wording.name(subject)

    def _exchange(self, subject: str) -> str:
        dates = self.dates(subject, is_after=False)
        if not dates:
            return quoted(self.wording.text(subject, "description") or self.wording.name(subject))
        return self.wording.say("change.exchange_of", dates=dates)

    def _figure(self, subject: str) -> str:
        measures = (name for name in FIGURES if self._things.subjects(self.wording.kg(name), subject))
        measure = next(measures, "")
        return self.wording.name(self.wording.kg(measure)) if measure else self.wording.say("change.thing.statistic")

    def _quoted(self, subject: str) -> str:
        name = self.wording.name(subject)
        return name if name.startswith("<") else quoted(name)

    def _of_city(self, city: str, what: str) -> str:
        if not city:
            return what
        return self.wording.say("change.of", whole=self.wording.name(city), part=what)

    def dates(self, exchange: str, *, is_after: bool) -> str:
        """Return when an exchange was: the first of its dates, and how many there are."""
        events = self.wording.objects(exchange, self.wording.kg("event"), is_after=is_after)
        found = sorted(filter(None, (self._date(event, is_after=is_after) for event in events)))
        if not found:
            return ""
        first = self.wording.date(found[0])
        if not found[1:]:
            return first
        return self.wording.say("change.first_and_more", first=first, count=len(found), more=len(found) - 1)

    def _date(self, event: str, *, is_after: bool) -> str:
        precision = self.wording.text(event, "datePrecision", is_after=is_after)
        start = self.wording.text(event, "startDate", is_after=is_after)
        shown = {"year": 4, "month": 7}.get(precision, len(start))
        return self.wording.text(event, "edtf", is_after=is_after) or start[:shown]
