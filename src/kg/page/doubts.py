"""What looks wrong or ambiguous to a careful editor: rules over the page as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import combinations

from kg.model import Agreement, City, DateSpan, Doubt, Exchange, Page, Passage, Statistic, UnitCount
from kg.page.quantities import misplaced_comma
from kg.page.wording import wording_doubts
from kg.page.words import DIRECT_MUNICIPALITIES, OFFICES

Found = Iterator[Doubt]
_STALE_YEARS = 5
_ALIKE = 0.75
_PRECISIONS = ("day", "month", "year")


def find_doubts(page: Page) -> tuple[Doubt, ...]:
    """Return every doubt that a rule has about the page."""
    of_cities = (doubt for city in page.cities for rule in _CITY_RULES for doubt in rule(page, city))
    of_lines = (doubt for city, exchange in page.exchanges() for doubt in _of_exchange(page, city, exchange))
    of_page = (doubt for rule in _PAGE_RULES for doubt in rule(page))
    return (*of_cities, *of_lines, *of_page, *wording_doubts(page))


def _doubt(page: Page, rule: str, severity: str, place: Passage, reading: str, ko: str, en: str) -> Doubt:
    text = page.lines[place.line - 1].text
    return Doubt(rule, severity, place, text[place.start - 1 : place.end - 1], reading, ko, en)


# -- headings and agreements ---------------------------------------------------------------------------------------


def _heading(page: Page, city: City) -> Found:
    if city.heading != city.title:
        yield _doubt(
            page, "heading-differs", "note", city.places["title"], " ".join(city.path),
            f"위 제목은 ‘{city.heading}’입니다.", f"The heading above says {city.heading!r}.",
        )  # fmt: skip
    above = city.path[1] if city.path[0] == "중국" and city.name.endswith("구") else ""
    if above.endswith("시") and above not in DIRECT_MUNICIPALITIES:
        yield _doubt(
            page, "province-missing", "note", city.places["heading"], " ".join(city.path),
            "다른 도시와 달리 성(省)이 없습니다.", "The province is missing, which other headings give.",
        )  # fmt: skip


def _agreement(page: Page, city: City) -> Found:
    agreement = city.agreement
    if agreement is None or agreement.date is None:
        yield _doubt(
            page, "agreement-undated", "warning", city.places["title"], "",
            "결연일이 없습니다.", "The section gives no date of an agreement.",
        )  # fmt: skip
        return
    if agreement.date.precision != "day":
        yield _doubt(
            page, "agreement-imprecise", "warning", agreement.places["date"], agreement.date.edtf,
            "결연일의 날이 없습니다.", "The agreement is not dated to the day.",
        )  # fmt: skip
    yield from _instrument(page, city, agreement)
    lines = [exchange for line in city.exchanges for exchange in (line, *line.notes)]
    if not any(line.concludes_founding or line.intends_founding for line in lines):
        yield _doubt(
            page, "no-signing-line", "warning", agreement.places["date"], agreement.date.edtf,
            "교류 목록에 이 협정의 체결이 없습니다.", "No exchange line tells of the conclusion of this agreement.",
        )  # fmt: skip


def _instrument(page: Page, city: City, agreement: Agreement) -> Found:
    place = agreement.places.get("title")
    if place is None:
        return
    if agreement.instrument is None:
        yield _doubt(
            page, "instrument-unknown", "warning", place, "",
            "문서의 종류를 알 수 없습니다.", "The title names no kind of document that is known.",
        )  # fmt: skip
    if agreement.instrument == "letter-of-intent":
        yield _doubt(
            page, "founded-on-intent", "note", place, "의향서",
            f"{city.name}와의 결연은 의향서에만 근거합니다.", "The tie rests on a letter of intent alone.",
        )  # fmt: skip
    if agreement.title.endswith(("조인", "체결")):
        yield _doubt(
            page, "title-names-act", "note", place, agreement.title[:-2].strip(),
            "문서 이름에 체결 행위가 들어 있습니다.", "The title of the document ends in the act of signing it.",
        )  # fmt: skip


# -- figures ---------------------------------------------------------------------------------------------------


def _figures(page: Page, city: City) -> Found:
    for statistic in filter(None, (city.area, city.population)):
        wrong = misplaced_comma(statistic.printed)
        if wrong:
            yield _doubt(
                page, "misplaced-comma", "warning", statistic.places["value"], f"{statistic.value:,f}",
                "쉼표가 세 자리마다 있지 않습니다. 쉼표를 빼고 읽었습니다.",
                "The comma does not part the number in threes; it was read without the comma.",
            )  # fmt: skip
    if city.population is not None:
        yield from _population(page, city.population)


def _population(page: Page, population: Statistic) -> Found:
    place, reading = population.places["printed"], f"{population.value:,f}"
    if population.as_of is None:
        yield _doubt(
            page, "figure-without-year", "warning", place, reading,
            "언제의 수치인지 없습니다.", "The figure does not say of when it is.",
        )  # fmt: skip
    if population.basis is None:
        yield _doubt(
            page, "figure-without-basis", "warning", place, reading,
            "상주인구인지 호적인구인지 없습니다.", "The figure does not say whether it counts residents or registered people.",
        )  # fmt: skip
    others = [city.population for city in page.cities if city.population is not None]
    usual, _ = (
        Counter(other.basis for other in others if other.basis).most_common(1)[0]
        if any(other.basis for other in others)
        else (None, 0)
    )
    if population.basis not in (None, usual):
        yield _doubt(
            page, "basis-differs", "note", population.places["basis"], reading,
            "다른 도시와 기준이 달라 그대로 비교할 수 없습니다.", "The basis differs from that of the other cities: not comparable.",
        )  # fmt: skip
    newest = max((other.as_of.year for other in others if other.as_of), default=0)
    if population.as_of and newest - population.as_of.year >= _STALE_YEARS:
        yield _doubt(
            page, "figure-old", "note", population.places["as_of"], population.as_of.edtf,
            f"이 페이지의 다른 수치({newest}년)보다 오래되었습니다.", f"Other figures on the page are of {newest}.",
        )  # fmt: skip


def _units(page: Page, city: City) -> Found:
    for unit in (*city.divisions, *city.organs):
        yield from _unit(page, unit)
    stems = [(name[:-1], name, unit) for unit in city.divisions for name in unit.names]
    for (stem, name, _), (other_stem, other, unit) in combinations(stems, 2):
        if stem == other_stem:
            yield _doubt(
                page, "unit-counted-twice", "warning", unit.places["names"], name,
                f"‘{name}’와 ‘{other}’는 같은 곳으로 보입니다.", f"{name!r} and {other!r} look like one place counted twice.",
            )  # fmt: skip
    named = [unit for unit in city.divisions if unit.names]
    for unit in city.divisions:
        if named and not unit.names:
            yield _doubt(
                page, "units-unnamed", "note", unit.places["printed"], str(unit.count),
                "다른 단위와 달리 이름이 없습니다.", "The units of other kinds on this line are named, these are not.",
            )  # fmt: skip
    yield from _organs(page, city.organs)
    yield from _community_centers(page, city)


def _unit(page: Page, unit: UnitCount) -> Found:
    place = unit.places["printed"]
    if unit.names and len(unit.names) != unit.count:
        yield _doubt(
            page, "count-differs-from-names", "warning", place, str(unit.count),
            f"{unit.count}개라고 하고 {len(unit.names)}개를 적었습니다.", f"{unit.count} are counted and {len(unit.names)} named.",
        )  # fmt: skip
    if unit.kind is None and unit.label != "장":
        yield _doubt(
            page, "unit-unknown", "warning", place, unit.label,
            "알지 못하는 단위입니다.", "This kind of unit is not known.",
        )  # fmt: skip
    if unit.kind == "development-zone":
        yield _doubt(
            page, "zone-among-units", "note", place, unit.label,
            "개발구는 행정구역이나 행정기구가 아닙니다.", "A development zone is neither an administrative division nor an organ.",
        )  # fmt: skip


def _organs(page: Page, organs: tuple[UnitCount, ...]) -> Found:
    labels = {unit.label: unit for unit in organs}
    for unit in organs:
        deputy = next((label for label in labels if label.startswith("부") and label.endswith("장")), None)
        if unit.label == "장" and deputy:
            yield _doubt(
                page, "lost-syllable", "warning", unit.places["printed"], f"{deputy[1:]}{unit.count}",
                f"‘{deputy}’이 있으므로 ‘{deputy[1:]}’에서 글자가 빠진 것으로 보입니다.",
                f"Beside {deputy!r} the title seems to have lost a syllable of {deputy[1:]!r}.",
            )  # fmt: skip
        longer = next((label for label in labels if label != unit.label and label.endswith(unit.label)), None)
        if longer and unit.label.startswith("부") and longer[0] != "부":
            yield _doubt(
                page, "unit-maybe-included", "note", unit.places["printed"], str(unit.count),
                f"‘{longer}’이 이 수에 들어 있는지 알 수 없습니다.", f"Whether this number includes the {longer!r} is not said.",
            )  # fmt: skip
        if unit.count_first and unit.kind in OFFICES:
            yield _doubt(
                page, "order-of-count", "note", unit.places["printed"], f"{unit.label}{unit.count}",
                "다른 도시는 직위 뒤에 수를 적습니다.", "Elsewhere the number stands behind the office.",
            )  # fmt: skip
    if {"센터", "주민센터", "중심"} & set(labels) and "중심" in labels:
        yield _doubt(
            page, "literal-translation", "note", labels["중심"].places["printed"], "센터",
            "‘중심(中心)’은 ‘센터’를 그대로 옮긴 말입니다.", "'중심' (中心) is left as it stands in Chinese; it means a center.",
        )  # fmt: skip


def _community_centers(page: Page, city: City) -> Found:
    offices = next((unit for unit in city.divisions if unit.kind == "street-office"), None)
    centers = next((unit for unit in city.organs if unit.kind == "community-center"), None)
    if offices and centers and offices.count != centers.count:
        yield _doubt(
            page, "centers-differ-from-divisions", "note", centers.places["printed"], str(centers.count),
            f"가도는 {offices.count}개인데 주민센터는 {centers.count}개입니다.",
            f"There are {offices.count} street offices and {centers.count} community centers.",
        )  # fmt: skip


# -- exchanges -------------------------------------------------------------------------------------------------


def _of_exchange(page: Page, city: City, exchange: Exchange) -> Found:
    for one in (exchange, *exchange.notes):
        place = one.places["description"]
        for rule, severity, reading, ko, en in _about_reading(one):
            yield _doubt(page, rule, severity, place, reading, ko, en)
        yield from _about_agreement(page, city, one)
        yield from _about_dates(page, city, one)
    strangers = {
        party.path[-1]: delegation
        for delegation in exchange.delegations
        for party in delegation.whose
        if not party.is_home and city.path[: len(party.path)] != party.path
    }
    for name, delegation in strangers.items():
        yield _doubt(
            page, "other-city", "note", delegation.places["label"], name,
            f"{city.name}가 아니라 {name}의 대표단입니다.", f"This delegation comes from {name}, not from {city.name}.",
        )  # fmt: skip


def _about_reading(exchange: Exchange) -> Iterator[tuple[str, str, str, str, str]]:
    if exchange.primary_kind is None:
        yield (
            "unclassified",
            "warning",
            "",
            "교류의 종류를 알 수 없습니다.",
            "No kind of exchange that is known is named.",
        )
    if not exchange.occurrences:
        yield "undated", "warning", "", "날짜가 없습니다.", "The line gives no date."
    received = exchange.direction == "to-seocho" and bool(exchange.items)
    if received and not exchange.direction_stated and f"{_actor(exchange)}," in exchange.description:
        yield (
            "contradictory-direction", "warning", "서초구가 받음",
            "문장대로라면 상대가 받은 것입니다. 서초구가 받은 것으로 읽었습니다.",
            "By its grammar the other side received this; it was read as received by Seocho.",
        )  # fmt: skip
    elif exchange.direction == "unstated":
        yield (
            "direction-unstated", "warning", "", "누가 누구에게 한 교류인지 없습니다.", "Who went to whom is not said.",
        )  # fmt: skip
    elif not exchange.direction_stated:
        yield (
            "direction-inferred", "note", exchange.direction,
            "주체나 상대가 적혀 있지 않아 방향을 미루어 읽었습니다.",
            "The line does not name both sides; the direction is inferred.",
        )  # fmt: skip
    kinds = (exchange.primary_kind, *exchange.further_kinds)
    brackets = {occurrence.bracket for occurrence in exchange.occurrences}
    if len(exchange.occurrences) > 1 and len(brackets) == 1 and {"signing", "visit"} <= set(kinds):
        yield (
            "acts-and-dates", "note", ", ".join(o.date.edtf for o in exchange.occurrences),
            "여러 행위와 여러 날짜의 짝이 분명하지 않습니다.", "Which of the acts belongs to which date is not said.",
        )  # fmt: skip


def _actor(exchange: Exchange) -> str:
    return exchange.delegations[0].whose[0].path[-1] if exchange.delegations else ""


def _about_agreement(page: Page, city: City, exchange: Exchange) -> Found:
    agreement = city.agreement
    if agreement is None or agreement.date is None:
        return
    place = exchange.places.get("purpose", exchange.places["description"])
    if exchange.intends_founding and exchange.intended_instrument != agreement.instrument:
        yield _doubt(
            page, "instrument-differs", "warning", place, agreement.title,
            f"결연명칭은 ‘{agreement.title}’입니다.", f"The heading of the section calls the document {agreement.title!r}.",
        )  # fmt: skip
    if not (exchange.intends_founding or exchange.concludes_founding):
        return
    for occurrence in exchange.occurrences:
        if _PRECISIONS.index(occurrence.date.precision) > _PRECISIONS.index(agreement.date.precision):
            yield _doubt(
                page, "coarser-than-agreement", "note", occurrence.places["date"], agreement.date.edtf,
                "결연일보다 날짜가 성깁니다.", "The date is coarser than that of the agreement it led to.",
            )  # fmt: skip


def _about_dates(page: Page, city: City, exchange: Exchange) -> Found:
    agreement = city.agreement.date if city.agreement else None
    modified = page.metadata.last_modified
    for occurrence in exchange.occurrences:
        place, span = occurrence.places["date"], occurrence.date
        if modified and span.start > modified:
            yield _doubt(
                page, "after-last-modified", "warning", place, span.edtf,
                "최종수정일보다 뒤의 날짜입니다.", "The date lies behind the day on which the page was last modified.",
            )  # fmt: skip
        if agreement and _same_day_of_another_year(span, agreement):
            yield _doubt(
                page, "same-day-as-agreement", "note", place, span.edtf,
                "결연일과 월·일이 같고 해만 다릅니다.", "The same day and month as the agreement, in another year.",
            )  # fmt: skip
        commemorates = "agreement-anniversary" in exchange.topics and agreement and agreement.first.month
        if commemorates and agreement and span.first.month not in (None, agreement.first.month):
            yield _doubt(
                page, "commemorated-off-season", "note", place, span.edtf,
                f"결연한 달({agreement.first.month}월)이 아닙니다.", "This is not the month of the agreement it commemorates.",
            )  # fmt: skip
        for anniversary in exchange.anniversaries:
            founded = agreement.first.year if agreement and anniversary.of == "agreement" else 1988
            if span.first.year - founded != anniversary.ordinal:
                yield _doubt(
                    page, "anniversary-differs", "warning", anniversary.places["ordinal"],
                    str(span.first.year - founded),
                    f"{founded}년부터 세면 {span.first.year - founded}주년입니다.",
                    f"Counted from {founded} this would be the {span.first.year - founded}th.",
                )  # fmt: skip


def _same_day_of_another_year(span: DateSpan, agreement: DateSpan) -> bool:
    one, other = span.first, agreement.first
    return one.day is not None and (one.month, one.day) == (other.month, other.day) and one.year != other.year


def _listed_twice(page: Page, city: City) -> Found:
    dated = [(exchange, occurrence) for exchange in city.exchanges for occurrence in exchange.occurrences]
    for (one, first), (other, second) in combinations(dated, 2):
        alike = set(one.topics) & set(other.topics) or one.description == other.description
        opposite = {first.direction, second.direction} == {"to-seocho", "from-seocho"}
        same = first.date == second.date and one.primary_kind == other.primary_kind
        if one is not other and same and alike and not opposite:
            yield _doubt(
                page, "listed-twice", "warning", second.places["date"], second.date.edtf,
                f"{first.places['date'].line}행과 같은 일로 보입니다.", f"This looks like the exchange of line {first.places['date'].line}.",
            )  # fmt: skip


def _order(page: Page, city: City) -> Found:
    for one, other in zip(city.exchanges, city.exchanges[1:], strict=False):
        if other.start < one.start:
            yield _doubt(
                page, "out-of-order", "note", other.occurrences[0].places["date"], other.occurrences[0].date.edtf,
                "앞줄보다 이른 날짜입니다.", "The line before begins later than this one.",
            )  # fmt: skip


def _spelling_of_occasions(page: Page, city: City) -> Found:
    named = [(name.replace(" ", ""), name, exchange) for exchange in city.exchanges for name in exchange.occasions]
    for (one, first, _), (other, second, exchange) in combinations(named, 2):
        alike = SequenceMatcher(None, one, other).ratio() >= _ALIKE and not any(map(str.isdigit, one + other))
        if first != second and alike:
            yield _doubt(
                page, "occasion-spelled-differently", "note", exchange.places["description"], second,
                f"‘{first}’와 같은 행사로 보입니다.", f"This looks like the occasion that is called {first!r} elsewhere.",
            )  # fmt: skip


def _two_offices(page: Page) -> Found:
    named = [
        (delegation.person, delegation.label, delegation)
        for _, exchange in page.exchanges()
        for delegation in exchange.delegations
        if delegation.person
    ]
    for (person, label, _), (other, other_label, delegation) in combinations(named, 2):
        if person == other and label != other_label:
            yield _doubt(
                page, "two-offices", "note", delegation.places["person"], f"{other} {other_label}",
                f"다른 줄에서는 ‘{person} {label}’입니다.", f"Another line calls this person {label!r}.",
            )  # fmt: skip


def _city_twice(page: Page) -> Found:
    for one, other in combinations(page.cities, 2):
        if one.path == other.path:
            yield _doubt(
                page, "city-twice", "error", other.places["title"], "",
                "같은 도시가 두 번 있습니다.", "This city has a section already.",
            )  # fmt: skip


_CITY_RULES: tuple[Callable[[Page, City], Found], ...] = (
    _heading, _agreement, _figures, _units, _listed_twice, _order, _spelling_of_occasions,
)  # fmt: skip
_PAGE_RULES: tuple[Callable[[Page], Found], ...] = (_two_offices, _city_twice)
