"""Who evaluates queries and changes, behind one interface; here the one that does it in this very process."""

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
    """A change evaluated, proved and validated: what is to be committed, and whether its graph was there before."""

    pending: PendingCommit
    existed: bool


class Evaluator(Protocol):
    """Evaluates queries on versions, and changes of the current one."""

    def evaluate(
        self, version: Version, query: Query, seconds: float | None = None, cancellation: Cancellation | None = None
    ) -> Answer:
        """Answer a query, within so many seconds and until it is cancelled where the evaluator can."""

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph (None: the default graph) in a form, or None when there is no such graph."""

    def change(self, version: Version | None, change: Change) -> EvaluatedChange:
        """Evaluate, prove and validate a change of a version (None: the empty graph); nothing is written."""

    def close(self) -> None:
        """Let go of everything."""


Validate = Callable[[Dataset, Patch], PendingCommit]
"""Validates a changeset: takes the dataset after it, which may be changed; raises ``NonconformingError``."""


def accept(_dataset: Dataset, patch: Patch) -> PendingCommit:
    """Accept every changeset."""
    return PendingCommit(patch)


def evaluate_change(
    dataset: Dataset, change: Change, validate: Validate, *, in_every_form: bool = True
) -> EvaluatedChange:
    """Evaluate, prove and validate a change of a dataset, which is spent then.

    Its graphs take what can be written ``in_every_form``, or every term of RDF 1.2.

    :raises KgError: the change cannot be carried out, could break a read, or does not conform
    """
    applied = apply_change(dataset, change)
    check_readable(dataset.store, applied.patch, dataset.queried if in_every_form else ())
    return EvaluatedChange(validate(dataset, applied.patch), applied.existed)


class LocalEvaluator:
    """Evaluates in this process: without budgets, for the command line and for tests."""

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
        seconds: float | None = None,  # noqa: ARG002 - nothing here can end a query
        cancellation: Cancellation | None = None,  # noqa: ARG002 - nothing here can end a query
    ) -> Answer:
        """Answer a query, however long it takes."""
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
        """Evaluate, prove and validate a change of a version; nothing is written."""
        dataset = Dataset.of(version.checkout(), self._queried_graphs) if version else Dataset(self._queried_graphs)
        return evaluate_change(dataset, change, self._validate, in_every_form=self._in_every_form)

    def close(self) -> None:
        """Let go of the versions in memory."""
        self._heads.clear()

    def _engine(self, version: Version) -> Engine:
        if version.path not in self._heads:
            self._heads = {version.path: Head(Store(version.path), self._queried_graphs)}
        return self._heads[version.path].engine(version)


@contextmanager
def _scratch() -> Iterator[tuple[Path, Callable[[], bytes]]]:
    """Yield a file in memory to write to, and the way to read it."""
    descriptor = os.memfd_create("answer")
    try:
        path = Path(f"/proc/self/fd/{descriptor}")
        yield path, path.read_bytes
    finally:
        os.close(descriptor)
