"""Keeping versions compactly: older ones as changes alone, pruned ones as a record; what a policy says, done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from kg.store.archive import CHANGES, REPORT, SUMS, TRIPLES, Archive
from kg.store.dense import write_densely
from kg.store.durable import fresh_directory, is_unheld, remove_unheld, unheld
from kg.store.opening import rebuild
from kg.store.retention import Policy
from kg.store.soundness import put_triples

_LOOKED_BACK = 16
_MOST_WRITTEN = 1000
"""How far the files of a triple store are numbered that is written in one go and then changed a few times."""
_MOST_BYTES = 64 * 2**20


def fold(archive: Archive, numbers: Sequence[int], policy: Policy, waiting: Collection[int] = ()) -> set[int]:
    """Fold what a commit has moved out of the versions that are full, and what waited for that.

    Returns the numbers of what waits, for somebody has hold of it.
    """
    looked_at = sorted({*waiting, *numbers[-policy.keep_full - _LOOKED_BACK :]})
    full = policy.full(looked_at)
    worn = [number for number in full.difference(numbers[-policy.keep_full :]) if is_worn(archive, number)]
    held = {number for number in worn if not make_dense(archive, number)}
    return held | _fold(archive, looked_at, full)


def tidy(archive: Archive, numbers: Sequence[int], policy: Policy, pinned: Collection[int], now: datetime) -> None:
    """Fold and prune all that a policy says of these versions, the last of which is the current one.

    A version that stays is made whole first where it could not be any more without what is pruned.
    """
    pruned = policy.pruned([archive.record(number) for number in numbers], pinned, now) if policy.prunes else set()
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


def is_worn(archive: Archive, number: int) -> bool:
    """Tell whether a version's triple store is what many changes left, and not too large to be written anew."""
    files = list((archive.directory(number) / TRIPLES).glob("*.sst"))
    most_written = max((int(path.stem) for path in files), default=0)
    return most_written > _MOST_WRITTEN and sum(path.stat().st_size for path in files) <= _MOST_BYTES


def make_dense(archive: Archive, number: int) -> bool:
    """Write a version's triple store anew, which takes half the room then; False where somebody has hold of it."""
    directory = archive.directory(number)
    if not is_unheld(directory / TRIPLES):
        return False
    with fresh_directory(archive.path) as fresh:
        write_densely(directory / TRIPLES, fresh / TRIPLES)
        with unheld(directory / TRIPLES) as is_free:
            if is_free:
                put_triples(fresh, directory)
            return is_free


def _fold(archive: Archive, numbers: Iterable[int], full: Collection[int]) -> set[int]:
    doomed = [number for number in numbers if number not in full and archive.is_full(number)]
    return {number for number in doomed if not _remove_triples(archive.directory(number))}


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
    with fresh_directory(archive.path) as fresh:
        rebuild(archive, numbers, number, fresh / TRIPLES)
        put_triples(fresh, archive.directory(number))
