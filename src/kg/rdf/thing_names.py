"""Names of things in sentences: a city's exchange of a month, its population, a term of the vocabulary."""

from __future__ import annotations

from kg.rdf.things import Things
from kg.rdf.wording import Phrase, Wording, quoted

WHOLE = {
    "city": Phrase("우호도시", "friendship city", "友好城市"),
    "friendship": Phrase("결연", "friendship", "友好关系"),
    "agreement": Phrase("협정 문서", "agreement", "协议文书"),
    "statistic": Phrase("통계값", "figure", "统计数据"),
    "place": Phrase("행정구역", "place", "行政区划"),
    "body": Phrase("기관", "public body", "机构"),
    "page": Phrase("원문 페이지", "source page", "原文页面"),
    "doubt": Phrase("원문 검토사항", "doubt about the source", "原文待核事项"),
    "term": Phrase("어휘", "term", "词汇"),
    "other": Phrase("항목", "entry", "条目"),
}
_LISTS = {
    "unit": Phrase("행정구역·기구", "divisions and organs", "行政区划与机构"),
    "characteristic": Phrase("지역특성", "characteristics", "地区特点"),
}
_FIGURES = {
    "population": Phrase("인구", "population", "人口"),
    "area": Phrase("면적", "area", "面积"),
}


class ThingNames:
    """Names things as in the graph before the change, or after it for new things."""

    def __init__(self, wording: Wording) -> None:
        """Name things in the language of ``wording``."""
        self.wording = wording
        self._things = Things(wording.sides)

    def name(self, subject: str) -> str:
        """Return the name of a thing or a part of one."""
        kind, thing = self._things.thing(subject)
        if kind in _LISTS or kind == "source":
            return self.wording.name(subject)
        return self.of(kind, thing, self._things.city(kind, thing))

    def of(self, kind: str, subject: str, city: str) -> str:
        """Return the name of a thing of this kind, listed under this city."""
        if kind in _LISTS:
            return self._of_city(city, self.wording.say(_LISTS[kind]))
        if kind == "exchange":
            return self._of_city(city, self._exchange(subject))
        if kind == "statistic":
            return self._of_city(city, self.wording.say(self._figure(subject)))
        if kind in ("term", "agreement"):
            return self._of_city(city, f"{self.wording.say(WHOLE[kind])} {self._quoted(subject)}")
        if kind == "doubt":
            return f"{self.wording.say(WHOLE[kind])} {quoted(self.wording.text(subject, 'printed'))}"
        return self.wording.name(subject)

    def _exchange(self, subject: str) -> str:
        dates = self.dates(subject, is_after=False)
        if not dates:
            return quoted(self.wording.text(subject, "description") or self.wording.name(subject))
        pattern = Phrase("{dates} 교류", "exchange of {dates}", "{dates}交流")
        return self.wording.say(pattern).format(dates=dates)

    def _figure(self, subject: str) -> Phrase:
        measures = (name for name in _FIGURES if self._things.subjects(self.wording.kg(name), subject))
        return _FIGURES.get(next(measures, ""), WHOLE["statistic"])

    def _quoted(self, subject: str) -> str:
        name = self.wording.name(subject)
        return name if name.startswith("<") else quoted(name)

    def _of_city(self, city: str, what: str) -> str:
        if not city:
            return what
        between = {"ko": " ", "en": ", ", "zh": ""}[self.wording.language]
        return f"{self.wording.name(city)}{between}{what}"

    def dates(self, exchange: str, *, is_after: bool) -> str:
        """Return when an exchange was: the first of its dates, and how many there are."""
        events = self.wording.objects(exchange, self.wording.kg("event"), is_after=is_after)
        found = sorted(filter(None, (self._date(event, is_after=is_after) for event in events)))
        if not found:
            return ""
        first = self.wording.date(found[0])
        several = Phrase("{first} 등 {n}회", "{first} and {more} more", "{first}等{n}次")
        return self.wording.say(several).format(first=first, n=len(found), more=len(found) - 1) if found[1:] else first

    def _date(self, event: str, *, is_after: bool) -> str:
        precision = self.wording.text(event, "datePrecision", is_after=is_after)
        start = self.wording.text(event, "startDate", is_after=is_after)
        shown = {"year": 4, "month": 7}.get(precision, len(start))
        return self.wording.text(event, "edtf", is_after=is_after) or start[:shown]
