"""A build beside the current version: what it would change, and what is made of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.build.merging import BuildMerge, commit_merge, has_manual_changes, merge_build
from kg.diff.changesets import Patch
from kg.diff.three_way_merge import Side
from kg.domain.errors import NonconformingError, PreconditionError, StoreError, UndecidedError
from kg.domain.iris import Iris
from kg.locales import Text
from kg.store import EvaluatedChange, LocalEvaluator, Policy, Store, Version
from kg.store.changes import Change
from kg.store.commit_info import CommitMetadata
from kg.store.editions import FOLDER
from signing import SIGNATURE, patching

REFUSED = Text({"ko": "거절", "en": "refused"})
IRIS = Iris("https://kg.seocho.example/")
BUILD = replace(SIGNATURE, kind="build")
UPDATE = replace(SIGNATURE, kind="update")
ACCEPTING = LocalEvaluator().change


def quad(subject: str, term: str, value: str) -> str:
    """Write a quad of the page."""
    base = IRIS.base
    return f'<{base}id/{subject}> <{base}ontology#{term}> "{value}" <{base}graphs/page> .'


def document(*lines: str) -> bytes:
    """Write N-Quads."""
    return "".join(f"{line}\n" for line in lines).encode()


OLD, NEW, MINE = (quad("a", "value", value) for value in ("old", "new", "mine"))
OTHER, REMARK = quad("b", "value", "b"), quad("b", "remark", "by hand")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a store of one build."""
    store = Store(tmp_path / "store")
    build(store, OLD, OTHER)
    return store


def build(store: Store, *lines: str, prefer: Side | None = None, metadata: CommitMetadata = BUILD) -> Version:
    """Commit a build of these quads."""
    return commit_merge(merge_build(document(*lines), store, IRIS, prefer), store, metadata, ACCEPTING)


def by_hand(store: Store, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> Version:
    """Commit a change by hand."""
    return store.commit(patching(Patch.of(added, removed)), UPDATE)


def content(store: Store) -> set[str]:
    """Return what the current version holds."""
    return set(store.require_current().content().quads)


def test_the_same_build_twice_makes_one_version(store: Store) -> None:
    """A build that changes nothing is no version, with changes made by hand or without."""
    assert build(store, OLD, OTHER).number == 1
    by_hand(store, added=(REMARK,))
    assert build(store, OLD, OTHER).number == 2
    assert content(store) == {OLD, OTHER, REMARK}


def test_a_change_by_hand_outlives_many_builds(store: Store) -> None:
    """What was added and removed by hand stays so over one build after another, and over a restart."""
    by_hand(store, added=(REMARK,), removed=(OTHER,))
    assert has_manual_changes(store)
    for value in ("1", "2", "3"):
        merge = merge_build(document(quad("a", "value", value), OTHER), Store(store.path), IRIS)
        assert merge.has_manual_changes
        commit_merge(merge, store, BUILD, ACCEPTING)
        assert content(store) == {quad("a", "value", value), REMARK}
        assert has_manual_changes(store)


def test_what_was_taken_back_by_hand_is_no_change(store: Store) -> None:
    """A change and its undoing leave what the build made: nothing waits for anybody."""
    by_hand(store, added=(REMARK,))
    by_hand(store, removed=(REMARK,))
    assert not has_manual_changes(store)
    assert not merge_build(document(NEW, OTHER), store, IRIS).has_manual_changes


@pytest.mark.parametrize(("prefer", "expected"), [("page", NEW), ("hand", MINE)])
def test_a_conflict_is_for_the_caller_to_decide(store: Store, prefer: Side, expected: str) -> None:
    """Undecided, nothing is written; decided, it stays decided in the next build."""
    by_hand(store, added=(MINE,), removed=(OLD,))
    with pytest.raises(UndecidedError):
        build(store, NEW, OTHER)
    assert content(store) == {MINE, OTHER}
    build(store, NEW, OTHER, prefer=prefer)
    assert content(store) == {expected, OTHER}
    build(store, NEW, OTHER, quad("c", "value", "c"))
    assert content(store) == {expected, OTHER, quad("c", "value", "c")}


def test_an_empty_graph_made_by_hand_stays(store: Store) -> None:
    """A graph that was created and holds nothing yet is a change by hand too."""
    store.commit(patching(Patch(created=("http://example.org/g",))), UPDATE)
    build(store, NEW, OTHER)
    assert "http://example.org/g" not in store.patch(3).dropped


def test_the_last_build_is_known_though_pruned(tmp_path: Path) -> None:
    """However few versions are kept, what the page said and what was changed by hand are told apart."""
    store = Store(tmp_path / "store", Policy(keep_versions=1))
    build(store, OLD, OTHER)
    for value in range(5):
        by_hand(store, added=(quad("b", "remark", str(value)),))
    build(store, NEW, OTHER)
    assert content(store) == {NEW, OTHER, *(quad("b", "remark", str(value)) for value in range(5))}
    assert len(list((store.path / FOLDER).iterdir())) <= 2


def test_without_the_last_edition_nothing_is_guessed(store: Store) -> None:
    """Where the file of the last build is lost and its version holds changes by hand, the build is refused."""
    by_hand(store, added=(REMARK,))
    build(store, NEW, OTHER)
    for path in (store.path / FOLDER).iterdir():
        path.unlink()
    with pytest.raises(StoreError):
        merge_build(document(OLD, OTHER), store, IRIS)


def test_a_version_that_came_meanwhile_is_not_overwritten(store: Store) -> None:
    """What was proposed for one version is not committed on another."""
    merge = merge_build(document(NEW, OTHER), store, IRIS)
    by_hand(store, added=(REMARK,))
    with pytest.raises(PreconditionError):
        commit_merge(merge, store, BUILD, ACCEPTING)
    assert content(store) == {OLD, OTHER, REMARK}


def test_the_page_and_the_hand_are_evaluated_together(store: Store) -> None:
    """What the commit evaluates is the changeset to both, and what it refuses is not committed."""
    by_hand(store, added=(REMARK,))
    merge: BuildMerge = merge_build(document(NEW, OTHER), store, IRIS)
    assert merge.has_manual_changes
    asked: list[Change] = []

    def refuse(base: Version | None, change: Change) -> EvaluatedChange:
        assert base == merge.base
        asked.append(change)
        raise NonconformingError(REFUSED, cure=REFUSED)

    with pytest.raises(NonconformingError):
        commit_merge(merge, store, BUILD, refuse)
    assert [(change.kind, Patch.from_text(change.text)) for change in asked] == [("patch", Patch.of([NEW], [OLD]))]
    assert content(store) == {OLD, OTHER, REMARK}
    assert commit_merge(merge, store, BUILD, ACCEPTING).number == 3
    assert content(store) == {NEW, OTHER, REMARK}


def test_graphs_come_and_go_with_their_quads(store: Store) -> None:
    """A graph that a build fills is created, one that it empties is dropped."""
    page = f"{IRIS.base}graphs/page"
    elsewhere = OTHER.replace("graphs/page", "graphs/elsewhere")
    assert store.patch(1).created == (page,)
    build(store, elsewhere)
    assert (store.patch(2).created, store.patch(2).dropped) == ((f"{IRIS.base}graphs/elsewhere",), (page,))


def test_a_backup_knows_whose_change_was_whose(store: Store, tmp_path: Path) -> None:
    """In a store made from a backup, the next build finds the changes made by hand."""
    by_hand(store, added=(REMARK,))
    build(store, NEW, OTHER)
    store.backup(tmp_path / "backup.tar")
    restore_version = Store(tmp_path / "restored")
    restore_version.restore_backup(tmp_path / "backup.tar")
    build(restore_version, OLD, OTHER)
    assert content(restore_version) == {OLD, OTHER, REMARK}
