"""Differences between versions, or between a build and the current version, in words."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF

from kg.build.merging import BuildMerge
from kg.diff import Patch, conflicts_in_words, difference, sentences
from kg.domain import Iris, RequestError, Settings
from kg.locales import Message
from kg.rdf import Language, Sides, Wording, index_lines
from kg.store import Store

_MOST_VERSIONS = 2
_UNREAD = 'lineRole> "unread"'


def language_of(locale: str) -> Language:
    """Return the language of a locale: Korean, Chinese, or else English.

    >>> language_of("ko_KR.UTF-8")
    'ko'
    """
    return "ko" if locale.startswith("ko") else "zh" if locale.startswith("zh") else "en"


def versions_in_words(store: Store, numbers: tuple[int, ...], settings: Settings, language: Language) -> Iterator[str]:
    """Yield the changes from one version to another, or from one version to the current one.

    :raises RequestError: there are more than two numbers
    :raises NotFoundError: one of the versions never existed
    :raises GoneError: one of them is expired
    """
    current = store.current()
    wanted = numbers if len(numbers) > 1 or current is None else (*numbers, current.number)
    if len(wanted) > _MOST_VERSIONS:
        raise RequestError(
            Message("build.too_many_versions"),
            cure=Message("build.too_many_versions_cure"),
        )
    before, after = (index_lines(store.version(number).content().quads) for number in (wanted[0], wanted[-1]))
    sides = Sides(before, after, Iris(settings.base_iri))
    yield from _in_words(store.changes_between(wanted[0], wanted[-1]), sides, language)


def merge_in_words(merge: BuildMerge, settings: Settings, language: Language) -> Iterator[str]:
    """Yield the changes of a build; none for the first version."""
    if merge.base:
        yield from _in_words(merge.patch, _sides(merge, settings), language)


def merge_conflicts_in_words(merge: BuildMerge, settings: Settings, language: Language) -> Iterator[str]:
    """Yield the conflicts between the new page and the manual changes."""
    if merge.conflicts:
        yield from conflicts_in_words(merge.conflicts, _sides(merge, settings), language)


def losses_in_words(merge: BuildMerge, settings: Settings, language: Language) -> Iterator[str]:
    """Yield what the current version has and the outcome of a build would lack: cities, and lines that were read."""
    before = merge.base.content().quads if merge.base else frozenset[str]()
    cities = _cities(before, settings)
    if not _cities(merge.edition, settings):
        yield Message("build.loss_everything").in_language(language)
    elif lost := cities - _cities(merge.outcome, settings):
        wording = Wording(language, _sides(merge, settings))
        partners = {city for tie in lost for city in wording.objects(tie, wording.kg("partner"))}
        names = wording.say("change.list_separator").join(sorted(map(wording.name, partners)))
        yield Message("build.loss_cities", count=len(lost), names=names).in_language(language)
    was, will_be = (sum(_UNREAD in line for line in lines) for lines in (before, merge.outcome))
    if merge.base and will_be > was:
        yield Message("build.loss_lines", before=was, after=will_be).in_language(language)


def _cities(quads: frozenset[str], settings: Settings) -> frozenset[str]:
    """Return the friendships of a version, one for each city; they outlive a change of the city's name."""
    is_tie = f"> {RDF.type.n3()} <{Iris(settings.base_iri).ontology}Friendship> "
    return frozenset(line.partition(" ")[0] for line in quads if is_tie in line)


def _sides(merge: BuildMerge, settings: Settings) -> Sides:
    before = index_lines(merge.base.content().quads if merge.base else ())
    return Sides(before, index_lines(merge.outcome), Iris(settings.base_iri))


def _in_words(patch: Patch, sides: Sides, language: Language) -> Iterator[str]:
    found = sentences(difference(patch, sides), sides, language)
    news = [sentence.text for sentence in found if not sentence.is_aside]
    yield from news or (sentence.text for sentence in found)
    if not found:
        yield Message("change.nothing_differs").in_language(language)
