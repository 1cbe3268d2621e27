"""RDF/XML: names of elements, characters and blank nodes that it can represent (RDF 1.1 XML Syntax, 5 and 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from xml.etree import ElementTree as ET

import pyoxigraph

from kg.rdf.formats import RDF_XML, unrepresentable

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that an XML document cannot contain, not even escaped (XML 1.0, production Char)."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SYNTAX = frozenset(
    f"{_RDF}{name}"
    for name in (
        *("RDF", "ID", "about", "bagID", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
        *("aboutEach", "aboutEachPrefix", "version", "annotation", "annotationNodeID"),
    )
)
"""The terms of the syntax, RDF 1.0 and RDF 1.2 XML Syntax included: none may be a property (5.1)."""
_TYPE = pyoxigraph.NamedNode(f"{_RDF}type")
_DESCRIPTION = f"{{{_RDF}}}Description"
_SUBJECT = pyoxigraph.NamedNode("urn:s")
_NODE_ID = re.compile(r"(?!u-)[A-Za-z_][A-Za-z0-9_.-]*\Z")
_PREFIX = re.compile(r"(?!xml|rdf\Z|its\Z|oxprefix)[A-Za-z_][A-Za-z0-9_-]*\Z", re.IGNORECASE)
_RESERVED = ("http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace")

_Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Triple
_Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple


def to_rdf_xml(triples: Iterable[pyoxigraph.Triple]) -> Iterator[pyoxigraph.Triple]:
    """Yield triples that RDF/XML can represent, with a new label for a blank node whose label is not an XML name.

    :raises FormatError: a property has no XML name, or a literal has a character that XML does not
    """
    for triple in triples:
        yield _checked(triple)


def prefixes_of_elements(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that XML can declare, without the names and namespaces that XML or the writer reserves.

    >>> prefixes_of_elements({"ex": "http://a/", "xmlns": "http://a/", "rdf": "http://a/", "b": "http://a/b"})
    {'ex': 'http://a/'}
    """
    return {
        name: namespace
        for name, namespace in prefixes.items()
        if _PREFIX.match(name) and namespace.endswith(("/", "#")) and not namespace.startswith(_RESERVED)
    }


def _checked(triple: pyoxigraph.Triple) -> pyoxigraph.Triple:
    if not is_property_element(triple.predicate.value):
        raise unrepresentable(RDF_XML, f"<{triple.predicate.value}>")
    subject, found = _node(triple.subject), _value(triple.object)
    if triple.predicate == _TYPE and isinstance(found, pyoxigraph.NamedNode) and not is_node_element(found.value):
        raise unrepresentable(RDF_XML, f"<{found.value}>")
    if subject is triple.subject and found is triple.object:
        return triple
    return pyoxigraph.Triple(subject, triple.predicate, found)


def _value(term: _Term) -> _Term:
    if isinstance(term, pyoxigraph.Literal):
        if NOT_XML.search(term.value):
            raise unrepresentable(RDF_XML, repr(term.value[:50]))
        return term
    return _checked(term) if isinstance(term, pyoxigraph.Triple) else _node(term)


def _node(term: _Node) -> _Node:
    """Return a blank node under a label that is an XML name; distinct labels stay distinct."""
    if isinstance(term, pyoxigraph.BlankNode) and not _NODE_ID.match(term.value):
        return pyoxigraph.BlankNode(f"u-{term.value.encode().hex()}")
    return term


@lru_cache(maxsize=4096)
def is_property_element(iri: str) -> bool:
    """Return whether a property can be an element: its IRI ends in an XML name and is not a term of the syntax.

    >>> [is_property_element(iri) for iri in ("http://a/b", "http://a/1", f"{_RDF}li")]
    [True, False, False]
    """
    written = pyoxigraph.Triple(_SUBJECT, pyoxigraph.NamedNode(iri), pyoxigraph.Literal(""))
    return iri not in _SYNTAX and any(_stands_for(iri, one) for node in _parsed(written) for one in node)


@lru_cache(maxsize=4096)
def is_node_element(iri: str) -> bool:
    """Return whether a type can be written, as an element or as the value of ``rdf:type``."""
    nodes = _parsed(pyoxigraph.Triple(_SUBJECT, _TYPE, pyoxigraph.NamedNode(iri)))
    return any(node.tag == _DESCRIPTION or (iri not in _SYNTAX and _stands_for(iri, node)) for node in nodes)


def _parsed(triple: pyoxigraph.Triple) -> list[ET.Element]:
    """Return the node elements that a parser finds in a triple as written, none if writing or parsing fails."""
    try:
        written = pyoxigraph.serialize([triple], format=pyoxigraph.RdfFormat.RDF_XML)
        return list(ET.fromstring(written or b""))  # noqa: S314 - we have just written it
    except (OSError, ET.ParseError):
        return []


def _stands_for(iri: str, element: ET.Element) -> bool:
    namespace, _, local = element.tag.removeprefix("{").rpartition("}")
    return bool(local) and namespace + local == iri
