"""What forked workers need of the layers above them: validation, and the history as a virtual graph."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.iri import Iris
from kg.store.contents import QuadStore
from kg.store.patches import Patch
from kg.store.versions import Pending, Store, Version

if TYPE_CHECKING:
    from kg.validation import Validator


class Extension:
    """Validates changes, and serializes the history; imports rdflib and pySHACL when it is asked to prepare."""

    def __init__(self, store: str, home: str, base_iri: str) -> None:
        """Name the store, the folder with the shapes, and the base."""
        self._store = Store(Path(store))
        self._home = Path(home)
        self._iris = Iris(base_iri)

    def prepare(self) -> None:
        """Parse the shapes."""
        _ = self._validator

    @cached_property
    def _validator(self) -> Validator:
        from kg.validation import Validator  # noqa: PLC0415 - it imports rdflib and pySHACL, which the zygote does later

        return Validator(self._home, self._iris.base)

    def virtual(self, version: Version) -> bytes:
        """Return the history up to a version, as N-Quads."""
        from kg.remembering import Remembering  # noqa: PLC0415 - it imports rdflib

        return Remembering(self._store, self._iris).lines(version)

    def validate(self, store: QuadStore, patch: Patch) -> Pending:
        """Validate a changeset on the store after it.

        :raises NonconformingError: it adds a violation
        """
        return self._validator(store, patch)
