"""The direction of an exchange, and the party visited."""

from __future__ import annotations

import re

from kg.domain import Occurrence, Party
from kg.source.parties import Mention, body_named
from kg.source.sentence import Sentence
from kg.source.words import NOT_DONE, RECEIVED, SENT

_VISITED = re.compile(r"(?:\s및\s(?P<more>의회|구의회|구청))?(?P<between>[^,()]*?)(?:방문|예방)")
_SENDER = re.compile(r",|\s?측|에서\s|의\s")
_SIGNED = re.compile(rf"(?:체결|조인){NOT_DONE}")
_SOURCE = re.compile(r"으?로부터\s")
_TOGETHER = re.compile(r"[와과]의?\s")

Direction = tuple[str, bool]
"""A direction, and whether the line states it: both its ends are named."""


def direction(sentence: Sentence, segment: str) -> Direction:
    """Return which way the exchange of one segment of a line went: the words before a bracket of dates."""
    received, sent = re.search(RECEIVED, segment), re.search(SENT, segment)
    actors = sentence.actors
    if received and sent:
        return "mutual", bool(actors)
    if received:
        return "to-seocho", bool(actors and actors[0].delegations)
    if sent:
        return _direction_of_sending(sentence, segment)
    if "상호" in segment:
        return "mutual", True
    if actors:
        return _direction_of_actors(sentence, actors)
    return _direction_of_venue(sentence)


def _direction_of_sending(sentence: Sentence, segment: str) -> Direction:
    """Return the direction of what was sent; a partner that is only named may be the sender or the addressee."""
    actors = sentence.actors
    if not actors or actors[0].is_home or "회신" in segment:
        return "from-seocho", bool(actors)
    if actors[0].delegations or _SENDER.match(sentence.blanked, actors[0].end):
        return "to-seocho", True
    return "unstated", False


def _direction_of_actors(sentence: Sentence, actors: tuple[Mention, ...]) -> Direction:
    first = actors[0]
    joined = len(actors) > 1 and first.is_home != actors[1].is_home and sentence.are_joined(first, actors[1])
    if first.is_both or joined:
        return "mutual", True
    names_both_ends = any(mention.is_home != first.is_home for mention in sentence.mentions)
    if _TOGETHER.match(sentence.blanked, first.end):
        return "mutual", names_both_ends
    return ("from-seocho" if first.is_home else "to-seocho"), names_both_ends


def _direction_of_venue(sentence: Sentence) -> Direction:
    if not sentence.mentions:
        return ("mutual" if _SIGNED.search(sentence.blanked) else "unstated"), False
    first = sentence.mentions[0]
    is_source = _SOURCE.match(sentence.blanked, first.end) is not None
    return ("to-seocho" if first.is_home != is_source else "from-seocho"), False


def overall_direction(sentence: Sentence, occurrences: tuple[Occurrence, ...]) -> Direction:
    """Return the direction of a whole line: that of its occurrences, ``mutual`` where they differ."""
    if not occurrences:
        return direction(sentence, sentence.blanked)
    directions = {occurrence.direction for occurrence in occurrences}
    stated = all(occurrence.direction_stated for occurrence in occurrences)
    return (directions.pop() if len(directions) == 1 else "mutual"), stated


def visited(sentence: Sentence) -> tuple[Party, ...]:
    """Return the party that was visited."""
    for mention in sentence.mentions:
        match = _VISITED.match(sentence.blanked, mention.end)
        if mention in sentence.actors or mention.is_both or not match:
            continue
        more = (Party(mention.parties[0].path, body_named(match["more"])),) if match["more"] else ()
        return (*mention.parties, *more)
    return ()
