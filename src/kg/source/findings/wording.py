"""Doubts about wording, spelling and spacing, line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from kg.domain import City, Page, Passage, SourceLine
from kg.locales import ends_in_consonant
from kg.source.findings.rules import Finding

_DOTS = "·ㆍ․・∙•‧"
_READ_ROLES = frozenset({"exchange", "note", "characteristic"})
_PARTICLES = {"가": "이", "이": "가", "는": "은", "은": "는", "를": "을", "을": "를"}
_BEHIND_CONSONANT = frozenset("이은을")
_TRADITIONAL = "縣長鮮東門國學車馬區鎮鄉廣華陽陰龍關興寧慶遼維爾濟濱島灣潭漢雲貴蘇無錫連號書記團體機構義領導"
_SIMPLIFIED = "县长鲜东门国学车马区镇乡广华阳阴龙关兴宁庆辽维尔济滨岛湾潭汉云贵苏无锡连号书记团体机构义领导"
_SPELLINGS: Mapping[str, str] = {
    "산동": "산둥",
    "하남": "허난",
    "하북": "허베이",
    "길림": "지린",
    "북경": "베이징",
    "상해": "상하이",
    "청도": "칭다오",
    "천진": "톈진",
    "동경": "도쿄",
    "터키": "튀르키예",
}
"""Two spellings of one name, the Korean reading or the older name first."""


@dataclass(frozen=True)
class _Slip:
    """A pattern that marks a slip, the reading used instead, and the roles of the lines it is looked for in."""

    rule: str
    pattern: re.Pattern[str]
    reading: str
    roles: frozenset[str]


def _slip(rule: str, pattern: str, reading: str = "", roles: str = "exchange note characteristic") -> _Slip:
    return _Slip(rule, re.compile(pattern), reading, frozenset(roles.split()))


_TEXTS = "exchange note characteristic agreement-background"
_LISTS = "exchange note characteristic divisions organs"
_SLIPS = (
    _slip("particle-wrong", r"(?<=지|구|시|곳|가)로써", "로서", "agreement-background characteristic"),
    _slip("full-stop-missing", r"니다$", r"\g<0>.", "characteristic"),
    _slip("word-doubled", r"([가-힣]{2,})\1", r"\1", f"{_TEXTS} agreement-title"),
    _slip("tautology", r"페스티벌 축제|축제 페스티벌|일행 대표단"),
    _slip("double-passive", r"불리우", "불리"),
    _slip(
        "particle-missing",
        r"(?<=\)) (?=위치합니다|있습니다)|(?<=[가-힣])(?<![을를이가은는의]) (?=중심으로\s)",
        roles="characteristic",
    ),
    _slip("particle-missing", r"산업 (?=유망합니다|발달)", "산업이 ", "characteristic"),
    _slip("word-missing", r"탄생(?!\s?(?:\d+\s?주년|기념|축하))\s?[가-힣 ]*?기념행사"),
    _slip("maybe-not-done", r"노력(?=\s*(?:\(|$))", roles="exchange"),
    _slip("open-list", r"(?<=\s)등(?=\s|$)(?!\s?\d+\s?명)", roles="exchange"),
    _slip("han-prefix", r"(?<![\w])[前現舊新](?=[가-힣])", roles="agreement-background characteristic"),
    _slip("han-without-reading", r"(?<![\w(])[一-鿿]{2,}(?=[가-힣])"),
    _slip("no-break-space", "\u00a0", " "),
    _slip("blank-missing", r",(?=[가-힣“])|(?<=[가-힣”)]),(?=\d)", ", ", _LISTS),
    _slip("blank-too-many", r"[ \t](?=[,)])", "", _LISTS),
    _slip("visit-to-country", r"(?<![가-힣])방한(?![가-힣])", "서초구 방문", "exchange"),
)
_PREFIXES = {"前": "전", "現": "현", "舊": "구", "新": "신"}


def of_page(page: Page) -> Iterator[Finding]:
    """Yield the slips of wording of every line, and the spellings in which the lines of a page differ."""
    for line in page.lines:
        for slip in _SLIPS:
            if line.role in slip.roles:
                yield from _matches(slip, line)
        if line.role == "characteristic":
            yield from _particle_behind_bracket(line)
        yield from _mixed_han(line)
    yield from _dots(page)
    yield from _spellings(page)
    yield from _solid(page)


def of_city(page: Page, city: City) -> Iterator[Finding]:
    """Yield the lines that call both sides cities although the partner is not a city."""
    for exchange in city.exchanges:
        text, line = exchange.description, exchange.places["description"].line
        if re.search(r"양\s?도시", text) and not city.name.endswith("시"):
            span = re.search(r"양\s?도시", page.lines[line - 1].text)
            if span:
                yield Finding("both-cities-of-a-district", _place(page.lines[line - 1], span), "", {"city": city.name})


def _place(line: SourceLine, match: re.Match[str], group: str | int = 0) -> Passage:
    start, end = match.span(group)
    return Passage(line.number, start + 1, end + 1)


def _matches(slip: _Slip, line: SourceLine) -> Iterator[Finding]:
    for match in slip.pattern.finditer(line.text.rstrip()):
        reading = _PREFIXES[match[0]] if slip.rule == "han-prefix" else match.expand(slip.reading)
        yield Finding(slip.rule, _place(line, match), reading)


def _particle_behind_bracket(line: SourceLine) -> Iterator[Finding]:
    for match in re.finditer(r"(?P<last>[가-힣])\([^()]*\)(?P<particle>[가이는은를을])(?=\s)", line.text):
        if ends_in_consonant(match["last"]) != (match["particle"] in _BEHIND_CONSONANT):
            yield Finding("particle-behind-bracket", _place(line, match, "particle"), _PARTICLES[match["particle"]])


def _mixed_han(line: SourceLine) -> Iterator[Finding]:
    only_traditional = set(_TRADITIONAL) - set(_SIMPLIFIED)
    only_simplified = set(_SIMPLIFIED) - set(_TRADITIONAL)
    for match in re.finditer(r"[一-鿿]{2,}", line.text):
        if set(match[0]) & only_traditional and set(match[0]) & only_simplified:
            reading = match[0].translate(str.maketrans(_SIMPLIFIED, _TRADITIONAL))
            yield Finding("han-forms-mixed", _place(line, match), reading)


def _dots(page: Page) -> Iterator[Finding]:
    found = [
        (line, match)
        for line in page.lines
        if line.role in _READ_ROLES
        for match in re.finditer(rf"(?<=\w)[{_DOTS}](?=\w)", line.text)
    ]
    usual = Counter(match[0] for _, match in found).most_common(1)
    for line, match in found:
        if match[0] != usual[0][0]:
            yield Finding("middle-dots-differ", _place(line, match), usual[0][0])


def _spellings(page: Page) -> Iterator[Finding]:
    whole = "\n".join(line.text for line in page.lines)
    for one, other in _SPELLINGS.items():
        if one not in whole:
            continue
        for line in page.lines:
            for match in re.finditer(other, line.text):
                yield Finding("name-spelled-differently", _place(line, match), one, {"other": one})


def _solid(page: Page) -> Iterator[Finding]:
    """Yield each word that other lines write as two, at its first place, unless that is the usual way."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    places: dict[str, Passage] = {}
    for line in page.lines:
        if line.role in _READ_ROLES or line.role == "agreement-background":
            found = list(re.finditer(r"[가-힣]{2,}", line.text))
            for match in found:
                words[match[0]] += 1
                places.setdefault(match[0], _place(line, match))
            pairs.update((a[0], b[0]) for a, b in pairwise(found) if b.start() == a.end() + 1)
    for (one, other), times in pairs.items():
        if 0 < words[one + other] <= times:
            usual = f"{one} {other}"
            yield Finding("written-solid", places[one + other], usual, {"usual": usual})
