"""Sentences on groups of things: exchanges, agreements or doubts, and triples that are only counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kg.diff.differences import Changed
from kg.rdf import ACTIONS, Phrase, ThingNames, Wording, quoted

COUNTED = {
    "exchange": (
        Phrase("{city}: 교류 {n}건 {did}, {list}", "{city}: {n} {s} {did}: {list}", "{city}：{did}{n}项交流，{list}"),
        ("exchange", "exchanges"),
    ),
    "agreement": (
        Phrase(
            "{city}: 협정 문서 {n}건 {did}, {list}",
            "{city}: {n} {s} {did}: {list}",
            "{city}：{did}{n}份协议文书，{list}",
        ),
        ("agreement", "agreements"),
    ),
    "doubt": (
        Phrase(
            "원문 검토사항 {n}건 {did}, {list}",
            "{n} {s} about the source {did}: {list}",
            "{did}{n}项原文待核事项，{list}",
        ),
        ("doubt", "doubts"),
    ),
}  # fmt: skip
_NO_CITY = Phrase("도시 미지정", "No city", "未注明城市")
_MOST_LISTED = 5
_LINES = (
    Phrase("원문 {n}줄 추가", "lines added to the source page: {n}", "原文新增{n}行"),
    Phrase("원문 {n}줄 삭제", "lines removed from the source page: {n}", "原文删除{n}行"),
    Phrase("원문 {n}줄 수정", "lines changed on the source page: {n}", "原文修改{n}行"),
    Phrase("원문 줄 번호 {n}개 변경", "line numbers changed: {n}", "原文行号变更{n}个"),
)
_TRIPLES = {
    "order": Phrase("우호도시 순서 변경", "Order of the friendship cities changed", "友好城市顺序变更"),
    "source": Phrase("원문 위치 정보 {n}건 변경", "Places on the page: {n} triples changed", "原文位置信息变更{n}条"),
    "program": Phrase(
        "프로그램·입력 파일 기록 {n}건 변경", "Program and input: {n} triples changed", "程序与输入文件记录变更{n}条"
    ),
    "catalog": Phrase("데이터 목록 정보 {n}건 변경", "Catalogue: {n} triples changed", "数据目录信息变更{n}条"),
}  # fmt: skip


class CountedWords:
    """Tells in one sentence of things of one kind that came, or went, and of triples that are only counted."""

    def __init__(self, wording: Wording, names: ThingNames) -> None:
        """Tell it in the language of ``wording``."""
        self.wording, self.names = wording, names
        self.comma = "，" if wording.language == "zh" else ", "

    def things(self, things: Sequence[Changed]) -> str:
        """Return a sentence on things of one kind, city and action."""
        first, say = things[0], self.wording.say
        describe = {"exchange": self._exchange, "agreement": self._agreement, "doubt": self._doubt}[first.kind]
        texts = [describe(thing.subject, is_after=thing.action == "added") for thing in things]
        listed = {"ko": ", ", "en": "; ", "zh": "、"}[self.wording.language].join(texts[:_MOST_LISTED])
        if len(texts) > _MOST_LISTED:
            more = Phrase(" 외 {n}건", " and {n} more", "等另外{n}项")
            listed += say(more).format(n=len(texts) - _MOST_LISTED)
        pattern, (one, several) = COUNTED[first.kind]
        return say(pattern).format(
            city=self.wording.name(first.city) if first.city else say(_NO_CITY),
            n=len(things),
            s=one if len(things) == 1 else several,
            did=say(ACTIONS[first.action]),
            list=listed,
        )

    def _exchange(self, subject: str, *, is_after: bool) -> str:
        dates = self.names.dates(subject, is_after=is_after)
        kinds = self.wording.objects(subject, self.wording.kg("primaryKind"), is_after=is_after)
        what = self.wording.name(kinds[0]) if kinds else ""
        if not what or what.startswith("<"):
            what = quoted(self.wording.text(subject, "description", is_after=is_after) or self.wording.name(subject))
        elif self.wording.language == "en":
            what = what.lower()
        return self._dated(dates, what)

    def _dated(self, dates: str, what: str) -> str:
        if not dates:
            return what
        return {"ko": f"{dates} {what}", "en": f"{what}, {dates}", "zh": f"{dates}{what}"}[self.wording.language]

    def _agreement(self, subject: str, *, is_after: bool) -> str:
        date = self.wording.text(subject, "edtf", is_after=is_after)
        title = self.wording.text(subject, "title", is_after=is_after) or self.wording.name(subject)
        return self._dated(self.wording.date(date) if date else "", quoted(title))

    def _doubt(self, subject: str, *, is_after: bool) -> str:
        return quoted(self.wording.text(subject, "printed", is_after=is_after))

    # -- what is only counted --------------------------------------------------------------------------------------

    def triples(self, thing: Changed) -> str:
        """Return a sentence on counted triples: of lines, of the catalogue, of another graph."""
        if thing.kind == "graph":
            return self._graph(thing)
        if thing.kind == "source":
            lines = self._lines(thing)
            if lines:
                return lines
        return self.wording.say(_TRIPLES[thing.kind]).format(n=f"{len(thing.statements):,}")

    def _lines(self, thing: Changed) -> str:
        line_text = self.wording.kg("lineText")
        texts: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
        for is_added, quad in thing.statements:
            if quad.predicate == line_text:
                texts[is_added][quad.object] += 1
        moved = (texts[False] & texts[True]).total()
        gone, come = (texts[False] - texts[True]).total(), (texts[True] - texts[False]).total()
        counts = (max(come - gone, 0), max(gone - come, 0), min(gone, come), moved)
        parts = [self.wording.say(_LINES[place]).format(n=f"{n:,}") for place, n in enumerate(counts) if n]
        text = self.comma.join(parts)
        return text[:1].upper() + text[1:]

    def _graph(self, thing: Changed) -> str:
        added = sum(statement.is_added for statement in thing.statements)
        both = (
            (added, Phrase("트리플 {n}개 추가", "triples added: {n}", "新增{n}个三元组")),
            (len(thing.statements) - added, Phrase("트리플 {n}개 삭제", "triples removed: {n}", "删除{n}个三元组")),
        )
        parts = self.comma.join(self.wording.say(phrase).format(n=f"{count:,}") for count, phrase in both if count)
        pattern = Phrase("그래프 {name}: {parts}", "Graph {name}: {parts}", "图{name}：{parts}")
        return self.wording.say(pattern).format(name=thing.subject, parts=parts)
