"""Documents concluded in exchange lines: parties, date and place."""

from __future__ import annotations

import re

from kg.domain import Agreement, DateSpan, Occurrence, Party, Passage
from kg.source.sentence import Sentence
from kg.source.verbs import ORGANIZATION
from kg.source.words import NOT_DONE, instrument

_CONCLUDED = re.compile(rf"(?:체결|조인|서명|교환){NOT_DONE}")
_LEADING = re.compile(r"^(?:\s?간)?\s*(?:및\s)?")


def concluded(sentence: Sentence, occurrences: tuple[Occurrence, ...]) -> tuple[Agreement, ...]:
    """Return the documents that a line reports as concluded, without those that were only intended."""
    found = []
    for match in _CONCLUDED.finditer(sentence.blanked):
        title, place = _title(sentence, match.start())
        open_yet = sentence.is_in_purpose(match.start()) or sentence.status != "held"
        if instrument(title) and not open_yet and not is_of_others(sentence.blanked[: match.start()]):
            parties = _parties(sentence, match.start())
            found.append(_document(sentence, title, place, parties, occurrences))
    return tuple(found)


def is_of_others(text: str) -> bool:
    """Return whether the words before a signing name an organization, so that it is none of the municipalities.

    >>> is_of_others("서초구 여성단체 홍구구 부녀연합회와 업무협약 "), is_of_others("서초구와 홍구구 간 협정 ")
    (True, False)
    """
    clause = re.split(r"[,\x1f]|방문", text)[-1]
    return re.search(ORGANIZATION, clause) is not None


def intended_instrument(sentence: Sentence) -> str | None:
    """Return the kind of document that a line says was to be concluded."""
    purpose = sentence.purpose_text
    return instrument(purpose) if purpose and _CONCLUDED.search(purpose) else None


def tell_founding(
    sentence: Sentence, concludes: tuple[Agreement, ...], spans: tuple[DateSpan, ...]
) -> tuple[Agreement, ...]:
    """Return those documents that are not the founding agreement of the section."""
    if sentence.founding is None or not is_at_founding(sentence, spans):
        return concludes
    return tuple(one for one in concludes if one.instrument != sentence.founding.instrument)


def is_at_founding(sentence: Sentence, spans: tuple[DateSpan, ...]) -> bool:
    """Return whether one of the dates may be the day of the founding agreement."""
    date = sentence.founding.date if sentence.founding else None
    return date is not None and any(span.overlaps(date) for span in spans)


def _title(sentence: Sentence, end: int) -> tuple[str, Passage]:
    text = sentence.blanked
    mention = next((mention for mention in reversed(sentence.mentions) if mention.end <= end), None)
    start = max(mention.end if mention else 0, text.rfind(" 및 ", 0, end) + 1)
    title = _LEADING.sub("", text[start:end]).strip()
    behind = len(text[:end].rstrip())
    return title, sentence.place.within(behind - len(title), behind)


def _document(
    sentence: Sentence, title: str, place: Passage, parties: tuple[Party, ...], occurrences: tuple[Occurrence, ...]
) -> Agreement:
    """Return a document; it has the date of its line where the line has one only, and the place behind that date."""
    places = {"title": place}
    date, concluded_in = None, None
    if len(occurrences) == 1:
        date, places["date"] = occurrences[0].date, occurrences[0].places["date"]
        bracket = sentence.brackets[occurrences[0].bracket]
        concluded_in = bracket.dates.place
        if concluded_in:
            start = bracket.inside + bracket.dates.place_start
            places["concluded_in"] = sentence.place.within(start, start + len(concluded_in))
    return Agreement(title, instrument(title), date, concluded_in, parties=parties, places=places)


def _parties(sentence: Sentence, end: int) -> tuple[Party, ...]:
    before = [mention for mention in sentence.mentions if mention.end <= end]
    both = next((mention for mention in reversed(before) if mention.is_both), None)
    if both:
        return both.parties
    named = tuple(party for mention in before for party in mention.parties)
    home = next((party for party in named if party.is_home), None)
    other = next((party for party in named if not party.is_home), None)
    return tuple(party for party in (home, other) if party)
