"""What forked workers need of the layers above them: validation, and the history as a virtual graph."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.iri import Iris
from kg.store.contents import QuadStore
from kg.store.evaluator import Validate
from kg.store.versions import Store, Version

if TYPE_CHECKING:
    from kg.validation.validator import Validator


class Extension:
    """Validates changes, and serializes the history; imports what it needs for that when it does so first."""

    def __init__(self, store: Store, home: Path, iris: Iris) -> None:
        """Take the store, the folder with the shapes, and the IRIs."""
        self._store, self._home, self._iris = store, home, iris

    @property
    def validate(self) -> Validate:
        """The validator, which parses the shapes."""
        return self._validator

    def prepare(self, store: QuadStore | None) -> None:
        """Parse the shapes, and validate something of a store, so that later validations find all caches filled."""
        validator = self._validator
        if store is not None:
            validator.warm_up(store)

    @cached_property
    def _validator(self) -> Validator:
        from kg.validation.validator import Validator  # noqa: PLC0415 - it imports rdflib and pySHACL, which takes half a second

        return Validator(self._home, self._iris.base)

    def virtual(self, version: Version) -> bytes:
        """Return the history up to a version, as N-Quads."""
        from kg.remembering import Remembering  # noqa: PLC0415 - it imports rdflib

        return Remembering(self._store, self._iris).lines(version)
