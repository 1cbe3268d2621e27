"""Kinds, occasions, items sent, topics and anniversaries of an exchange."""

from __future__ import annotations

import re

from kg.domain import Anniversary
from kg.source.brackets import BLANK
from kg.source.directions import Direction, Directions
from kg.source.sentence import Sentence
from kg.source.status import blank_set_aside, is_still_open
from kg.source.verbs import ANSWERED, STILL_OPEN
from kg.source.words import KINDS, RECEIVED, SENT, TOPICS

_MODIFIED_VISIT = re.compile(r"\s?방문")
_OCCASION = re.compile(
    r"(?:박람회|축제|페스티벌|기념식|제막식|기념행사|경기|대회|설명회|엑스포|전시회|행사)(?=(?:에|을|를)?\s?(?:참석|참가|참여|관전|관람|축하))"
)
_ITEM = re.compile(rf"\s?(?:{RECEIVED}|{SENT})")
_OPEN = re.compile(STILL_OPEN)
_TALKED_ABOUT = frozenset({"visit", "signing", "staff-exchange", "sports-event", "fair-or-festival", "meeting"})
"""The kinds that an act is not yet when it is only asked for."""
_ANNIVERSARY = re.compile(r"(?P<ordinal>\d{1,4})\s?주년")
_OF_FOUNDING = re.compile(r"탄생\s?$")
_OF_AGREEMENT = re.compile(r"(?:협정|협약|선언|결연|교류)\s?(?:체결\s?)?$")


def kinds(sentence: Sentence) -> tuple[str, ...]:
    """Return the kinds of exchange that a line names, the first act first; a purpose is no act.

    An act that only says what a visit was like (``시찰방문``) comes behind the visit.
    """
    text = ANSWERED.sub(lambda match: " " * len(match[0]), blank_set_aside(sentence.blanked))
    last = len(text)
    found: dict[str, tuple[int, int]] = {}
    for rank, (kind, pattern) in enumerate(KINDS):
        for match in re.finditer(pattern, text):
            inside = sentence.is_in_purpose(match.start())
            if inside and kind != "sports-event":
                continue
            if kind in _TALKED_ABOUT and is_still_open(_OPEN, text, match.end()):
                continue
            behind = inside or _MODIFIED_VISIT.match(text, match.end()) is not None
            key = (last if behind else match.start(), rank)
            found[kind] = min(found.get(kind, key), key)
    return tuple(sorted(found, key=found.__getitem__))


def names_act(text: str) -> bool:
    """Return whether a text names the act of an exchange."""
    return any(re.search(pattern, text) for _, pattern in KINDS)


def occasions(sentence: Sentence) -> tuple[str, ...]:
    """Return the fairs, festivals and ceremonies that were attended, as the line calls them."""
    text = sentence.blanked
    matches = _OCCASION.finditer(text)
    return tuple(text[sentence.clause_start(match.start()) : match.end()].strip() for match in matches)


def items(sentence: Sentence, directions: Directions) -> tuple[tuple[str, Direction], ...]:
    """Return the items sent or received, as the line names them, and the direction.

    What is sent after something was received is the answer to it, and goes the other way.
    """
    found: list[tuple[str, Direction]] = []
    for match in _ITEM.finditer(sentence.blanked):
        start = sentence.clause_start(match.start())
        phrase = re.sub(rf"^의\s|{BLANK}+", "", sentence.blanked[start : match.start()]).strip()
        is_answer = re.search(RECEIVED, sentence.blanked[: match.start()]) is not None
        which_way = ("from-seocho", True) if is_answer else directions.of(match.start(), match.end())
        found += [(item.strip(), which_way) for item in phrase.split(" 및 ") if item.strip()]
    return tuple(found)


def topics(sentence: Sentence) -> tuple[str, ...]:
    """Return the known topics of an exchange."""
    return tuple(topic for topic, pattern in TOPICS.items() if re.search(pattern, sentence.blanked))


def anniversaries(sentence: Sentence) -> tuple[Anniversary, ...]:
    """Return the anniversaries that a line counts: of the founding of Seocho or of the agreement."""
    found = []
    for match in _ANNIVERSARY.finditer(sentence.blanked):
        before = sentence.blanked[: match.start()]
        of = "founding-of-seocho" if _OF_FOUNDING.search(before) else "agreement"
        if of == "agreement" and not _OF_AGREEMENT.search(before):
            continue
        places = {"ordinal": sentence.place.within(*match.span())}
        found.append(Anniversary(of, int(match["ordinal"]), places=places))
    return tuple(found)
