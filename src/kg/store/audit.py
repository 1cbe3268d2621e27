"""The audit record: a line for each use of a token, added to and never changed, bounded by rotation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from kg.store.durable import exclusive
from kg.store.tokens import Token

MOST_BYTES = 4 * 2**20
"""How large the file grows before it makes room: there are this one and the one before it."""
_LONGEST_PATH = 500


@dataclass(frozen=True)
class Use:
    """One use of a token: when (ISO 8601), whose, for which request, what it needed, and what came of it.

    ``version`` is the number of the version that it made, or None.
    """

    time: str
    token: str
    method: str
    path: str
    scope: str
    status: int
    version: int | None = None


class Audit:
    """The record of a store, in files that only their owner reads."""

    def __init__(self, store: Path, most_bytes: int = MOST_BYTES) -> None:
        """Name the store's directory; nothing is made before the first use."""
        self._file = store / "audit.jsonl"
        self._before = store / "audit.jsonl.1"
        self._most_bytes = most_bytes

    def add(self, use: Use) -> None:
        """Add a line, durably; a file that is full becomes the one before, and what was before it is given up.

        :raises OSError: it cannot be written
        """
        record = {**asdict(use), "path": use.path[:_LONGEST_PATH]}
        line = f"{json.dumps(record, ensure_ascii=False)}\n".encode("utf-8", "surrogateescape")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(self._file.with_name("audit.lock")):
            if self._file.exists() and self._file.stat().st_size + len(line) > self._most_bytes:
                self._file.replace(self._before)
            with os.fdopen(os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", 0) as file:
                end = file.seek(0, os.SEEK_END)
                is_whole = end == 0 or os.pread(file.fileno(), 1, end - 1) == b"\n"
                file.write(line if is_whole else b"\n" + line)
                os.fdatasync(file.fileno())

    def uses(self) -> Iterator[Use]:
        """Yield every use that is kept, the oldest first; a line that a crash cut short is left out."""
        for file in (self._before, self._file):
            try:
                lines = file.read_bytes().splitlines()
            except FileNotFoundError:
                continue
            for line in lines:
                try:
                    yield Use(**json.loads(line))
                except (ValueError, TypeError):
                    continue

    def last_uses(self, tokens: tuple[Token, ...]) -> Mapping[str, str]:
        """Return when each of these tokens was used last, by name, as far back as the record goes.

        A token that was revoked before one of the same name was made is another.
        """
        made = {token.name: token.created for token in tokens}
        found: dict[str, str] = {}
        for use in self.uses():
            if use.token in made and not _is_before(use.time, made[use.token]):
                found[use.token] = use.time
        return found


def _is_before(time: str, other: str) -> bool:
    """Tell whether a time was before another; what is no time is before nothing."""
    try:
        return datetime.fromisoformat(time) < datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False
