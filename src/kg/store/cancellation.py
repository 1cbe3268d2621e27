"""Cancellation of a query whose client is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Cancellation:
    """A flag that the waiting side sets once, and the callback that the working side registers for it."""

    def __init__(self) -> None:
        """Start unset."""
        self.is_set = False
        self._end: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def set(self) -> None:
        """Set the flag, and call the registered callback."""
        with self._lock:
            self.is_set = True
            if self._end:
                self._end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """Register a callback that cancels the work of this block; call it at once if the flag is set."""
        with self._lock:
            self._end = end
            if self.is_set:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._end = None
