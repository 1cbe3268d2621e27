"""Korean particles: the form that fits the word before them."""

from __future__ import annotations

_FIRST, _LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
"""The syllables of Hangul lie in one block, each run of 28 with the final consonants in order; ㄹ is the eighth."""
_DIGITS_IN_CONSONANT = frozenset("013678")
"""영, 일, 삼, 육, 칠, 팔: the digits whose reading ends in a consonant."""
_DIGITS_IN_RIEUL = frozenset("178")
"""일, 칠, 팔: the digits whose reading ends in ㄹ."""


def ends_in_consonant(word: str) -> bool | None:
    """Return whether a word ends in a consonant; nothing when its reading is not known.

    >>> [ends_in_consonant(word) for word in ("서울", "서초구", "2019", "MOU")]
    [True, False, False, None]
    """
    last = word[-1:]
    if last and _FIRST <= ord(last) <= _LAST:
        return (ord(last) - _FIRST) % _FINALS != 0
    return last in _DIGITS_IN_CONSONANT if last.isascii() and last.isdigit() else None


def _ends_in(word: str, final: int) -> bool:
    return bool(word) and _FIRST <= ord(word[-1]) <= _LAST and (ord(word[-1]) - _FIRST) % _FINALS == final


def particle(word: str, pair: str) -> str:
    """Return the particle of a pair, first the one behind a consonant, that fits a word.

    >>> particle("강원구", "과/와"), particle("강원현", "과/와"), particle("MOU", "이/가"), particle("서울", "으로/로")
    ('와', '과', '이(가)', '로')
    """
    behind_consonant, behind_vowel = pair.split("/")
    if behind_consonant == "으로" and (_ends_in(word, _RIEUL) or word[-1:] in _DIGITS_IN_RIEUL):
        return behind_vowel
    ends = ends_in_consonant(word)
    if ends is None:
        return "(으)로" if behind_consonant == "으로" else f"{behind_consonant}({behind_vowel})"
    return behind_consonant if ends else behind_vowel


class Word(str):
    """A word in a template: ``{name}`` is the word, ``{name:이/가}`` the particle that fits it.

    >>> "‘{name}’{name:이/가} 없습니다.".format(name=Word("면적"))
    '‘면적’이 없습니다.'
    """

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        """Return the word, or its particle when the specification is a pair of particles."""
        return particle(self, spec) if "/" in spec else super().__format__(spec)
