"""Reads the expected answers that the suites keep as RDF, in the result-set vocabulary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from conformance.solutions import Answer, Solutions, solutions
from conformance.terms import Row, Term

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

Node = dict[str, list[Term]]


def read_result_set(rows: Iterable[Row]) -> Answer | None:
    """Read the triples of a result set; None if they are a graph like any other."""
    nodes: dict[Term | None, Node] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in rows:
        nodes[subject][str(predicate)[1:-1]].append(value)  # type: ignore[arg-type]
    for node in list(nodes.values()):
        if node.get(f"{RS}boolean"):
            return is_true(node[f"{RS}boolean"][0])
        if NamedNode(f"{RS}ResultSet") in node[RDF_TYPE]:
            return read_solutions(nodes, node)
    return None


def is_true(term: Term) -> bool:
    """Tell whether the term is the boolean true."""
    return isinstance(term, Literal) and term.value in {"true", "1"}


def read_solutions(nodes: dict[Term | None, Node], result_set: Node) -> Solutions:
    """Read the solutions of a result set, in the order of ``rs:index`` where they have one."""
    found = [nodes[node] for node in result_set.get(f"{RS}solution", [])]
    is_ordered = bool(found) and all(f"{RS}index" in node for node in found)
    if is_ordered:
        found.sort(key=lambda node: int(text(node[f"{RS}index"][0])))
    bindings = (
        {text(nodes[each][f"{RS}variable"][0]): nodes[each][f"{RS}value"][0] for each in node[f"{RS}binding"]}
        for node in found
    )
    variables = sorted(text(term) for term in result_set[f"{RS}resultVariable"])
    return replace(solutions(variables, bindings), is_ordered=is_ordered)


def text(term: Term) -> str:
    """Return a literal's lexical form."""
    return term.value if isinstance(term, Literal) else str(term)
