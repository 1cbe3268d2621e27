"""A new edition of the page and what was changed by hand: shown, decided, committed; for the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from kg.build.build import Build
from kg.build.comparing import disputes_in_words, proposal_in_words
from kg.build.proposing import Proposal
from kg.build.publish import propose_build, publish
from kg.diff import Side
from kg.domain import Settings
from kg.locales import Message
from kg.rdf import Language
from kg.store import Signature


class Say(Protocol):
    """Prints lines."""

    def __call__(self, lines: Iterable[str], *, to_error: bool = False) -> None:
        """Print lines to standard output, or to standard error."""
        ...


@dataclass(frozen=True)
class Decision:
    """What the caller decided: whom to prefer where page and hand disagree, whether to commit; told in a language."""

    language: Language
    prefer: Side | None = None
    is_commit: bool = False


def look(made: Build, settings: Settings, decision: Decision, say: Say) -> int:
    """Say what a build would change; return 1 where it waits for a decision, else 0."""
    return _shown(propose_build(made, settings, decision.prefer), settings, decision, say)


def settle(made: Build, settings: Settings, signature: Signature, decision: Decision, say: Say) -> int:
    """Say what a build changes and make it the next version.

    Where changes were made by hand it is committed only when the caller says so; 1 where it waits for a decision.
    """
    proposal = propose_build(made, settings, decision.prefer)
    if _shown(proposal, settings, decision, say):
        return 1
    if proposal.has_changes_by_hand and not proposal.patch.is_empty and not decision.is_commit:
        say([f"kg: {Message('build.uncommitted').in_language(decision.language)}"], to_error=True)
        return 0
    version = publish(proposal, made.report, settings, signature)
    say([f"kg: version {version.number} in {settings.store}"])
    return 0


def unbuilt_in_words() -> Iterator[str]:
    """Yield why the server does not build by itself, and what to run."""
    for code, start in (("en", "kg: "), ("ko", "    ")):
        yield f"{start}{Message('build.unbuilt').in_language(code)}"
        yield f"    {Message('build.unbuilt_cure').in_language(code)}"


def _shown(proposal: Proposal, settings: Settings, decision: Decision, say: Say) -> int:
    language = decision.language
    say(proposal_in_words(proposal, settings, language))
    say(disputes_in_words(proposal, settings, language), to_error=True)
    if proposal.conflicts and not proposal.is_decided:
        undecided = Message("build.undecided", count=len(proposal.conflicts)).in_language(language)
        say([f"kg: {undecided}", f"    {Message('build.decide').in_language(language)}"], to_error=True)
        return 1
    if proposal.has_changes_by_hand and not proposal.conflicts and not proposal.patch.is_empty:
        say([Message("build.kept").in_language(language)])
    return 0
