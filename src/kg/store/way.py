"""The way that the current version went lately, along which a worker is brought from one version to another."""

from __future__ import annotations

from kg.store.patches import Patch

_LONGEST = 8


class Way:
    """The triple stores of the last versions that were current, the newest last, and the changes between them.

    >>> way = Way("a")
    >>> way.lead("b", Patch(added=("1",)))
    >>> way.between("b", "a"), way.between("a", "c")
    (Patch(added=(), removed=('1',), created=(), dropped=()), None)
    """

    def __init__(self, first: str) -> None:
        """Begin at a version."""
        self._places = [first]
        self._steps: list[Patch] = []
        self._texts: dict[tuple[str, str], bytes] = {}

    @property
    def newest(self) -> str:
        """The version it has come to."""
        return self._places[-1]

    def lead(self, place: str, step: Patch | None) -> None:
        """Go on to the next version; where it is not known what changed, begin anew there."""
        self._texts = {}
        if step is None:
            self._places, self._steps = [place], []
        else:
            self._places, self._steps = [*self._places[-_LONGEST:], place], [*self._steps[-_LONGEST + 1 :], step]

    def between(self, one: str, other: str) -> Patch | None:
        """Return what changed from one version to another, which may be the older one; None where it does not lead."""
        if one not in self._places or other not in self._places:
            return None
        start, end = self._places.index(one), self._places.index(other)
        if start > end:
            there = self.between(other, one)
            return there and there.inverse()
        steps = self._steps[start:end]
        return steps[0] if len(steps) == 1 else Patch.in_turn(steps)

    def text(self, one: str, other: str) -> bytes | None:
        """Return what changed between two versions as it is sent to one worker after the other."""
        if (one, other) not in self._texts:
            patch = self.between(one, other)
            if patch is None:
                return None
            self._texts[one, other] = patch.to_text().encode()
        return self._texts[one, other]
