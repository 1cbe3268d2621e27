"""The tree of a regular expression of XPath (F&O 5.6.1; XSD 1.1 Part 2, G)."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_letters, digits
from typing import TypeAlias

from kg.sparql.code_points import LAST, CodePoints, of_category, of_characters

_NAME_START = ((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D))
_NAME_START_BEYOND = ((0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD))
NAME_START = of_characters(f":_{ascii_letters}") | CodePoints.of(
    (*_NAME_START, *_NAME_START_BEYOND, (0x10000, 0xEFFFF))
)
"""NameStartChar of XML 1.0 (fifth edition)."""
NAME = NAME_START | of_characters(f"-.\xb7{digits}") | CodePoints.of(((0x300, 0x36F), (0x203F, 0x2040)))
"""NameChar of XML 1.0 (fifth edition)."""


@dataclass(frozen=True, slots=True)
class Category:
    """A general category of Unicode, or all characters without one of several."""

    names: tuple[str, ...]
    is_complement: bool = False

    @property
    def points(self) -> CodePoints:
        """Return the characters."""
        union = CodePoints(())
        for name in self.names:
            union |= of_category(name) or CodePoints(())
        return ~union if self.is_complement else union


@dataclass(frozen=True, slots=True)
class CharacterClass:
    """The characters of any item, or of none where it is a complement, without those of another class."""

    items: tuple[CodePoints | Category, ...]
    is_complement: bool = False
    subtracted: CharacterClass | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The begin (``^``) or the end (``$``) of the text or, with the flag m, of a line."""

    sign: str


@dataclass(frozen=True, slots=True)
class BackReference:
    """The text that a group captured."""

    group: int


@dataclass(frozen=True, slots=True)
class Group:
    """A subexpression in brackets; one that captures has a number, from 1."""

    content: Alternatives
    number: int | None


Atom: TypeAlias = CharacterClass | Anchor | BackReference | Group


@dataclass(frozen=True, slots=True)
class Piece:
    """An atom with its quantifier, in decimal digits as written; a maximum of None is no bound."""

    atom: Atom
    minimum: int = 1
    maximum: int | None = 1
    is_reluctant: bool = False


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Branches, of which the first that matches is taken."""

    branches: tuple[tuple[Piece, ...], ...]


ANY = CharacterClass((CodePoints(((0, LAST),)),))
ANY_BUT_LINE_ENDS = CharacterClass((CodePoints.of([(10, 10), (13, 13)]),), is_complement=True)
"""What ``.`` matches without the flag s (F&O 5.6.1)."""
