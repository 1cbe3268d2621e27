"""The directory of a version: written, or moved out of the way."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from kg.store.archive import CHANGES, RECORD, REPORT, Archive
from kg.store.checksums import seal
from kg.store.durable import sync
from kg.store.patches import Patch
from kg.store.records import Record

BACKUP = ".backup-"
"""What a backup is gathered in, with the number of its process after it."""


def write(fresh: Path, record: Record, patch: Patch, report: bytes, base: Path | None) -> None:
    """Write all that a version has beside its triple store; ``base`` is the directory of the one before."""
    files = {CHANGES: patch.to_bytes()} | ({REPORT: report} if report else {})
    for name, content in files.items():
        (fresh / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (fresh / RECORD).write_bytes(replace(record, files=digests).to_bytes())
    seal(fresh, base)


def sweep(archive: Archive, current: int) -> None:
    """Remove what a crash left behind: half-made versions, and finished ones that never became current."""
    for abandoned in archive.path.glob(".new-*"):
        shutil.rmtree(abandoned)
    for path in archive.path.glob("[0-9]*"):
        if int(path.name) > current:
            shutil.rmtree(path)


def sweep_deeply(store: Path, archive: Archive) -> None:
    """Remove what a crash left behind within the versions, and of a backup whose process is gone."""
    for abandoned in archive.path.glob("*/.old-*"):
        shutil.rmtree(abandoned)
    for abandoned in store.glob(f"{BACKUP}*"):
        if not Path("/proc", abandoned.name.removeprefix(BACKUP)).exists():
            shutil.rmtree(abandoned)


def set_aside(archive: Archive, number: int, damaged: Path) -> None:
    """Move a version that is damaged out of the way."""
    damaged.mkdir(exist_ok=True)
    archive.directory(number).rename(damaged / f"{number:06}")
    sync(damaged)
    sync(archive.path)
