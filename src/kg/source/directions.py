"""The direction of an exchange, and the party visited, from the particles and verbs of a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from kg.domain import Occurrence, Party
from kg.source.parties import Mention, body_named
from kg.source.sentence import Sentence
from kg.source.status import is_still_open
from kg.source.verbs import (
    ANSWERED,
    FRAMES,
    GROUP,
    INSTITUTION,
    PARTICLES,
    PRIORITY,
    SET_ASIDE,
    SITE,
    STILL_OPEN,
)

_VERB = re.compile("|".join(f"(?P<{frame}>{'|'.join(words)})" for frame, words in FRAMES.items()))
_OPEN = re.compile(STILL_OPEN)
_PARTICLES = tuple((role, re.compile(pattern)) for role, pattern in PARTICLES)
_INVITING = re.compile(r"(?:\s?측)?(?:의)?\s?(?:공식\s?)?(?:초청|초대),?\s")
_INVITED = re.compile(r"(?:\s?측)?(?:의)?\s?(?:공식\s?|특별\s?|정식\s?)?(?:초청|초대)")
_ADJACENT = re.compile(
    r"\s?(?:및\s(?:의회|구의회|구청)\s)?(?:(?:우호|친선|공식|답례|정례|첫|재|상호|연례|최초|공무|비공식|실무|단체|교차|특별|현지"
    r"|교환|정식|초청|\d+차|제\d+차|격려|축하|사전|예정|우수행정|행정)\s?)*"
)
_HEAD = re.compile(r"(?:을|를)?\s?(?:한|하는|했던|하였던|중인|하신|온|차\s내한한)\s")
_BOTH_WAYS = re.compile(r"상호|교차|서로|쌍방|왕래")
_JOINED = re.compile(r"\s?[-–~·ㆍ↔]\s?|\s?및\s|,?\s?[와과]\s")
_VISITED = re.compile(r"(?:\s및\s(?P<more>의회|구의회|구청))?(?P<between>[^,()]*?)(?:[을를]\s[^,()]*?)?(?:방문|예방)")
_SIGNED = re.compile(r"체결|조인|서명")
_TALKS = frozenset({"제의", "제안"})

Direction = tuple[str, bool]
"""A direction, and whether the line states it: both its ends are named."""
UNSTATED: Direction = ("unstated", False)


@dataclass(frozen=True)
class _Act:
    """One verb of a line, with the direction that it and the parties around it decide; nothing where they do not."""

    frame: str
    start: int
    end: int
    direction: Direction | None = None
    traveller: Mention | None = None


@dataclass(frozen=True)
class _Named:
    """One party with its role in a clause; ``bare``: nothing behind it gives it one."""

    mention: Mention
    role: str

    @property
    def label(self) -> str:
        """What the last people named with it are called."""
        return (self.mention.delegations[-1].label or "") if self.mention.delegations else ""

    @property
    def has_people(self) -> bool:
        """Whether people are named with it; a school or hospital is a place."""
        return bool(self.label) and not INSTITUTION.search(self.label)

    @property
    def is_group(self) -> bool:
        """Whether its people are a delegation, not the holder of an office."""
        return self.has_people and GROUP.search(self.label) is not None

    @property
    def is_bare(self) -> bool:
        """Whether no particle gives it a role."""
        return self.role in {"bare", "comma"}


class Directions:
    """The acts of one line, each with its direction."""

    def __init__(self, sentence: Sentence) -> None:
        """Find the acts of a line and decide the direction of each."""
        self.sentence = sentence
        self.text = sentence.blanked
        self.aside = [match.span() for pattern in (ANSWERED, SET_ASIDE) for match in pattern.finditer(self.text)]
        self.named = tuple(
            _Named(mention, self._role(mention))
            for mention in sentence.mentions
            if not any(start <= mention.start < end for start, end in self.aside)
        )
        self.acts = self._acts()

    def of(self, start: int, end: int) -> Direction:
        """Return the direction of the acts in a part of the line; of the whole line where none is decided there."""
        acts = [act for act in self.acts if start <= act.start < end]
        return self._of(acts) if acts else self._of(self.acts)

    def _of(self, acts: list[_Act]) -> Direction:
        if any(_BOTH_WAYS.search(self.text[max(act.start - 8, 0) : act.end]) for act in acts if act.frame != "joint"):
            return "mutual", True
        for frames in PRIORITY:
            found = [act for act in acts if act.frame in frames]
            decided = {act.direction for act in found if act.direction}
            ways = {way for way, _ in decided}
            stated = any(each for _, each in decided) if len(ways) == 1 else bool(self.named)
            if decided:
                return (ways.pop() if len(ways) == 1 else "mutual"), stated
            if found and frames != PRIORITY[2]:
                return UNSTATED
        return self._together() or UNSTATED

    # -- verbs -------------------------------------------------------------------------------------------------

    def _acts(self) -> list[_Act]:
        acts: list[_Act] = []
        for match in _VERB.finditer(self.text):
            frame = str(match.lastgroup)
            if self._is_no_act(match, frame):
                continue
            last = next((act for act in reversed(acts) if act.frame in PRIORITY[0]), None)
            clause = [one for one in self.named if one.mention.start < match.start()]
            own = [one for one in clause if last is None or one.mention.start >= last.start]
            if _HEAD.match(self.text, match.end()):
                behind = [one for one in self.named if one.mention.start >= match.end()]
                own += [_Named(one.mention, "subject") for one in behind[:1]]
            clause = own if frame in PRIORITY[0] and last is not None else clause
            acts.append(self._act(frame, match, clause or own, last))
        return acts

    def _is_no_act(self, match: re.Match[str], frame: str) -> bool:
        if self.sentence.is_in_purpose(match.start()) or any(start <= match.start() < end for start, end in self.aside):
            return True
        if frame == "host" and any(one.role == "host" and self._invites(one, match) for one in self.named):
            return True
        before = self.text[max(match.start() - 1, 0) : match.start()]
        if frame in {"travel", "inbound", "outbound", "host", "dispatch"} and before == "미":
            return False
        return frame != "joint" and is_still_open(_OPEN, self.text, match.end())

    def _invites(self, one: _Named, match: re.Match[str]) -> bool:
        return (
            one.mention.end <= match.start()
            and _INVITED.match(self.text, one.mention.end) is not None
            and (match.start() - one.mention.end < len("측의 공식 초"))
        )

    def _role(self, mention: Mention) -> str:
        if self.text[mention.start : mention.end] == "관내":
            return "venue"
        inviting = _INVITING.match(self.text, mention.end)
        if inviting and any(other.start == inviting.end() for other in self.sentence.mentions):
            return "host"
        role = next((role for role, pattern in _PARTICLES if pattern.match(self.text, mention.end)), "bare")
        if role == "with" and self.sentence.is_in_purpose(mention.start):
            return "none"
        return "none" if role == "bare" and self._is_met_on_purpose(mention) else role

    def _is_met_on_purpose(self, mention: Mention) -> bool:
        """Return whether a party is the object of a purpose: ``홍구구장 면담을 위해 서초구 대표단 방문``."""
        purpose = self.sentence.purpose
        if purpose is None or not mention.end <= purpose[0] <= mention.end + 1:
            return False
        behind = [other for other in self.sentence.mentions if other.start >= purpose[1] and other.delegations]
        return any(other.is_home != mention.is_home for other in behind)

    def _act(self, frame: str, match: re.Match[str], clause: list[_Named], last: _Act | None) -> _Act:
        ways: Mapping[str, Callable[[list[_Named], re.Match[str], _Act | None], tuple[Direction | None, _Named | None]]]
        ways = {
            "travel": self._travel,
            "return": self._travel,
            "inbound": self._travel,
            "outbound": self._travel,
            "host": self._host,
            "dispatch": self._dispatch,
            "send": self._send,
            "give": self._send,
            "receive": self._receive,
            "attend": self._attend,
            "joint": self._joint,
        }
        direction, traveller = ways[frame](clause, match, last)
        if frame in {"inbound", "outbound"}:
            direction = self._across_the_border(frame, direction)
        return _Act(frame, match.start(), match.end(), direction, traveller.mention if traveller else None)

    def _across_the_border(self, frame: str, direction: Direction | None) -> Direction | None:
        way = "to-seocho" if frame == "inbound" else "from-seocho"
        if direction is not None and direction[0] != way:
            return None
        return way, bool(direction and direction[1])

    # -- frames ------------------------------------------------------------------------------------------------

    def _between(self, origin: _Named | None, goal: _Named | None, *, same_is_one: bool = False) -> Direction | None:
        """Return the direction between two ends; one end alone gives it too, but does not state it."""
        sides = [None if one is None else one.mention.is_home for one in (origin, goal)]
        if any(one is not None and one.mention.is_both for one in (origin, goal)):
            return "mutual", True
        if sides[0] is None and sides[1] is None:
            return None
        if sides[0] == sides[1]:
            return (("from-seocho" if sides[0] else "to-seocho"), False) if same_is_one else None
        from_home = sides[0] if sides[0] is not None else not sides[1]
        return ("from-seocho" if from_home else "to-seocho"), None not in sides

    def _adjacent(self, clause: list[_Named], verb: re.Match[str]) -> _Named | None:
        last = clause[-1] if clause else None
        if last is None or not last.is_bare or last.mention.end > verb.start():
            return None
        return last if _ADJACENT.fullmatch(self.text, last.mention.end, verb.start()) else None

    def _pick(self, clause: list[_Named], *roles: str) -> _Named | None:
        return next((one for role in roles for one in clause if one.role == role), None)

    def _both(self, clause: list[_Named]) -> bool:
        """Return whether a clause names both sides as one subject."""
        if any(one.mention.is_both for one in clause if one.role not in {"host", "object"}):
            return True
        return any(
            one.mention.is_home != other.mention.is_home
            and (one.role == "with" or _JOINED.fullmatch(self.text, one.mention.end, other.mention.start))
            for one, other in pairwise(clause)
        )

    def _travel_together(self, clause: list[_Named], verb: re.Match[str]) -> bool:
        if not self._both(clause) or self._pick(clause, "object", "goal"):
            return False
        adjacent = self._adjacent(clause, verb)
        return adjacent is None or adjacent.has_people or len(clause) < 3  # noqa: PLR2004 - two subjects and a goal

    def _travel(
        self, clause: list[_Named], verb: re.Match[str], last: _Act | None
    ) -> tuple[Direction | None, _Named | None]:
        if self._travel_together(clause, verb):
            return ("mutual", True), None
        if last is not None and len(clause) <= 1 and verb.lastgroup != "return":
            return self._next_stop(clause, verb, last)
        adjacent = self._adjacent(clause, verb)
        subject = self._pick(clause, "subject", "source")
        goal = self._pick(clause, "object", "goal", "venue") or self._pick(clause, "host")
        bare = [one for one in clause if one.is_bare or (one.role == "genitive" and one is not goal)]
        rest = [one for one in bare if one is not adjacent]
        if subject is None:
            people = [one for one in rest if one.has_people]
            subject = next(iter(people or rest), None)
            if subject is not None and not people and adjacent is not None and adjacent.has_people and goal is None:
                return self._called_upon(subject, adjacent)
            if subject is not None and adjacent is None and goal is None and not people and subject.role == "bare":
                subject = None
        rest = [one for one in rest if one is not subject]
        subject, goal = self._ends(subject, goal, adjacent, rest)
        return self._between(subject, goal), subject

    def _ends(
        self, subject: _Named | None, goal: _Named | None, adjacent: _Named | None, rest: list[_Named]
    ) -> tuple[_Named | None, _Named | None]:
        """Return traveller and destination, with what stands right before the verb as the one that is missing."""
        if adjacent is not None:
            joins = subject is not None and adjacent.has_people and subject.mention.is_home == adjacent.mention.is_home
            if goal is None and not joins and (subject is not None or not adjacent.has_people):
                goal = adjacent
            elif subject is None:
                subject = adjacent
        elif goal is None and subject is not None and rest and not rest[-1].has_people:
            goal = rest[-1]
        return subject, goal

    def _called_upon(self, first: _Named, people: _Named) -> tuple[Direction | None, _Named | None]:
        """Decide a place and then people right before the verb: either may be visited, unless the place is a site."""
        site = self.text[first.mention.end : people.mention.start].strip(" ,")
        if SITE.search(site):
            return self._between(people, first), people
        same = first.mention.is_home == people.mention.is_home
        return (self._between(people, None) if same else None), people

    def _next_stop(
        self, clause: list[_Named], verb: re.Match[str], last: _Act
    ) -> tuple[Direction | None, _Named | None]:
        """Decide a further verb of the same traveller: ``홍구구 방문, 홍구구장 예방``."""
        before = next((one for one in self.named if one.mention is last.traveller), None)
        if not clause:
            return (last.direction if verb.lastgroup == last.frame else None), before
        one = clause[0]
        starts_anew = one.is_group and one.role in {"bare", "subject"} and verb.group() == "방문"
        if starts_anew or one.role == "subject":
            return self._between(one, None), one
        if before is not None and before.mention.is_home != one.mention.is_home:
            return self._between(before, one), before
        return None, before

    def _host(
        self, clause: list[_Named], _verb: re.Match[str], _last: _Act | None
    ) -> tuple[Direction | None, _Named | None]:
        guest = self._pick(clause, "object", "with")
        host = self._pick(clause, "subject", "source")
        bare = [one for one in clause if one.is_bare or one.role == "genitive"]
        if guest is None:
            candidates = [one for one in bare if one is not host]
            guest = candidates[-1] if candidates else None
            if guest is None:
                return None, None
            first = candidates[0] if len(candidates) > 1 else host
            if first is None:
                sure = guest.has_people and (guest.is_group or not guest.mention.is_home)
                return (self._between(guest, None) if sure else None), guest
            unsure = first is not host and (
                not (guest.is_group or first.mention.is_home) or (first.is_group and not guest.is_group)
            )
            return (None if unsure else self._between(guest, first)), guest
        return self._between(guest, host or (bare[0] if bare else None)), guest

    def _dispatch(
        self, clause: list[_Named], verb: re.Match[str], _last: _Act | None
    ) -> tuple[Direction | None, _Named | None]:
        if self._both(clause) and not self._pick(clause, "object", "goal"):
            return ("mutual", True), None
        goal = self._pick(clause, "goal", "venue")
        sent = next((one for one in clause if one.role == "object" and one.has_people), None)
        subject = sent or self._pick(clause, "source", "subject", "genitive")
        bare = [one for one in clause if one.is_bare]
        adjacent = self._adjacent(clause, verb)
        if adjacent is not None and not adjacent.has_people and goal is None:
            goal = adjacent
        bare = [one for one in bare if one is not goal]
        if subject is None and bare:
            people = [one for one in bare if one.has_people]
            subject = (people or bare)[0]
            crossing = len({one.mention.is_home for one in bare}) > 1
            if goal is None and crossing:
                if people[:1] == bare[:1] and not bare[-1].has_people:
                    goal = bare[-1]
                else:
                    return None, None
            if goal is None and not subject.mention.is_home and subject.role != "comma":
                return None, subject
        elif subject is not None and goal is None:
            others = [one for one in bare if one.mention.is_home != subject.mention.is_home and not one.has_people]
            goal = others[-1] if others else None
        return self._between(subject, goal), subject

    def _send(
        self, clause: list[_Named], verb: re.Match[str], _last: _Act | None
    ) -> tuple[Direction | None, _Named | None]:
        if self._both(clause) and not self._pick(clause, "goal", "source", "subject"):
            return ("mutual", True), None
        answers = any(act in self.text[: verb.start()] for act in ("접수", "수신", "수령"))
        if answers and verb.lastgroup == "send":
            return ("from-seocho", bool(self.named)), None
        goal = self._pick(clause, "goal", "object")
        giver = self._pick(clause, "subject", "source", "genitive")
        bare = [one for one in clause if one.is_bare and one is not goal]
        if giver is None and bare:
            giver = next((one for one in bare if one.has_people or one.role == "comma"), bare[0])
            rest = [one for one in bare if one is not giver and one.mention.is_home != giver.mention.is_home]
            goal = goal or (rest[-1] if rest else None)
            sure = giver.mention.is_home or giver.has_people or giver.role == "comma" or goal is not None
            if not sure:
                return None, None
        elif giver is not None and goal is None:
            rest = [one for one in bare if one.mention.is_home != giver.mention.is_home]
            goal = rest[-1] if rest else None
        if giver is None and goal is None:
            return (None if verb.group() in _TALKS else ("from-seocho", False)), None
        direction = self._between(giver, goal)
        return (
            (direction[0], direction[1] or (giver is not None and giver.role != "source")) if direction else None
        ), giver

    def _receive(
        self, clause: list[_Named], verb: re.Match[str], _last: _Act | None
    ) -> tuple[Direction | None, _Named | None]:
        giver = self._pick(clause, "source", "genitive")
        adjacent = self._adjacent(clause, verb)
        receives = adjacent is not None and not adjacent.has_people and len(clause) > 1
        subject = self._pick(clause, "subject") or (adjacent if receives else None)
        if subject is not None and not subject.mention.is_home:
            other = next((one for one in clause if one is not subject), None)
            return (self._between(other, subject) if other else None), other
        if giver is None:
            giver = next((one for one in clause if one is not subject and not one.mention.is_home), None)
        if giver is not None and giver.mention.is_home:
            return None, giver
        both_ends = giver is not None and any(one.mention.is_home for one in clause)
        return ("to-seocho", bool(giver and giver.has_people) or both_ends), giver

    def _attend(
        self, clause: list[_Named], verb: re.Match[str], _last: _Act | None
    ) -> tuple[Direction | None, _Named | None]:
        clause = clause + [one for one in self.named if one.mention.start > verb.start() and one.has_people]
        people = [
            one for one in clause if one.has_people and one.role not in {"goal", "venue", "host", "with", "object"}
        ]
        sides = {one.mention.is_home for one in people}
        partner = self._pick(clause, "with")
        shared = partner and any(one.mention.is_home != partner.mention.is_home for one in clause)
        if self._both(clause) or len(sides) > 1 or shared:
            return ("mutual", True), None
        subject = self._pick(clause, "subject") or (people[0] if people else None)
        others = [one for one in clause if one is not subject]
        if subject is None:
            first = next((one for one in clause if one.is_bare), None)
            named_with_home = first is not None and any(
                not one.is_bare and one.mention.is_home != first.mention.is_home for one in others
            )
            if first is not None and (first.role == "comma" or named_with_home):
                subject = first
                others = [one for one in clause if one is not subject]
        venue = next((one for one in others if subject and one.mention.is_home != subject.mention.is_home), None)
        if subject is None and clause:
            one = clause[0]
            above = one.mention.parties[0].path != self.sentence.path and not one.mention.is_home
            is_place = one.role in {"venue", "goal", "topic"} or (above and not one.has_people)
            venue = one if is_place else None
        return self._between(subject, venue, same_is_one=True), subject

    def _joint(
        self, clause: list[_Named], _verb: re.Match[str], _last: _Act | None
    ) -> tuple[Direction | None, _Named | None]:
        place = next((one for one in clause if one.role in {"source", "venue"} and not one.has_people), None)
        guests = [one for one in clause if one.has_people and one.role in {"bare", "comma", "subject"}]
        if place is not None and guests and all(one.mention.is_home != place.mention.is_home for one in guests):
            return self._between(guests[0], place), guests[0]
        return self._together(), None

    def _together(self) -> Direction | None:
        sides = {one.mention.is_home for one in self.named}
        if self._both(list(self.named)) or "상호" in self.text:
            return "mutual", True
        if self._pick(list(self.named), "with", "both"):
            return "mutual", len(sides) > 1
        signed = _SIGNED.search(self.text)
        if len(sides) > 1 and any(act.frame == "joint" for act in self._joint_acts()):
            return "mutual", True
        return ("mutual", False) if signed else None

    def _joint_acts(self) -> Iterator[_Act]:
        for match in _VERB.finditer(self.text):
            if match.lastgroup == "joint" and not self._is_no_act(match, "joint"):
                yield _Act("joint", *match.span())


def overall_direction(directions: Directions, occurrences: tuple[Occurrence, ...]) -> Direction:
    """Return the direction of a whole line: that of its occurrences, ``mutual`` where they differ."""
    if not occurrences:
        return directions.of(0, len(directions.text))
    ways = {occurrence.direction for occurrence in occurrences}
    stated = all(occurrence.direction_stated for occurrence in occurrences)
    return (ways.pop() if len(ways) == 1 else "mutual"), stated


def visited(sentence: Sentence, which_way: str) -> tuple[Party, ...]:
    """Return the party that was visited."""
    for mention in sentence.mentions:
        match = _VISITED.match(sentence.blanked, mention.end)
        agrees = which_way == "mutual" or mention.is_home == (which_way == "to-seocho")
        if mention in sentence.actors or mention.is_both or not match or not agrees:
            continue
        more = (Party(mention.parties[0].path, body_named(match["more"])),) if match["more"] else ()
        return (*mention.parties, *more)
    return ()
