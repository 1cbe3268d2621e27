"""What is remembered of a version: its number, when and by whom it was made, why, and what it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

RESTORED = "restored"
"""The fact of a record that names the version whose content it has again."""

Kind = Literal["build", "update", "replace", "add", "remove", "restore"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE_DIGEST, _END = ',\n "digest": "', "\n}"


@dataclass(frozen=True)
class Signature:
    """Who changes the graph, when (aware, UTC), by what kind of change, and why; ``facts`` says more of it."""

    author: str
    message: str
    time: datetime
    kind: Kind
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """One version as it is remembered.

    ``added`` and ``removed`` count quads, ``warnings`` what the gate let through. ``files`` has the sha256 of each file
    beside the record and the triple store, by name, in hexadecimal digits. ``content`` is one digest of all quads and
    graph names.
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

    def to_bytes(self) -> bytes:
        """Write it as JSON."""
        written = {**vars(self), "time": self.time.astimezone(UTC).isoformat()}
        written |= {name: dict(sorted(written[name].items())) for name in ("facts", "files")}
        return f"{_json({**written, 'digest': _digest(written)})}\n".encode()

    @classmethod
    def from_bytes(cls, data: bytes, number: int) -> Record:
        """Read it back; what the records of the first program lack is left empty.

        Raise ``ValueError`` where it is none.
        """
        text = data.decode()
        read: dict[str, Any] = json.loads(text)
        is_first = "number" not in read
        if not is_first and not _is_as_written(text):
            raise ValueError("the record is not as it was written")
        facts = read["facts"]
        return cls(
            number=number,
            time=_EPOCH if is_first else datetime.fromisoformat(read["time"]),
            author=facts.get("by", "") if is_first else read["author"],
            message=read.get("message", ""),
            kind=read.get("kind", "build" if "digest" in facts else "update"),
            facts=facts,
            added=read.get("added", 0),
            removed=read.get("removed", 0),
            warnings=read.get("warnings", 0),
            files={} if is_first else read["files"],
            content=read.get("content", ""),
        )


def _json(written: dict[str, Any]) -> str:
    return json.dumps(written, ensure_ascii=False, indent=1)


def _is_as_written(text: str) -> bool:
    """Tell whether a record has the digest of what stands before it; nothing is written anew to find out."""
    written, _, digest = text.rpartition(_BEFORE_DIGEST)
    return f'{hashlib.sha256(f"{written}{_END}".encode()).hexdigest()}"{_END}\n' == digest


def _digest(written: dict[str, Any]) -> str:
    return hashlib.sha256(_json(written).encode()).hexdigest()
