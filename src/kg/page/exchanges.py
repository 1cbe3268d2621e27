"""One line of the list of exchanges: text → who did what with whom, when, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Agreement, Anniversary, DateSpan, Delegation, Exchange, Occurrence, Party, Passage
from kg.page.dates import DateError, DateList, looks_dated, parse_dates
from kg.page.parties import Mention, Names, body_named
from kg.page.words import KINDS, RECEIVED, SENT, TOPICS, instrument

_BRACKET = re.compile(r"\s*\((?P<inside>[^()]*)\)")
_PURPOSE = re.compile(
    r"(?P<purpose>[^,()]*?[가-힣])(?<!자동)(?<!기)차(?=\s)|(?P<sake>[^,()]+?)[을를]\s위(?:한|해|하여)(?=\s)"
)
_CONCLUDED = re.compile(r"체결|조인|서명|교환")
_MODIFIED_VISIT = re.compile(r"\s?방문")
_VISITED = re.compile(r"(?:\s및\s(?P<more>의회|구의회|구청))?(?P<between>[^,()]*?)방문")
_OCCASION = re.compile(
    r"(?:박람회|축제|페스티벌|기념식|제막식|기념행사|경기|대회|설명회|엑스포|전시회|행사)(?=\s?(?:참석|참가|참여|관전|관람|축하))"
)
_ITEM = re.compile(rf"\s?(?:{RECEIVED}|{SENT})")
_ANNIVERSARY = re.compile(r"(?P<ordinal>\d+)\s?주년")
_CLAUSE_START = re.compile(r"방문,?\s|위한\s|관련\s|,\s|\s?-\s|\s및\s(?=회신|답신)")
_JOIN = re.compile(r"(?:(?:와|과)\s?|\s?[-–~]\s?|\s및\s)")
_DONE = re.compile(rf"(?:{RECEIVED}|{SENT})[\s\0]*및\s|차\s")


@dataclass(frozen=True)
class DateBracket:
    """One bracket of dates with its offsets in the line's text."""

    dates: DateList
    start: int
    end: int
    inside: int


@dataclass(frozen=True)
class BracketFault:
    """A bracket that looks like dates and cannot be read."""

    error: DateError
    start: int
    end: int


def date_brackets(text: str) -> tuple[tuple[DateBracket, ...], tuple[BracketFault, ...]]:
    """Find the brackets that hold dates, and those that should and cannot be read."""
    brackets, faults = [], []
    for match in _BRACKET.finditer(text):
        if not looks_dated(match["inside"]):
            continue
        try:
            dates = parse_dates(match["inside"])
        except DateError as error:
            faults.append(BracketFault(error, match.start("inside"), match.end("inside")))
            continue
        brackets.append(DateBracket(dates, match.start(), match.end(), match.start("inside")))
    return tuple(brackets), tuple(faults)


def read_exchange(text: str, place: Passage, names: Names, founding: Agreement | None) -> Exchange:
    """Read one exchange line, or one note below it.

    ``founding`` is the agreement of the section: a signing in the line that fits it is that agreement.
    """
    brackets, _ = date_brackets(text)
    blanked = _blank(text, brackets)
    return _Reader(text, blanked, place, names, brackets, founding).exchange()


def _blank(text: str, brackets: tuple[DateBracket, ...]) -> str:
    for bracket in brackets:
        text = text[: bracket.start] + "\0" * (bracket.end - bracket.start) + text[bracket.end :]
    return text


@dataclass(frozen=True)
class _Reader:
    text: str
    blanked: str
    place: Passage
    names: Names
    brackets: tuple[DateBracket, ...]
    founding: Agreement | None

    def exchange(self) -> Exchange:
        mentions = self.names.mentions(self.blanked, self.place)
        actors = self._actors(mentions)
        purpose = self._purpose(mentions)
        kinds = self._kinds(purpose)
        occurrences = self._occurrences(mentions, actors)
        concludes = self._concluded(mentions, purpose, occurrences)
        intended = instrument(purpose[0]) if purpose and _CONCLUDED.search(purpose[0]) else None
        direction, stated = _overall(occurrences) or self._direction(self.blanked, mentions, actors)
        spans = tuple(occurrence.date for occurrence in occurrences)
        concludes, is_founding = self._tell_founding(concludes, spans)
        return Exchange(
            description=self._description(),
            occurrences=occurrences,
            primary_kind=kinds[0] if kinds else None,
            further_kinds=tuple(kinds[1:]),
            direction=direction,
            direction_stated=stated,
            delegations=_delegations(actors),
            visited=self._visited(mentions, actors),
            purpose=purpose[0] if purpose else None,
            intended_instrument=intended,
            intends_founding=intended is not None and self._is_at_founding(spans),
            occasions=self._occasions(actors),
            items=self._items(actors),
            topics=tuple(topic for topic, pattern in TOPICS.items() if re.search(pattern, self.blanked)),
            anniversaries=self._anniversaries(),
            concludes=concludes,
            concludes_founding=is_founding,
            places=self._places(mentions, purpose),
        )

    def _description(self) -> str:
        return re.sub(r"\0+", "", self.blanked).strip()

    def _places(self, mentions: tuple[Mention, ...], purpose: tuple[str, int, int] | None) -> dict[str, Passage]:
        places = {"description": self.place}
        if purpose:
            places["purpose"] = self.place.within(purpose[1], purpose[2])
        if mentions:
            places["direction"] = self.place.within(mentions[0].start, mentions[-1].end)
        for name, pattern in (("topics", "|".join(TOPICS.values())), ("primary_kind", "|".join(p for _, p in KINDS))):
            match = re.search(pattern, self.blanked)
            if match:
                places[name] = self.place.within(*match.span())
        return places

    # -- who ---------------------------------------------------------------------------------------------------

    def _actors(self, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """Return those who act: all with people, and the first that is named when it is no topic and no venue."""
        acting = [mention for mention in mentions if mention.delegations]
        if acting and acting[0] is mentions[0]:
            return tuple(acting)
        if not mentions or not self._may_act(mentions[0]):
            return tuple(acting)
        first = [mentions[0]]
        if len(mentions) > 1 and _JOIN.fullmatch(self.blanked[mentions[0].end : mentions[1].start]):
            first.append(mentions[1])
        return tuple(first + [mention for mention in acting if mention not in first])

    def _may_act(self, mention: Mention) -> bool:
        after = self.blanked[mention.end :]
        if re.match(r"\s?(?:탄생|개청|창립)", after) or self.blanked[mention.start : mention.end] == "관내":
            return False
        own = {self.names.path, *(party.path for party in mention.parties if party.is_home)}
        return mention.is_both or {party.path for party in mention.parties} <= own

    def _visited(self, mentions: tuple[Mention, ...], actors: tuple[Mention, ...]) -> tuple[Party, ...]:
        for mention in mentions:
            match = _VISITED.match(self.blanked, mention.end)
            if mention in actors or mention.is_both or not match:
                continue
            more = Party(mention.parties[0].path, body_named(match["more"])) if match["more"] else None
            return (*mention.parties, *((more,) if more else ()))
        return ()

    # -- why and what ------------------------------------------------------------------------------------------

    def _purpose(self, mentions: tuple[Mention, ...]) -> tuple[str, int, int] | None:
        match = _PURPOSE.search(self.blanked)
        if not match:
            return None
        group = "purpose" if match["purpose"] else "sake"
        start, end = match.span(group)
        start = max([start, *(mention.end for mention in mentions if mention.end < end and mention.delegations)])
        start += len(self.blanked[start:end]) - len(self.blanked[start:end].lstrip(" ,"))
        return self.blanked[start:end], start, end

    def _kinds(self, purpose: tuple[str, int, int] | None) -> list[str]:
        found: dict[str, int] = {}
        for rank, (kind, pattern) in enumerate(KINDS):
            for match in re.finditer(pattern, self.blanked):
                inside = purpose is not None and purpose[1] <= match.start() < purpose[2]
                if inside and kind != "sports-event":
                    continue
                behind = inside or _MODIFIED_VISIT.match(self.blanked, match.end()) is not None
                key = (len(self.blanked) if behind else match.start()) * len(KINDS) + rank
                found[kind] = min(found.get(kind, key), key)
        return sorted(found, key=found.__getitem__)

    def _occasions(self, actors: tuple[Mention, ...]) -> tuple[str, ...]:
        matches = _OCCASION.finditer(self.blanked)
        return tuple(self.blanked[self._clause_start(m.start(), actors) : m.end()].strip() for m in matches)

    def _items(self, actors: tuple[Mention, ...]) -> tuple[str, ...]:
        items: list[str] = []
        for match in _ITEM.finditer(self.blanked):
            start = self._clause_start(match.start(), actors)
            phrase = re.sub(r"^의\s|\0+", "", self.blanked[start : match.start()]).strip()
            items += [item.strip() for item in phrase.split(" 및 ") if item.strip()]
        return tuple(items)

    def _clause_start(self, end: int, mentions: tuple[Mention, ...]) -> int:
        starts = [mention.end for mention in mentions if mention.end <= end]
        outside = re.sub(r"\([^()]*\)", lambda match: "\0" * len(match[0]), self.blanked[:end])
        starts += [match.end() for match in _CLAUSE_START.finditer(outside)]
        starts += [match.end() for match in _DONE.finditer(self.blanked[:end])]
        return max(starts, default=0)

    def _anniversaries(self) -> tuple[Anniversary, ...]:
        found = []
        for match in _ANNIVERSARY.finditer(self.blanked):
            before = self.blanked[: match.start()]
            of = "founding-of-seocho" if re.search(r"탄생\s?$", before) else "agreement"
            if of == "agreement" and not re.search(r"(?:협정|결연|교류)\s?(?:체결\s?)?$", before):
                continue
            place = self.place.within(*match.span())
            found.append(Anniversary(of, int(match["ordinal"]), places={"ordinal": place}))
        return tuple(found)

    # -- when and which way ------------------------------------------------------------------------------------

    def _occurrences(self, mentions: tuple[Mention, ...], actors: tuple[Mention, ...]) -> tuple[Occurrence, ...]:
        occurrences, before = [], 0
        for number, bracket in enumerate(self.brackets):
            segment = self.blanked[before : bracket.start]
            direction, stated = self._direction(segment, mentions, actors)
            act = segment.strip().removeprefix("및 ") if len(self.brackets) > 1 else None
            for dated in bracket.dates.dates:
                place = self.place.within(bracket.inside + dated.start, bracket.inside + dated.end)
                printed = self.text[bracket.inside + dated.start : bracket.inside + dated.end]
                occurrences.append(
                    Occurrence(
                        dated.date, direction, stated, act, number, printed,
                        places={"date": place, "act": self.place.within(before, bracket.start)},
                    )
                )  # fmt: skip
            before = bracket.end
        return tuple(occurrences)

    def _direction(self, segment: str, mentions: tuple[Mention, ...], actors: tuple[Mention, ...]) -> tuple[str, bool]:
        received, sent = re.search(RECEIVED, segment), re.search(SENT, segment)
        if received and sent:
            return "mutual", bool(actors)
        if received:
            return "to-seocho", bool(actors and actors[0].delegations)
        if sent:
            is_home = not actors or actors[0].is_home or "회신" in segment
            return ("from-seocho" if is_home else "to-seocho"), bool(actors)
        if actors:
            return self._direction_of_actors(mentions, actors)
        return self._direction_of_venue(mentions)

    def _direction_of_actors(self, mentions: tuple[Mention, ...], actors: tuple[Mention, ...]) -> tuple[str, bool]:
        first = actors[0]
        names_both_ends = any(mention.is_home != first.is_home for mention in mentions)
        joined = len(actors) > 1 and first.is_home != actors[1].is_home and not first.delegations
        if first.is_both or joined:
            return "mutual", True
        return ("from-seocho" if first.is_home else "to-seocho"), names_both_ends

    def _direction_of_venue(self, mentions: tuple[Mention, ...]) -> tuple[str, bool]:
        if not mentions:
            return "unstated", False
        return ("to-seocho" if mentions[0].is_home else "from-seocho"), False

    # -- documents ---------------------------------------------------------------------------------------------

    def _concluded(
        self, mentions: tuple[Mention, ...], purpose: tuple[str, int, int] | None, occurrences: tuple[Occurrence, ...]
    ) -> tuple[Agreement, ...]:
        found = []
        for match in _CONCLUDED.finditer(self.blanked):
            inside = purpose is not None and purpose[1] <= match.start() < purpose[2]
            mention = next((m for m in reversed(mentions) if m.end <= match.start()), None)
            start = max(mention.end if mention else 0, self.blanked.rfind(" 및 ", 0, match.start()) + 1)
            title = re.sub(r"^(?:\s?간)?\s*(?:및\s)?", "", self.blanked[start : match.start()]).strip()
            if inside or not instrument(title):
                continue
            end = match.start() - (len(self.blanked[: match.start()]) - len(self.blanked[: match.start()].rstrip()))
            place = self.place.within(end - len(title), end)
            parties = self._document_parties(mentions, match.start())
            found.append(self._document(title, parties, place, occurrences))
        return tuple(found)

    def _document(
        self, title: str, parties: tuple[Party, ...], place: Passage, occurrences: tuple[Occurrence, ...]
    ) -> Agreement:
        first = occurrences[0] if len(occurrences) == 1 else None
        bracket = self.brackets[first.bracket] if first else None
        places = {"title": place}
        if first:
            places["date"] = first.places["date"]
        concluded_in = bracket.dates.place if bracket else None
        if bracket and concluded_in:
            start = bracket.inside + bracket.dates.place_start
            places["concluded_in"] = self.place.within(start, start + len(concluded_in))
        return Agreement(
            title=title,
            instrument=instrument(title),
            date=first.date if first else None,
            concluded_in=concluded_in,
            parties=parties,
            places=places,
        )

    def _document_parties(self, mentions: tuple[Mention, ...], end: int) -> tuple[Party, ...]:
        before = [mention for mention in mentions if mention.end <= end]
        both = next((mention for mention in reversed(before) if mention.is_both), None)
        if both:
            return both.parties
        named = tuple(party for mention in before for party in mention.parties)
        home = next((party for party in named if party.is_home), None)
        other = next((party for party in named if not party.is_home), None)
        return tuple(party for party in (home, other) if party)

    def _tell_founding(
        self, concludes: tuple[Agreement, ...], spans: tuple[DateSpan, ...]
    ) -> tuple[tuple[Agreement, ...], bool]:
        if self.founding is None or not self._is_at_founding(spans):
            return concludes, False
        others = tuple(one for one in concludes if one.instrument != self.founding.instrument)
        return others, len(others) < len(concludes)

    def _is_at_founding(self, spans: tuple[DateSpan, ...]) -> bool:
        date = self.founding.date if self.founding else None
        return date is not None and any(span.overlaps(date) for span in spans)


def _delegations(actors: tuple[Mention, ...]) -> tuple[Delegation, ...]:
    return tuple(
        delegation for mention in actors for delegation in (mention.delegations or (Delegation(mention.parties),))
    )


def _overall(occurrences: tuple[Occurrence, ...]) -> tuple[str, bool] | None:
    directions = {occurrence.direction for occurrence in occurrences}
    if not directions:
        return None
    stated = all(occurrence.direction_stated for occurrence in occurrences)
    return (directions.pop() if len(directions) == 1 else "mutual"), stated
