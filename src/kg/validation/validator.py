"""Transaction validation: validates the focus nodes that a changeset affects."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.diff import Patch
from kg.domain import Iris, NonconformingError
from kg.locales import Message
from kg.rdf import ntriples
from kg.store import Dataset, PendingCommit, UnionOfGraphs, lines_by_class
from kg.validation.evaluation import StoredGraph
from kg.validation.shapes import shapes_graph
from kg.validation.validation import FULL_VALIDATION_TRIPLES, CompiledShapes, Report, Revalidation, revalidate


class Validator:
    """Validates changesets against shapes parsed once."""

    def __init__(self, home: Path, base_iri: str) -> None:
        """Parse the shapes, which takes about half a second."""
        iris = Iris(base_iri)
        self._compiled_shapes = CompiledShapes(shapes_graph(home, iris), iris)

    def __call__(self, dataset: Dataset, patch: Patch) -> PendingCommit:
        """Validate a changeset, given the dataset after it, from which it may be reverted.

        Existing violations do not block an update that leaves them unchanged.

        :raises NonconformingError: the changeset has new violations
        """
        new = self.revalidation(dataset, patch).new
        violations = sum(result.severity == "violation" for result in new.results)
        if violations:
            raise _nonconforming(violations, new)
        report = gzip.compress(ntriples(new.graph), mtime=0) if new.results else b""
        return PendingCommit(patch, len(new.results), report)

    def warm_up(self, dataset: Dataset) -> None:
        """Validate one instance of each class, to import and parse what a first validation needs."""
        data_graph = StoredGraph(dataset.union())
        triples = _triples(lines_by_class(dataset.store), self._compiled_shapes.iris.queried_graphs())
        self._compiled_shapes.report(self._compiled_shapes.affected.focus_nodes(triples, data_graph), data_graph)

    def revalidation(self, dataset: Dataset, patch: Patch) -> Revalidation:
        """Validate the focus nodes that a changeset affects; only graphs of the default dataset are validated."""
        graphs = self._compiled_shapes.iris.queried_graphs()
        added, removed = _triples(patch.added, graphs), _triples(patch.removed, graphs)
        if not added and not removed:
            return Revalidation({}, Report.empty(), Report.empty())
        union = dataset.union()
        after = StoredGraph(union if len(added) + len(removed) <= FULL_VALIDATION_TRIPLES else union.in_memory())

        def before() -> StoredGraph:
            dataset.apply(patch.inverse())
            return StoredGraph(dataset.union())

        return revalidate(
            self._compiled_shapes, added, [triple for triple in removed if triple not in after], after, before
        )


def _triples(lines: Iterable[str], graphs: tuple[str, ...]) -> list[Any]:
    return list(StoredGraph(UnionOfGraphs.of_lines(lines, graphs)).triples((None, None, None)))


def _nonconforming(violations: int, report: Report) -> NonconformingError:
    return NonconformingError(
        Message("validation.refused", count=violations),
        cure=Message("validation.refused_cure"),
        results=report.results,
        report=ntriples(report.graph),
    )
