"""Search: names in every script, initial consonants, and words of the page; the best first, with what matched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.domain import FIELDS
from kg.web.pages.queries.facts import RDF, RDFS_LABEL, SKOS, Facts
from kg.web.pages.queries.pinyin import hangul, latin
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import Own, Term, iri

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_JAMO = re.compile(f"[{_INITIALS}]{{2,}}")
_WORDS = re.compile(r"[^\W_]+")
_HANGUL_FIRST, _HANGUL_LAST, _PER_INITIAL = 0xAC00, 0xD7A3, 588
_AROUND = 40


@dataclass(frozen=True)
class Entry:
    """A text by which a thing can be found; ``weight`` is higher for names than for prose."""

    thing: str
    kind: str
    text: Term
    weight: int
    shown: str

    @cached_property
    def folded(self) -> str:
        """The text as it is compared."""
        return fold(self.text.value)

    @cached_property
    def initials(self) -> str:
        """The initial consonants of its Hangul."""
        return initials(self.folded)


@dataclass(frozen=True)
class Match:
    """A thing that was found: why (``before``, ``matched``, ``after`` of the text), and how well (higher is better)."""

    thing: str
    kind: str
    text: Term
    before: str
    matched: str
    after: str
    score: int


def fold(text: str) -> str:
    """Return a text as it is compared: composed, small letters, marks over Latin letters dropped.

    >>> fold("Hóngkǒu  Qū"), fold("홍구구 — 虹口")
    ('hongkou qu', '홍구구 虹口')
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return " ".join(_WORDS.findall(unicodedata.normalize("NFC", plain).lower()))


def initials(text: str) -> str:
    """Return the initial consonant of each Hangul syllable, other characters as they stand.

    >>> initials("홍구구")
    'ㅎㄱㄱ'
    """
    return "".join(
        _INITIALS[(ord(c) - _HANGUL_FIRST) // _PER_INITIAL] if _HANGUL_FIRST <= ord(c) <= _HANGUL_LAST else c
        for c in text
    )


class SearchIndex:
    """The texts of one version."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take what can be found."""
        self.entries = tuple(entries)

    def find(self, asked: str) -> list[Match]:
        """Return what matches every word that is asked for, each thing once with its best text, the best first."""
        words = fold(asked).split()
        if not words:
            return []
        best: dict[str, Match] = {}
        for entry in self.entries:
            match = _matched(entry, " ".join(words)) or _all_matched(entry, words)
            if match and (entry.thing not in best or match.score > best[entry.thing].score):
                best[entry.thing] = match
        return sorted(best.values(), key=lambda match: (-match.score, match.text.value, match.thing))


def read_index(query_runner: QueryRunner) -> SearchIndex:
    """Read the texts of a version."""
    kg = Own(query_runner.iris.ontology)
    return SearchIndex(_entries(query_runner.facts("searched", predicate=map(iri, _weights(kg))), kg))


def _weights(kg: Own) -> dict[str, int]:
    """Return the weights of the fields that are searched."""
    return {getattr(kg, term): field.weight for term, field in FIELDS.items() if field.weight}


def _entries(facts: Facts, kg: Own) -> Iterator[Entry]:
    owners = {term.value: subject for subject in facts for term in facts.all(subject, kg.characteristic)}
    owners |= {term.value: subject for subject in facts for term in facts.all(subject, kg.participant)}
    texts = {RDFS_LABEL: 8, f"{SKOS}prefLabel": 7, f"{SKOS}altLabel": 6, **_weights(kg)}
    places = {kg.Municipality, kg.Region, kg.Country}
    for subject in facts:
        thing = owners.get(subject, subject)
        kind = facts.text(thing, f"{RDF}type")
        for predicate, weight in texts.items():
            for text in facts.all(subject, predicate):
                yield Entry(thing, kind, text, weight + (2 if kind in places else 0), text.value)
                if kind in places and text.language.startswith("zh"):
                    yield from _sounded(thing, kind, text, weight)


def _sounded(thing: str, kind: str, text: Term, weight: int) -> Iterator[Entry]:
    """Yield a Chinese name as it sounds: in pinyin, apart and together, and in Hangul."""
    syllables = latin(text.value)
    for spoken in (" ".join(syllables), "".join(syllables), hangul(syllables)):
        yield Entry(thing, kind, Term(spoken), weight, text.value)


def _matched(entry: Entry, asked: str) -> Match | None:
    """Match a text as a whole; a name that is what was asked stands before one that begins with it, and so on."""
    for text, is_exact in ((entry.folded, True), (entry.initials if _JAMO.fullmatch(asked) else "", False)):
        start = text.find(asked)
        if start < 0 or not asked:
            continue
        grade = 40 if text == asked else 30 if start == 0 else 20 if text[start - 1] == " " else 10
        return _shown(entry, asked if is_exact else "", grade * 10 + entry.weight)
    together = entry.folded.replace(" ", "")
    squeezed = asked.replace(" ", "")
    if " " in entry.folded + asked and squeezed in together:
        return _shown(entry, asked, 50 + entry.weight)
    return None


def _all_matched(entry: Entry, words: list[str]) -> Match | None:
    if len(words) > 1 and all(word in entry.folded for word in words):
        return _shown(entry, words[0], entry.weight)
    return None


def _shown(entry: Entry, asked: str, score: int) -> Match:
    """Cut the text down to what stands around the match; one that only sounds alike is shown whole."""
    text = entry.shown
    if text != entry.text.value:
        return Match(entry.thing, entry.kind, entry.text, "", text, f" ({entry.text.value})", score)
    start = text.lower().find(asked.split(" ", maxsplit=1)[0]) if asked else -1
    if start < 0:
        cut = text[: 2 * _AROUND]
        return Match(entry.thing, entry.kind, entry.text, "", cut, "…" if len(text) > len(cut) else "", score)
    end = start + (len(asked) if text.lower().startswith(asked, start) else len(asked.split(" ", maxsplit=1)[0]))
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    return Match(
        thing=entry.thing,
        kind=entry.kind,
        text=entry.text,
        before=("…" if start > _AROUND else "") + before,
        matched=text[start:end],
        after=after + ("…" if end + _AROUND < len(text) else ""),
        score=score,
    )
