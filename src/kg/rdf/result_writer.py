"""Serialization of query results and triples in every format."""

from __future__ import annotations

import json
import mmap
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Any

import pyoxigraph

from kg.rdf.formats import JSON_LD, RDF_XML, TRIG, TURTLE, XML, Form, unrepresentable
from kg.rdf.rdf_xml import prefixes_of_elements, to_rdf_xml

_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""The UTF-8 of the characters that an XML document cannot contain (XML 1.0, production Char)."""
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_MOST_JSON_BYTES = 8 * 1024 * 1024
"""Beyond that a document stays as the engine wrote it: reading one takes many times its size."""
_MOST_SORTED = 100_000
"""Triples beyond which JSON-LD is written in the order given: it would be too large to be read again."""
_MOST_PREFIX_BYTES = 64 * 1024
"""How much of a document is searched for its prefixes: a query has far fewer."""

Results = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean


def write_results(results: Results, form: Form, output: Path) -> None:
    """Write solutions or a boolean to a file.

    :raises FormatError: a value contains a character that the format cannot represent
    """
    results.serialize(str(output), _results_format(form))
    if form is XML:
        _refuse_non_xml(output)
        _escape_returns(output)


def write_triples(
    triples: Iterable[pyoxigraph.Triple], form: Form, output: Path, prefixes: Mapping[str, str] | None = None
) -> None:
    """Write triples to a file, with the prefixes sorted by name.

    :raises FormatError: the format cannot represent one of the triples
    """
    named = dict(prefixes or {})
    if form is RDF_XML:
        triples, named = to_rdf_xml(triples), prefixes_of_elements(named)
    elif form is JSON_LD:
        triples = _grouped(_without_triple_terms(triples))
    pyoxigraph.serialize(triples, str(output), engine_format(form), prefixes=named)
    if form is RDF_XML:
        _escape_returns(output)
    elif form is JSON_LD:
        _name_types(output)
    if len(named) > 1 and form in (TURTLE, TRIG):
        _sort_prefixes(output)


def serialize_results(results: Results, form: Form) -> bytes:
    """Serialize solutions or a boolean as ``write_results`` does.

    :raises FormatError: a value contains a character that the format cannot represent
    """
    if form is XML:
        with _in_memory() as path:
            write_results(results, form, path)
            return path.read_bytes()
    return results.serialize(format=_results_format(form)) or b""


def serialize_triples(
    triples: Iterable[pyoxigraph.Triple], form: Form, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """Serialize triples as ``write_triples`` does.

    :raises FormatError: the format cannot represent one of the triples
    """
    with _in_memory() as path:
        write_triples(triples, form, path, prefixes)
        return path.read_bytes()


def convert_lines(quads: bytes, form: Form, prefixes: Mapping[str, str] | None = None) -> bytes:
    r"""Convert N-Triples or N-Quads to one graph in another format; the triples stay in order.

    :raises FormatError: the format cannot represent one of the triples

    >>> convert_lines(b'<http://a/s> <http://a/p> "1" .', TURTLE, {"a": "http://a/"})
    b'@prefix a: <http://a/> .\na:s a:p "1" .\n'
    """
    read = pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS)
    return serialize_triples((quad.triple for quad in read), form, prefixes)


def convert_quads(quads: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Convert N-Quads to TriG; the quads stay in order."""
    with _in_memory() as path:
        parsed = pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS)
        pyoxigraph.serialize(parsed, str(path), pyoxigraph.RdfFormat.TRIG, prefixes=dict(prefixes))
        _sort_prefixes(path)
        return path.read_bytes()


def json_ld_of_quads(quads: bytes) -> bytes:
    """Return N-Quads as expanded JSON-LD with named graphs; the quads stay in order.

    :raises FormatError: it cannot represent one of the triples
    """
    parsed = list(pyoxigraph.parse(quads, pyoxigraph.RdfFormat.N_QUADS))
    checked = (quad for quad, _ in zip(parsed, _without_triple_terms(quad.triple for quad in parsed), strict=True))
    with _in_memory() as path:
        pyoxigraph.serialize(checked, str(path), pyoxigraph.RdfFormat.JSON_LD)
        return json.dumps(_with_types(json.loads(path.read_bytes())), ensure_ascii=False).encode()


@cache
def _results_format(form: Form) -> pyoxigraph.QueryResultsFormat:
    found = pyoxigraph.QueryResultsFormat.from_media_type(form.media_type)
    assert found, form.name  # noqa: S101 - the engine writes every form of results
    return found


def engine_format(form: Form) -> pyoxigraph.RdfFormat:
    """Return a format of graphs as the engine knows it."""
    found = pyoxigraph.RdfFormat.from_media_type(form.media_type)
    assert found, form.name  # noqa: S101 - the engine writes every form of graphs
    return found


def _without_triple_terms(triples: Iterable[pyoxigraph.Triple]) -> Iterator[pyoxigraph.Triple]:
    """Yield triples; JSON-LD 1.1 has no triple terms."""
    for triple in triples:
        if isinstance(triple.object, pyoxigraph.Triple):
            raise unrepresentable(JSON_LD, str(triple.object)[:200])
        yield triple


def _grouped(triples: Iterator[pyoxigraph.Triple]) -> Iterable[pyoxigraph.Triple]:
    """Sort triples, so that all that is said of a node is in one object."""
    head = list(islice(triples, _MOST_SORTED + 1))
    return sorted(set(head), key=str) if len(head) <= _MOST_SORTED else chain(head, triples)


def _refuse_non_xml(output: Path) -> None:
    with _mapped(output) as content:
        found = _NOT_XML.search(content)
        if found:
            raise unrepresentable(XML, repr(found[0].decode()))


def _name_types(output: Path) -> None:
    """Write the types of nodes as ``@type`` (JSON-LD 1.1 API, section 8.4); the engine writes a property."""
    if output.stat().st_size > _MOST_JSON_BYTES:
        return
    nodes = _with_types(json.loads(output.read_bytes()))
    output.write_text(json.dumps(nodes, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _with_types(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for node in nodes:
        _with_types(node.get("@graph", []))
        values = node.pop(_TYPE, [])
        named = [value["@id"] for value in values if "@id" in value]
        others = [value for value in values if "@id" not in value]
        node.update({key: found for key, found in (("@type", named), (_TYPE, others)) if found})
    return nodes


def _escape_returns(output: Path) -> None:
    """Escape carriage returns, which a parser would read as line feeds (XML 1.0, 2.11)."""
    with _mapped(output) as content:
        if content.find(b"\r") < 0:
            return
    output.write_bytes(output.read_bytes().replace(b"\r", b"&#xD;"))


@contextmanager
def _in_memory() -> Iterator[Path]:
    """Yield the path of a temporary file in memory."""
    descriptor = os.memfd_create("document")
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """Map a file that is not empty into memory: an answer may be hundreds of megabytes."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content


def _sort_prefixes(output: Path) -> None:
    """Sort the prefix declarations, which the engine writes in random order."""
    with output.open("r+b") as file:
        head = file.read(_MOST_PREFIX_BYTES).splitlines(keepends=True)
        declared = list(takewhile(lambda line: line.startswith(b"@prefix") and line.endswith(b"\n"), head))
        file.seek(0)
        file.writelines(sorted(declared))
