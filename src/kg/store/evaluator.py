"""Who evaluates queries, behind one interface; here the one that does it in this very process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from kg.store.engine import Answer, Engine, Query, is_repeatable
from kg.store.forms import Form
from kg.store.versions import Version


class Evaluator(Protocol):
    """Evaluates queries on versions."""

    def evaluate(self, version: Version, query: Query, seconds: float | None = None) -> Answer:
        """Answer a query, within so many seconds where the evaluator has a clock."""

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph (None: the default graph) in a form, or None when there is no such graph."""

    def close(self) -> None:
        """Let go of everything."""


class LocalEvaluator:
    """Evaluates in this process: without budgets, for the command line and for tests."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._engines: dict[Path, Engine] = {}

    def evaluate(self, version: Version, query: Query, seconds: float | None = None) -> Answer:  # noqa: ARG002 - no clock here
        """Answer a query; ``seconds`` does not bind it."""
        descriptor = os.memfd_create("answer")
        try:
            kind, form = self._engine(version).evaluate(query, Path(f"/proc/self/fd/{descriptor}"))
            body = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        finally:
            os.close(descriptor)
        return Answer(kind, form, body, volatile=not is_repeatable(query))

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        return self._engine(version).graph(name, form)

    def close(self) -> None:
        """Close the versions that were opened."""
        self._engines.clear()

    def _engine(self, version: Version) -> Engine:
        if version.oxigraph not in self._engines:
            self._engines = {version.oxigraph: Engine(version.oxigraph)}
        return self._engines[version.oxigraph]
