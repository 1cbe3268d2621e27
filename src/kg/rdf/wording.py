"""Names, values and dates of the graph in Korean, English and simplified Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from rdflib import RDF, RDFS, SKOS, XSD

from kg.domain import terms
from kg.rdf.quads import Sides, read_literal

Language = Literal["ko", "en", "zh"]

_NUMBERS = {str(XSD.integer), str(XSD.decimal)}
_LABELS = (RDFS.label.n3(), SKOS.prefLabel.n3())
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_LONGEST = 80


class Phrase(NamedTuple):
    """One phrase in three languages."""

    ko: str
    en: str
    zh: str


PROPERTIES = {
    RDFS.label.n3(): Phrase("이름", "name", "名称"),
    SKOS.prefLabel.n3(): Phrase("이름", "name", "名称"),
    SKOS.altLabel.n3(): Phrase("다른 이름", "alternative name", "别名"),
    SKOS.definition.n3(): Phrase("정의", "definition", "定义"),
    RDFS.comment.n3(): Phrase("설명", "comment", "说明"),
    RDF.type.n3(): Phrase("유형", "type", "类型"),
}
_OURS = {
    "description": Phrase("내용", "description", "内容"),
    "edtf": Phrase("날짜", "date", "日期"),
    "text": Phrase("내용", "text", "内容"),
}
_CHINESE = {
    "primaryKind": "主要类型", "kind": "类型", "direction": "方向",
    "headCount": "人数", "role": "参加者", "personName": "姓名", "purpose": "目的", "topic": "领域", "occasion": "活动",
    "item": "物品", "received": "收到的物品", "sent": "寄送的物品", "visited": "访问地", "title": "标题",
    "instrument": "文书种类", "background": "背景", "value": "数值", "asOf": "统计时点", "basis": "统计口径",
    "approximate": "约数", "printed": "原文", "count": "数量",
    "heading": "标题", "homepage": "官方网站",
    "department": "主管部门", "phone": "电话", "room": "位置", "lastModified": "最后更新日期", "position": "顺序",
    "within": "上级行政区", "latitude": "纬度", "longitude": "经度", "concludedInPrinted": "签署地点",
    "foundedBy": "缔结依据", "startDate": "开始日期", "endDate": "结束日期",
    "readingUsed": "采用的解读", "reason": "理由",
}  # fmt: skip
ACTIONS = {
    "added": Phrase("추가", "added", "新增"),
    "removed": Phrase("삭제", "removed", "删除"),
    "changed": Phrase("변경", "changed", "变更"),
}
_LANGUAGES = {
    "ko": Phrase("한국어", "Korean", "韩语"), "en": Phrase("영어", "English", "英语"),
    "zh-hans": Phrase("중국어", "Chinese", "中文"), "zh": Phrase("중국어", "Chinese", "中文"),
}  # fmt: skip
_UNITS = {"명": Phrase("명", " people", "人"), "㎢": Phrase("㎢", " km²", "平方公里")}
_TRUTH = {"true": Phrase("예", "yes", "是"), "false": Phrase("아니요", "no", "否")}


class Wording:
    """Words for terms in one language, with the labels that the graph before or after a change gives."""

    def __init__(self, language: Language, sides: Sides) -> None:
        """Write in this language; a thing is called what it was called before, so that a new name is seen as new."""
        self.language, self.sides = language, sides
        self._terms = terms(sides.iris.ontology)
        self._dates = {self.kg(term) for term in ("edtf", "asOf")}

    def kg(self, term: str) -> str:
        """Return one of our own terms in N-Triples."""
        return self._terms[term].n3()

    def say(self, phrase: Phrase) -> str:
        """Return a phrase in the language."""
        return str(getattr(phrase, self.language))

    # -- looking up ------------------------------------------------------------------------------------------------

    def objects(self, subject: str, predicate: str, *, is_after: bool = False) -> Sequence[str]:
        """Return the objects before the change, or else after it; or the other way round."""
        first, second = (self.sides.after, self.sides.before) if is_after else (self.sides.before, self.sides.after)
        return first.objects(subject, predicate) or second.objects(subject, predicate)

    def text(self, subject: str, term: str, *, is_after: bool = False) -> str:
        """Return the first value of one of our own properties, or an empty string."""
        values = self.objects(subject, self.kg(term), is_after=is_after)
        literal = read_literal(values[0]) if values else None
        return literal.lexical_form if literal else ""

    def name(self, term: str) -> str:
        """Return the name of a thing in the language, else in Korean, else in any; else its IRI."""
        labels = [label for predicate in _LABELS for label in map(read_literal, self.objects(term, predicate)) if label]
        for wanted in (self.language, "ko", ""):
            found = [label.lexical_form for label in labels if label.language_tag.lower().startswith(wanted)]
            if found:
                return found[0]
        return term

    # -- words -----------------------------------------------------------------------------------------------------

    def property_name(self, predicate: str, language_tag: str = "") -> str:
        """Return the name of a property, with the language of its values if names come in several."""
        phrase = PROPERTIES.get(predicate)
        if phrase:
            tag = _LANGUAGES.get(language_tag)
            return f"{self.say(phrase)}{self._in_brackets(self.say(tag))}" if tag else self.say(phrase)
        ours = predicate.removeprefix(f"<{self.sides.iris.ontology}").removesuffix(">")
        if ours in _OURS:
            return self.say(_OURS[ours])
        return _CHINESE[ours] if self.language == "zh" and ours in _CHINESE else self.name(predicate)

    def _in_brackets(self, text: str) -> str:
        return {"ko": f"({text})", "en": f" ({text})", "zh": f"（{text}）"}[self.language]

    def values(self, predicate: str, nodes: Iterable[str]) -> str:
        """Return values with commas between."""
        comma = "、" if self.language == "zh" else ", "
        return comma.join(self.value(node, predicate) for node in nodes)

    def value(self, term: str, predicate: str = "") -> str:
        """Return a value: a name for an IRI, a date, a number with its commas, a text in quotes."""
        literal = read_literal(term)
        if literal is None:
            return self.name(term)
        form = literal.lexical_form
        if predicate in self._dates or literal.datatype == str(XSD.date):
            return self.date(form)
        if literal.datatype in _NUMBERS:
            return grouped(form)
        if literal.datatype == str(XSD.boolean) and form in _TRUTH:
            return self.say(_TRUTH[form])
        return quoted(form)

    def date(self, edtf: str) -> str:
        """Format an EDTF date or interval; return anything else unchanged."""
        between = {"ko": " ~ ", "en": " to ", "zh": "至"}[self.language]
        return between.join(self._day(part) for part in edtf.split("/"))

    def _day(self, text: str) -> str:
        match = _DATE.fullmatch(text)
        if match is None or not 0 < int(match[2] or 1) <= len(_MONTHS):
            return text
        year, month, day = match[1], int(match[2] or 0), int(match[3] or 0)
        if self.language == "en":
            return " ".join(filter(None, (str(day or ""), _MONTHS[month - 1] if month else "", year)))
        units, space = ("년월일", " ") if self.language == "ko" else ("年月日", "")
        parts = (f"{number}{unit}" for number, unit in zip((year, month, day), units, strict=True) if number)
        return space.join(parts)

    def figure(self, statistic: str, value: str, *, is_after: bool) -> str:
        """Return a figure with its unit, and whether it is approximate, as it stood then."""
        unit = self.text(statistic, "unitPrinted", is_after=is_after)
        about = {"ko": "약 ", "en": "about ", "zh": "约"}[self.language]
        is_about = self.text(statistic, "approximate", is_after=is_after) == "true"
        written = self.say(_UNITS[unit]) if unit in _UNITS else unit
        return f"{about if is_about else ''}{self.value(value)}{written}"


def grouped(number: str) -> str:
    """Format a number with thousands separators; return anything else unchanged.

    >>> grouped("1180000.5")
    '1,180,000.5'
    """
    return f"{Decimal(number):,}" if re.fullmatch(r"[+-]?\d+(\.\d+)?", number) else number


def quoted(text: str) -> str:
    """Return a text in quotation marks, cut where it is very long."""
    return f"“{text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'}”"
