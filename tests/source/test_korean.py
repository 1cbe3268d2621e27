"""Particles, and the editor's notes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.source import read_notes, read_page
from kg.source.korean import Word, particle


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("강원구", "이/가", "가"),
        ("강원현", "이/가", "이"),
        ("서울", "으로/로", "로"),
        ("강원현", "으로/로", "으로"),
        ("2019", "은/는", "는"),
        ("2016", "은/는", "은"),
        ("MOU", "을/를", "을(를)"),
        ("", "을/를", "을(를)"),
    ],
)
def test_particle_fits_its_word(word: str, pair: str, expected: str) -> None:
    """The particle follows the final sound of the word; where that is not known, both stand."""
    assert particle(word, pair) == expected


@given(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))
def test_particle_of_every_syllable(syllable: str) -> None:
    """A syllable has a final consonant unless its code is a multiple of 28 behind the first."""
    ends_in_vowel = (ord(syllable) - 0xAC00) % 28 == 0
    word = Word(syllable)
    assert f"{word}{word:이/가}" == syllable + ("가" if ends_in_vowel else "이")


def test_editorial_note_stands_where_its_text_stands() -> None:
    """A note gives a doubt on each line that has its text, and is silent otherwise."""
    notes = read_notes(
        '[{"printed": "빙설", "severity": "note", "reading": "빙설", "reason_ko": "확인", "reason_en": "check"},'
        ' {"printed": "없는 말", "severity": "note", "reading": "", "reason_ko": "확인", "reason_en": "check"}]'
    )
    page = read_page("중국 위해시\n  • 지역특성\n    • 빙설 축제가 있습니다.", "page", notes)
    found = [
        (doubt.place.line, doubt.place.start, doubt.place.end) for doubt in page.doubts if doubt.rule == "editorial"
    ]
    assert found == [(3, 7, 9)]
