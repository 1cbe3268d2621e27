"""Chinese names in Latin letters and in Hangul: 虹口 is Hongkou and 훙커우.

Hangul follows 외래어 표기법, 표 5 (중국어의 발음 부호와 한글 대조표).
"""

from __future__ import annotations

import unicodedata

_INITIALS = {
    "b": "ㅂ", "p": "ㅍ", "m": "ㅁ", "f": "ㅍ", "d": "ㄷ", "t": "ㅌ", "n": "ㄴ", "l": "ㄹ", "g": "ㄱ", "k": "ㅋ",
    "h": "ㅎ", "j": "ㅈ", "q": "ㅊ", "x": "ㅅ", "zh": "ㅈ", "ch": "ㅊ", "sh": "ㅅ", "r": "ㄹ", "z": "ㅉ", "c": "ㅊ",
    "s": "ㅆ", "": "ㅇ",
}  # fmt: skip
_FINALS = {
    "a": "ㅏ", "o": "ㅗ", "e": "ㅓ", "ai": "ㅏ,ㅣ", "ei": "ㅔ,ㅣ", "ao": "ㅏ,ㅗ",
    "ou": "ㅓ,ㅜ", "an": "ㅏㄴ", "en": "ㅓㄴ", "ang": "ㅏㅇ", "eng": "ㅓㅇ", "ong": "ㅜㅇ",
    "er": "ㅓㄹ", "i": "ㅣ", "ia": "ㅑ", "ie": "ㅖ", "iao": "ㅑ,ㅗ", "iu": "ㅠ",
    "ian": "ㅖㄴ", "in": "ㅣㄴ", "iang": "ㅑㅇ", "ing": "ㅣㅇ", "iong": "ㅠㅇ", "u": "ㅜ",
    "ua": "ㅘ", "uo": "ㅝ", "uai": "ㅘ,ㅣ", "ui": "ㅜ,ㅣ", "uan": "ㅘㄴ", "un": "ㅜㄴ",
    "uang": "ㅘㅇ", "v": "ㅟ", "ve": "ㅞ", "van": "ㅟ,ㅏㄴ", "vn": "ㅟㄴ",
}  # fmt: skip
_WITHOUT_INITIAL = {
    "yi": "i", "ya": "ia", "ye": "ie", "yao": "iao", "you": "iu", "yan": "ian", "yin": "in", "yang": "iang",
    "ying": "ing", "yong": "iong", "yo": "_yo", "wu": "u", "wa": "ua", "wo": "uo", "wai": "uai", "wei": "_wei",
    "wan": "uan", "wen": "_wen", "wang": "uang", "weng": "_weng", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn",
}  # fmt: skip
_IRREGULAR = {"_yo": "요", "_wei": "웨이", "_wen": "원", "_weng": "웡"}
_APICAL = frozenset({"zh", "ch", "sh", "r", "z", "c", "s"})
_PALATAL = frozenset({"j", "q", "x"})
_AFFRICATES = frozenset({"j", "q", "zh", "ch", "z", "c"})
_AFTER_AFFRICATE = {"ㅑ": "ㅏ", "ㅖ": "ㅔ", "ㅛ": "ㅗ", "ㅠ": "ㅜ"}
_LEADS, _VOWELS, _TAILS = (
    "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ",
    "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ",
    " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇ",
)


def latin(name: str) -> tuple[str, ...]:
    """Return the syllables of a Chinese name in Hanyu Pinyin without tones.

    >>> latin("虹口区")
    ('hong', 'kou', 'qu')
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - reading its dictionary would keep every start waiting

    return tuple(lazy_pinyin(name, style=Style.NORMAL, v_to_u=False, errors="ignore"))


def hangul(syllables: tuple[str, ...]) -> str:
    """Return syllables in Hangul; one that is no syllable of Mandarin is left out.

    >>> hangul(latin("虹口")), hangul(latin("上海")), hangul(latin("枣庄")), hangul(latin("吕梁"))
    ('훙커우', '상하이', '짜오좡', '뤼량')
    """
    return "".join(_syllable(syllable) for syllable in syllables)


def _syllable(syllable: str) -> str:
    syllable = syllable.replace("ü", "v")
    final = _WITHOUT_INITIAL.get(syllable)
    initial = "" if final else next((i for i in ("zh", "ch", "sh", syllable[:1]) if syllable.startswith(i)), "")
    initial = initial if initial in _INITIALS else ""
    final = final or syllable.removeprefix(initial)
    if final in _IRREGULAR:
        return _IRREGULAR[final]
    if initial in _PALATAL and final.startswith("u"):
        final = {"u": "v", "ue": "ve", "uan": "van", "un": "vn"}.get(final, final)
    if initial in _APICAL and final == "i":
        return _composed(_INITIALS[initial], "ㅡ")
    if final not in _FINALS:
        return ""
    first, *rest = _FINALS[final].split(",")
    if initial in _AFFRICATES:
        first = "".join(_AFTER_AFFRICATE.get(letter, letter) for letter in first)
    return _composed(_INITIALS[initial], first) + "".join(_composed("ㅇ", part) for part in rest)


def _composed(lead: str, rest: str) -> str:
    vowel, tail = rest[0], rest[1:] or " "
    code = (_LEADS.index(lead) * len(_VOWELS) + _VOWELS.index(vowel)) * 28 + _TAILS.index(tail)
    return unicodedata.normalize("NFC", chr(0xAC00 + code))
