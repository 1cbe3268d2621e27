"""Hooks of the workers: validation, and the history as a virtual graph."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.domain import Iris
from kg.store import Dataset, Store, Validate, Version

if TYPE_CHECKING:
    from kg.validation import Validator


class WorkerExtension:
    """Validates changes, and serializes the history; imports lazily what they need."""

    def __init__(self, store: Store, home: Path, iris: Iris) -> None:
        """Take the store, the folder with the shapes, and the IRIs."""
        self._store, self._home, self._iris = store, home, iris

    @property
    def validate(self) -> Validate:
        """The validator; the first access parses the shapes."""
        return self._validator

    def warm_up(self, dataset: Dataset | None) -> None:
        """Parse the shapes and validate a sample of the dataset, to fill the caches."""
        validator = self._validator
        if dataset is not None:
            validator.warm_up(dataset)

    @cached_property
    def _validator(self) -> Validator:
        from kg.validation import Validator  # noqa: PLC0415 - it imports rdflib and pySHACL, which takes half a second

        return Validator(self._home, self._iris.base)

    def virtual(self, version: Version) -> bytes:
        """Return the history up to a version, as N-Quads."""
        from kg.build.history import HistoryGraphCache  # noqa: PLC0415 - it imports rdflib

        return HistoryGraphCache(self._store, self._iris).lines(version)
