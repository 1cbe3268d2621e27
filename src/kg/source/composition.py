"""Records in words: an exchange written out from its values, in the page's own manner."""

from __future__ import annotations

from collections.abc import Iterator

from kg.domain import City, Delegation, Exchange, Party, Passage
from kg.source.dates import format_dates, format_span
from kg.source.exchanges import read_exchange
from kg.source.parties import PartyNames

_BODIES = {"council": "의회", "office": "구청", "government": " 인민정부", "party-committee": "위"}
_ACTS = {
    "visit": "{visit}",
    "signing": "{document} 체결",
    "letter": "서신 {sent}",
    "greeting-card": "연하장 {sent}",
    "information-material": "소개자료 {sent}",
    "congratulation": "{feast} 축하",
    "ceremony": "기념식 참석",
    "fair-or-festival": "축제 참가",
    "investment-promotion": "투자설명회 개최",
    "staff-exchange": "교환 근무 실시",
    "publicity": "관광 홍보",
    "inspection": "시찰",
    "proposal": "우호교류 제의",
    "sports-event": "친선경기 참가",
    "aid": "구호물품 {given}",
    "gift": "기념품 {given}",
    "meeting": "간담회 참석",
}
_GIVEN = {"to-seocho": "수령", "from-seocho": "전달"}
_STATUSES = {"planned": " 예정", "postponed": " 연기", "cancelled": " 취소"}
_SENT = {"to-seocho": "접수", "from-seocho": "발송"}

States = tuple[str, tuple[object, ...], tuple[object, ...]]
"""What of an exchange is in print: its words, its dates with the act of each, its people with their number."""


def states(exchange: Exchange) -> States:
    """Return the printed part of an exchange, without its interpretation."""
    dates = sorted((occurrence.date, occurrence.act or "") for occurrence in exchange.occurrences)
    people = [(delegation.label, delegation.head_count) for delegation in exchange.delegations]
    return exchange.description, tuple(dates), tuple(people)


def compose_exchange(exchange: Exchange, city: City) -> str:
    """Write an exchange line: its description, or its values where it has none, with its dates behind."""
    acts = list(dict.fromkeys(occurrence.act for occurrence in exchange.occurrences if occurrence.act))
    description = exchange.description or compose_description(exchange, city)
    if len(acts) > 1 and _is_made_of(description, acts):
        return " 및 ".join(f"{act} {_dates(exchange, act)}".rstrip() for act in acts)
    counted = _with_head_counts(description, exchange, city) if exchange.description else description
    return f"{counted} {_dates(exchange)}".rstrip()


def _is_made_of(description: str, acts: list[str]) -> bool:
    return "".join(description.split()) == "및".join("".join(act.split()) for act in acts)


def _dates(exchange: Exchange, act: str | None = None) -> str:
    spans = sorted({one.date for one in exchange.occurrences if act in {None, one.act}})
    return f"({format_dates(tuple(spans))})" if spans else ""


def compose_description(exchange: Exchange, city: City) -> str:
    """Write the text of an exchange line from its values.

    >>> from kg.domain.model import HOME
    >>> city = City(path=("일본", "도쿄도", "스기나미구"), heading="", title="")
    >>> people = (Delegation((Party(HOME),), "대표단", 5),)
    >>> visit = Exchange("", primary_kind="visit", direction="from-seocho", delegations=people)
    >>> compose_description(visit, city)
    '서초구 대표단(5명) 스기나미구 방문'
    """
    who = " 및 ".join(_delegation(one, city) for one in exchange.delegations) or _side(exchange, city)
    kinds = tuple(kind for kind in (exchange.primary_kind, *exchange.further_kinds) if kind)
    purpose = f"{exchange.purpose}차 " if exchange.purpose else ""
    acts = ", ".join(_act(kind, exchange, city) for kind in kinds) or "우호교류"
    return f"{who} {purpose}{acts}{_STATUSES.get(exchange.status, '')}".strip()


def _act(kind: str, exchange: Exchange, city: City) -> str:
    return _ACTS[kind].format(
        visit=_visit(exchange, city),
        sent=_SENT.get(exchange.direction, "교환"),
        given=_GIVEN.get(exchange.direction, "교환"),
        document=exchange.concludes[0].title if exchange.concludes else "우호교류 의향서",
        feast="서초구 탄생" if exchange.direction == "to-seocho" else "우호협정 기념",
    )


def _visit(exchange: Exchange, city: City) -> str:
    if exchange.visited:
        return f"{' 및 '.join(map(_party, exchange.visited))} 방문"
    hosts = {"from-seocho": f"{city.name} 방문", "to-seocho": "서초구 방문", "mutual": "상호방문"}
    return hosts.get(exchange.direction, "우호방문")


def _side(exchange: Exchange, city: City) -> str:
    comma = "" if exchange.primary_kind == "visit" else ","
    other = f"{city.name}의" if exchange.primary_kind == "letter" else f"{city.name}{comma}"
    sides = {"from-seocho": f"서초구{comma}", "to-seocho": other, "mutual": f"서초구-{city.name} 간"}
    return sides.get(exchange.direction, "")


def _delegation(delegation: Delegation, city: City) -> str:
    both = "양 구" if city.name.endswith("구") else "양 도시"
    whose = both if len(delegation.whose) > 1 else _party(delegation.whose[0])
    person = f" {delegation.person}" if delegation.person else ""
    origin = f"{delegation.origin} " if delegation.origin else ""
    count = f"({origin}{delegation.head_count}명)" if delegation.head_count is not None else ""
    label = f" {delegation.label}" if delegation.label else " 대표단" if count else ""
    return f"{whose}{person}{label}{count}"


def _party(party: Party) -> str:
    return f"{party.path[-1]}{_BODIES.get(party.body, '')}"


def _with_head_counts(text: str, exchange: Exchange, city: City) -> str:
    """Return the words with the head counts that the exchange has now."""
    as_read = _read(text, city)
    for start, end, words in sorted(_counts(as_read, exchange), reverse=True):
        text = f"{text[:start]}{words}{text[end:]}"
    return text


def _read(text: str, city: City) -> Exchange:
    return read_exchange(text, Passage(1, 1, len(text) + 1), PartyNames(city.path), city.agreement)


def _counts(before: Exchange, now: Exchange) -> Iterator[tuple[int, int, str]]:
    """Yield replacements, by offsets, that update the head counts."""
    for one, other in zip(before.delegations, now.delegations, strict=False):
        place, label = one.places.get("head_count"), one.places.get("label")
        if one.label != other.label or one.head_count == other.head_count or other.head_count is None:
            continue
        if place:
            yield place.start - 1, place.end - 1, str(other.head_count)
        elif label:
            yield label.end - 1, label.end - 1, f"({other.head_count}명)"


def revise_exchange(text: str, now: Exchange, city: City) -> str:
    """Write an exchange in the words of the line it had, with no more changed than must be.

    Where its dates or people cannot be set into the old words, it is composed anew.
    """
    before = _read(text, city)
    changes = list(_counts(before, now))
    if len(before.occurrences) == len(now.occurrences):
        for one, other in zip(before.occurrences, now.occurrences, strict=True):
            if one.date != other.date:
                place = one.places["date"]
                changes.append((place.start - 1, place.end - 1, format_span(other.date)))
    revised = text
    for start, end, words in sorted(changes, reverse=True):
        revised = f"{revised[:start]}{words}{revised[end:]}"
    as_read = states(_read(revised, city))
    return revised if (as_read[1:]) == states(now)[1:] and _same(as_read[0], now, city) else compose_exchange(now, city)


def _same(description: str, now: Exchange, city: City) -> bool:
    return description == _with_head_counts(now.description, now, city)
