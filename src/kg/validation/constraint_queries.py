"""Triple patterns of SPARQL constraints, each with the patterns that are matched before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

Pattern = tuple[Node, Node, Node]
"""A triple with variables; in a type pattern the object is a variable, and the class is ``Dependency.within``."""

_Before = tuple[Pattern, ...] | None
_Found = list[tuple[Pattern, _Before]]
_WRAPPERS = ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy")


class UnreadableQueryError(Exception):
    """The query has a negated path, a sub-query, another graph or an aggregate, which cannot be analysed."""


def read_patterns(shapes_graph: Graph, constraint: Node) -> _Found:
    """Return the triple patterns of a query, each with those that are matched before it (None after a path: unknown).

    Evaluation is taken to go from ``?this`` outwards: first the pattern that shares a variable with what is bound, and
    what stands around an EXISTS before what is in it.

    :raises UnreadableQueryError: the query cannot be followed so
    """
    text = str(shapes_graph.value(constraint, SH.select) or "")
    if not text or "PATH" in text:
        raise UnreadableQueryError(text)
    try:
        algebra = prepareQuery(text, initNs=declared_prefixes(shapes_graph, constraint)).algebra
    except Exception as error:
        raise UnreadableQueryError(text) from error
    found: _Found = []
    _group(_unwrapped(algebra), (), found)
    return found


def declared_prefixes(shapes_graph: Graph, constraint: Node) -> dict[str, URIRef]:
    """Return the prefixes of a query: those that pySHACL always declares, and its own."""
    prefixes = {"rdf": URIRef(str(RDF)), "rdfs": URIRef(str(RDFS)), "owl": URIRef(str(OWL))}
    for ontology in shapes_graph.objects(constraint, SH.prefixes):
        for declaration in shapes_graph.objects(ontology, SH.declare):
            prefix, namespace = (shapes_graph.value(declaration, term) for term in (SH.prefix, SH.namespace))
            prefixes[str(prefix)] = URIRef(str(namespace))
    return prefixes


def _unwrapped(algebra: CompValue) -> CompValue:
    while algebra.name in _WRAPPERS:
        algebra = algebra.p
    return algebra


def _group(part: CompValue, before: _Before, found: _Found) -> _Before:
    """Collect the patterns of a group after the patterns ``before``; return all that are matched with it."""
    if part.name == "BGP":
        return _basic(part.triples, before, found)
    if part.name == "Join":
        return _group(part.p2, _group(part.p1, before, found), found)
    if part.name == "Union":
        _group(part.p1, before, found)
        _group(part.p2, before, found)
        return before
    if part.name == "LeftJoin":
        certain = _group(part.p1, before, found)
        _expression(part.expr, _group(part.p2, certain, found), found)
        return certain
    if part.name in ("Filter", "Extend"):
        certain = _group(part.p, before, found)
        _expression(part.expr, certain, found)
        return certain
    raise UnreadableQueryError(part.name)


def _expression(part: Any, before: _Before, found: _Found) -> None:  # noqa: ANN401 - any part of a query
    """Collect the patterns of every EXISTS in an expression."""
    if isinstance(part, CompValue):
        if part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            _group(part.graph, before, found)
            return
        for inner in part.values():
            _expression(inner, before, found)
    elif isinstance(part, list | tuple):
        for inner in part:
            _expression(inner, before, found)


def _basic(triples: list[Any], before: _Before, found: _Found) -> _Before:
    """Collect the patterns of a basic graph pattern, in an order that starts from bound terms."""
    for path in (triple[1] for triple in triples if isinstance(triple[1], Path)):
        found += [((Variable("s"), step, Variable("o")), None) for step in _steps(path)]
        before = None
    left = [_pattern(triple) for triple in triples if not isinstance(triple[1], Path)]
    if before is None:
        found += [(pattern, None) for pattern in left]
        return None
    bound = {Variable("this"), *(node for pattern in before for node in pattern)}
    while left:
        nearest = next((pattern for pattern in left if bound & set(_variables(pattern))), left[0])
        left.remove(nearest)
        found.append((nearest, before))
        before = (*before, nearest)
        bound.update(nearest)
    return before


def _steps(path: Node | Path) -> Iterator[Node]:
    """Yield the predicates of a property path.

    :raises UnreadableQueryError: it has a negated set
    """
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, SequencePath | AlternativePath):
        for part in path.args:
            yield from _steps(part)
    elif isinstance(path, MulPath):
        yield from _steps(path.path)
    elif isinstance(path, InvPath):
        yield from _steps(path.arg)
    else:
        raise UnreadableQueryError(str(path))


def _pattern(triple: tuple[Any, Any, Any]) -> Pattern:
    """Return a pattern in which blank nodes are variables."""
    if not all(isinstance(node, URIRef | Literal | Variable | BNode) for node in triple):
        raise UnreadableQueryError(str(triple))
    subject, predicate, object_ = (Variable(f"b{node}") if isinstance(node, BNode) else node for node in triple)
    return subject, predicate, object_


def _variables(pattern: Pattern) -> Iterator[Variable]:
    return (node for node in pattern if isinstance(node, Variable))
