"""Keeping versions compactly: older ones as changes alone, pruned ones as a record; what a policy says, done."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from kg.store.archive import CHANGES, REPORT, SUMS, TRIPLES, Archive
from kg.store.durable import remove_unheld
from kg.store.opening import rebuild
from kg.store.retention import Policy
from kg.store.soundness import put_triples

_LOOKED_BACK = 16


def fold(archive: Archive, numbers: Sequence[int], policy: Policy) -> None:
    """Fold what a commit has moved out of the versions that are full; what somebody has hold of waits."""
    last = numbers[-policy.keep_full - _LOOKED_BACK :]
    _fold(archive, last, policy.full(last))


def tidy(archive: Archive, numbers: Sequence[int], policy: Policy, pinned: Collection[int], now: datetime) -> None:
    """Fold and prune all that a policy says of these versions, the last of which is the current one.

    A version that stays is made whole first where it could not be any more without what is pruned.
    """
    pruned = policy.pruned([archive.record(number) for number in numbers], pinned, now)
    pruned.update(number for number in numbers if not archive.is_kept(number))
    kept = [number for number in numbers if number not in pruned]
    full = policy.full(kept)
    for run in _runs(archive, numbers, pruned):
        if full.isdisjoint(run):
            full.add(run[-1])
        if not any(archive.is_full(number) for number in run):
            make_full(archive, numbers, max(full.intersection(run)))
    for number in sorted(pruned):
        _prune(archive, number)
    _fold(archive, kept, full)


def _runs(archive: Archive, numbers: Sequence[int], pruned: Collection[int]) -> Iterator[list[int]]:
    """Yield the versions that stay, in runs within which one can be made from another by their changes."""
    run: list[int] = []
    for number in numbers:
        if run and (number in pruned or not archive.has_changes(number)):
            yield run
            run = []
        if number not in pruned:
            run.append(number)
    if run:
        yield run


def _fold(archive: Archive, numbers: Iterable[int], full: Collection[int]) -> None:
    for number in numbers:
        if number not in full and archive.is_full(number):
            _remove_triples(archive.directory(number))


def _remove_triples(directory: Path) -> bool:
    is_removed = remove_unheld(directory / TRIPLES)
    if is_removed:
        (directory / SUMS).unlink(missing_ok=True)
    return is_removed


def _prune(archive: Archive, number: int) -> None:
    directory = archive.directory(number)
    if archive.is_full(number) and not _remove_triples(directory):
        return
    for name in (REPORT, CHANGES):
        (directory / name).unlink(missing_ok=True)


def make_full(archive: Archive, numbers: Sequence[int], number: int) -> None:
    """Give a version its triple store back, durably."""
    directory = archive.directory(number)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=archive.path))
    try:
        rebuild(archive, numbers, number, fresh / TRIPLES)
        put_triples(fresh, directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
