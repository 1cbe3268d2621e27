"""Descriptions of a change in Korean, English and simplified Chinese."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import RDFS

from kg.diff.change_words import ChangeWords
from kg.diff.counted_words import COUNTED, CountedWords
from kg.diff.differences import Changed, ChangedStatement, Difference, Renaming
from kg.diff.three_way_merge import Conflict
from kg.rdf import Language, Sides, ThingNames, Wording, language_tag

MOST_SENTENCES = 200
_ONLY_COUNTED = ("order", "source", "program", "catalog", "graph")
_ASIDE = ("order", "source", "program", "catalog", "doubt")


@dataclass(frozen=True)
class ChangeSentence:
    """A sentence, and the statements that it describes; ``city`` is the city's IRI, or empty.

    ``is_aside`` is whether it tells what follows from another change: lines, findings, counts of the catalogue.
    """

    text: str
    statements: tuple[ChangedStatement, ...]
    city: str = ""
    is_aside: bool = False


def sentences(
    difference: Difference, sides: Sides, language: Language, most: int = MOST_SENTENCES
) -> tuple[ChangeSentence, ...]:
    """Describe a difference in sentences, cities first; each statement belongs to exactly one of them.

    Where there would be more than ``most``, the last says how many triples are left untold.
    """
    wording = Wording(language, sides)
    told = (*_things(difference, wording), *_graphs(difference, wording))
    if len(told) <= most:
        return told
    left = tuple(statement for sentence in told[most:] for statement in sentence.statements)
    return (*told[:most], ChangeSentence(wording.say("change.rest", count=len(left)), left))


def _things(difference: Difference, wording: Wording) -> Iterator[ChangeSentence]:
    names = ThingNames(wording)
    counted, single = CountedWords(wording, names), ChangeWords(wording, names)
    groups: defaultdict[tuple[str, ...], list[Changed]] = defaultdict(list)
    for thing in difference.things:
        groups[thing.kind, thing.city, thing.action, "" if _is_counted(thing) else thing.subject].append(thing)
    renamed = dict(_renamed(difference.things))
    for things in groups.values():
        first = things[0]
        if first.subject in renamed:
            name = renamed[first.subject]
            text = wording.say("change.renamed", old=name.old, new=name.new)
        elif _is_counted(first):
            text = counted.things(things)
        else:
            text = counted.triples(first) if first.kind in _ONLY_COUNTED else single.thing(first)
        text = text[:1].upper() + text[1:] if wording.language == "en" else text
        statements = tuple(statement for thing in things for statement in thing.statements)
        is_aside = first.kind in _ASIDE or (first.kind == "body" and first.action != "changed")
        is_aside |= first.subject not in renamed and any(map(first.follows, renamed.values()))
        yield ChangeSentence(text, statements, first.city, is_aside)


def _renamed(things: Iterable[Changed]) -> Iterator[tuple[str, Renaming]]:
    """Yield the places of which the Korean name changed."""
    for thing in things:
        if thing.kind == "place" and thing.action == "changed":
            for prop in thing.properties():
                if (prop.predicate, prop.language_tag) == (RDFS.label.n3(), "ko") and prop.before and prop.after:
                    yield thing.subject, Renaming(*(quoted[0].split('"')[1] for quoted in (prop.before, prop.after)))


def _is_counted(thing: Changed) -> bool:
    return thing.kind in COUNTED and thing.action != "changed"


def _graphs(difference: Difference, wording: Wording) -> Iterator[ChangeSentence]:
    for names, key in ((difference.created, "change.graph_created"), (difference.dropped, "change.graph_dropped")):
        for name in names:
            yield ChangeSentence(wording.say(key, name=name if name.startswith("_:") else f"<{name}>"), ())


def conflicts_in_words(conflicts: Iterable[Conflict], sides: Sides, language: Language) -> Iterator[str]:
    """Yield a sentence for each conflict between the current version and the outcome."""
    wording = Wording(language, sides)
    names = ThingNames(wording)
    for conflict in conflicts:
        tags = map(language_tag, (*conflict.hand, *conflict.page, *conflict.base))
        hand, page, base = (
            wording.values(conflict.predicate, side) or wording.say("change.nothing")
            for side in (conflict.hand, conflict.page, conflict.base)
        )
        yield wording.say(
            f"change.conflict.{conflict.kind}",
            name=names.name(conflict.subject),
            what=wording.property_name(conflict.predicate, next(tags, "")) if conflict.predicate else "",
            hand=hand,
            page=page,
            base=base,
        )
