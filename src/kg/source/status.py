"""Whether an exchange took place: held, planned, postponed or cancelled."""

from __future__ import annotations

import re

from kg.source.verbs import RESUMED, SET_ASIDE, STATUS, STATUSES

HELD = "held"


def read_status(text: str) -> tuple[str, tuple[int, int] | None]:
    """Return the status that a line states, and where it does; a line that states none tells what took place.

    >>> [read_status(text)[0] for text in ("방문(취소)", "방문 (5월 예정)", "도시계획 시찰", "취소 안내 서신 발송")]
    ['cancelled', 'planned', 'held', 'held']
    """
    for pattern in (RESUMED, SET_ASIDE):
        text = pattern.sub(lambda match: "\0" * len(match[0]), text)
    found = {
        str(match.lastgroup): (match.start(), match.start() + len(match[0].rstrip())) for match in STATUS.finditer(text)
    }
    name = next((name for name, _ in STATUSES if name in found), None)
    return (name, found[name]) if name else (HELD, None)


def blank_set_aside(text: str) -> str:
    """Blank the clauses that say what did not happen before what did.

    >>> blank_set_aside("방문 취소에 따라 서신 발송").strip()
    '서신 발송'
    """
    return SET_ASIDE.sub(lambda match: " " * len(match[0]), text)


_NEAR = 4
"""How far behind an open word a status still belongs to the act: ``방문 일정이 취소``."""


def is_still_open(pattern: re.Pattern[str], text: str, position: int) -> bool:
    """Return whether the word that ends at a position is only talked about; a status is told otherwise."""
    behind = pattern.match(text, position)
    status = STATUS.search(text, behind.start()) if behind else None
    return behind is not None and not (status and status.start() < behind.end() + _NEAR)
