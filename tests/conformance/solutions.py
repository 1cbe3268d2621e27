"""Reads the answers to queries: solution sequences and booleans, in every form that SPARQL names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from conformance.terms import Row, Term

JSON_TYPE = "application/sparql-results+json"
XML_TYPE = "application/sparql-results+xml"
CSV_TYPE = "text/csv"
TSV_TYPE = "text/tab-separated-values"

SRX = "{http://www.w3.org/2005/sparql-results#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ITS_DIRECTION = "{http://www.w3.org/2005/11/its}dir"


@dataclass(frozen=True)
class Solutions:
    """A solution sequence; each row has one term or None per variable."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    is_ordered: bool = False


Answer = Solutions | bool


def read_answer(body: bytes, media_type: str) -> Answer:
    """Read a query's answer by its media type, or raise ValueError."""
    readers = {JSON_TYPE: read_json, XML_TYPE: read_xml, CSV_TYPE: read_csv, TSV_TYPE: read_tsv}
    if media_type not in readers:
        raise ValueError(f"an answer cannot be {media_type or 'without a Content-Type'}")
    return readers[media_type](body)


def solutions(variables: Sequence[str], bindings: Iterable[Mapping[str, Term]]) -> Solutions:
    """Lay out bindings by variable."""
    rows = tuple(tuple(binding.get(variable) for variable in variables) for binding in bindings)
    return Solutions(tuple(variables), rows)


def literal(value: str, datatype: str | None, language_tag: str | None, direction: str | None) -> Literal:
    """Return a literal of the parts that are given."""
    if language_tag:
        base_direction = BaseDirection(direction) if direction else None
        return Literal(value, language=language_tag, direction=base_direction)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)


def read_json(body: bytes) -> Answer:
    """Read SPARQL Results JSON, 1.1 and 1.2 (https://www.w3.org/TR/sparql12-results-json/)."""
    document = json.loads(body.decode("utf-8"))
    if "boolean" in document:
        return document["boolean"] is True
    bindings = (
        {variable: json_term(value) for variable, value in binding.items()}
        for binding in document["results"]["bindings"]
    )
    return solutions(document["head"]["vars"], bindings)


def json_term(value: dict[str, Any]) -> Any:
    """Return the term of a JSON object."""
    match value["type"]:
        case "uri":
            return NamedNode(value["value"])
        case "bnode":
            return BlankNode(label(value["value"]))
        case "literal" | "typed-literal":
            parts = (value.get(name) for name in ("datatype", "xml:lang", "its:dir"))
            return literal(value["value"], *parts)
        case "triple":
            return Triple(*(json_term(value["value"][part]) for part in ("subject", "predicate", "object")))
        case other:
            raise ValueError(f"a term cannot be of type {other}")


def label(name: str) -> str:
    """Return a blank node's label in characters that any label may have."""
    return "b" + name.encode("utf-8").hex()


def read_xml(body: bytes) -> Answer:
    """Read SPARQL Results XML, 1.1 and 1.2 (https://www.w3.org/TR/sparql12-results-xml/)."""
    root = ET.fromstring(body)  # noqa: S314 - the suites and the server under test are no attackers
    boolean = root.find(f"{SRX}boolean")
    if boolean is not None:
        return (boolean.text or "").strip() == "true"
    variables = [variable.attrib["name"] for variable in root.iterfind(f"{SRX}head/{SRX}variable")]
    bindings = (
        {binding.attrib["name"]: xml_term(binding[0]) for binding in result}
        for result in root.iterfind(f"{SRX}results/{SRX}result")
    )
    return solutions(variables, bindings)


def xml_term(element: ET.Element) -> Any:
    """Return the term of an element."""
    text = element.text or ""
    match element.tag.removeprefix(SRX):
        case "uri":
            return NamedNode(text)
        case "bnode":
            return BlankNode(label(text))
        case "literal":
            parts = (element.get(name) for name in ("datatype", XML_LANG, ITS_DIRECTION))
            return literal(text, *parts)
        case "triple":
            return Triple(*(xml_term(element.find(f"{SRX}{part}")[0]) for part in ("subject", "predicate", "object")))  # type: ignore[index]
        case other:
            raise ValueError(f"a term cannot be a {other}")


def read_tsv(body: bytes) -> Answer:
    """Read SPARQL Results TSV."""
    answer = parse_query_results(body, format=QueryResultsFormat.TSV)
    if not isinstance(answer, QuerySolutions):
        return bool(answer)
    variables = [variable.value for variable in answer.variables]
    rows = tuple(tuple(solution[variable] for variable in variables) for solution in answer)
    return Solutions(tuple(variables), rows)


def read_csv(body: bytes) -> Answer:
    """Read SPARQL Results CSV: strings without datatypes; an empty field is unbound, ``_:`` marks a blank node."""
    header, *records = csv.reader(io.StringIO(body.decode("utf-8"), newline=""))
    return Solutions(tuple(header), tuple(tuple(csv_term(field) for field in record) for record in records))


def csv_term(field: str) -> Term | None:
    """Return what a field of CSV can say of a term."""
    if field.startswith("_:"):
        return BlankNode(label(field[2:]))
    return Literal(field) if field else None
