"""The head in memory, which catches up from the commit log, and checkouts of older versions."""

from __future__ import annotations

from kg.diff import Patch
from kg.store.commit_info import CommitInfo
from kg.store.dataset import Dataset
from kg.store.engine import Engine
from kg.store.log import CommitLog
from kg.store.versions import Store, Version

_CHECKOUTS = 2
"""Cached checkouts of older versions: a client that compares versions needs two."""
MOST_APPLIED = 100_000
"""Quads applied before the head is reloaded: the engine does not free removed quads."""
REVERTED_COMMITS = 64
"""Most commits reverted to reach an older version, at 0.14 ms each to read."""
REVERTED_SHARE = 16
"""They may change 1/16 of the version: reverting a quad takes 17 µs, loading one 5 µs."""


def commits_since(number: int, identity: str, version: Version) -> list[CommitInfo]:
    """Return the commits after a version in memory up to a newer one, oldest first.

    Return none if the log descends from another version of that number, or a commit is expired or damaged.
    """
    log = CommitLog(version.path)
    commits = [log.commit_info(one) for one in log.chain(version.number, number) or ()]
    return commits if commits and commits[0].parent_digest == identity else []


class Head:
    """The current version of a store in memory, and recently used older versions."""

    def __init__(self, store: Store, queried_graphs: tuple[str, ...]) -> None:
        """Load nothing yet; queries without a dataset clause see the merge of ``queried_graphs``."""
        self._store = store
        self._queried_graphs = queried_graphs
        self._head: tuple[Version, str, Engine] | None = None  # with the identity: the file may have been replaced
        self._applied = 0
        self._checkouts: dict[str, Engine] = {}

    @property
    def version(self) -> Version | None:
        """The version in memory."""
        return self._head[0] if self._head else None

    def engine(self, version: Version | None = None) -> Engine:
        """Return the engine of a version, by default the current one; the head catches up with a newer version.

        :raises GoneError: the version is expired
        :raises StoreError: the version is damaged, or there is none
        """
        version = version or self._store.require_current()
        if self._head is None:
            return self._load(version)
        head, identity, engine = self._head
        if head == version and identity == version.identity:
            return engine
        if version.number > head.number:
            return self._catch_up(head.number, identity, version)
        if version == self._store.current():
            return self._load(version)
        reverted = None if version.identity in self._checkouts else self._go_back(version)
        return reverted or self._checkout(version)

    def _load(self, version: Version) -> Engine:
        identity = version.identity
        engine = Engine(Dataset.of(version.checkout(), self._queried_graphs))
        self._head, self._applied = (version, identity, engine), 0
        return engine

    def _catch_up(self, head: int, identity: str, version: Version) -> Engine:
        """Apply the commits since the version in memory, or load the new version if they are many."""
        commits = commits_since(head, identity, version)
        self._applied += sum(commit.added + commit.removed for commit in commits)
        if not commits or self._applied > MOST_APPLIED or self._head is None:
            return self._load(version)
        log = CommitLog(version.path)
        return self._apply(self._head[2].dataset, version, [log.patch(commit.number) for commit in commits])

    def _go_back(self, version: Version) -> Engine | None:
        """Revert the commits since an older version if they are few and small; the next query catches up again.

        That saves loading a version that differs little from the head.
        """
        if self._head is None or self._head[0].number - version.number > REVERTED_COMMITS:
            return None
        head, identity, engine = self._head
        commits = commits_since(version.number, version.identity, head)
        changed = sum(commit.added + commit.removed for commit in commits)
        if not commits or commits[-1].digest != identity or changed > version.commit_info.size // REVERTED_SHARE:
            return None
        log = CommitLog(version.path)
        patches = [log.patch(commit.number).inverse() for commit in reversed(commits)]
        return self._apply(engine.dataset, version, patches)

    def _apply(self, dataset: Dataset, version: Version, patches: list[Patch]) -> Engine:
        self._head = None  # a partly changed dataset must not be used after an error
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
