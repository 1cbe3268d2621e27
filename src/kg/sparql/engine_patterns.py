"""Regular expressions of XPath in the language of the engine, where they mean the same there.

The engine's expressions are those of the crate regex of Rust. They have neither back-references nor assertions about
what stands around, and differ in the dot, in escapes, classes and flags, and in the ``$`` of a replacement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from kg.sparql.code_points import CodePoints
from kg.sparql.regular_expression_syntax import RegularExpressionError, parse
from kg.sparql.regular_expression_tree import (
    Alternatives,
    Anchor,
    Atom,
    BackReference,
    Category,
    CharacterClass,
    Group,
    Piece,
)
from kg.sparql.regular_expressions import replacement_parts

MOST_WORK = 25_000
"""Of the weights below, those in a quantifier counted as often as it says. The engine refuses an expression that takes
a megabyte; measured, it takes 31,000 times a letter, 13,000 times [a-z], 960 times [^a] and 18 times \\w."""
MOST_LETTERS = 4_096
"""Of a pattern; a longer one is not read where queries are, but by the function that matches."""
_ASCII, _LETTER, _RANGE, _CATEGORY = 2, 4, 26, 1_400

_SPECIAL = frozenset(r"\.+*?()|[]{}^$")
_SPECIAL_IN_CLASSES = frozenset(r"\[]^-&~")
_LAST_ASCII = 0x7F
_CONTROLS = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
_SURROGATES = CodePoints(((0xD800, 0xDFFF),))
"""No text holds one, and the engine allows none in a class."""


class _UntranslatableError(ValueError):
    """Nothing in the engine's language means the same."""


@lru_cache(256)
def engine_pattern(pattern: str, flags: str = "") -> str | None:
    r"""Return the pattern that means to the engine, without flags, what this one means to XPath; or None.

    >>> engine_pattern("a.[a-z-[aeiou]]")
    'a[^\\n\\r][[a-z]--[aeiou]]'
    """
    if len(pattern) > MOST_LETTERS:
        return None
    try:
        return _Writer(flags).alternatives(parse(pattern, flags))
    except (RegularExpressionError, _UntranslatableError):
        return None


def engine_replacement(pattern: str, replacement: str, flags: str = "") -> str | None:
    r"""Return the replacement that means to the engine what this one means to XPath; None also where it is an error.

    >>> engine_replacement("(a)(b)", r"$2_$1\$")
    '${2}_${1}$$'
    """
    if engine_pattern(pattern, flags) is None:
        return None
    tree = parse(pattern, flags)
    if _matches_nothing(tree):
        return None
    if "q" in flags:
        return replacement.replace("$", "$$")
    try:
        parts = list(replacement_parts(replacement, _groups(tree)))
    except RegularExpressionError:
        return None
    if _repeats_nothing(tree) and not all(isinstance(part, str) for part in parts):
        return None
    return "".join(part.replace("$", "$$") if isinstance(part, str) else f"${{{part}}}" for part in parts)


class _Writer:
    """Writes a tree in the language of the engine, for the given flags of XPath."""

    def __init__(self, flags: str) -> None:
        self._ignores_case = "i" in flags
        self._has_lines = "m" in flags and "q" not in flags
        self._repetitions = 1
        self._work = 0

    def alternatives(self, tree: Alternatives) -> str:
        return "|".join("".join(self._piece(piece) for piece in branch) for branch in tree.branches)

    def _piece(self, piece: Piece) -> str:
        outside = self._repetitions
        self._repetitions *= max(piece.maximum or piece.minimum, 1)
        text = self._atom(piece.atom) + _quantifier(piece)
        self._repetitions = outside
        return text

    def _atom(self, atom: Atom) -> str:
        match atom:
            case Group():
                return f"{'(?:' if atom.number is None else '('}{self.alternatives(atom.content)})"
            case Anchor() if not self._has_lines:
                return atom.sign
            case CharacterClass():
                self._weigh(atom)
                return self._class(atom)
            case Anchor() | BackReference():
                raise _UntranslatableError

    def _weigh(self, expression: CharacterClass) -> None:
        self._work += self._repetitions * self._weight(expression)
        if self._work > MOST_WORK:
            raise _UntranslatableError

    def _weight(self, expression: CharacterClass) -> int:
        weight = _RANGE if expression.is_complement else 0
        for item in expression.items:
            if isinstance(item, Category):
                weight += _CATEGORY
            else:
                weight += sum(_range_weight(first, last) for first, last in self._points(item).ranges)
        return weight + (self._weight(expression.subtracted) if expression.subtracted else 0)

    def _class(self, expression: CharacterClass) -> str:
        if expression.subtracted:
            minuend = self._class(replace(expression, subtracted=None))
            return f"[{_bracketed(minuend)}--{_bracketed(self._class(expression.subtracted))}]"
        only = self._points(expression.items[0]) if len(expression.items) == 1 else CodePoints(())
        if expression.is_complement or len(only) != 1:
            items = "".join(self._item(item) for item in expression.items)
            is_escape = len(expression.items) == 1 and isinstance(expression.items[0], Category)
            return items if is_escape and not expression.is_complement else f"[{'^' * expression.is_complement}{items}]"
        return _character(only.ranges[0][0], _SPECIAL)

    def _points(self, item: CodePoints | Category) -> CodePoints:
        if isinstance(item, Category):
            return CodePoints(())
        return item.with_case_variants() if self._ignores_case else item

    def _item(self, item: CodePoints | Category) -> str:
        if isinstance(item, Category):
            return _category(item)
        return "".join(_range(first, last) for first, last in (self._points(item) - _SURROGATES).ranges)


def _range_weight(first: int, last: int) -> int:
    if last <= _LAST_ASCII:
        return _ASCII
    return _LETTER if first == last else _RANGE


def _category(category: Category) -> str:
    names = "".join(rf"\p{{{name}}}" for name in category.names)
    if category.names == ("Nd",):
        return r"\D" if category.is_complement else r"\d"
    if len(category.names) > 1:
        return f"[{'^' if category.is_complement else ''}{names}]"
    if category.names == ("Cs",):
        raise _UntranslatableError
    return names.replace(r"\p", r"\P") if category.is_complement else names


def _bracketed(text: str) -> str:
    return text if text.startswith("[") else f"[{text}]"


def _range(first: int, last: int) -> str:
    begin, end = _character(first, _SPECIAL_IN_CLASSES), _character(last, _SPECIAL_IN_CLASSES)
    return begin if first == last else f"{begin}-{end}"


def _character(point: int, special: frozenset[str]) -> str:
    character = chr(point)
    if character in special:
        return f"\\{character}"
    return _CONTROLS.get(character) or (character if character.isprintable() else f"\\x{{{point:X}}}")


def _quantifier(piece: Piece) -> str:
    known = {(1, 1): "", (0, 1): "?", (0, None): "*", (1, None): "+"}
    text = known.get((piece.minimum, piece.maximum))
    if text is None:
        maximum = "" if piece.maximum is None else str(piece.maximum)
        text = f"{{{piece.minimum}}}" if piece.minimum == piece.maximum else f"{{{piece.minimum},{maximum}}}"
    return f"{text}?" if piece.is_reluctant else text


def _groups(tree: Alternatives) -> int:
    groups = [piece.atom for piece in _pieces(tree) if isinstance(piece.atom, Group)]
    return sum((group.number is not None) + _groups(group.content) for group in groups)


def _repeats_nothing(tree: Alternatives) -> bool:
    """Return whether a group that may match nothing is repeated: what it captured last is then told differently."""
    return any(
        _repeats_nothing(piece.atom.content) or (piece.maximum not in {0, 1} and _matches_nothing(piece.atom.content))
        for piece in _pieces(tree)
        if isinstance(piece.atom, Group)
    )


def _matches_nothing(tree: Alternatives) -> bool:
    return any(all(map(_is_optional, branch)) for branch in tree.branches)


def _is_optional(piece: Piece) -> bool:
    is_empty = isinstance(piece.atom, Anchor) or (
        isinstance(piece.atom, Group) and _matches_nothing(piece.atom.content)
    )
    return piece.minimum == 0 or is_empty


def _pieces(tree: Alternatives) -> Iterator[Piece]:
    return chain.from_iterable(tree.branches)
