"""The head in memory: the newest version, which catches up from the commit log, and checkouts of older ones."""

from __future__ import annotations

from kg.store.dataset import Dataset
from kg.store.engine import Engine
from kg.store.log import CommitLog
from kg.store.records import Record
from kg.store.versions import Store, Version

_CHECKOUTS = 2
"""How many older versions stay checked out: a client that compares needs two."""
MOST_APPLIED = 100_000
"""Quads applied before the head is loaded anew: the engine keeps removed quads in memory."""


def commits_since(number: int, identity: str, version: Version) -> list[Record]:
    """Return the records of the commits between a version in memory and a newer one, oldest first.

    There are none where the log leads from another version of that number, or a commit is expired or damaged.
    """
    log = CommitLog(version.path)
    records = [log.record(one) for one in log.chain(version.number, number) or ()]
    return records if records and records[0].parent_digest == identity else []


class Head:
    """The current version of a store in memory, and the older versions that were asked for last."""

    def __init__(self, store: Store, queried_graphs: tuple[str, ...]) -> None:
        """Load nothing yet; ``queried_graphs`` are seen by queries that name no dataset."""
        self._store = store
        self._queried_graphs = queried_graphs
        self._head: tuple[Version, str, Engine] | None = None  # with the identity: a file may be another by now
        self._applied = 0
        self._checkouts: dict[str, Engine] = {}

    @property
    def version(self) -> Version | None:
        """The version that is in memory."""
        return self._head[0] if self._head else None

    def engine(self, version: Version | None = None) -> Engine:
        """Return the engine of a version, by default the current one; the head catches up with a newer one.

        :raises GoneError: it is expired
        :raises StoreError: it is damaged, or there is no version
        """
        version = version or self._store.require_current()
        if self._head is None:
            return self._load(version)
        held, identity, engine = self._head
        if held == version and identity == version.identity:
            return engine
        if version.number > held.number:
            return self._catch_up(held.number, identity, version)
        current = self._store.current()
        return self._load(version) if version == current else self._checkout(version)

    def _load(self, version: Version) -> Engine:
        identity = version.identity
        engine = Engine(Dataset.of(version.checkout(), self._queried_graphs))
        self._head, self._applied = (version, identity, engine), 0
        return engine

    def _catch_up(self, held: int, identity: str, version: Version) -> Engine:
        """Apply the commits since the version in memory, or load the new one where they are many."""
        records = commits_since(held, identity, version)
        self._applied += sum(record.added + record.removed for record in records)
        if not records or self._applied > MOST_APPLIED or self._head is None:
            return self._load(version)
        dataset = self._head[2].dataset
        patches = [CommitLog(version.path).patch(record.number) for record in records]
        self._head = None  # a dataset that was changed in part is nobody's
        for patch in patches:
            dataset.apply(patch)
        engine = Engine(dataset)
        self._head = version, version.identity, engine
        return engine

    def _checkout(self, version: Version) -> Engine:
        engine = self._checkouts.pop(version.identity, None)
        engine = engine or Engine(Dataset.of(version.checkout(), self._queried_graphs))
        while len(self._checkouts) >= _CHECKOUTS:
            self._checkouts.pop(next(iter(self._checkouts)))
        self._checkouts[version.identity] = engine
        return engine
