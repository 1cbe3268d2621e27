"""The audit record: a line for each use of a token and each refusal, added to and never changed, rotated."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from heapq import merge
from operator import attrgetter
from pathlib import Path

from kg.auth.tokens import AccessToken
from kg.store import exclusive_lock

MOST_BYTES = 4 * 2**20
"""How large the file grows before it makes room: there are this one and the one before it."""
_LONGEST_PATH = 500


@dataclass(frozen=True)
class Use:
    """One use of a token: when (ISO 8601), whose, for which request, what it needed, and what came of it.

    ``token`` is empty where a request was refused because it had no known token. ``version`` is the number of the
    version that it made, or None; ``client`` is the address that it came from.
    """

    time: str
    token: str
    method: str
    path: str
    scope: str
    status: int
    version: int | None = None
    client: str = ""


class Audit:
    """The record of a store, in files that only their owner reads.

    Requests without a known token have files of their own: however many strangers send, they rotate no use away.
    """

    def __init__(self, store: Path, most_bytes: int = MOST_BYTES) -> None:
        """Name the store's directory; nothing is made before the first use."""
        self._used = store / "audit.jsonl"
        self._refused = store / "audit-refused.jsonl"
        self._most_bytes = most_bytes

    def add(self, use: Use) -> None:
        """Add a line, durably for a use; a file that is full becomes the one before, replacing the former one.

        :raises OSError: it cannot be written
        """
        path = self._used if use.token else self._refused
        record = {**asdict(use), "path": use.path[:_LONGEST_PATH]}
        line = f"{json.dumps(record, ensure_ascii=False)}\n".encode("utf-8", "surrogateescape")
        path.parent.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(path.with_name("audit.lock")):
            if path.exists() and path.stat().st_size + len(line) > self._most_bytes:
                path.replace(_rotated(path))
            with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", 0) as file:
                end = file.seek(0, os.SEEK_END)
                is_whole = end == 0 or os.pread(file.fileno(), 1, end - 1) == b"\n"
                file.write(line if is_whole else b"\n" + line)
                if use.token:
                    os.fdatasync(file.fileno())

    def uses(self) -> Iterator[Use]:
        """Yield every use and refusal that is kept, the oldest first; a line that a crash cut short is left out."""
        return merge(_uses(self._used), _uses(self._refused), key=attrgetter("time"))

    def last_uses(self, tokens: tuple[AccessToken, ...]) -> Mapping[str, str]:
        """Return when each of these tokens was used last, by name, as far back as the record goes.

        A token that was revoked before one of the same name was made is another.
        """
        made = {token.name: token.created for token in tokens}
        found: dict[str, str] = {}
        for use in self.uses():
            if use.token in made and not _is_before(use.time, made[use.token]):
                found[use.token] = use.time
        return found


def _rotated(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")


def _uses(path: Path) -> Iterator[Use]:
    for file in (_rotated(path), path):
        try:
            lines = file.read_bytes().splitlines()
        except FileNotFoundError:
            continue
        for line in lines:
            try:
                yield Use(**json.loads(line))
            except (ValueError, TypeError):
                continue


def _is_before(time: str, other: str) -> bool:
    """Tell whether a time was before another; what is no time is before nothing."""
    try:
        return datetime.fromisoformat(time) < datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False
