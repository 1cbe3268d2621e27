"""Evaluation of cheap queries in the process that serves: no other process and no thread takes part.

What is cheap is decided by the syntax tree and the statistics of the head (``kg.sparql.cost``). Where that is wrong, a
timer ends the process: whoever started it starts another.
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
    quads_of,
)

_LOG = logging.getLogger(__name__)
_MOST_APPLIED = 1000
"""Quads that a request applies on its way; about 20 ms. More are loaded in a thread, while workers answer."""
_LONGEST = 8 * 1024
"""Characters of a text that is parsed here: the parser takes seconds for a megabyte, under the lock and the GIL."""
_DEADLINE_SECONDS = 6.0
"""When the process is ended: a cheap query takes at most some 20 ms, so this one was not.

The HTTP server gives up where a process ends twice within 5.5 s."""
_MOST_COMMITS = 64
"""Commits that a request reads on its way, at 0.2 ms each."""


class InProcessEvaluator:
    """The head in memory with its statistics; used by one thread at a time, the others are told to go elsewhere."""

    def __init__(self, queried_graphs: tuple[str, ...]) -> None:
        """Load nothing yet."""
        self._queried_graphs = queried_graphs
        self._lock = threading.Lock()
        self._version: Version | None = None
        self._identity = ""  # of the version as it was loaded: its file may be another by now
        self._engine: Engine | None = None
        self._statistics: Statistics | None = None
        self._applied = 0
        self._loading: Version | None = None

    def load(self, version: Version) -> None:
        """Load a version; other threads go on meanwhile.

        :raises KgError: it cannot be checked out
        """
        identity = version.identity
        self.adopt(version, identity, Engine(Dataset.of(version.checkout(), self._queried_graphs)))

    def adopt(self, version: Version, identity: str, engine: Engine) -> None:
        """Take a version that is in memory."""
        statistics = Statistics.of(engine.dataset.store, is_merge=engine.dataset.is_merge)
        with self._lock:
            self._engine, self._statistics, self._version = engine, statistics, version
            self._identity, self._applied, self._loading = identity, 0, None

    def answer(self, version: Version, query: Query) -> Answer | None:
        """Answer a query if it is cheap and asks the head; None otherwise.

        :raises KgError: what is wrong with the query
        """
        if query.dataset is not None or len(query.text) > _LONGEST or not self._lock.acquire(blocking=False):
            return None
        try:
            if version is not self._version and not self._catch_up(version):
                return None
            engine, statistics = self._engine, self._statistics
            if engine is None or statistics is None or bound(query.reading, statistics) > CHEAP:
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
        except BaseException as error:  # noqa: BLE001 - a panic of the engine; a worker answers, or says what it died of
            _LOG.warning("The engine panicked: %s", error)
            return None
        finally:
            self._lock.release()

    def _catch_up(self, version: Version) -> bool:
        """Apply the commits since the version in memory where they are small; else load the new one in a thread."""
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
            dataset.apply(patch)
            self._statistics.changed(dataset.stored(quads_of(patch.added)))
        self._engine, self._version, self._identity = Engine(dataset), version, version.identity
        return True

    def _changes(self, loaded: Version, version: Version) -> Sequence[Patch] | None:
        """Return the changesets from the version in memory to a newer one, where they are few and small."""
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
