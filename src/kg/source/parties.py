"""Who is named in an exchange line: municipalities, their bodies, and the people they send."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.domain import HOME, Delegation, Party, Passage

_MODIFIER = r"(?:(?:바둑|축구|야구|경제|문화|체육|의료|교육|예술|행정|민간|고위급|실무|우호|친선|여성|언론)\s)?"
_PEOPLE = (
    rf"{_MODIFIER}[가-힣]*?(?:대표단|방문단|연수단|공연단|단|대표|직원|공무원|의원|학교|학생|청소년|시민|일행|선수|팀)"
)
_OFFICE = r"[가-힣]*?(?:구청장|시장|구장|현장|서기|의장|국장|과장|위원장|주임|총영사)"
_TITLE = r"(?<=구)청?장|(?<=시)장"
_END = r"(?=의(?!\w)|의\s|간(?!\w)|[와과]\s|[\s,()]|$)"
_WORD = rf"(?:{_PEOPLE}|{_OFFICE}|{_TITLE})"
_NO_PERSON = (
    "국제|외교|외사|외무|협력|교류|문화|경제|교육|행정|총무|기획|관광|홍보"
    "|도시|환경|복지|재정|상무|신임|당시|차기|현직|명예"
)
_HEAD = r"(?:구청장|시장|구장|현장|서기|의장|총영사)"
_PERSON = rf"(?!{_NO_PERSON}|[가-힣]*[장표단원][과와]?\s)(?P<person>[가-힣]{{2,4}})\s(?={_HEAD}{_END})"
_LABEL = re.compile(rf"\s?(?:{_PERSON})?(?P<label>{_WORD}(?:(?:\s등)?\s{_WORD})*(?:\s등)?){_END}")
_COUNT = re.compile(
    r"\s?\((?:[^()\d]*,\s*)?(?:총\s*|(?P<origin>(?!약)[^()\d,:]*?)\s*)(?P<count>\d[\d,]{0,8})\s?명(?:,[^()\d]*)?\)"
    r"|\s(?P<bare>\d[\d,]{0,8})\s?명(?=[\s,]|[이과와은의]\s|$)"
)
_AND = re.compile(r"(?:\s및|[와과])(?=\s)")
_HOME = r"서초구(?!립)|서초(?=\s?탄생)|우리\s?구|관내"
_BOTH = r"양\s?(?:도시|구|시|측|기관)"
_THIRD = rf"(?:[가-힣]+(?:성|도|주|시)\s)*[가-힣]{{2,}}(?:성|시|구|현|주)(?!립)(?=\s?(?:{_WORD}){_END})"
_NO_PLACE = re.compile(r"(?:.*\s)?(?:도시|우호도시|공동|특구|연구|축구|동시)")
_BODIES = {"의회": "council", "구의회": "council", "시의회": "council", "구청": "office", "인민정부": "government"}
_SHORTEST = 3
"""The fewest syllables of a name that stands for a place without its ``시`` or ``구`` at the end."""


@dataclass(frozen=True)
class Mention:
    """A party as named in the text, with its offsets; ``delegations`` are the people named with it."""

    parties: tuple[Party, ...]
    start: int
    end: int
    delegations: tuple[Delegation, ...] = ()

    @property
    def is_home(self) -> bool:
        """Whether it names the municipality whose page this is, and no other."""
        return all(party.is_home for party in self.parties)

    @property
    def is_both(self) -> bool:
        """Whether it names both sides of the tie at once."""
        return len(self.parties) > 1


class PartyNames:
    """The names by which one section of the page may call the two sides of its tie, and other places."""

    def __init__(self, path: tuple[str, ...]) -> None:
        """Compile the pattern for a city, given as its path of names, the country first."""
        self.path = path
        self.by_name = {name: path[: index + 1] for index, name in enumerate(path) if index}
        self.by_name |= {
            name[:-1]: names
            for name, names in self.by_name.items()
            if len(name) > _SHORTEST or (len(name) == _SHORTEST and names != path)
        }
        own = re.escape(path[-1])
        names = "|".join(sorted(map(re.escape, self.by_name), key=len, reverse=True)) or "(?!)"
        above = "|".join([name for name in names.split("|") if name != own] + [re.escape(path[0])])
        self._pattern = re.compile(
            rf"(?<![가-힣])(?:(?:(?:한국|대한민국|서울시?)\s)*(?P<home>{_HOME})|(?P<both>{_BOTH})"
            rf"|(?P<above>(?:(?:{above})\s+)*)(?:(?P<known>{own}(?!립)|(?:{names})(?![가-힣]))|(?P<third>{_THIRD})))"
            r"(?P<body>\s?[구시]?의회(?!의?[원장])|위(?=\s)|\s?인민정부|\s?구청(?!장))?"
        )

    def mentions(self, text: str, place: Passage) -> tuple[Mention, ...]:
        """Find the parties named in a text, from left to right, with the people named behind each."""
        mentions: list[Mention] = []
        position = 0
        while match := self._pattern.search(text, position):
            if match["third"] and _NO_PLACE.fullmatch(match["third"]):
                position = match.end()
                continue
            mention = self._mention(match, text, place)
            mentions.append(mention)
            position = mention.end
        return tuple(mentions)

    def _mention(self, match: re.Match[str], text: str, place: Passage) -> Mention:
        body = self._body(match)
        parties = tuple(Party(path, body) for path in self._paths(match))
        delegations: list[Delegation] = []
        end = match.end()
        following = _LABEL.match(text, end)
        while following:
            delegation, end = _delegation(parties, following, text, place)
            delegations.append(delegation)
            joined = _AND.match(text, end)
            following = _LABEL.match(text, joined.end()) if joined else None
            following = None if following and following["person"] else following
        return Mention(parties, match.start(), end, tuple(delegations))

    def _paths(self, match: re.Match[str]) -> tuple[tuple[str, ...], ...]:
        if match["home"]:
            return (HOME,)
        if match["both"]:
            return (HOME, self.path)
        if match["known"]:
            return (self.by_name[match["known"]],)
        names = (name for name in (match["above"] + match["third"]).split() if name != self.path[0])
        return ((self.path[0], *names),)

    def _body(self, match: re.Match[str]) -> str:
        body = (match["body"] or "").strip()
        return "party-committee" if body == "위" else _BODIES.get(body, "municipality")


def _delegation(parties: tuple[Party, ...], match: re.Match[str], text: str, place: Passage) -> tuple[Delegation, int]:
    start, end = match.span("label")
    start -= match["label"][0] in "청장" and text[start - 1] in "구시"
    label = text[start:end]
    if label.startswith(("의원", "구의원", "시의원", "의장")):
        parties = tuple(Party(party.path, "council") for party in parties)
    places = {"label": place.within(start, end)}
    if match["person"]:
        places["person"] = place.within(*match.span("person"))
    count = _COUNT.match(text, end)
    if count:
        end = count.end()
        places["head_count"] = place.within(*count.span("count" if count["count"] else "bare"))
    number = int((count["count"] or count["bare"]).replace(",", "")) if count else None
    origin = count["origin"] if count and count["origin"] else None
    return Delegation(parties, label, number, match["person"], origin, places=places), end


def body_named(text: str) -> str:
    """Return the kind of body that a word names.

    >>> body_named("의회")
    'council'
    """
    return _BODIES.get(text, "municipality")
