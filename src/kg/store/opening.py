"""Making a version whole again that is kept as changes: the nearest full version, changed back or forth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph

from kg.errors import KgError
from kg.store.archive import TRIPLES, Archive, damaged, gone
from kg.store.contents import apply, clone
from kg.store.durable import fresh_directory, is_unheld, remove_unheld
from kg.store.patches import Patch

_MOST_OPENED = 8


def make_whole(archive: Archive, numbers: Sequence[int], number: int, opened: Path) -> Path:
    """Return the triple store of a version that has none of its own, made in the directory ``opened``.

    :raises GoneError: it can be reached from no full version
    :raises StoreError: the changes on the way are damaged
    """
    target = opened / f"{number:06}"
    if not target.is_dir():
        _make_room(opened)
        opened.mkdir(exist_ok=True)
        with fresh_directory(opened) as fresh:
            rebuild(archive, numbers, number, fresh / TRIPLES)
            _put_in_place(fresh, target)
    return target / TRIPLES


def _make_room(opened: Path) -> None:
    """Remove what was opened longest ago, unless somebody has hold of it."""
    there = sorted(opened.glob("[0-9]*"), key=lambda path: path.stat().st_mtime_ns)
    for path in there[: max(len(there) - _MOST_OPENED + 1, 0)]:
        if is_unheld(path / TRIPLES):
            remove_unheld(path)


def clear(opened: Path) -> None:
    """Remove every version that was made whole for a while and that nobody has hold of."""
    for path in opened.glob("*"):
        if is_unheld(path / TRIPLES):
            remove_unheld(path)


def rebuild(
    archive: Archive,
    numbers: Sequence[int],
    number: int,
    target: Path,
    is_sound: Callable[[int], bool] = lambda _number: True,
) -> None:
    """Make the triple store of a version from the nearest full version whose way to it is undamaged.

    Its changes are in the log of the engine, not yet in its files: who opens it reads them there.
    """
    failure: KgError = gone(number)
    for start, steps in sorted(_ways(archive, numbers, number), key=lambda way: len(way[1])):
        try:
            if not is_sound(start):
                raise damaged(start, TRIPLES)
            patch = _along(archive, steps)
        except KgError as error:
            failure = error
            continue
        clone(archive.directory(start) / TRIPLES, target)
        apply(pyoxigraph.Store(target), patch)
        return
    raise failure


def _ways(archive: Archive, numbers: Sequence[int], number: int) -> Iterator[tuple[int, list[int]]]:
    """Yield full versions with the versions whose changes lead from there: negative ones are to be taken back."""
    place = numbers.index(number)
    back: list[int] = []
    for later in numbers[place + 1 :]:
        back.insert(0, -later)
        if archive.is_full(later):
            yield later, list(back)
            break
    forth = [number]
    for earlier in reversed(numbers[:place]):
        if archive.is_full(earlier):
            yield earlier, list(forth)
            break
        forth.insert(0, earlier)


def _along(archive: Archive, steps: Iterable[int]) -> Patch:
    return Patch.in_turn(archive.patch(step) if step > 0 else archive.patch(-step).inverse() for step in steps)


def _put_in_place(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:
        if not target.is_dir():  # another process made it meanwhile
            raise
