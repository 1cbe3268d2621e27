"""Telling the one who works on an answer that nobody waits for it any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Cancellation:
    """Set once, by the one who waits; what is to be done then is told by the one who works."""

    def __init__(self) -> None:
        """Begin with a client that waits."""
        self.is_set = False
        self._end: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def set(self) -> None:
        """Say that the client is gone; the work ends now."""
        with self._lock:
            self.is_set = True
            if self._end:
                self._end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """Name what ends the work of this block."""
        with self._lock:
            self._end = end
            if self.is_set:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._end = None
