"""The access log: one line of JSON for each request, without query strings, bodies or header fields."""

from __future__ import annotations

import itertools
import json
import os
import re
import secrets
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

OFF, STDERR = "off", "stderr"
_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}\Z")
_LONGEST_PATH = 500
_MOST_WAITING = 100_000
"""Most buffered lines while standard error or the disk blocks: about 30 MB; later lines are dropped."""
_FLUSH_SECONDS = 0.25
_STOP_SECONDS = 1


class AccessLog:
    """Writes entries to a file or standard error from a thread, so that no request waits for the disk."""

    def __init__(self, target: str) -> None:
        """Take ``off``, ``stderr`` or the path of a file, which is reopened for each write, for log rotation."""
        self.is_on = target != OFF
        self._path = None if target in (OFF, STDERR) else Path(target)
        self._waiting: deque[str] = deque()
        self._second = (-1, "")
        self._dropped = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        if self.is_on:
            self._thread.start()

    def add(  # noqa: PLR0913, PLR0917 - an object of them costs more than the line
        self, began: float, request_id: str, client: str, method: str, path: str, status: int, length: int
    ) -> None:
        """Log a request that began at a time (seconds since 1970) and is answered now.

        The line is dropped, and counted, if the buffer is full.
        """
        if len(self._waiting) >= _MOST_WAITING:
            self._dropped += 1
            return
        second = int(began)
        if second != self._second[0]:
            self._second = (second, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)))
        stamp, milliseconds, elapsed = self._second[1], int((began - second) * 1000), (time.time() - began) * 1000
        self._waiting.append(
            f'{{"time": "{stamp}.{milliseconds:03}Z", "request_id": "{request_id}", "client": "{client}", '
            f'{_asked(method, path)}, "status": {status}, "bytes": {length}, "ms": {elapsed:.3f}}}\n'
        )

    def close(self) -> None:
        """Write the buffered lines."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stop.wait(_FLUSH_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if self._dropped:
            lines.append(f'{{"dropped": {self._dropped}}}\n')
            self._dropped = 0
        if lines:
            with suppress(
                OSError, ValueError
            ):  # nobody listens, or the disk is full: requests are answered all the same
                self._write("".join(lines))

    def _write(self, text: str) -> None:
        if self._path is None:
            sys.stderr.write(text)
            sys.stderr.flush()
            return
        with os.fdopen(
            os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640), "w", encoding="utf-8"
        ) as file:
            file.write(text)


@lru_cache(maxsize=1024)
def _asked(method: str, path: str) -> str:
    return f'"method": {json.dumps(method)}, "path": {json.dumps(path[:_LONGEST_PATH])}'


class RequestIds:
    """Assigns request ids: the client's ``X-Request-Id`` if it is safe in a header and a log, else a new one."""

    def __init__(self) -> None:
        """Start with an id that is unique to the process."""
        self._start = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def of(self, given: str | None) -> str:
        """Return the id of a request.

        >>> RequestIds().of("3f2a-77")
        '3f2a-77'
        """
        return given if given and _SANE_ID.match(given) else f"{self._start}-{next(self._numbers)}"
