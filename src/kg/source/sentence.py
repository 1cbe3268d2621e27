"""An exchange line split into its date brackets, parties, actors and purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.domain import Agreement, Passage
from kg.source.brackets import DateBracket, blank_out, date_brackets
from kg.source.parties import Mention, PartyNames
from kg.source.status import read_status
from kg.source.verbs import ANSWERED, INSTITUTION, PARTICLES
from kg.source.words import RECEIVED, SENT

_PURPOSE = re.compile(
    r"(?P<purpose>[^,()]*?[가-힣])(?<!자동)(?<!기)(?<![0-9제\d]\s)(?<!\d)차(?=\s)|(?P<sake>[^,()]+?)[을를]\s위(?:한|해|하여)(?=\s)"
)
_CLAUSE_START = re.compile(r"방문,?\s|위한\s|관련\s|,\s|\s?-\s|\s및\s(?=회신|답신)")
_JOIN = re.compile(r"(?:(?:와|과)\s?|\s?[-–~·ㆍ]\s?|\s및\s)")
_DONE = re.compile(rf"(?:{RECEIVED}|{SENT})\s*및(?:\s|$)|차\s")
_IS_TOPIC = re.compile(r"\s?(?:탄생|개청|창립)")
_INVITES = re.compile(dict(PARTICLES)["host"])
_CASE = re.compile(r"(?:에(?:게)?|에서|으?로(?:부터)?|[을를]|의?\s?초청(?:으로|을))\s")
_IS_VISITED = re.compile(r"\s?(?:(?:우호|친선|공식)\s?)?방문")


@dataclass(frozen=True)
class Sentence:
    """One line with what it is made of; ``blanked`` is its text with the brackets of dates blanked.

    ``actors`` are those mentions that do something; ``purpose`` is a span of the text.
    """

    text: str
    blanked: str
    place: Passage
    path: tuple[str, ...]
    founding: Agreement | None
    brackets: tuple[DateBracket, ...]
    mentions: tuple[Mention, ...]
    actors: tuple[Mention, ...]
    purpose: tuple[int, int] | None
    status: str = "held"
    status_span: tuple[int, int] | None = None

    @property
    def purpose_text(self) -> str | None:
        """What the exchange was for, in the words of the page."""
        return self.blanked[slice(*self.purpose)] if self.purpose else None

    def is_in_purpose(self, position: int) -> bool:
        """Return whether an offset lies in the words that tell the purpose."""
        return self.purpose is not None and self.purpose[0] <= position < self.purpose[1]

    def are_joined(self, one: Mention, other: Mention) -> bool:
        """Return whether nothing but ``와`` or a hyphen stands between two mentions."""
        return _JOIN.fullmatch(self.blanked[one.end : other.start]) is not None

    def clause_start(self, end: int) -> int:
        """Return where the clause begins that ends at an offset."""
        starts = [mention.end for mention in self.actors if mention.end <= end]
        cases = (_CASE.match(self.blanked, mention.end) for mention in self.mentions)
        starts += [case.end() for case in cases if case and case.end() <= end]
        outside = re.sub(r"\([^()]*\)", lambda match: "\0" * len(match[0]), self.blanked[:end])
        starts += [match.end() for match in _CLAUSE_START.finditer(outside)]
        starts += [match.end() for match in _DONE.finditer(self.blanked[:end])]
        return max(starts, default=0)


def take_apart(text: str, place: Passage, names: PartyNames, founding: Agreement | None) -> Sentence:
    """Take a line apart; ``founding`` is the agreement of its section."""
    brackets, _ = date_brackets(text)
    blanked = blank_out(text, brackets)
    mentions = names.mentions(blanked, place)
    told = tuple(mention for mention in mentions if not _is_aside(blanked, mention))
    actors = _actors(blanked, told, names.path)
    purpose = _purpose(blanked, mentions)
    outside = text if purpose is None else f"{text[: purpose[0]]}{' ' * (purpose[1] - purpose[0])}{text[purpose[1] :]}"
    return Sentence(
        text, blanked, place, names.path, founding, brackets, mentions, actors, purpose, *read_status(outside)
    )


def _actors(text: str, mentions: tuple[Mention, ...], path: tuple[str, ...]) -> tuple[Mention, ...]:
    """Return the actors: all parties with people, and the first party unless it is a topic, target or venue.

    It is a venue, too, where only people of the other side are named.
    """
    acting = tuple(mention for mention in mentions if mention.delegations and not _is_place(text, mention))
    if not mentions or (acting and acting[0] is mentions[0]) or not _may_act(text, mentions[0], path):
        return acting
    first = mentions[:1]
    if len(mentions) > 1 and _JOIN.fullmatch(text[mentions[0].end : mentions[1].start]):
        first = mentions[:2]
    elif any(mention.is_home != mentions[0].is_home for mention in acting):
        return acting
    return first + tuple(mention for mention in acting if mention not in first)


def _is_aside(text: str, mention: Mention) -> bool:
    """Return whether a party is named only as who invited, or as whose visit is returned."""
    aside = any(match.start() <= mention.start < match.end() for match in ANSWERED.finditer(text))
    return aside or _INVITES.match(text, mention.end) is not None


def _is_place(text: str, mention: Mention) -> bool:
    """Return whether what is named with a party is a school or hospital that something is done to."""
    places = all(INSTITUTION.search(one.label or "") for one in mention.delegations)
    return places and _CASE.match(text, mention.end) is not None


def _may_act(text: str, mention: Mention, path: tuple[str, ...]) -> bool:
    if text[mention.start : mention.end] == "관내" or _IS_TOPIC.match(text, mention.end):
        return False
    if not mention.is_both and (_CASE.match(text, mention.end) or _IS_VISITED.match(text, mention.end)):
        return False
    own = {path, *(party.path for party in mention.parties if party.is_home)}
    return mention.is_both or {party.path for party in mention.parties} <= own


def _purpose(text: str, mentions: tuple[Mention, ...]) -> tuple[int, int] | None:
    match = _PURPOSE.search(text)
    if not match:
        return None
    start, end = match.span("purpose" if match["purpose"] else "sake")
    start = max([start, *(mention.end for mention in mentions if mention.end < end and mention.delegations)])
    start += len(text[start:end]) - len(text[start:end].lstrip(" ,"))
    return start, end
