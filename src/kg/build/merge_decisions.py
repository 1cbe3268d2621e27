"""Preview and commit of a build that is merged with manual changes, for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from kg.build.build import Build
from kg.build.change_reports import losses_in_words, merge_conflicts_in_words, merge_in_words
from kg.build.commits import commit_build, merge_with_current
from kg.build.merging import BuildMerge
from kg.build.registers import write_register
from kg.diff import Side
from kg.domain import Settings
from kg.locales import Message
from kg.rdf import Language
from kg.store import CommitMetadata


class PrintLines(Protocol):
    """Prints lines."""

    def __call__(self, lines: Iterable[str], *, to_error: bool = False) -> None:
        """Print lines to standard output, or to standard error."""
        ...


@dataclass(frozen=True)
class MergeOptions:
    """Options of the caller: which side wins a conflict, whether to commit, and the language of the output.

    ``accepts_loss`` is whether a build may remove cities, or leave more lines unread than before.
    """

    language: Language
    prefer: Side | None = None
    is_commit: bool = False
    accepts_loss: bool = False


def preview_build(made: Build, settings: Settings, options: MergeOptions, print_lines: PrintLines) -> int:
    """Print the changes of a build; return 1 if there are undecided conflicts or losses, else 0."""
    return _report(merge_with_current(made, settings, options.prefer), settings, options, print_lines)


def merge_and_commit(
    made: Build, settings: Settings, metadata: CommitMetadata, options: MergeOptions, print_lines: PrintLines
) -> int:
    """Print the changes of a build and commit it.

    With manual changes it is committed only if the options say so. Return 1 if there are undecided conflicts, or losses
    that the options do not accept, else 0.
    """
    merge = merge_with_current(made, settings, options.prefer)
    if _report(merge, settings, options, print_lines):
        return 1
    if merge.has_manual_changes and not merge.patch.is_empty and not options.is_commit:
        print_lines([f"kg: {Message('build.uncommitted').in_language(options.language)}"], to_error=True)
        return 0
    version = commit_build(merge, made.report, settings, metadata)
    write_register(made, settings)
    print_lines([f"kg: version {version.number} in {settings.store}"])
    return 0


def pending_build_in_words() -> Iterator[str]:
    """Yield the notice that the server did not commit a pending build, and what to run."""
    for code, start in (("en", "kg: "), ("ko", "    ")):
        yield f"{start}{Message('build.unbuilt').in_language(code)}"
        yield f"    {Message('build.unbuilt_cure').in_language(code)}"


def _report(merge: BuildMerge, settings: Settings, options: MergeOptions, print_lines: PrintLines) -> int:
    language = options.language
    print_lines(merge_in_words(merge, settings, language))
    print_lines(merge_conflicts_in_words(merge, settings, language), to_error=True)
    if merge.conflicts and not merge.is_decided:
        undecided = Message("build.undecided", count=len(merge.conflicts)).in_language(language)
        print_lines([f"kg: {undecided}", f"    {Message('build.decide').in_language(language)}"], to_error=True)
        return 1
    losses = () if options.accepts_loss else tuple(losses_in_words(merge, settings, language))
    if losses:
        cure = Message("build.loss_cure").in_language(language)
        print_lines([*(f"kg: {loss}" for loss in losses), f"    {cure}"], to_error=True)
        return 1
    if merge.has_manual_changes and not merge.conflicts and not merge.patch.is_empty:
        print_lines([Message("build.kept").in_language(language)])
    return 0
