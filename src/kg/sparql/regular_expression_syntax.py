"""The grammar of XPath's regular expressions: a pattern read into a tree (F&O 5.6.1; XSD 1.1 Part 2, G)."""

from __future__ import annotations

import re

from kg.sparql.code_points import CodePoints, of_block, of_category, of_characters
from kg.sparql.regular_expression_tree import (
    ANY,
    ANY_BUT_LINE_ENDS,
    NAME,
    NAME_START,
    Alternatives,
    Anchor,
    Atom,
    BackReference,
    Category,
    CharacterClass,
    Group,
    Piece,
)

FLAGS = frozenset("smixq")

_WHITE_SPACE = " \t\n\r"
_META_CHARACTERS = frozenset(".\\?*+{}()|[]^$")
_ESCAPES = {character: character for character in r"\|.-^?*+{}()[]$"} | {"n": "\n", "r": "\r", "t": "\t"}
_SPACES = of_characters(_WHITE_SPACE)
_MULTI_CHARACTER_ESCAPES: dict[str, CodePoints | Category] = {
    "s": _SPACES,
    "S": ~_SPACES,
    "i": NAME_START,
    "I": ~NAME_START,
    "c": NAME,
    "C": ~NAME,
    "d": Category(("Nd",)),
    "D": Category(("Nd",), is_complement=True),
    "w": Category(("P", "Z", "C"), is_complement=True),
    "W": Category(("P", "Z", "C")),
}
_QUANTIFIER = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")
_PROPERTY = re.compile(r"\{(Is)?([A-Za-z0-9-]+)\}")
_NUMBER = re.compile(r"[0-9]+")
_DEEPEST = 64
"""Brackets in brackets; each takes up to seven of the 1,000 frames of Python's stack."""


class RegularExpressionError(ValueError):
    """A pattern, a replacement or flags that XPath does not allow (FORX0001 to FORX0004)."""


def parse(pattern: str, flags: str = "") -> Alternatives:
    """Return the tree of a pattern; case is left to those who translate it.

    Raise RegularExpressionError for unknown flags (FORX0001) and for an invalid pattern (FORX0002).
    """
    if not FLAGS.issuperset(flags):
        raise RegularExpressionError(f"unknown flags: {flags}")
    if "q" in flags:
        return Alternatives((tuple(Piece(_character(character)) for character in pattern),))
    parser = _Parser(_without_white_space(pattern) if "x" in flags else pattern, dot=ANY if "s" in flags else None)
    return parser.parse()


class _Parser:
    """Reads a pattern from left to right, each method one production."""

    def __init__(self, pattern: str, dot: CharacterClass | None) -> None:
        self._pattern = pattern
        self._position = 0
        self._depth = 0
        self._opened = 0
        self._closed: set[int] = set()
        self._dot = dot or ANY_BUT_LINE_ENDS

    def parse(self) -> Alternatives:
        tree = self._alternatives()
        if self._position < len(self._pattern):
            raise self._error()
        return tree

    def _error(self) -> RegularExpressionError:
        return RegularExpressionError(f"invalid at {self._position}: {self._pattern}")

    def _peek(self, text: str) -> bool:
        return self._pattern.startswith(text, self._position)

    def _accept(self, text: str) -> bool:
        found = self._peek(text)
        self._position += len(text) if found else 0
        return found

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise self._error()

    def _next(self) -> str:
        if self._position >= len(self._pattern):
            raise self._error()
        self._position += 1
        return self._pattern[self._position - 1]

    def _match(self, expression: re.Pattern[str]) -> re.Match[str]:
        found = expression.match(self._pattern, self._position)
        if not found:
            raise self._error()
        self._position = found.end()
        return found

    def _alternatives(self) -> Alternatives:
        branches = [self._branch()]
        while self._accept("|"):
            branches.append(self._branch())
        return Alternatives(tuple(branches))

    def _branch(self) -> tuple[Piece, ...]:
        pieces = []
        while self._position < len(self._pattern) and not (self._peek("|") or self._peek(")")):
            pieces.append(self._piece())
        return tuple(pieces)

    def _piece(self) -> Piece:
        atom = self._atom()
        for sign, minimum, maximum in (("?", 0, 1), ("*", 0, None), ("+", 1, None)):
            if self._accept(sign):
                return Piece(atom, minimum, maximum, self._accept("?"))
        if not self._peek("{"):
            return Piece(atom)
        found = self._match(_QUANTIFIER)
        minimum = int(found[1])
        maximum = minimum if found[2] is None else int(found[3]) if found[3] else None
        if maximum is not None and maximum < minimum:
            raise self._error()
        return Piece(atom, minimum, maximum, self._accept("?"))

    def _atom(self) -> Atom:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class_expression()
        if character in "^$":
            return Anchor(character)
        if character == ".":
            return self._dot
        if character == "\\":
            return self._back_reference() if self._peek_digit() else CharacterClass((self._escape(),))
        if character in _META_CHARACTERS:
            raise self._error()
        return _character(character)

    def _group(self) -> Group:
        self._enter()
        number = None
        if not self._accept("?:"):
            self._opened += 1
            number = self._opened
        content = self._alternatives()
        self._expect(")")
        if number is not None:
            self._closed.add(number)
        self._depth -= 1
        return Group(content, number)

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error()

    def _peek_digit(self) -> bool:
        return self._pattern[self._position : self._position + 1] in set("0123456789")

    def _back_reference(self) -> BackReference:
        """Read digits as far as there are so many groups open; the group has to be closed."""
        digits = self._match(_NUMBER)
        length = len(digits[0])
        while length > 1 and int(digits[0][:length]) > self._opened:
            length -= 1
        self._position = digits.start() + length
        group = int(digits[0][:length])
        if group not in self._closed:
            raise self._error()
        return BackReference(group)

    def _escape(self) -> CodePoints | Category:
        """Read what follows a backslash, inside or outside a class."""
        character = self._next()
        if character in _ESCAPES:
            return of_characters(_ESCAPES[character])
        if character in _MULTI_CHARACTER_ESCAPES:
            return _MULTI_CHARACTER_ESCAPES[character]
        if character not in "pP":
            raise self._error()
        is_block, name = self._match(_PROPERTY).groups()
        found = of_block(name) if is_block else of_category(name)
        if found is None:
            raise self._error()
        if is_block:
            return ~found if character == "P" else found
        return Category((name,), is_complement=character == "P")

    def _class_expression(self) -> CharacterClass:
        self._enter()
        is_complement = self._accept("^")
        items: list[CodePoints | Category] = []
        subtracted = None
        while subtracted is None and not (items and self._peek("]")):
            if items and self._accept("-["):
                subtracted = self._class_expression()
            else:
                items.append(self._class_item())
        self._expect("]")
        self._depth -= 1
        return CharacterClass(tuple(items), is_complement, subtracted)

    def _class_item(self) -> CodePoints | Category:
        """Read a character, a range or an escape; a hyphen in a range has to be escaped (XSD 1.1 Part 2, G.4.1)."""
        starts_with_hyphen = self._peek("-")
        first = self._class_character()
        is_single = isinstance(first, CodePoints) and len(first) == 1
        if not is_single or not self._peek("-") or self._peek("-[") or self._peek("-]"):
            return first
        self._expect("-")
        ends_with_hyphen = self._peek("-")
        last = self._class_character()
        if starts_with_hyphen or ends_with_hyphen:
            raise self._error()
        return self._range(first, last)

    def _range(self, first: CodePoints | Category, last: CodePoints | Category) -> CodePoints:
        points = [*first, *last] if isinstance(first, CodePoints) and isinstance(last, CodePoints) else []
        if len(points) != 2 or points != sorted(points):  # noqa: PLR2004 - a range has two ends
            raise self._error()
        return CodePoints((tuple(points),))

    def _class_character(self) -> CodePoints | Category:
        character = self._next()
        if character == "\\":
            return self._escape()
        if character in "[]":
            raise self._error()
        return of_characters(character)


def _character(character: str) -> CharacterClass:
    return CharacterClass((of_characters(character),))


def _without_white_space(pattern: str) -> str:
    """Remove white space outside character classes, also between a backslash and what it escapes (flag x)."""
    kept: list[str] = []
    depth, is_escaped = 0, False
    for character in pattern:
        if depth or character not in _WHITE_SPACE:
            kept.append(character)
            depth += 0 if is_escaped else {"[": 1, "]": -1}.get(character, 0)
            is_escaped = character == "\\" and not is_escaped
    return "".join(kept)
