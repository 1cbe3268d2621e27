"""Comparing what a change is found to have done with what validating everything finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rdflib import Graph

from changes.random_changes import Change, Triple
from kg.store import UnionOfGraphs
from kg.validation import Report, validate
from kg.validation.evaluation import StoredGraph
from kg.validation.validation import CompiledShapes, revalidate

Results = Counter[tuple[str | None, ...]]


def stored(triples: Iterable[Triple]) -> StoredGraph:
    """Put triples into the engine."""
    return StoredGraph(UnionOfGraphs.of_lines([f"{' '.join(triple)} ." for triple in sorted(triples)], ()))


def results(report: Report) -> Results:
    """Count the results of a report by what tells them apart."""
    return Counter(result.identity for result in report.results)


def everything(rules: CompiledShapes, data_graph: StoredGraph) -> Results:
    """Validate everything as a build does: by pySHACL's own entry, its shapes parsed anew."""
    graph = Graph()
    for triple in data_graph.triples((None, None, None)):
        graph.add(triple)
    return results(validate(graph, rules.shapes_graph, rules.iris))


def all_shapes(rules: CompiledShapes, data_graph: StoredGraph) -> Results:
    """Validate everything with the shapes that were parsed once; the same as ``everything``, in less time."""
    return results(rules.report(dict.fromkeys(rules.affected.shapes), data_graph))


def after_change(
    rules: CompiledShapes, before: StoredGraph, found_before: Results, after: StoredGraph, change: Change
) -> tuple[Results, int]:
    """Return what is found after a change by looking at what it affects alone, and at how many nodes it looked.

    What was found before holds where the change affects nothing; elsewhere, what is found anew does.
    """
    added, removed = (list(stored(part).triples((None, None, None))) for part in (change.added, change.removed))
    seen = revalidate(rules, added, removed, after, lambda: before)
    stood = results(rules.report(seen.affected, before))
    assert not stood - found_before
    assert results(seen.new) == results(seen.found) - stood
    looked = sum(len(rules.shapes.targets(shape, after) if nodes is None else nodes)
                 for shape, nodes in seen.affected.items())  # fmt: skip
    return found_before - stood + results(seen.found), looked
