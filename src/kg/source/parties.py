"""Who is named in an exchange line: municipalities, their bodies, and the people they send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.domain import HOME, Delegation, Party, Passage
from kg.source.verbs import NO_ATTRIBUTE

COUNT_WORD = r"(?:명|인|분)"
"""The words behind a number of people."""
_MODIFIER = (
    r"(?:[가-힣]{2,8}\s(?:담당|소속|분야)\s"
    r"|(?:바둑|축구|야구|경제|문화|체육|의료|교육|예술|행정|민간|고위급|실무|우호|친선|여성|언론)\s)?"
)
_PEOPLE = (
    rf"{_MODIFIER}[가-힣]*?(?:대표단|방문단|연수단|공연단|단체|단|대표|직원|공무원|의원|학교|학생|청소년|어린이|시민|주민|일행"
    r"|선수|팀|관계자|의료진|전문가|예술인|회원|주무관|지도자|사절단"
    r"|기자|교사|교수|연수생|봉사자|기업인|작가|연합회|체육회|부녀회|상인회|협회|협의회|상공회의소|상공회|새마을회"
    r"|노인회|의사회|동호회|학생회|여성회)"
)
_ATTRIBUTE = (
    r"(?:파견(?=\s?(?:공무원|직원|교사))"
    rf"|(?![가-힣]*(?:{NO_ATTRIBUTE}))[가-힣]{{2,10}}(?<![을를의에와과로은는차시])(?<!에서))"
)
"""A word before the people that says of what kind they are; it is no verb, no event and has no particle."""
_OFFICE = (
    r"[가-힣]*?(?:구청장|시장|구장|현장|서기|의장|국장|과장|위원장|주임|총영사|부장|실장|팀장|회장|단장|교장|원장|소장)"
)
_TITLE = r"(?<=구)청?장|(?<=시)장"
_END = (
    r"(?=의(?!\w)|의\s|간(?!\w)|[와과](?:의|는)?\s"
    r"|(?:이|가|은|는|을|를|도|께|께서|에게|에게서|에|로|으로|측|들이|들)[\s,]|[\s,()]|$)"
)
_COUNTED = rf"(?!등|외|총|약|회)[가-힣]{{2,10}}(?=\s?\(?(?:총\s?)?[1-9][\d,]*\s?{COUNT_WORD})"
_WORD = rf"(?:{_PEOPLE}|{_OFFICE}|{_TITLE}|{_COUNTED})"
_NO_PERSON = (
    "국제|외교|외사|외무|협력|교류|문화|경제|교육|행정|총무|기획|관광|홍보"
    "|도시|환경|복지|재정|상무|신임|당시|차기|현직|명예"
)
_HEAD = r"(?:구청장|시장|구장|현장|서기|의장|총영사)"
_PERSON = rf"(?!{_NO_PERSON}|[가-힣]*[장표단원][과와]?\s)(?P<person>[가-힣]{{2,4}})\s(?={_HEAD}{_END})"
_COUNT = re.compile(
    rf"\s?\((?:[^()\d]*,\s*)?(?:총\s*|(?P<origin>(?!약|[^()]*\s외\s)[^()\d,:]*?)\s*)"
    rf"(?P<count>[1-9][\d,]{{0,8}})\s?{COUNT_WORD}(?:,[^()\d]*)?\)"
    rf"|\s?(?:총\s)?(?P<bare>[1-9][\d,]{{0,8}})\s?{COUNT_WORD}(?=[\s,()]|(?:이|과|와|은|의|을|을\s)\s|$)"
)
_AND = re.compile(r"(?:\s및|[와과])(?=\s)")
_HOME_NAMES = r"서초구(?!립)|서초(?=\s?탄생|\s(?:대표단|방문단))|(?:우리|본|당)\s?구(?![가-힣]*구\s)|우리\s?측|관내"
_HOME = (
    rf"{_HOME_NAMES}|(?:^|(?<=[를에과와로,]\s))"
    r"(?:(?=부?구청장(?:[이은께을,]|\s|$)|구의회\s)|구(?=\s(?:대표단|방문단|직원|공무원)))"
)
_BOTH = r"양\s?(?:도시|구|시|측|기관|지역|의회|국\s?도시)"
_THIRD = rf"(?:[가-힣]+(?:성|도|주|시)\s)*[가-힣]{{2,}}(?:성|시|구|현|주)(?!립)(?=\s?(?:{_WORD}){_END})"
_NO_PLACE = re.compile(r"(?:.*\s)?(?:도시|우호도시|공동|특구|연구|축구|동시)")
_BODIES = {
    "의회": "council",
    "구의회": "council",
    "시의회": "council",
    "구청": "office",
    "청": "office",
    "인민정부": "government",
    "인민대표대회": "council",
}
_SHORTEST = 3
"""The fewest syllables of a name that stands for a place without its ``시`` or ``구`` at the end."""


_FLOATING = re.compile(rf"(?<![가-힣])(?P<label>{_PEOPLE}(?:\s등)?)(?=\s?(?:총\s)?\d|\0)")


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
            rf"|(?P<above>(?:(?:{above})\s+)*)(?:(?P<known>(?:{own}(?!립)|(?:{names})(?![가-힣]))"
            rf"(?:\([^()가-힣\d]+\))?|(?:{names})(?={_END}))|(?P<third>{_THIRD})))"
            r"(?P<body>\s?[구시]?의회(?!의?[원장])|위(?=\s)|\s?인민정부|\s?인민대표대회|\s?구청(?!장)|(?<=구)청(?=[\s,을를에의이은과]))?"
        )
        other = rf"(?!(?:{names})|{_HOME_NAMES}|{_BOTH})"
        group = rf"(?:{other}{_WORD}|(?:{other}{_ATTRIBUTE}\s){{1,2}}?(?!현장){other}{_WORD})"
        self._label = re.compile(rf"\s?(?:{_PERSON})?(?P<label>{group}(?:(?:\s등)?\s{group})*(?:\s등)?){_END}")

    def mentions(self, text: str, place: Passage) -> tuple[Mention, ...]:
        """Find the parties named in a text, from left to right, with the people named behind each."""
        mentions: list[Mention] = []
        position = 0
        while match := self._pattern.search(text, position):
            if match["third"] and _NO_PLACE.fullmatch(match["third"]):
                position = match.end()
                continue
            mention = self._mention(match, text, place)
            if mention.end == match.start():
                position = mention.end + 1
                continue
            mentions.append(mention)
            position = mention.end
        return tuple(mentions)

    def _mention(self, match: re.Match[str], text: str, place: Passage) -> Mention:
        body = self._body(match)
        parties = tuple(Party(path, body) for path in self._paths(match))
        delegations: list[Delegation] = []
        end = match.end()
        following = self._label.match(text, end)
        while following:
            delegation, end = _delegation(parties, following, text, place)
            delegations.append(delegation)
            joined = _AND.match(text, end)
            following = self._label.match(text, joined.end()) if joined else None
            following = None if following and following["person"] else following
        return Mention(parties, match.start(), end, tuple(delegations))

    def _paths(self, match: re.Match[str]) -> tuple[tuple[str, ...], ...]:
        if match["home"] is not None:
            return (HOME,)
        if match["both"]:
            return (HOME, self.path)
        if match["known"]:
            return (self.by_name[match["known"].partition("(")[0]],)
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


def floating_people(
    text: str, place: Passage, whose: tuple[Party, ...], taken: list[tuple[int, int]]
) -> Iterator[Delegation]:
    """Yield the people who are named with their number and without a party."""
    for match in _FLOATING.finditer(re.sub(r"\([^()]*\)", lambda inside: "\0" * len(inside[0]), text)):
        inside = any(start <= match.start("label") < end for start, end in taken)
        count = _COUNT.match(text, match.end("label"))
        if count and not inside:
            span = count.span("count" if count["count"] else "bare")
            number = int(text[slice(*span)].replace(",", ""))
            places = {"label": place.within(*match.span("label")), "head_count": place.within(*span)}
            yield Delegation(whose, match["label"], number, places=places)


def body_named(text: str) -> str:
    """Return the kind of body that a word names.

    >>> body_named("의회")
    'council'
    """
    return _BODIES.get(text, "municipality")
