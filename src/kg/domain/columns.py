"""The table of fields: how each field of a record stands on the page and in the graph; the records carry it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import get_origin, get_type_hints

_OF_RECORDS = frozenset({"statistic", "unit-counts", "records"})
_LITERALS = frozenset({"ko", "printed", "text", "number", "decimal", "truth", "day", "span"})


@dataclass(frozen=True)
class Column:
    """One field of a record: ``term`` is its property, ``form`` what its values are.

    ``form`` is ``ko`` (Korean words of the page), ``printed`` (words of the page in no language), ``text``, ``number``
    (whole), ``decimal``, ``truth``, ``day``, ``span`` (a date or range), ``iri``, the notation of the SKOS scheme that
    the value is a concept of, or records of their own: ``statistic``, ``unit-counts``, ``records``.

    ``labels`` stand before the value on the page, the first as it is written; ``group`` is the group of lines that the
    line belongs to, ``title`` for a label in brackets behind a title. Lines are written by ``order``, then in the order
    of the fields. ``weight`` is that of the text in the search; 0 for a text that is not searched. ``default`` is the
    value that is not written to the graph: a record without it has this one.
    """

    term: str
    form: str
    labels: tuple[str, ...] = ()
    group: str | None = None
    order: int = 0
    weight: int = 0
    default: str | None = None
    name: str = ""
    is_many: bool = False

    @property
    def label(self) -> str:
        """The first label, without blanks."""
        return self.labels[0].replace(" ", "")

    @property
    def is_value(self) -> bool:
        """Whether its values are terms of the graph rather than records of their own."""
        return self.form not in _OF_RECORDS

    @property
    def is_link(self) -> bool:
        """Whether its property leads to a thing rather than to a literal."""
        return self.form not in _LITERALS

    @property
    def is_verbatim(self) -> bool:
        """Whether its values are words of the page."""
        return self.form in ("ko", "printed")


@cache
def columns(record_type: type) -> tuple[Column, ...]:
    """Return the columns of the fields of a record, in their order."""
    return tuple(
        replace(column, name=name, is_many=get_origin(hint.__origin__) is tuple)
        for name, hint in get_type_hints(record_type, include_extras=True).items()
        for column in getattr(hint, "__metadata__", ())
    )


def labelled(record_type: type) -> tuple[Column, ...]:
    """Return the columns that have a label on the page, as their lines are written."""
    return tuple(sorted((one for one in columns(record_type) if one.labels), key=lambda column: column.order))


def spelled(*columns: Column) -> str:
    r"""Return a pattern for the labels of columns, with or without blanks between the letters.

    >>> spelled(Column("area", "statistic", ("면 적",)))
    '면\\s?적'
    """
    labels = sorted({re.sub(r"\s", "", label) for column in columns for label in column.labels}, key=len, reverse=True)
    return "|".join(r"\s?".join(label) for label in labels)
