"""The footnotes of a page: each source has one number, however often it is pointed to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

Source = TypeVar("Source")


class Footnotes(Generic[Source]):
    """Sources in the order in which a page first points to them.

    >>> notes = Footnotes[str]()
    >>> notes.mark("line 3"), notes.mark("line 9"), notes.mark("line 3"), list(notes)
    ((1, 1), (2, 1), (1, 2), [(1, 'line 3'), (2, 'line 9')])
    """

    def __init__(self) -> None:
        """Start empty."""
        self._marks: dict[Source, int] = {}

    def mark(self, source: Source) -> tuple[int, int]:
        """Point to a source: its number, and how many times it has been pointed to now."""
        self._marks[source] = self._marks.get(source, 0) + 1
        return list(self._marks).index(source) + 1, self._marks[source]

    def __iter__(self) -> Iterator[tuple[int, Source]]:
        """Iterate over the sources with their numbers."""
        return iter(enumerate(self._marks, start=1))

    def __len__(self) -> int:
        """Return how many sources there are."""
        return len(self._marks)
