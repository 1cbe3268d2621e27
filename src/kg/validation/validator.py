"""Validation of one changeset: only the focus nodes that it can affect are validated."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.diff import Patch
from kg.domain import Iris, NonconformingError
from kg.locales import Message
from kg.rdf import ntriples
from kg.store import Dataset, Pending, UnionOfGraphs, lines_by_class
from kg.validation.evaluation import StoredGraph
from kg.validation.shapes import shapes_graph
from kg.validation.validation import MOST_CHANGED, Report, Revalidation, Rules, revalidate


class Validator:
    """The shapes, parsed once, to validate one changeset after the other."""

    def __init__(self, home: Path, base_iri: str) -> None:
        """Parse the shapes, which takes about half a second."""
        iris = Iris(base_iri)
        self._rules = Rules(shapes_graph(home, iris), iris)

    def __call__(self, dataset: Dataset, patch: Patch) -> Pending:
        """Validate a changeset, given the dataset after it, which may be left without it.

        An existing violation does not block a change that leaves it as it was.

        :raises NonconformingError: the changeset brings a violation
        """
        new = self.revalidation(dataset, patch).brought
        violations = sum(result.severity == "violation" for result in new.results)
        if violations:
            raise _nonconforming(violations, new)
        report = gzip.compress(ntriples(new.graph), mtime=0) if new.results else b""
        return Pending(patch, len(new.results), report)

    def warm_up(self, dataset: Dataset) -> None:
        """Validate one thing of each class, so that what a first validation imports and parses is there already."""
        data_graph = StoredGraph(dataset.union())
        triples = _triples(lines_by_class(dataset.store), self._rules.iris.queried_graphs())
        self._rules.report(self._rules.affected.focus_nodes(triples, data_graph), data_graph)

    def revalidation(self, dataset: Dataset, patch: Patch) -> Revalidation:
        """Validate what a changeset affects of the graphs that a query sees unasked; no other graph is validated."""
        graphs = self._rules.iris.queried_graphs()
        added, removed = _triples(patch.added, graphs), _triples(patch.removed, graphs)
        if not added and not removed:
            return Revalidation({}, Report.empty(), Report.empty())
        union = dataset.union()
        after = StoredGraph(union if len(added) + len(removed) <= MOST_CHANGED else union.in_memory())

        def before() -> StoredGraph:
            dataset.apply(patch.inverse())
            return StoredGraph(dataset.union())

        return revalidate(self._rules, added, [triple for triple in removed if triple not in after], after, before)


def _triples(lines: Iterable[str], graphs: tuple[str, ...]) -> list[Any]:
    return list(StoredGraph(UnionOfGraphs.of_lines(lines, graphs)).triples((None, None, None)))


def _nonconforming(violations: int, report: Report) -> NonconformingError:
    return NonconformingError(
        Message("validation.refused", count=violations),
        cure=Message("validation.refused_cure"),
        results=report.results,
        report=ntriples(report.graph),
    )
