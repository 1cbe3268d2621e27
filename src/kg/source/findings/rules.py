"""The catalogue of rules: what may be doubted about a page, how severe it is, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.domain import Doubt, Message, Page, Passage
from kg.locales import Word


@dataclass(frozen=True)
class Rule:
    """A rule: its name, its severity (``error``, ``warning`` or ``note``) and its reason in Korean and English.

    The reasons are templates: ``{name}`` is a parameter, ``{name:이/가}`` the particle that fits it.
    """

    name: str
    severity: str
    ko: str
    en: str

    def reason(self, parameters: Mapping[str, object]) -> Message:
        """Fill in the parameters; a ``Message`` among them is said in the language of the reason."""
        return Message(ko=_fill(self.ko, parameters, "ko"), en=_fill(self.en, parameters, "en"))


def _fill(template: str, parameters: Mapping[str, object], language_tag: str) -> str:
    words = {
        name: Word(value.in_language(language_tag) if isinstance(value, Message) else value)
        for name, value in parameters.items()
    }
    return template.format_map(words)


@dataclass(frozen=True)
class Finding:
    """A place at which a rule has a doubt: the reading used (empty: none) and the parameters of its reason."""

    rule: str
    place: Passage
    reading: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


def printed_at(page: Page, place: Passage) -> str:
    """Return the text of a page at a place."""
    return page.lines[place.line - 1].text[place.start - 1 : place.end - 1]


def doubt_of(finding: Finding, texts: Sequence[str]) -> Doubt:
    """Put a finding into words; ``texts`` are the lines of the page.

    >>> doubt_of(Finding("undated", Passage(1, 1, 4)), ["방문함"]).reason_ko
    '날짜가 없습니다.'
    """
    rule, place = RULES[finding.rule], finding.place
    reason = rule.reason(finding.parameters)
    printed = texts[place.line - 1][place.start - 1 : place.end - 1]
    return Doubt(rule.name, rule.severity, place, printed, finding.reading, reason.ko, reason.en)


# fmt: off
RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        # what cannot be read
        Rule("unread-line", "error", "{cause}", "{cause}"),
        Rule("unread-date", "error", "{cause}", "{cause}"),
        Rule("city-twice", "error", "같은 도시가 두 번 있습니다.", "This city has a section already."),
        # headings and metadata
        Rule("heading-differs", "note", "위 제목 ‘{heading}’{heading:과/와} 다릅니다.",
             "The heading above says '{heading}'."),
        Rule("province-missing", "note", "다른 도시의 제목과 달리 성(省)이 적혀 있지 않습니다.",
             "The province is missing, which other headings give."),
        Rule("country-unknown", "warning", "‘{country}’{country:은/는} 나라 이름으로 등록되어 있지 않습니다.",
             "'{country}' is not in the list of countries."),
        Rule("page-undated", "warning", "최종수정일이 없어 언제의 내용인지 알 수 없습니다.",
             "The page does not say when it was last modified."),
        Rule("field-missing", "note", "다른 도시에는 있는 ‘{label}’{label:이/가} 없습니다.",
             "The item '{label}', which the other cities have, is missing."),
        # agreements
        Rule("agreement-undated", "warning", "결연일이 없습니다.", "The section gives no date of an agreement."),
        Rule("agreement-imprecise", "warning", "결연일이 일(日) 단위까지 적혀 있지 않습니다.",
             "The agreement is not dated to the day."),
        Rule("no-signing-line", "warning", "교류 목록에 이 문서를 체결했다는 줄이 없습니다.",
             "No exchange line tells of the conclusion of this agreement."),
        Rule("signing-only-intended", "note", "체결차 방문했다는 줄만 있고 체결했다는 줄은 없습니다.",
             "The list tells of a visit in order to conclude this document, not of its conclusion."),
        Rule("instrument-unknown", "warning", "문서의 종류를 알 수 없습니다.",
             "The title names no known kind of document."),
        Rule("instrument-differs", "warning", "문서 종류가 결연명칭 ‘{title}’{title:과/와} 다릅니다.",
             "This is not the kind of document that the section names: '{title}'."),
        Rule("agreement-date-differs", "warning", "결연일({date})과 다릅니다.",
             "The section dates the agreement {date}."),
        Rule("agreement-place-differs", "warning", "결연명칭에는 체결장소가 ‘{place}’{place:으로/로} 적혀 있습니다.",
             "The section says that it was concluded in '{place}'."),
        Rule("founded-on-intent", "note", "{city}{city:과/와}의 결연은 의향서에만 근거합니다.",
             "The tie rests on a letter of intent alone."),
        Rule("title-names-act", "note", "문서 이름이 ‘조인’이나 ‘체결’로 끝납니다.",
             "The title of the document ends in the act of signing it."),
        Rule("sister-or-friendship", "note", "결연배경에는 ‘자매’로 적혀 있으나 결연명칭은 ‘{title}’입니다.",
             "The background says sister tie, the document '{title}'."),
        Rule("further-party", "warning", "상대 도시 말고도 당사자가 더 있습니다.",
             "The title names a further party besides the municipality."),
        # figures
        Rule("misplaced-comma", "warning", "쉼표가 세 자리마다 찍혀 있지 않아 쉼표를 빼고 읽었습니다.",
             "The comma does not separate groups of three digits; the number was read without it."),
        Rule("figure-without-year", "warning", "언제의 수치인지 적혀 있지 않습니다.",
             "The figure does not say which year it is for."),
        Rule("figure-without-basis", "warning", "상주인구인지 호적인구인지 적혀 있지 않습니다.",
             "The figure does not say whether it counts residents or registered people."),
        Rule("basis-differs", "note", "다른 도시와 기준이 달라 그대로 비교할 수 없습니다.",
             "The basis differs from that of the other cities: not comparable."),
        Rule("figure-old", "note", "이 페이지의 다른 수치({year}년)보다 오래되었습니다.",
             "Other figures on the page are of {year}."),
        Rule("unit-counted-twice", "warning", "‘{one}’{one:과/와} ‘{other}’{other:은/는} 같은 곳으로 보입니다.",
             "'{one}' and '{other}' look like one place counted twice."),
        Rule("units-unnamed", "note", "같은 줄의 다른 행정구역과 달리 이름이 적혀 있지 않습니다.",
             "The units of other kinds on this line are named, these are not."),
        Rule("count-differs-from-names", "warning", "{count}개라고 하였으나 이름은 {named}개가 적혀 있습니다.",
             "{count} are counted and {named} named."),
        Rule("unit-unknown", "warning", "종류를 알 수 없는 행정구역 또는 행정기구입니다.",
             "This kind of unit is not known."),
        Rule("zone-among-units", "note", "개발구는 행정구역이나 행정기구가 아닙니다.",
             "A development zone is neither an administrative division nor an organ."),
        Rule("lost-syllable", "warning",
             "‘{deputy}’{deputy:이/가} 있으므로 ‘{head}’에서 글자가 빠진 것으로 보입니다.",
             "Beside '{deputy}' the title seems to have lost a syllable of '{head}'."),
        Rule("unit-maybe-included", "note", "‘{other}’{other:이/가} 이 수에 들어 있는지 알 수 없습니다.",
             "Whether this number includes the '{other}' is not said."),
        Rule("order-of-count", "note", "다른 도시에는 수가 직위 뒤에 적혀 있습니다.",
             "Elsewhere the number comes after the title."),
        Rule("literal-translation", "note", "‘중심’은 ‘센터’를 뜻하는 중국어 ‘中心’의 한자음입니다.",
             "'중심' (中心) is left as it stands in Chinese; it means a center."),
        Rule("centers-differ-from-divisions", "note", "가도는 {offices}개인데 주민센터는 {centers}개입니다.",
             "There are {offices} street offices and {centers} community centers."),
        Rule("homepage-deep", "note", "누리집의 첫 화면이 아닌 주소입니다.",
             "This is not the address of the front page of the site."),
        # exchange lines
        Rule("unclassified", "warning", "교류 유형을 알 수 없습니다.",
             "The line names no known kind of exchange."),
        Rule("undated", "warning", "날짜가 없습니다.", "The line gives no date."),
        Rule("date-outside-brackets", "warning", "괄호 밖의 날짜는 교류한 날로 읽지 않았습니다.",
             "A date outside brackets was not read as that of the exchange."),
        Rule("date-year-only", "note", "연도만 있고 월이 없습니다.",
             "Only the year is given; most dates on the page have a month."),
        Rule("date-form-differs", "note", "이 페이지의 다른 날짜와 표기 방식이 다릅니다.",
             "Most dates on the page are written in another form."),
        Rule("head-count-unread", "warning", "누구의 인원인지 알 수 없습니다.",
             "Whose head count this is could not be read."),
        Rule("direction-unstated", "warning", "누가 누구에게 한 교류인지 적혀 있지 않습니다.",
             "Who went to whom is not said."),
        Rule("direction-inferred", "note", "주체나 상대가 적혀 있지 않아 방향을 추정하였습니다.",
             "The line does not name both sides; the direction is inferred."),
        Rule("contradictory-direction", "warning",
             "문장대로라면 상대가 받은 것이나, 서초구가 받은 것으로 읽었습니다.",
             "By its grammar the other side received this; it was read as received by Seocho."),
        Rule("acts-and-dates", "note", "어느 일이 어느 날짜에 있었는지 분명하지 않습니다.",
             "Which of the acts belongs to which date is not said."),
        Rule("coarser-than-agreement", "note", "결연일보다 덜 자세한 날짜입니다.",
             "The date is less exact than that of the agreement it led to."),
        Rule("after-last-modified", "warning", "최종수정일보다 뒤의 날짜입니다.",
             "The date is later than the day on which the page was last modified."),
        Rule("same-day-as-agreement", "note", "결연일과 월·일이 같고 해만 다릅니다.",
             "The same day and month as the agreement, in another year."),
        Rule("commemorated-off-season", "note", "협정을 기념하였으나 결연한 달({month}월)이 아닙니다.",
             "This is not the month of the agreement it commemorates."),
        Rule("anniversary-differs", "warning", "{year}년부터 세면 {ordinal}주년입니다.",
             "Counted from {year}, this would be anniversary {ordinal}."),
        Rule("other-city", "note", "{city}{city:이/가} 아니라 {other}의 대표단입니다.",
             "This delegation comes from {other}, not from {city}."),
        # several lines together
        Rule("listed-twice", "warning", "{line}번째 줄의 교류와 같은 것으로 보입니다.",
             "This looks like the exchange of line {line}."),
        Rule("out-of-order", "note", "바로 위의 교류보다 이른 날짜입니다.",
             "The exchange above begins later than this one."),
        Rule("occasion-spelled-differently", "note", "‘{first}’{first:과/와} 표기만 다른 같은 행사로 보입니다.",
             "This looks like the occasion that is called '{first}' elsewhere."),
        Rule("two-offices", "note", "다른 줄에는 ‘{person} {office}’{office:으로/로} 적혀 있습니다.",
             "Another line calls this person '{office}'."),
        # wording
        Rule("particle-wrong", "note", "자격을 나타내는 조사는 ‘로서’입니다.", "The particle of capacity is '로서'."),
        Rule("full-stop-missing", "note", "마침표가 없습니다.", "The full stop is missing."),
        Rule("word-doubled", "warning", "같은 말이 거듭 적혀 있습니다.", "A word is written twice."),
        Rule("tautology", "note", "같은 뜻의 말이 겹칩니다.", "Two words say the same thing."),
        Rule("double-passive", "note", "‘불리우다’는 ‘불리다’의 잘못입니다.",
             "'불리우다' is a nonstandard form of '불리다'."),
        Rule("particle-missing", "note", "조사가 빠졌습니다.", "A particle is missing."),
        Rule("particle-behind-bracket", "note", "조사가 괄호 앞의 말과 맞지 않습니다.",
             "The particle does not fit the word before the bracket."),
        Rule("word-missing", "warning", "‘탄생’ 뒤에 ‘기념’ 같은 말이 빠진 것으로 보입니다.",
             "A word such as '기념' seems to be missing after '탄생'."),
        Rule("maybe-not-done", "warning", "실제로 했는지 분명하지 않습니다.",
             "Whether it was done or only tried is not said."),
        Rule("open-list", "note", "‘등’에 무엇이 더 포함되는지 적혀 있지 않습니다.", "More is meant than is named."),
        Rule("han-prefix", "note", "앞에 붙는 말이 한자로 적혀 있습니다.", "A prefix is written in Han characters."),
        Rule("han-without-reading", "note", "한자의 독음이 한글로 적혀 있지 않습니다.",
             "The Han characters have no Korean reading beside them."),
        Rule("han-forms-mixed", "warning", "번체자와 간체자가 섞여 있습니다.",
             "Traditional and simplified characters are mixed in one name."),
        Rule("unclear-office", "note", "‘구의회 의장’을 줄여 적었습니다.", "The chair of the council is meant."),
        Rule("no-break-space", "note", "줄바꿈 없는 빈칸(U+00A0)입니다.", "This is a no-break space (U+00A0)."),
        Rule("blank-missing", "note", "띄어쓰기가 빠졌습니다.", "A space is missing."),
        Rule("blank-too-many", "note", "필요 없는 빈칸이 있습니다.", "There is a space too many."),
        Rule("written-solid", "note", "이 페이지의 다른 줄에는 ‘{usual}’{usual:으로/로} 띄어 적혀 있습니다.",
             "Other lines of the page write this as separate words: '{usual}'."),
        Rule("visit-to-country", "note", "한국을 방문했다는 말로, 서초구를 방문했는지는 적혀 있지 않습니다.",
             "The visit is to Korea; that it was to Seocho is not said."),
        Rule("both-cities-of-a-district", "note", "{city}{city:은/는} 시가 아닌데 ‘양도시’라고 적었습니다.",
             "The two sides are called cities, but {city} is not a city."),
        Rule("middle-dots-differ", "note", "이 페이지의 다른 가운뎃점과 문자 코드가 다릅니다.",
             "Other middle dots on the page are another character."),
        Rule("name-spelled-differently", "note", "다른 줄에는 ‘{other}’{other:으로/로} 적혀 있습니다.",
             "Other lines of the page write '{other}'."),
    )
}
# fmt: on
"""Every rule by its name, in the order of the page's parts."""
