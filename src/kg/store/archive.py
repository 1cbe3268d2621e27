"""What lies on disk of each version: its record, its changes, and for some the triple store itself."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

from kg.errors import GoneError, Message, NotFoundError, StoreError
from kg.store.patches import Patch
from kg.store.records import Record

RECORD = "version.json"
CHANGES = "changes.rdfp.gz"
REPORT = "report.nt.gz"
TRIPLES = "oxigraph"
SUMS = "oxigraph.sha256"


class Archive:
    """The directory ``versions/``: ``000012/`` holds what there is of version 12."""

    def __init__(self, path: Path) -> None:
        """Name the directory; what is read of it once, and never changes, is kept."""
        self.path = path
        self._records: dict[int, tuple[int, Record]] = {}

    def directory(self, number: int) -> Path:
        """Return the directory of a version, there or not."""
        return self.path / f"{number:06}"

    def numbers(self, last: float = math.inf) -> tuple[int, ...]:
        """Return the numbers of all versions up to one, the oldest first."""
        found = (int(path.name) for path in self.path.glob("[0-9]*"))
        return tuple(sorted(number for number in found if number <= last))

    def is_full(self, number: int) -> bool:
        """Tell whether the version has its triple store."""
        return (self.directory(number) / TRIPLES).is_dir()

    def has_changes(self, number: int) -> bool:
        """Tell whether it is known what the version changed."""
        return (self.directory(number) / CHANGES).is_file()

    def size_of_changes(self, number: int) -> int:
        """Return how many bytes the file takes that says what the version changed.

        :raises OSError: there is none
        """
        return (self.directory(number) / CHANGES).stat().st_size

    def is_kept(self, number: int) -> bool:
        """Tell whether more than the record is kept."""
        return self.is_full(number) or self.has_changes(number)

    def record(self, number: int) -> Record:
        """Return what is remembered of a version.

        :raises NotFoundError: there never was such a version
        :raises StoreError: the record is damaged
        """
        path = self.directory(number) / RECORD
        try:
            stamp = path.stat().st_ino
            kept = self._records.get(number)
            if kept is None or kept[0] != stamp:
                kept = self._records[number] = (stamp, Record.from_bytes(path.read_bytes(), number))
        except FileNotFoundError:
            raise no_version(number) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise damaged(number, RECORD) from error
        return kept[1]

    def patch(self, number: int) -> Patch:
        """Return what a version changed.

        :raises NotFoundError: there never was such a version
        :raises GoneError: it was pruned
        :raises StoreError: the file is damaged
        """
        record = self.record(number)
        try:
            data = (self.directory(number) / CHANGES).read_bytes()
        except FileNotFoundError:
            raise gone(number) from None
        if hashlib.sha256(data).hexdigest() != record.files.get(CHANGES):
            raise damaged(number, CHANGES)
        return Patch.from_bytes(data)


def no_version(number: int) -> NotFoundError:
    """Return the error for a version that never was."""
    return NotFoundError(
        Message(ko=f"{number}번째 판이 없습니다.", en=f"There is no version {number}."),
        cure=Message(ko="있는 판의 번호를 쓰십시오(kg history).", en="Give the number of one that is (kg history)."),
    )


def gone(number: int) -> GoneError:
    """Return the error for a version of which only the record is kept."""
    return GoneError(
        Message(
            ko=f"{number}번째 판의 내용은 보관 기간이 지나 삭제되었습니다.",
            en=f"Version {number} was pruned: only its record is kept.",
        ),
        cure=Message(ko="보관 중인 판을 쓰십시오(kg history).", en="Ask for one that is kept (kg history)."),
    )


def damaged(number: int, name: str) -> StoreError:
    """Return the error for a file of a version that is not as it was written."""
    return StoreError(
        Message(
            ko=f"{number}번째 판의 파일이 손상되었습니다: {name}.",
            en=f"{name} of version {number} is damaged.",
        ),
        cure=Message(ko="백업에서 복원하십시오(kg restore-backup).", en="Restore a backup (kg restore-backup)."),
    )
