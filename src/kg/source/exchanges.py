"""One line of the list of exchanges: text → participants, kind, direction, dates and purpose."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.domain import HOME, Agreement, Delegation, Exchange, Occurrence, Party, Passage
from kg.source.acts import anniversaries, items, kinds, occasions, topics
from kg.source.brackets import BLANK, DateBracket
from kg.source.directions import Directions, overall_direction, visited
from kg.source.documents import concluded, intended_instrument, is_at_founding, tell_founding
from kg.source.parties import PartyNames, floating_people
from kg.source.sentence import Sentence, take_apart
from kg.source.words import KINDS, TOPICS

_PLACED = {
    "topics": re.compile("|".join(TOPICS.values())),
    "primary_kind": re.compile("|".join(pattern for _, pattern in KINDS)),
}


def read_exchange(text: str, place: Passage, names: PartyNames, founding: Agreement | None) -> Exchange:
    """Read one exchange line, or one note below it.

    ``founding`` is the agreement of the section: a signing in the line that fits it is that agreement.

    >>> line = "스기나미구 대표단(12명) 서초구 방문 (2019년 5월)"
    >>> exchange = read_exchange(line, Passage(1, 1, len(line) + 1), PartyNames(("일본", "도쿄도", "스기나미구")), None)
    >>> exchange.primary_kind, exchange.direction, exchange.delegations[0].head_count
    ('visit', 'to-seocho', 12)
    """
    sentence = take_apart(text, place, names, founding)
    directions = Directions(sentence)
    occurrences = _occurrences(sentence, directions)
    spans = tuple(occurrence.date for occurrence in occurrences)
    documents = concluded(sentence, occurrences)
    others = tell_founding(sentence, documents, spans)
    intended = intended_instrument(sentence)
    which_way, stated = overall_direction(directions, occurrences)
    all_kinds = kinds(sentence)
    things = items(sentence, directions)
    return Exchange(
        description=re.sub(f"{BLANK}+", "", sentence.blanked).strip(),
        occurrences=occurrences,
        primary_kind=all_kinds[0] if all_kinds else None,
        further_kinds=all_kinds[1:],
        direction=which_way,
        direction_stated=stated,
        status=sentence.status,
        delegations=_delegations(sentence, which_way),
        visited=visited(sentence, which_way),
        purpose=sentence.purpose_text,
        intended_instrument=intended,
        intends_founding=intended is not None and is_at_founding(sentence, spans),
        occasions=occasions(sentence),
        items=tuple(item for item, _ in things),
        received=tuple(item for item, (way, _) in things if way == "to-seocho"),
        sent=tuple(item for item, (way, _) in things if way == "from-seocho"),
        topics=topics(sentence),
        anniversaries=anniversaries(sentence),
        concludes=others,
        concludes_founding=len(others) < len(documents),
        places=_places(sentence),
    )


def _occurrences(sentence: Sentence, directions: Directions) -> tuple[Occurrence, ...]:
    """Return the dated occurrences; where a line has several brackets, each belongs to the words before it."""
    occurrences: list[Occurrence] = []
    before = 0
    for number, bracket in enumerate(sentence.brackets):
        segment = sentence.blanked[before : bracket.start]
        end = bracket.start if len(sentence.brackets) > 1 else len(sentence.blanked)
        which_way, stated = directions.of(before, end)
        act = segment.strip().removeprefix("및 ") if len(sentence.brackets) > 1 else None
        template = Occurrence(
            bracket.dates.dates[0].date,
            which_way,
            stated,
            act,
            number,
            places={"act": sentence.place.within(before, bracket.start)},
        )
        occurrences += _dated(template, bracket, sentence)
        before = bracket.end
    return tuple(occurrences)


def _dated(template: Occurrence, bracket: DateBracket, sentence: Sentence) -> list[Occurrence]:
    """Return one occurrence for each date of a bracket."""
    found = []
    for dated in bracket.dates.dates:
        start, end = bracket.inside + dated.start, bracket.inside + dated.end
        places = {"date": sentence.place.within(start, end), **template.places}
        found.append(replace(template, date=dated.date, printed=sentence.text[start:end], places=places))
    return found


def _delegations(sentence: Sentence, which_way: str) -> tuple[Delegation, ...]:
    """Return who took part; people without a party who are counted belong to the side that travelled."""
    named = tuple(
        delegation
        for mention in sentence.actors
        for delegation in (mention.delegations or (Delegation(mention.parties),))
    )
    side = {"from-seocho": Party(HOME), "to-seocho": Party(sentence.path)}.get(which_way)
    taken = [(mention.start, mention.end) for mention in sentence.mentions]
    floating = () if side is None else tuple(floating_people(sentence.blanked, sentence.place, (side,), taken))
    if not floating:
        return named
    whole = [one for one in named if one.label or one.whose != (side,)]
    return (*whole, *floating)


def _places(sentence: Sentence) -> dict[str, Passage]:
    places = {"description": sentence.place}
    if sentence.status_span:
        places["status"] = sentence.place.within(*sentence.status_span)
    if sentence.purpose:
        places["purpose"] = sentence.place.within(*sentence.purpose)
    if sentence.mentions:
        places["direction"] = sentence.place.within(sentence.mentions[0].start, sentence.mentions[-1].end)
    for name, pattern in _PLACED.items():
        match = pattern.search(sentence.blanked)
        if match:
            places[name] = sentence.place.within(*match.span())
    return places
