"""Sentences on groups of things: exchanges, agreements or doubts, and triples that are only counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kg.diff.differences import Changed
from kg.rdf import ThingNames, Wording, quoted

COUNTED = ("exchange", "agreement", "doubt")
_MOST_LISTED = 5
_LINES = ("change.lines_added", "change.lines_removed", "change.lines_changed", "change.line_numbers")


class CountedWords:
    """Tells in one sentence of things of one kind that came, or went, and of triples that are only counted."""

    def __init__(self, wording: Wording, names: ThingNames) -> None:
        """Tell it in the language of ``wording``."""
        self.wording, self.names = wording, names
        self.comma = wording.say("change.clause_separator")

    def things(self, things: Sequence[Changed]) -> str:
        """Return a sentence on things of one kind, city and action."""
        first, say = things[0], self.wording.say
        describe = {"exchange": self._exchange, "agreement": self._agreement, "doubt": self._doubt}[first.kind]
        texts = [describe(thing.subject, is_after=thing.action == "added") for thing in things]
        listed = say("change.list_separator").join(texts[:_MOST_LISTED])
        if len(texts) > _MOST_LISTED:
            listed = say("change.list_and_more", list=listed, more=len(texts) - _MOST_LISTED)
        return say(
            f"change.counted.{first.kind}",
            city=self.wording.name(first.city) if first.city else say("change.no_city"),
            count=len(things),
            did=say(f"change.did.{first.action}"),
            list=listed,
        )

    def _exchange(self, subject: str, *, is_after: bool) -> str:
        dates = self.names.dates(subject, is_after=is_after)
        kinds = self.wording.objects(subject, self.wording.kg("primaryKind"), is_after=is_after)
        what = self.wording.name(kinds[0]) if kinds else ""
        if not what or what.startswith("<"):
            what = quoted(self.wording.text(subject, "description", is_after=is_after) or self.wording.name(subject))
        elif self.wording.language == "en":
            what = what.lower()
        return self._dated(dates, what)

    def _dated(self, dates: str, what: str) -> str:
        return self.wording.say("change.dated", dates=dates, what=what) if dates else what

    def _agreement(self, subject: str, *, is_after: bool) -> str:
        date = self.wording.text(subject, "edtf", is_after=is_after)
        title = self.wording.text(subject, "title", is_after=is_after) or self.wording.name(subject)
        return self._dated(self.wording.date(date) if date else "", quoted(title))

    def _doubt(self, subject: str, *, is_after: bool) -> str:
        return quoted(self.wording.text(subject, "printed", is_after=is_after))

    # -- what is only counted --------------------------------------------------------------------------------------

    def triples(self, thing: Changed) -> str:
        """Return a sentence on counted triples: of lines, of the catalogue, of another graph."""
        if thing.kind == "graph":
            return self._graph(thing)
        if thing.kind == "source":
            lines = self._lines(thing)
            if lines:
                return lines
        return self.wording.say(f"change.triples.{thing.kind}", count=len(thing.statements))

    def _lines(self, thing: Changed) -> str:
        line_text = self.wording.kg("lineText")
        texts: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
        for is_added, quad in thing.statements:
            if quad.predicate == line_text:
                texts[is_added][quad.object] += 1
        moved = (texts[False] & texts[True]).total()
        gone, come = (texts[False] - texts[True]).total(), (texts[True] - texts[False]).total()
        counts = (max(come - gone, 0), max(gone - come, 0), min(gone, come), moved)
        parts = [self.wording.say(_LINES[place], count=n) for place, n in enumerate(counts) if n]
        text = self.comma.join(parts)
        return text[:1].upper() + text[1:]

    def _graph(self, thing: Changed) -> str:
        added = sum(statement.is_added for statement in thing.statements)
        both = ((added, "change.triples_added"), (len(thing.statements) - added, "change.triples_removed"))
        parts = self.comma.join(self.wording.say(key, count=count) for count, key in both if count)
        return self.wording.say("change.graph", name=thing.subject, parts=parts)
