"""The values of the fields as nodes of the graph, both ways, by the form of their column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from rdflib import XSD, Graph, Literal, URIRef
from rdflib.term import Node

from kg.domain import Column, DateSpan, Iris, PartialDate, Record, columns, terms
from kg.rdf.naming import tail


def value_columns(record_type: type) -> tuple[Column, ...]:
    """Return the columns of a record whose values are no records of their own."""
    return tuple(column for column in columns(record_type) if column.is_value)


class Cells:
    """Writes values as nodes and reads them back."""

    def __init__(self, iris: Iris) -> None:
        """Write concepts under the base of these IRIs."""
        self.iris = iris
        self.kg = terms(iris.ontology)

    def write(self, column: Column, record: Record) -> Iterator[tuple[URIRef, Node]]:
        """Yield the properties of a field with their nodes; an empty field has none."""
        value = getattr(record, column.name)
        for one in value if column.is_many else (value,):
            if isinstance(one, DateSpan):
                yield from self._span(one)
            elif one not in (None, "", column.default):
                yield self.kg[column.term], self._node(column.form, one)

    def _node(self, form: str, value: object) -> Node:
        if form == "ko":
            return Literal(value, lang="ko")
        if form == "iri":
            return URIRef(str(value))
        if form in ("text", "printed", "truth", "day"):
            return Literal(value)
        if form in ("number", "decimal"):
            return number(value)
        return URIRef(self.iris.concept(form, str(value)))

    def read(self, graph: Graph, subject: Node, record_type: type[Record]) -> dict[str, object]:
        """Return the fields that the graph states of a subject; what it does not state is left out."""
        fields: dict[str, object] = {}
        for column in value_columns(record_type):
            if column.form == "span":
                values = [span for span in (self._read_span(graph, subject),) if span]
            else:
                values = sorted(self._value(column.form, node) for node in graph.objects(subject, self.kg[column.term]))
            if column.is_many:
                fields[column.name] = tuple(values)
            elif values:
                fields[column.name] = values[0]
        return fields

    def _value(self, form: str, node: Node) -> Any:  # noqa: ANN401 - one of the types of the fields
        if isinstance(node, URIRef):
            return str(node) if form == "iri" else tail(node)
        value = node.toPython() if isinstance(node, Literal) else str(node)
        if form == "decimal":
            return Decimal(str(value))
        return value if form in ("number", "truth", "day") else str(node)

    def _span(self, span: DateSpan) -> Iterator[tuple[URIRef, Node]]:
        """Yield the properties of a date or range: its outer bounds, its precision and its EDTF."""
        yield self.kg.startDate, Literal(span.start)
        yield self.kg.endDate, Literal(span.end)
        yield self.kg.datePrecision, Literal(span.precision)
        yield self.kg.edtf, Literal(span.edtf)

    def _read_span(self, graph: Graph, subject: Node) -> DateSpan | None:
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
