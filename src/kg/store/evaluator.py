"""The interface of evaluators of queries and changes, and the evaluator in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kg.diff import Patch
from kg.rdf import Form
from kg.store.cancellation import Cancellation
from kg.store.dataset import Dataset
from kg.store.engine import Answer, Engine, Query, is_repeatable
from kg.store.head import Head
from kg.store.readback import check_readable
from kg.store.update_evaluation import Change, apply_change
from kg.store.versions import PendingCommit, Store, Version
from kg.store.virtual_graph import VirtualGraphNeeded


@dataclass(frozen=True)
class EvaluatedChange:
    """An evaluated and validated change: the pending commit, and whether its graph existed before."""

    pending: PendingCommit
    existed: bool


class Evaluator(Protocol):
    """Evaluates queries on versions, and changes of the current version."""

    def evaluate(
        self, version: Version, query: Query, seconds: float | None = None, cancellation: Cancellation | None = None
    ) -> Answer:
        """Answer a query, within a time limit and until cancelled if the evaluator supports that."""

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph (None: the default graph) in a form, or None when there is no such graph."""

    def change(self, version: Version | None, change: Change) -> EvaluatedChange:
        """Evaluate, check and validate a change of a version (None: the empty graph); write nothing."""

    def close(self) -> None:
        """Release all resources."""


Validate = Callable[[Dataset, Patch], PendingCommit]
"""Validates a changeset, given the dataset after it, which it may modify; raises ``NonconformingError``."""


def accept(_dataset: Dataset, patch: Patch) -> PendingCommit:
    """Accept every changeset."""
    return PendingCommit(patch)


def evaluate_change(
    dataset: Dataset, change: Change, validate: Validate, *, in_every_form: bool = True
) -> EvaluatedChange:
    """Evaluate, check and validate a change of a dataset, which must not be used afterwards.

    With ``in_every_form`` its graphs take only terms that every format can represent.

    :raises KgError: the change fails, could break a read, or does not conform
    """
    applied = apply_change(dataset, change)
    check_readable(dataset.store, applied.patch, dataset.queried if in_every_form else ())
    return EvaluatedChange(validate(dataset, applied.patch), applied.existed)


class LocalEvaluator:
    """Evaluates in this process without budgets, for the command line and for tests."""

    def __init__(
        self,
        virtual: Callable[[Version], bytes] = lambda _version: b"",
        queried_graphs: tuple[str, ...] = (),
        validate: Validate = accept,
        *,
        in_every_form: bool = True,
    ) -> None:
        """Load nothing yet; ``virtual`` gives the N-Quads of the virtual graph of a version."""
        self._heads: dict[Path, Head] = {}
        self._virtual = virtual
        self._queried_graphs = queried_graphs
        self._validate = validate
        self._in_every_form = in_every_form

    def evaluate(
        self,
        version: Version,
        query: Query,
        seconds: float | None = None,  # noqa: ARG002 - a query cannot be interrupted here
        cancellation: Cancellation | None = None,  # noqa: ARG002 - a query cannot be interrupted here
    ) -> Answer:
        """Answer a query without a time limit."""
        engine = self._engine(version)
        with _scratch() as (output, read):
            try:
                kind, form = engine.evaluate(query, output)
            except VirtualGraphNeeded:
                kind, form = engine.evaluate(query, output, self._virtual(version))
            return Answer(kind, form, read(), volatile=not is_repeatable(query))

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        with _scratch() as (output, read):
            return read() if self._engine(version).write_graph(name, form, output) else None

    def change(self, version: Version | None, change: Change) -> EvaluatedChange:
        """Evaluate, check and validate a change of a version; write nothing."""
        dataset = Dataset.of(version.checkout(), self._queried_graphs) if version else Dataset(self._queried_graphs)
        return evaluate_change(dataset, change, self._validate, in_every_form=self._in_every_form)

    def close(self) -> None:
        """Drop the versions in memory."""
        self._heads.clear()

    def _engine(self, version: Version) -> Engine:
        if version.path not in self._heads:
            self._heads = {version.path: Head(Store(version.path), self._queried_graphs)}
        return self._heads[version.path].engine(version)


@contextmanager
def _scratch() -> Iterator[tuple[Path, Callable[[], bytes]]]:
    """Yield the path of a file in memory, and a function that reads it."""
    descriptor = os.memfd_create("answer")
    try:
        path = Path(f"/proc/self/fd/{descriptor}")
        yield path, path.read_bytes
    finally:
        os.close(descriptor)
