"""Editorial notes: findings that need background knowledge, attached to the text that they quote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from kg.domain import Doubt, Page, Passage
from kg.locales import Text


@dataclass(frozen=True)
class EditorialNote:
    """One remark on a text of the page: the text as printed, the reading to use and the reason."""

    printed: str
    severity: str
    reading: str
    reason: Text


def read_notes(text: str) -> tuple[EditorialNote, ...]:
    """Read the notes from JSON: a list of objects with the fields of ``EditorialNote``, the reason by language tag."""
    return tuple(EditorialNote(**{**note, "reason": Text(note["reason"])}) for note in json.loads(text))


def apply_notes(page: Page, notes: tuple[EditorialNote, ...]) -> Iterator[Doubt]:
    """Yield a doubt for each place at which the text of a note stands; a note without a place is silent."""
    for line in page.lines:
        for note in notes:
            start = line.text.find(note.printed)
            if start >= 0:
                place = Passage(line.number, start + 1, start + 1 + len(note.printed))
                yield Doubt("editorial", note.severity, place, note.printed, note.reading, note.reason)
