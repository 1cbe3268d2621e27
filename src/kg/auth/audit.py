"""The audit log: an append-only, rotated file with a line for each use of a token and each refusal."""

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
"""Size at which the file is rotated; one rotated file is kept."""
_LONGEST_PATH = 500
"""Longer paths are cut: a refused request must not fill the log."""


@dataclass(frozen=True)
class Use:
    """One use of a token: time (ISO 8601), name of the token, request, required scope, and status.

    ``token`` is empty for a request refused without a known token. ``version`` is the number of the version that the
    request committed, or None; ``client`` is the client's address.
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
    """The audit log of a store, in files that only their owner can read.

    Requests without a known token are logged to files of their own, so that they cannot rotate uses away.
    """

    def __init__(self, store: Path, most_bytes: int = MOST_BYTES) -> None:
        """Take the store's directory; the first use creates the file."""
        self._used = store / "audit.jsonl"
        self._refused = store / "audit-refused.jsonl"
        self._most_bytes = most_bytes

    def add(self, use: Use) -> None:
        """Append a line, durably for a use; rotate a full file.

        :raises OSError: the file cannot be written
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
        """Yield all logged uses and refusals, oldest first; skip lines truncated by a crash."""
        return merge(_uses(self._used), _uses(self._refused), key=attrgetter("time"))

    def last_uses(self, tokens: tuple[AccessToken, ...]) -> Mapping[str, str]:
        """Return the last use of each of these tokens, by name, as far back as the log goes.

        Uses of a revoked token of the same name are ignored.
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
    """Return whether a time is before another; False if either is malformed."""
    try:
        return datetime.fromisoformat(time) < datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False
