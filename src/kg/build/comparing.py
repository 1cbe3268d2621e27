"""Two versions compared, or a build and the current version: in words, line by line, for the command."""

from __future__ import annotations

from collections.abc import Iterator

from kg.build.proposing import Proposal
from kg.diff import Content, Patch, conflicts_in_words, difference, sentences
from kg.domain import Iris, RequestError, Settings
from kg.locales import Message
from kg.rdf import Index, Language, Sides
from kg.store import Inspection, Store

_MOST_VERSIONS = 2


def language_of(locale: str) -> Language:
    """Return the language of a locale: Korean, Chinese, or else English.

    >>> language_of("ko_KR.UTF-8")
    'ko'
    """
    return "ko" if locale.startswith("ko") else "zh" if locale.startswith("zh") else "en"


def versions_in_words(store: Store, numbers: tuple[int, ...], settings: Settings, language: Language) -> Iterator[str]:
    """Yield what changed from one version to another; to the current one where there is but one number.

    :raises RequestError: there are more than two numbers
    :raises NotFoundError: there never was one of the versions
    :raises GoneError: one of them was pruned
    """
    current = store.current()
    wanted = numbers if len(numbers) > 1 or current is None else (*numbers, current.number)
    if len(wanted) > _MOST_VERSIONS:
        raise RequestError(
            Message("build.too_many_versions"),
            cure=Message("build.too_many_versions_cure"),
        )
    before, after = (Inspection(store.version(number).content()) for number in (wanted[0], wanted[-1]))
    sides = Sides(before, after, Iris(settings.base_iri))
    yield from _in_words(store.between(wanted[0], wanted[-1]), sides, language)


def proposal_in_words(proposal: Proposal, settings: Settings, language: Language) -> Iterator[str]:
    """Yield what a build would change; nothing for the first version."""
    if proposal.base:
        yield from _in_words(proposal.patch, _sides(proposal, settings), language)


def disputes_in_words(proposal: Proposal, settings: Settings, language: Language) -> Iterator[str]:
    """Yield what the new page and the changes made by hand disagree about."""
    if proposal.conflicts:
        yield from conflicts_in_words(proposal.conflicts, _sides(proposal, settings), language)


def _sides(proposal: Proposal, settings: Settings) -> Sides:
    before = Inspection(proposal.base.content() if proposal.base else Content())
    return Sides(before, Index(proposal.outcome), Iris(settings.base_iri))


def _in_words(patch: Patch, sides: Sides, language: Language) -> Iterator[str]:
    found = sentences(difference(patch, sides), sides, language)
    yield from (sentence.text for sentence in found)
    if not found:
        yield Message("change.nothing_differs").in_language(language)
