"""A language of the pages: messages, numbers, lists and dates as it writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup

from kg.locales.catalogue import read_catalogue
from kg.locales.labels import Label, choose_label
from kg.locales.particles import Word

Number = int | float | Decimal

_SIZES: Final = ((10**9, "digital-gigabyte"), (10**6, "digital-megabyte"), (10**3, "digital-kilobyte"))


@dataclass(frozen=True)
class Language:
    """One language: the code in addresses, the tag of its texts, and in which order another language stands in."""

    code: str
    tag: str
    name: str
    fallbacks: tuple[str, ...]

    @property
    def locale(self) -> Locale:
        """What CLDR knows of it."""
        return _locale(self.tag)

    @property
    def locale_name(self) -> str:
        """The name of the locale with its likely territory, as Open Graph has it.

        >>> KOREAN.locale_name, CHINESE.locale_name
        ('ko_KR', 'zh_CN')
        """
        likely = Locale.parse(get_global("likely_subtags")[self.locale.language])
        return f"{likely.language}_{likely.territory}"

    def translate(self, key: str, /, **values: object) -> str:
        """Return a message with its values; ``count`` chooses the plural form, numbers are written as here.

        A year is no number: give it as a string. Where a value is markup, so is the message, the rest escaped.
        ``{number:d}`` is a number without separators, ``{name:이/가}`` the Korean particle that fits the name.

        :raises KeyError: there is no such message
        """
        message = read_catalogue(self.code)[key]
        if not isinstance(message, str):
            count = values["count"]
            assert isinstance(count, int), f"{key}: the count decides the form"  # noqa: S101 - a fault of a template
            message = message.get(self.locale.plural_form(count), message["other"])
        if any(isinstance(value, Markup) for value in values.values()):
            message = Markup.escape(message)
        return message.format(**{name: self._written(value) for name, value in values.items()})

    def number(self, value: Number) -> str:
        """Write a number: grouped, with at most three decimals.

        >>> KOREAN.number(1180000)
        '1,180,000'
        """
        return str(format_decimal(value, locale=self.locale))

    def listed(self, parts: Iterable[object], style: Literal["standard", "or"] = "standard") -> str:
        """Write a list; ``or`` for a choice; markup stays markup.

        >>> ENGLISH.listed(["Laoshan", "Hebi", "Zaozhuang"])
        'Laoshan, Hebi, and Zaozhuang'
        """
        given = list(parts)
        if not any(isinstance(part, Markup) for part in given):
            return str(format_list([str(part) for part in given], style, self.locale))
        marks = [f"\ue000{place}\ue001" for place in range(len(given))]
        text = Markup.escape(format_list(marks, style, self.locale))
        for mark, part in zip(marks, given, strict=True):
            text = Markup(text.replace(mark, Markup.escape(part)))  # noqa: S704 - both are escaped
        return text

    def date(self, day: date) -> str:
        """Write a day.

        >>> KOREAN.date(date(1998, 8, 3)), CHINESE.date(date(1998, 8, 3)), ENGLISH.date(date(1998, 8, 3))
        ('1998년 8월 3일', '1998年8月3日', 'August 3, 1998')
        """
        return str(format_date(day, "long", locale=self.locale))

    def size(self, count: int) -> str:
        """Write a number of bytes with the unit that suits it.

        >>> ENGLISH.size(1_118_475), KOREAN.size(910)
        ('1.1 MB', '910B')
        """
        for least, unit in _SIZES:
            if count >= least:
                return str(format_unit(round(count / least, 1), unit, "short", locale=self.locale))
        return f"{self.number(count)}{'' if self.code == 'ko' else ' '}B"

    def label(self, labels: Iterable[tuple[str, str]]) -> Label | None:
        """Choose among texts with their language tags (``("ko", "호북구"), …``), in the declared order."""
        return choose_label(labels, (self.tag, *self.fallbacks))

    def _written(self, value: object) -> object:
        if isinstance(value, Number) and not isinstance(value, bool):
            return _Figure(self, value)
        return Word(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@dataclass(frozen=True)
class _Figure:
    """A number in a message: written as the language does, or by the specification that the message gives."""

    language: Language
    value: Number

    def __format__(self, spec: str) -> str:
        """Return the number, or the particle that fits it."""
        if "/" in spec:
            return format(Word(self.value), spec)
        return format(self.value, spec) if spec else self.language.number(self.value)


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


KOREAN: Final = Language("ko", "ko", "한국어", ("en", "zh-Hans"))
ENGLISH: Final = Language("en", "en", "English", ("zh-Latn", "ko", "zh-Hans"))
CHINESE: Final = Language("zh", "zh-Hans", "简体中文", ("zh", "en", "ko"))
LANGUAGES: Final = (KOREAN, ENGLISH, CHINESE)
"""The languages of the pages; the first is the default."""


def language_of(code: str) -> Language:
    """Return the language of a code (``ko``, ``en``, ``zh``), English for an unknown code."""
    return next((language for language in LANGUAGES if language.code == code), ENGLISH)
