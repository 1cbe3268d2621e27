"""Who evaluates queries, behind one interface; here the one that does it in this very process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from kg.store.apart import ApartNeeded
from kg.store.cancellation import Cancellation
from kg.store.engine import Answer, Engine, Query, is_repeatable
from kg.store.forms import Form
from kg.store.updating import Applied, Change, apply_change
from kg.store.versions import Version


class Evaluator(Protocol):
    """Evaluates queries on versions."""

    def evaluate(
        self, version: Version, query: Query, seconds: float | None = None, cancellation: Cancellation | None = None
    ) -> Answer:
        """Answer a query, within so many seconds and until it is cancelled where the evaluator can."""

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph (None: the default graph) in a form, or None when there is no such graph."""

    def change(self, oxigraph: Path, change: Change) -> Applied:
        """Apply a change to a clone; return what it changed."""

    def follow(self, version: Version) -> None:
        """Begin to answer from a version that has become current."""

    def close(self) -> None:
        """Let go of everything."""


class LocalEvaluator:
    """Evaluates in this process: without budgets, for the command line and for tests."""

    def __init__(self, apart: Callable[[Version], bytes] = lambda _version: b"") -> None:
        """Open nothing yet; ``apart`` gives the N-Quads of the graph that stands apart."""
        self._engines: dict[Path, Engine] = {}
        self._apart = apart

    def evaluate(
        self,
        version: Version,
        query: Query,
        seconds: float | None = None,  # noqa: ARG002 - nothing here can end a query
        cancellation: Cancellation | None = None,  # noqa: ARG002 - nothing here can end a query
    ) -> Answer:
        """Answer a query, however long it takes."""
        with _scratch() as (output, read):
            try:
                kind, form = self._engine(version).evaluate(query, output)
            except ApartNeeded:
                kind, form = self._engine(version).evaluate(query, output, self._apart(version))
            return Answer(kind, form, read(), volatile=not is_repeatable(query))

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        with _scratch() as (output, read):
            return read() if self._engine(version).write_graph(name, form, output) else None

    def change(self, oxigraph: Path, change: Change) -> Applied:
        """Apply a change to a clone; return what it changed."""
        return apply_change(oxigraph, change)

    def follow(self, version: Version) -> None:
        """Do nothing: the first query reads what it needs."""

    def close(self) -> None:
        """Close the versions that were opened."""
        self._engines.clear()

    def _engine(self, version: Version) -> Engine:
        if version.oxigraph not in self._engines:
            self._engines = {version.oxigraph: Engine(version.oxigraph)}
        return self._engines[version.oxigraph]


@contextmanager
def _scratch() -> Iterator[tuple[Path, Callable[[], bytes]]]:
    """Yield a file in memory to write to, and the way to read it."""
    descriptor = os.memfd_create("answer")
    try:
        path = Path(f"/proc/self/fd/{descriptor}")
        yield path, path.read_bytes
    finally:
        os.close(descriptor)
