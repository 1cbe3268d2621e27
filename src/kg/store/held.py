"""A version held in memory by whoever judges one change after the other: the next one is made of it by its change."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph

from kg.store import merging
from kg.store.contents import apply, identity_of
from kg.store.merging import copied, fits
from kg.store.patches import Patch

_MOST_CHANGED = 10_000


class HeldVersion:
    """The version that was asked for last. One that is too large to be held is opened whenever it is asked for."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._store: pyoxigraph.Store | None = None
        self._identity: object = None
        self._undo: tuple[object, Patch] = (None, Patch())
        self._written = 0

    def hold(self, oxigraph: Path) -> None:
        """Read a version that may be asked for, or followed by the one that is."""
        store = pyoxigraph.Store.read_only(str(oxigraph))
        self._store = copied(store) if fits(store) else None
        self._identity, self._undo, self._written = identity_of(oxigraph), (None, Patch()), 0

    def after(self, before: Path | None, after: Path, patch: Patch) -> pyoxigraph.Store:
        """Return what a triple store holds that a patch made of the one before; nobody may write to it."""
        if before is None:
            return pyoxigraph.Store.read_only(str(after))
        self._go_to(before)
        if len(patch.added) + len(patch.removed) > _MOST_CHANGED:
            self._store, self._identity, self._undo = None, None, (None, Patch())
            return pyoxigraph.Store.read_only(str(after))
        if self._store is None:
            self._identity = identity_of(after)
            return pyoxigraph.Store.read_only(str(after))
        self._undo, self._identity = (self._identity, patch.inverse()), None
        self._apply(self._store, patch)
        self._identity = identity_of(after)
        return self._store

    def _go_to(self, before: Path) -> None:
        """Hold a version: the one of last time, or the one before that, whose change came to nothing."""
        wanted, (there, undoing) = identity_of(before), self._undo
        is_worn = self._written > merging.MOST_QUADS  # what was removed stays in the engine's memory
        if is_worn or wanted not in (self._identity, there):
            self.hold(before)
        elif self._store is not None and wanted == there:
            self._apply(self._store, undoing)
            self._identity, self._undo = wanted, (None, Patch())

    def _apply(self, store: pyoxigraph.Store, patch: Patch) -> None:
        self._written += len(patch.added) + len(patch.removed)
        apply(store, patch)
