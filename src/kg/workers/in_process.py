"""Evaluation of cheap queries inside the serving process, without a worker or a thread.

``kg.sparql.cost`` bounds the cost of a query from its syntax tree and the statistics of the head. Where the bound was
wrong, a timer kills the process, and the HTTP server starts another.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Sequence

from kg.diff import Patch
from kg.domain import KgError
from kg.sparql import CHEAP, Statistics, bound
from kg.store import (
    MOST_APPLIED,
    Answer,
    CommitLog,
    Dataset,
    Engine,
    Query,
    Version,
    VirtualGraphNeeded,
    commits_since,
)

_LOG = logging.getLogger(__name__)
_MOST_APPLIED = 1000
"""Quads that a request may apply to catch up: about 20 ms. Beyond that a thread loads the head while workers answer."""
_LONGEST = 8 * 1024
"""Longest query, in characters, that is parsed here: a megabyte takes seconds under the lock and the GIL."""
_DEADLINE_SECONDS = 6.0
"""The timer that kills the process: a cheap query takes at most 20 ms.

The HTTP server gives up on a process that exits twice within 5.5 s."""
_MOST_COMMITS = 64
"""Commits that a request may read to catch up, at 0.2 ms each."""


class InProcessEvaluator:
    """The head in memory with its statistics; a second thread gets None instead of waiting."""

    def __init__(self, queried_graphs: tuple[str, ...]) -> None:
        """Load nothing yet."""
        self._queried_graphs = queried_graphs
        self._lock = threading.Lock()
        self._version: Version | None = None
        self._identity = ""  # of the loaded version: its file may have been replaced since
        self._engine: Engine | None = None
        self._statistics: Statistics | None = None
        self._applied = 0
        self._loading: Version | None = None

    def load(self, version: Version) -> None:
        """Load a version; the GIL is released meanwhile.

        :raises KgError: it cannot be checked out
        """
        identity = version.identity
        self.adopt(version, identity, Engine(Dataset.of(version.checkout(), self._queried_graphs)))

    def adopt(self, version: Version, identity: str, engine: Engine) -> None:
        """Take over a version that is already in memory."""
        statistics = Statistics.of(engine.dataset.store, is_merge=engine.dataset.is_merge)
        with self._lock:
            self._engine, self._statistics, self._version = engine, statistics, version
            self._identity, self._applied, self._loading = identity, 0, None

    def answer(self, version: Version, query: Query) -> Answer | None:
        """Answer a cheap query on the head; return None for any other.

        :raises KgError: what is wrong with the query
        """
        if query.dataset is not None or len(query.text) > _LONGEST or not self._lock.acquire(blocking=False):
            return None
        try:
            if version is not self._version and not self._catch_up(version):
                return None
            engine, statistics = self._engine, self._statistics
            if engine is None or statistics is None or bound(query.parsed, statistics) > CHEAP:
                return None
            signal.setitimer(signal.ITIMER_REAL, _DEADLINE_SECONDS)
            try:
                return engine.answer(query)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except VirtualGraphNeeded:
            return None
        except (Exception, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of the engine; a worker answers, or reports its exit
            _LOG.warning("The engine panicked: %s", error)
            return None
        finally:
            self._lock.release()

    def _catch_up(self, version: Version) -> bool:
        """Apply the commits since the loaded version if they are small; else load the new version in a thread."""
        loaded = self._version
        if loaded and loaded == version and self._identity == version.identity:
            self._version = version
            return True
        if loaded and version.number <= loaded.number:
            return False
        patches = self._changes(loaded, version) if loaded else None
        if patches is None or self._engine is None or self._statistics is None:
            if self._loading != version:
                self._loading = version
                threading.Thread(target=self._load_later, args=(version,), name="head", daemon=True).start()
            return False
        dataset, self._version = self._engine.dataset, None
        for patch in patches:
            self._statistics.changed(dataset.apply(patch))
        self._engine, self._version, self._identity = Engine(dataset), version, version.identity
        return True

    def _changes(self, loaded: Version, version: Version) -> Sequence[Patch] | None:
        """Return the changesets from the loaded version to a newer one, or None if they are many or large."""
        if version.number - loaded.number > _MOST_COMMITS:
            return None
        try:
            commits = commits_since(loaded.number, self._identity, version)
            changed = sum(commit.added + commit.removed for commit in commits)
            if not commits or changed > _MOST_APPLIED or self._applied > MOST_APPLIED:
                return None
            self._applied += changed
            return [CommitLog(version.path).patch(commit.number) for commit in commits]
        except KgError as error:
            _LOG.warning("The head cannot catch up: %s", error)
            return None

    def _load_later(self, version: Version) -> None:
        try:
            self.load(version)
        except KgError as error:
            _LOG.warning("Version %s was not loaded: %s", version.number, error)
            with self._lock:
                self._loading = None
