"""What the store holds, compared with what clients asked for and were told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crash.clients import Attempt, Writer
from kg.diff import Patch
from kg.store import Store


class Ledger:
    """The versions one after the other: each is one attempt of one client, all of it and nothing else."""

    def __init__(self, store: Store, writers: list[Writer]) -> None:
        """Begin with the current version, before which nothing is checked."""
        self._store = store
        current = store.require_current()
        self.last = self.first = current.number
        self.content = set(current.content().quads)
        self._writers = {writer.name: writer for writer in writers}
        self._settled = dict.fromkeys(self._writers, 0)
        self._graphs: dict[str, frozenset[str]] = {}

    def check(self) -> None:
        """See that no acknowledged commit is lost, no other half there, and each new version holds what it says."""
        numbers = [commit.number for commit in self._store.commits()]
        assert numbers == list(range(1, len(numbers) + 1)), "there is a gap"
        for number in numbers[self.last :]:
            self._check_version(number)
            self.last = number
        for writer in self._writers.values():
            left = writer.attempts[self._settled[writer.name] :]
            lost = [attempt for attempt in left if attempt.outcome == "acknowledged"]
            assert lost == [], f"acknowledged and lost: {lost}"
            self._settled[writer.name] = len(writer.attempts)

    def check_again(self, number: int) -> None:
        """See that an earlier version holds what the one now does, less what changed since."""
        patch = Patch.composed(self._store.patch(later).inverse() for later in range(self.last, number, -1))
        assert self._held(number) == (self.content - set(patch.removed)) | set(patch.added)

    def check_all_again(self) -> None:
        """See that of every version, from the last one back to the first."""
        content = set(self.content)
        for number in range(self.last, self.first - 1, -1):
            assert self._held(number) == content, f"version {number}"
            patch = self._store.patch(number)
            content = (content - set(patch.added)) | set(patch.removed)

    def _held(self, number: int) -> set[str]:
        return set(self._store.version(number).content().quads)

    def _check_version(self, number: int) -> None:
        commit_info, patch = self._store.log.commit_info(number), self._store.patch(number)
        assert (commit_info.added, commit_info.removed) == (len(patch.added), len(patch.removed))
        writer = self._writers[commit_info.author]
        found = next(self._fitting(writer, patch), None)
        assert found is not None, f"version {number} of {commit_info.author} is no attempt, or half of one: {patch}"
        self._settled[writer.name] = found + 1
        self._take(writer, writer.attempts[found])
        assert self.content.issuperset(patch.removed)
        assert self.content.isdisjoint(patch.added)
        self.content.difference_update(patch.removed)
        self.content.update(patch.added)
        assert self._held(number) == self.content, f"version {number} does not hold what its changes say"

    def _fitting(self, writer: Writer, patch: Patch) -> Iterator[int]:
        """Yield the attempts that a version can be: the next that was acknowledged, else an unknown one before it."""
        unknown = []
        for place in range(self._settled[writer.name], len(writer.attempts)):
            attempt = writer.attempts[place]
            fits = attempt.outcome != "refused" and patch == self._expected(writer, attempt)
            if fits and attempt.outcome == "acknowledged":
                yield place
            elif fits:
                unknown.append(place)
            if attempt.outcome == "acknowledged":
                break
        yield from unknown

    def _expected(self, writer: Writer, attempt: Attempt) -> Patch | None:
        there = self._graphs.get(writer.name)
        if attempt.kind == "enter":
            return Patch.of(attempt.added)
        if attempt.kind == "put":
            return Patch.of(attempt.added, there or (), created=(writer.graph,) if there is None else ())
        if attempt.kind == "delete" and there is not None:
            return Patch.of((), there, dropped=(writer.graph,))
        return None

    def _take(self, writer: Writer, attempt: Attempt) -> None:
        if attempt.kind == "put":
            self._graphs[writer.name] = attempt.added
        elif attempt.kind == "delete":
            del self._graphs[writer.name]

    @property
    def graphs(self) -> Mapping[str, frozenset[str]]:
        """What stands in the graph of each writer that has one."""
        return self._graphs
