"""Records in words: an exchange that was never on a page, written in the page's own manner."""

from __future__ import annotations

from kg.model import City, Delegation, Exchange, Party, Passage
from kg.page.dates import format_dates
from kg.page.exchanges import read_exchange
from kg.page.parties import Names

_BODIES = {"council": "의회", "office": "구청", "government": " 인민정부", "party-committee": "위"}
_ACTS = {
    "visit": "{visited} 방문",
    "signing": "{document} 체결",
    "letter": "서신 {sent}",
    "greeting-card": "연하장 {sent}",
    "information-material": "소개자료 {sent}",
    "congratulation": "서초구 탄생 축하",
    "ceremony": "기념식 참석",
    "fair-or-festival": "축제 참가",
    "investment-promotion": "투자설명회 참가",
    "staff-exchange": "직원 상호교환 근무",
    "publicity": "홍보",
    "inspection": "시찰",
    "proposal": "우호교류 제의",
    "sports-event": "친선경기 참가",
}


def compose_exchange(exchange: Exchange, city: City) -> str:
    """Write an exchange line: its description, or its values where it has none, with its dates behind."""
    acts = list(dict.fromkeys(occurrence.act for occurrence in exchange.occurrences if occurrence.act))
    if len(acts) > 1:
        return " 및 ".join(f"{act} {_dates(exchange, act)}".rstrip() for act in acts)
    description = _with_head_counts(exchange, city) if exchange.description else compose_description(exchange, city)
    return f"{description} {_dates(exchange)}".rstrip()


def _dates(exchange: Exchange, act: str | None = None) -> str:
    spans = tuple(o.date for o in sorted(exchange.occurrences, key=lambda o: o.date) if act in (None, o.act))
    return f"({format_dates(spans)})" if spans else ""


def compose_description(exchange: Exchange, city: City) -> str:
    """Write what an exchange line says, from its values alone."""
    who = " 및 ".join(_delegation(delegation) for delegation in exchange.delegations) or _side(exchange, city)
    sent = {"to-seocho": "접수", "from-seocho": "발송"}.get(exchange.direction, "교환")
    document = exchange.concludes[0].title if exchange.concludes else "우호교류 의향서"
    host = city.name if exchange.direction == "from-seocho" else "서초구"
    visited = " 및 ".join(_party(party) for party in exchange.visited) or host
    visited = "상호" if exchange.direction == "mutual" and not exchange.visited else visited
    kinds = (exchange.primary_kind or "visit", *exchange.further_kinds)
    acts = [_ACTS[kind].format(visited=visited, sent=sent, document=document) for kind in kinds]
    purpose = f"{exchange.purpose}차 " if exchange.purpose else ""
    return f"{who} {purpose}{', '.join(acts)}".replace("상호 방문", "상호방문")


def _side(exchange: Exchange, city: City) -> str:
    other = f"{city.name}의" if exchange.primary_kind == "letter" else city.name
    return {"from-seocho": "서초구", "to-seocho": other, "mutual": f"서초구와 {city.name} 간"}.get(
        exchange.direction, ""
    )


def _delegation(delegation: Delegation) -> str:
    whose = "양 구" if len(delegation.whose) > 1 else _party(delegation.whose[0])
    person = f" {delegation.person}" if delegation.person else ""
    label = f" {delegation.label}" if delegation.label else ""
    origin = f"{delegation.origin} " if delegation.origin else ""
    count = f"({origin}{delegation.head_count}명)" if delegation.head_count is not None else ""
    return f"{whose}{person}{label if label or not count else ' 대표단'}{count}"


def _party(party: Party) -> str:
    return f"{party.path[-1]}{_BODIES.get(party.body, '')}"


def _with_head_counts(exchange: Exchange, city: City) -> str:
    """Return the description with the head counts that the exchange has now."""
    text = exchange.description
    as_read = read_exchange(text, Passage(1, 1, len(text) + 1), Names(city.path), None)
    pairs = list(zip(as_read.delegations, exchange.delegations, strict=False))
    for before, now in reversed(pairs):
        place = before.places.get("head_count")
        if before.label != now.label or before.head_count == now.head_count:
            continue
        if place and now.head_count is not None:
            text = f"{text[: place.start - 1]}{now.head_count}{text[place.end - 1 :]}"
        elif now.head_count is not None and "label" in before.places:
            end = before.places["label"].end - 1
            text = f"{text[:end]}({now.head_count}명){text[end:]}"
    return text
