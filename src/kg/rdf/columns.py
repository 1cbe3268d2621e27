"""How the fields of the records stand in the graph: one table for both ways, model → triples and triples → model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rdflib import XSD, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import (
    Agreement,
    Anniversary,
    Characteristic,
    City,
    DateSpan,
    Delegation,
    Exchange,
    Iris,
    Metadata,
    Occurrence,
    PartialDate,
    Record,
    Statistic,
    UnitCount,
    terms,
)
from kg.rdf.naming import tail


@dataclass(frozen=True)
class Column:
    """One field of a record and its property; ``form`` says how a value is written.

    ``form`` is ``ko`` (a Korean text), ``text``, ``number`` (whole), ``decimal``, ``truth``, ``day``, ``iri``, or the
    notation of the SKOS scheme that the value is a concept of.
    """

    field: str
    term: str
    form: str
    is_many: bool = False
    default: str | None = None
    """The value that is not written: a record without it has this one."""


COLUMNS: dict[type[Record], tuple[Column, ...]] = {
    City: (
        Column("heading", "heading", "ko"),
        Column("title", "sectionTitle", "ko"),
        Column("homepage", "homepage", "iri"),
    ),
    Agreement: (
        Column("title", "title", "ko"),
        Column("instrument", "instrument", "instrument"),
        Column("concluded_in", "concludedInPrinted", "ko"),
        Column("method", "conclusionMethod", "ko"),
        Column("background", "background", "ko"),
    ),
    Statistic: (
        Column("value", "value", "decimal"),
        Column("unit", "unitPrinted", "text"),
        Column("approximate", "approximate", "truth"),
        Column("basis", "basis", "basis"),
        Column("printed", "printed", "text"),
    ),
    UnitCount: (
        Column("category", "category", "text"),
        Column("label", "unitLabel", "ko"),
        Column("count", "count", "number"),
        Column("kind", "unitKind", "unit-kind"),
        Column("names", "unitName", "ko", is_many=True),
        Column("remark", "remark", "ko"),
        Column("printed", "printed", "text"),
    ),
    Characteristic: (Column("text", "text", "ko"),),
    Delegation: (
        Column("label", "role", "ko"),
        Column("head_count", "headCount", "number"),
        Column("person", "personName", "ko"),
        Column("origin", "origin", "ko"),
    ),
    Anniversary: (Column("ordinal", "ordinal", "number"),),
    Occurrence: (
        Column("direction", "direction", "direction"),
        Column("direction_stated", "directionStated", "truth"),
        Column("act", "act", "ko"),
        Column("bracket", "bracket", "number"),
        Column("printed", "datePrinted", "text"),
    ),
    Exchange: (
        Column("description", "description", "ko"),
        Column("primary_kind", "primaryKind", "exchange-kind"),
        Column("further_kinds", "furtherKind", "exchange-kind", is_many=True),
        Column("direction", "direction", "direction"),
        Column("direction_stated", "directionStated", "truth"),
        Column("status", "status", "exchange-status", default="held"),
        Column("purpose", "purpose", "ko"),
        Column("intended_instrument", "intendedInstrument", "instrument"),
        Column("occasions", "occasion", "ko", is_many=True),
        Column("items", "item", "ko", is_many=True),
        Column("received", "received", "ko", is_many=True),
        Column("sent", "sent", "ko", is_many=True),
        Column("topics", "topic", "topic", is_many=True),
    ),
    Metadata: (
        Column("department", "department", "ko"),
        Column("phone", "phone", "text"),
        Column("room", "room", "ko"),
        Column("last_modified", "lastModified", "day"),
    ),
}


class Cells:
    """Writes values as nodes and reads them back."""

    def __init__(self, iris: Iris) -> None:
        """Write concepts under the base of these IRIs."""
        self.iris = iris
        self.kg = terms(iris.ontology)

    def write(self, column: Column, record: Record) -> Iterator[Node]:
        """Yield the nodes of a field; an empty field has none."""
        value = getattr(record, column.field)
        for one in value if column.is_many else (value,):
            if one not in (None, "", column.default):
                yield self._node(column.form, one)

    def _node(self, form: str, value: object) -> Node:
        if form == "ko":
            return Literal(value, lang="ko")
        if form == "iri":
            return URIRef(str(value))
        if form in ("text", "truth", "day"):
            return Literal(value)
        if form in ("number", "decimal"):
            return number(value)
        return URIRef(self.iris.concept(form, str(value)))

    def read(self, graph: Graph, subject: Node, record_type: type[Record]) -> dict[str, object]:
        """Return the fields that the graph states of a subject; what it does not state is left out."""
        fields: dict[str, object] = {}
        for column in COLUMNS[record_type]:
            values = sorted(self._value(column.form, node) for node in graph.objects(subject, self.kg[column.term]))
            if column.is_many:
                fields[column.field] = tuple(values)
            elif values:
                fields[column.field] = values[0]
        return fields

    def _value(self, form: str, node: Node) -> Any:  # noqa: ANN401 - one of the types of the fields
        if isinstance(node, URIRef):
            return str(node) if form == "iri" else tail(node)
        value = node.toPython() if isinstance(node, Literal) else str(node)
        if form == "decimal":
            return Decimal(str(value))
        return value if form in ("number", "truth", "day") else str(node)

    def write_span(self, span: DateSpan) -> Iterator[tuple[URIRef, Node]]:
        """Yield the properties of a date or range: its outer bounds, its precision and its EDTF."""
        yield self.kg.startDate, Literal(span.start)
        yield self.kg.endDate, Literal(span.end)
        yield self.kg.datePrecision, Literal(span.precision)
        yield self.kg.edtf, Literal(span.edtf)

    def read_span(self, graph: Graph, subject: Node) -> DateSpan | None:
        """Return the date of a subject: its EDTF, or its bounds and precision where it has none."""
        edtf = graph.value(subject, self.kg.edtf)
        if edtf is not None:
            return DateSpan.from_edtf(str(edtf))
        start, end = (graph.value(subject, term) for term in (self.kg.startDate, self.kg.endDate))
        if not isinstance(start, Literal):
            return None
        precision = str(graph.value(subject, self.kg.datePrecision) or "day")
        first = _partial(start.toPython(), precision)
        last = _partial(end.toPython(), precision) if isinstance(end, Literal) else first
        return DateSpan(first, last if last != first else None)


def _partial(day: date, precision: str) -> PartialDate:
    parts = (day.year, day.month, day.day)[: ("year", "month", "day").index(precision) + 1]
    return PartialDate(*parts)


def number(value: object) -> Literal:
    """Return a number as ``xsd:integer`` where it is whole, else as ``xsd:decimal``.

    >>> number(Decimal("395.79")).n3()
    '"395.79"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    decimal = Decimal(str(value))
    whole = decimal == decimal.to_integral_value()
    return Literal(int(decimal)) if whole else Literal(f"{decimal.normalize():f}", datatype=XSD.decimal)
