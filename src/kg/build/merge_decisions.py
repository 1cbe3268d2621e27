"""Preview and commit of a build that is merged with manual changes, for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from kg.build.build import Build
from kg.build.change_reports import merge_conflicts_in_words, merge_in_words
from kg.build.commits import commit_build, merge_with_current
from kg.build.merging import BuildMerge
from kg.diff import Side
from kg.domain import Settings
from kg.rdf import Language, Phrase
from kg.store import CommitMetadata

_KEPT = Phrase("직접 수정한 내용은 유지됩니다.", "What was changed by hand is kept.", "手工修改的内容予以保留。")
_UNDECIDED = Phrase(
    "직접 수정한 내용과 새 페이지가 서로 다른 곳이 {n}건 있어 저장하지 않았습니다.",
    "Not committed: the changes made by hand and the new page disagree ({n} times).",
    "手工修改的内容与新页面有{n}处不一致，未保存。",
)
_DECIDE = Phrase(
    "새 페이지를 따르려면 --commit --prefer page를, 직접 수정한 내용을 따르려면 --commit --prefer hand를 지정하십시오.",
    "Run 'kg build' with --commit --prefer page to follow the page, with --commit --prefer hand to follow the hand.",
    "以新页面为准请指定 --commit --prefer page，以手工修改为准请指定 --commit --prefer hand。",
)
_UNCOMMITTED = Phrase(
    "직접 수정한 내용이 있어 저장하지 않았습니다. 위 변경을 저장하려면 kg build --commit을 실행하십시오.",
    "Not committed, for there are changes made by hand. To commit what is shown, run 'kg build --commit'.",
    "因存在手工修改的内容，尚未保存。如需保存上述变更，请运行 kg build --commit。",
)
_UNBUILT = (
    "kg: The page or the program has changed since the last build, but the current version holds changes made by hand.",
    "    It is served as it is. 'kg diff' shows what a build would change, 'kg build --commit' commits it.",
    "    마지막으로 만든 뒤 페이지나 프로그램이 바뀌었으나, 현재 판에 직접 수정한 내용이 있어 그대로 서비스합니다.",
    "    kg diff로 달라질 내용을 확인하고 kg build --commit으로 저장하십시오.",
)


class PrintLines(Protocol):
    """Prints lines."""

    def __call__(self, lines: Iterable[str], *, to_error: bool = False) -> None:
        """Print lines to standard output, or to standard error."""
        ...


@dataclass(frozen=True)
class MergeOptions:
    """Options of the caller: which side wins a conflict, whether to commit, and the language of the output."""

    language: Language
    prefer: Side | None = None
    is_commit: bool = False


def preview_build(made: Build, settings: Settings, options: MergeOptions, print_lines: PrintLines) -> int:
    """Print the changes of a build; return 1 if there are undecided conflicts, else 0."""
    return _report(merge_with_current(made, settings, options.prefer), settings, options, print_lines)


def merge_and_commit(
    made: Build, settings: Settings, metadata: CommitMetadata, options: MergeOptions, print_lines: PrintLines
) -> int:
    """Print the changes of a build and commit it.

    With manual changes it is committed only if the options say so. Return 1 if there are undecided conflicts, else 0.
    """
    merge = merge_with_current(made, settings, options.prefer)
    if _report(merge, settings, options, print_lines):
        return 1
    if merge.has_manual_changes and not merge.patch.is_empty and not options.is_commit:
        print_lines([f"kg: {_in(options.language, _UNCOMMITTED)}"], to_error=True)
        return 0
    version = commit_build(merge, made.report, settings, metadata)
    print_lines([f"kg: version {version.number} in {settings.store}"])
    return 0


def pending_build_in_words() -> Iterator[str]:
    """Yield the notice that the server did not commit a pending build, and what to run."""
    yield from _UNBUILT


def _report(merge: BuildMerge, settings: Settings, options: MergeOptions, print_lines: PrintLines) -> int:
    language = options.language
    print_lines(merge_in_words(merge, settings, language))
    print_lines(merge_conflicts_in_words(merge, settings, language), to_error=True)
    if merge.conflicts and not merge.is_decided:
        undecided = _in(language, _UNDECIDED).format(n=len(merge.conflicts))
        print_lines([f"kg: {undecided}", f"    {_in(language, _DECIDE)}"], to_error=True)
        return 1
    if merge.has_manual_changes and not merge.conflicts and not merge.patch.is_empty:
        print_lines([_in(language, _KEPT)])
    return 0


def _in(language: Language, phrase: Phrase) -> str:
    return str(getattr(phrase, language))
