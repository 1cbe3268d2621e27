"""Commit info: number, time, author, message, kind and sizes of a commit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

RESTORED = "restored"
"""The fact with the number of the restored version."""

Kind = Literal["build", "update", "replace", "add", "remove", "restore"]
_BEFORE_DIGEST, _END = ', "digest": "', "}"


@dataclass(frozen=True)
class CommitMetadata:
    """Author, message, time (aware, UTC) and kind of a commit to be made, and further ``facts``."""

    author: str
    message: str
    time: datetime
    kind: Kind
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CommitInfo:
    """The immutable header of a commit.

    ``added`` and ``removed`` count quads, ``size`` the quads of the version, ``warnings`` the validation results that
    did not block the commit. ``files`` has the sha256 of the changeset and of the report, in hexadecimal digits.
    ``content`` is a digest of all quads and graph names. ``parent`` is the number of the parent version (0: none) and
    ``parent_digest`` the digest of its commit info: the log is a hash chain.
    """

    number: int
    time: datetime
    author: str
    message: str
    kind: Kind
    facts: Mapping[str, str]
    added: int
    removed: int
    warnings: int
    files: Mapping[str, str]
    content: str = ""
    size: int = 0
    parent: int = 0
    parent_digest: str = ""

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the commit info; unique across stores."""
        return _digest(self._written())

    def to_line(self) -> bytes:
        """Serialize it as one line of JSON that ends with its digest."""
        return f"{_json({**self._written(), 'digest': self.digest})}\n".encode()

    def _written(self) -> dict[str, Any]:
        fields = {name: value for name, value in vars(self).items() if name != "digest"}
        written = {**fields, "time": self.time.astimezone(UTC).isoformat()}
        return written | {name: dict(sorted(written[name].items())) for name in ("facts", "files")}

    @classmethod
    def from_line(cls, line: bytes) -> CommitInfo:
        """Parse what ``to_line`` writes.

        :raises ValueError: the digest does not match
        """
        text = line.decode()
        written, _, digest = text.rpartition(_BEFORE_DIGEST)
        if f'{_sha256(f"{written}{_END}")}"{_END}\n' != digest:
            raise ValueError("the digest of the record does not match")
        read: dict[str, Any] = json.loads(text)
        del read["digest"]
        return cls(**{**read, "time": datetime.fromisoformat(read["time"])})


def _json(written: dict[str, Any]) -> str:
    return json.dumps(written, ensure_ascii=False)


def _digest(written: dict[str, Any]) -> str:
    return _sha256(_json(written))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
