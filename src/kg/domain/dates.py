"""A date as precise as it is known, and the span between two of them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class PartialDate:
    """A year, a month or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a date that is in no calendar."""
        date(self.year, self.month or 1, self.day or 1)

    @property
    def precision(self) -> str:
        """``year``, ``month`` or ``day``."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def earliest(self) -> date:
        """The first day that it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def edtf(self) -> str:
        """The date in EDTF (ISO 8601-2), level 0.

        >>> PartialDate(2014, 3).edtf
        '2014-03'
        """
        parts = (f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part))
        return "-".join(parts)

    @classmethod
    def from_edtf(cls, text: str) -> PartialDate:
        """Read a year, a month or a day in EDTF; raise ``ValueError`` for anything else.

        >>> PartialDate.from_edtf("1998-08-03")
        PartialDate(year=1998, month=8, day=3)
        """
        return cls(*(int(part) for part in text.split("-")))


@dataclass(frozen=True, order=True)
class DateSpan:
    """When something happened: one date, or all from a first to a last."""

    first: PartialDate
    last: PartialDate | None = None

    @property
    def start(self) -> date:
        """The earliest day that it may have begun."""
        return self.first.earliest

    @property
    def end(self) -> date:
        """The latest day that it may have ended."""
        return (self.last or self.first).latest

    @property
    def precision(self) -> str:
        """``year``, ``month`` or ``day``: the coarser of its two ends."""
        return max(self.first.precision, (self.last or self.first).precision, key=("day", "month", "year").index)

    @property
    def edtf(self) -> str:
        """The dates in EDTF, an interval with a slash.

        >>> DateSpan(PartialDate(2000, 1), PartialDate(2001, 1)).edtf
        '2000-01/2001-01'
        """
        return self.first.edtf if self.last is None else f"{self.first.edtf}/{self.last.edtf}"

    @classmethod
    def from_edtf(cls, text: str) -> DateSpan:
        """Read a date or an interval in EDTF; raise ``ValueError`` for anything else."""
        first, slash, last = text.partition("/")
        return cls(PartialDate.from_edtf(first), PartialDate.from_edtf(last) if slash else None)

    def overlaps(self, other: DateSpan) -> bool:
        """Return whether the two may have a day in common."""
        return self.start <= other.end and other.start <= self.end
