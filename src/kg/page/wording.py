"""Slips of wording, spelling and spacing: rules over single lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import Doubt, Page, Passage, SourceLine

_DOTS = "·ㆍ․・∙•‧"
_READ_ROLES = frozenset({"exchange", "note", "characteristic"})
_FINAL_CONSONANT = {"가": False, "이": True, "는": False, "은": True, "를": False, "을": True}
_TRADITIONAL = "縣長鮮東門國學車馬區鎮鄉廣華陽陰龍關興寧慶遼維爾濟濱島灣潭漢雲貴蘇無錫連號書記團體機構義領導"
_SIMPLIFIED = "县长鲜东门国学车马区镇乡广华阳阴龙关兴宁庆辽维尔济滨岛湾潭汉云贵苏无锡连号书记团体机构义领导"
_SPELLINGS = (
    "산동/산둥",
    "하남/허난",
    "하북/허베이",
    "길림/지린",
    "북경/베이징",
    "상해/상하이",
    "청도/칭다오",
    "천진/톈진",
)


@dataclass(frozen=True)
class WordingRule:
    """A pattern that marks a slip, the lines it is looked for in, the reading used and the reason."""

    name: str
    severity: str
    pattern: re.Pattern[str]
    reading: str
    reason_ko: str
    reason_en: str
    roles: frozenset[str] = _READ_ROLES


def _rule(name: str, severity: str, pattern: str, reading: str, ko: str, en: str, *roles: str) -> WordingRule:
    return WordingRule(name, severity, re.compile(pattern), reading, ko, en, frozenset(roles) or _READ_ROLES)


_RULES = (
    _rule("particle-wrong", "note", r"(?<=지|구|시|곳|가)로써", "로서",
          "자격을 나타내는 조사는 ‘로서’입니다.", "The particle of capacity is '로서'.",
          "agreement-background", "characteristic"),
    _rule("full-stop-missing", "note", r"니다$", r"\g<0>.", "마침표가 없습니다.", "The full stop is missing.", "characteristic"),
    _rule("word-doubled", "warning", r"([가-힣]{2,})\1", r"\1", "낱말이 거듭 적혔습니다.", "A word is written twice.", *_READ_ROLES,
          "agreement-background", "agreement-title"),
    _rule("tautology", "note", r"페스티벌 축제|축제 페스티벌|일행 대표단", "", "같은 뜻의 말이 겹칩니다.", "Two words say the same thing."),
    _rule("double-passive", "note", r"불리우", "불리", "이중 피동입니다.", "The passive is doubled."),
    _rule("particle-missing", "note", r"\)\s(?=위치합니다|있습니다)|중심으로\s(?=관광산업\s)|산업\s(?=유망합니다)", "",
          "조사가 빠졌습니다.", "A particle is missing.", "characteristic"),
    _rule("word-missing", "warning", r"탄생(?!\s?(?:\d+\s?주년|기념|축하))\s?[가-힣 ]*?기념행사", "",
          "‘탄생’ 뒤에 ‘기념’ 같은 말이 빠진 것으로 보입니다.", "A word such as '기념' seems to be missing behind '탄생'."),
    _rule("maybe-not-done", "warning", r"(?:노력|예정|계획)$", "", "실제로 했는지 분명하지 않습니다.",
          "Whether it was done or only tried is not said.", "exchange"),
    _rule("open-list", "note", r"(?<=\s)등(?=\s|$)", "", "적히지 않은 것이 더 있습니다.", "More is meant than is named.", "exchange"),
    _rule("han-prefix", "note", r"(?<![\w])[前現舊新](?=[가-힣])", "전", "한자로 적힌 머리말입니다.",
          "A prefix is written in Han.", "agreement-background", "characteristic"),
    _rule("han-without-reading", "note", r"(?<![\w(])[一-鿿]{2,}(?=[가-힣])", "", "한자의 한글 음이 없습니다.",
          "The Han characters have no Korean reading beside them."),
    _rule("sister-or-friendship", "note", r"자매결연", "우호도시", "결연명칭은 ‘자매’가 아니라 ‘우호’입니다.",
          "The background says sister tie, the document friendship.", "agreement-background"),
    _rule("further-party", "warning", r"(?<=\s)및\s[가-힣]+(?=\s우호|\s자매)", "", "구 말고도 당사자가 더 있습니다.",
          "The title names a further party beside the municipality.", "agreement-title"),
    _rule("unclear-office", "note", r"구의장", "구의회 의장", "의회의 의장을 줄여 적었습니다.",
          "The chair of the council is meant.", "agreement-background"),
    _rule("no-break-space", "note", "\u00a0", " ", "줄바꿈 없는 빈칸(U+00A0)입니다.", "This is a no-break space (U+00A0)."),
    _rule("spacing", "note", r"\s(?=[,)])|,(?=[가-힣\d“])(?!\d)", "", "빈칸이 잘못되었습니다.", "A blank is missing or too many.",
          *_READ_ROLES, "divisions", "organs"),
    _rule("visit-to-country", "note", r"방한", "서초구 방문", "서초구를 방문했다고는 적혀 있지 않습니다.",
          "The visit is to Korea; that it was to Seocho is not said.", "exchange"),
)  # fmt: skip


def wording_doubts(page: Page) -> Iterator[Doubt]:
    """Yield the slips of wording, line by line."""
    for line in page.lines:
        for rule in _RULES:
            if line.role in rule.roles:
                yield from _matches(rule, line)
        yield from _particle_behind_bracket(line)
        yield from _mixed_han(line)
    yield from _dots(page)
    yield from _spellings(page)


def _matches(rule: WordingRule, line: SourceLine) -> Iterator[Doubt]:
    for match in rule.pattern.finditer(line.text.rstrip()):
        yield _doubt(
            rule.name, rule.severity, line, match.span(), match.expand(rule.reading), rule.reason_ko, rule.reason_en
        )


def _doubt(name: str, severity: str, line: SourceLine, span: tuple[int, int], reading: str, ko: str, en: str) -> Doubt:
    place = Passage(line.number, span[0] + 1, span[1] + 1)
    return Doubt(name, severity, place, line.text[slice(*span)], reading, ko, en)


def _particle_behind_bracket(line: SourceLine) -> Iterator[Doubt]:
    for match in re.finditer(r"(?P<last>[가-힣])\([^()]*\)(?P<particle>[가이는은를을])(?=\s)", line.text):
        ends_in_consonant = (ord(match["last"]) - ord("가")) % 28 != 0
        if line.role == "characteristic" and ends_in_consonant != _FINAL_CONSONANT[match["particle"]]:
            yield _doubt(
                "particle-behind-bracket", "note", line, match.span("particle"), "",
                "조사가 괄호 앞의 말과 맞지 않습니다.", "The particle does not fit the word before the bracket.",
            )  # fmt: skip


def _mixed_han(line: SourceLine) -> Iterator[Doubt]:
    for match in re.finditer(r"[一-鿿]{2,}", line.text):
        if set(match[0]) & set(_TRADITIONAL) - set(_SIMPLIFIED) and set(match[0]) & set(_SIMPLIFIED) - set(
            _TRADITIONAL
        ):
            reading = match[0].translate(str.maketrans(_SIMPLIFIED, _TRADITIONAL))
            yield _doubt(
                "han-forms-mixed", "warning", line, match.span(), reading,
                "번체와 간체가 섞여 있습니다.", "Traditional and simplified characters are mixed in one name.",
            )  # fmt: skip


def _dots(page: Page) -> Iterator[Doubt]:
    found = [
        (line, match)
        for line in page.lines
        if line.role in _READ_ROLES
        for match in re.finditer(rf"(?<=\w)[{_DOTS}](?=\w)", line.text)
    ]
    usual = Counter(match[0] for _, match in found).most_common(1)
    for line, match in found:
        if match[0] != usual[0][0]:
            yield _doubt(
                "middle-dots-differ", "note", line, match.span(), usual[0][0],
                "이 페이지의 다른 가운뎃점과 글자가 다릅니다.", "Other middle dots on the page are another character.",
            )  # fmt: skip


def _spellings(page: Page) -> Iterator[Doubt]:
    whole = "\n".join(line.text for line in page.lines)
    for one, other in (pair.split("/") for pair in _SPELLINGS):
        if one not in whole:
            continue
        for line in page.lines:
            for match in re.finditer(other, line.text):
                yield _doubt(
                    "name-spelled-differently", "note", line, match.span(), one,
                    f"다른 줄에는 ‘{one}’으로 적혀 있습니다.", f"Other lines of the page write {one!r}.",
                )  # fmt: skip
