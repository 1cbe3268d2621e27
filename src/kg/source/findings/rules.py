"""The rules: what may be doubted about a page, how severe it is, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.domain import Doubt, Page, Passage
from kg.locales import Message


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

    >>> doubt_of(Finding("undated", Passage(1, 1, 4)), ["방문함"]).reason.in_language("ko")
    '날짜가 없습니다.'
    """
    rule, place = finding.rule, finding.place
    reason = Message(f"finding.{rule}", **finding.parameters)
    printed = texts[place.line - 1][place.start - 1 : place.end - 1]
    return Doubt(rule, SEVERITIES[rule], place, printed, finding.reading, reason)


SEVERITIES: Mapping[str, str] = {
    # what cannot be read
    "unread-line": "error",
    "unread-date": "error",
    "city-twice": "error",
    "no-city": "error",
    "exchange-label-missing": "error",
    # headings and metadata
    "heading-differs": "note",
    "province-missing": "note",
    "country-unknown": "warning",
    "page-undated": "warning",
    "field-missing": "note",
    # agreements
    "agreement-undated": "warning",
    "agreement-imprecise": "warning",
    "no-signing-line": "warning",
    "signing-only-intended": "note",
    "instrument-unknown": "warning",
    "instrument-differs": "warning",
    "agreement-date-differs": "warning",
    "agreement-place-differs": "warning",
    "founded-on-intent": "note",
    "title-names-act": "note",
    "sister-or-friendship": "note",
    "further-party": "warning",
    # figures
    "title-words-unread": "error",
    "misplaced-comma": "warning",
    "figure-implausible": "warning",
    "figure-without-year": "warning",
    "figure-without-basis": "warning",
    "basis-differs": "note",
    "figure-old": "note",
    "unit-counted-twice": "warning",
    "units-unnamed": "note",
    "count-differs-from-names": "warning",
    "unit-unknown": "warning",
    "zone-among-units": "note",
    "lost-syllable": "warning",
    "unit-maybe-included": "note",
    "order-of-count": "note",
    "literal-translation": "note",
    "centers-differ-from-divisions": "note",
    "homepage-deep": "note",
    # exchange lines
    "unclassified": "warning",
    "undated": "warning",
    "date-outside-brackets": "warning",
    "year-assumed": "warning",
    "date-approximate": "note",
    "date-year-only": "note",
    "date-form-differs": "note",
    "head-count-unread": "warning",
    "direction-unstated": "warning",
    "direction-inferred": "note",
    "contradictory-direction": "warning",
    "not-held": "note",
    "agreement-of-others": "note",
    "acts-and-dates": "note",
    "coarser-than-agreement": "note",
    "after-last-modified": "warning",
    "same-day-as-agreement": "note",
    "commemorated-off-season": "note",
    "anniversary-differs": "warning",
    "other-city": "note",
    # several lines together
    "listed-twice": "warning",
    "out-of-order": "note",
    "occasion-spelled-differently": "note",
    "two-offices": "note",
    # wording
    "particle-wrong": "note",
    "full-stop-missing": "note",
    "word-doubled": "warning",
    "tautology": "note",
    "double-passive": "note",
    "particle-missing": "note",
    "particle-behind-bracket": "note",
    "word-missing": "warning",
    "maybe-not-done": "warning",
    "open-list": "note",
    "han-prefix": "note",
    "han-without-reading": "note",
    "han-forms-mixed": "warning",
    "unclear-office": "note",
    "no-break-space": "note",
    "blank-missing": "note",
    "blank-too-many": "note",
    "written-solid": "note",
    "visit-to-country": "note",
    "both-cities-of-a-district": "note",
    "middle-dots-differ": "note",
    "name-spelled-differently": "note",
}
"""The severity of every rule by its name, in the order of the page's parts; its reason is ``finding.<name>``.

Errors (not read) and warnings (doubtful) are for every reader of the page, notes on style for the office alone.
"""

_CURES: Mapping[str, str] = {
    **dict.fromkeys(("unread-line", "unread-date", "title-words-unread", "date-outside-brackets"), "rewrite"),
    **dict.fromkeys(("exchange-label-missing", "page-undated", "agreement-undated", "agreement-imprecise"), "complete"),
    **dict.fromkeys(("figure-without-year", "figure-without-basis", "no-signing-line", "undated"), "complete"),
    **dict.fromkeys(("field-missing", "province-missing", "units-unnamed", "word-missing"), "complete"),
    **dict.fromkeys(("direction-unstated", "direction-inferred", "contradictory-direction"), "direction"),
    **dict.fromkeys(("not-held", "agreement-of-others", "date-approximate", "year-assumed"), "confirm"),
    **dict.fromkeys(("other-city", "listed-twice", "same-day-as-agreement", "figure-old", "basis-differs"), "confirm"),
    **dict.fromkeys(("signing-only-intended", "founded-on-intent", "acts-and-dates", "two-offices"), "confirm"),
}


def cure_key(rule: str, severity: str) -> str:
    """Return the key of the message that says what to do about a finding.

    >>> cure_key("undated", "warning"), cure_key("blank-missing", "note")
    ('finding_cure.complete', 'finding_cure.tidy')
    """
    return f"finding_cure.{_CURES.get(rule, 'tidy' if severity == 'note' else 'correct')}"
