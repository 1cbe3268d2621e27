"""The output of the last build, before manual changes: the base of the three-way merge with the next build."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.domain import StoreError
from kg.locales import Message
from kg.store.durable import replace_file

FOLDER = "editions"
_AGREED = "agreed"
_LEVEL = 6


@dataclass(frozen=True)
class Edition:
    """Sorted and compressed N-Quads; ``name`` is the SHA-256 of these bytes."""

    name: str
    content: bytes

    @classmethod
    def of(cls, lines: Iterable[str]) -> Edition:
        """Return the edition of these lines, independent of their order."""
        content = gzip.compress("".join(f"{line}\n" for line in sorted(lines)).encode(), _LEVEL, mtime=0)
        return cls(hashlib.sha256(content).hexdigest(), content)


class Editions:
    """The folder of a store with its editions."""

    def __init__(self, store: Path) -> None:
        """Take the directory of the store; read nothing yet."""
        self._folder = store / FOLDER

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.nq.gz"

    def keep(self, edition: Edition, *, beside: str = "") -> None:
        """Write an edition durably; keep the one named ``beside``, and remove the others."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._file(edition.name).is_file():
            replace_file(self._file(edition.name), edition.content)
        for path in self._folder.glob("*.nq.gz"):
            if path not in (self._file(edition.name), self._file(beside)):
                path.unlink(missing_ok=True)

    def supersede(self, version: int, edition: Edition) -> None:
        """Record that a later build changed nothing: its edition supersedes that of the version."""
        replace_file(self._folder / _AGREED, f"{version} {edition.name}\n".encode("ascii"))

    def superseding(self, version: int) -> str | None:
        """Return the name of the edition that supersedes the version's own, or None."""
        try:
            number, _, name = (self._folder / _AGREED).read_text("ascii").strip().partition(" ")
        except FileNotFoundError:
            return None
        return name if number == str(version) else None

    def damaged(self) -> Iterator[str]:
        """Yield the path, relative to the store, of each damaged edition."""
        for path in sorted(self._folder.glob("*.nq.gz")):
            try:
                self.lines(path.name.partition(".")[0])
            except StoreError:
                yield f"{FOLDER}/{path.name}"

    def lines(self, name: str) -> list[str] | None:
        """Return the lines of an edition, or None if it is not kept.

        :raises StoreError: the file is damaged
        """
        try:
            content = self._file(name).read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() != name:
            raise StoreError(
                Message("store.edition_damaged", file=self._file(name).name),
                cure=Message("store.restore_cure"),
            )
        return gzip.decompress(content).decode().split("\n")[:-1]
