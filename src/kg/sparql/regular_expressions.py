"""Matching and replacing with the regular expressions of XPath (F&O 5.6), by way of Python's ``re``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

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

_COMPILED = 256
"""Patterns kept; a pattern from a query is used again for each solution, one from the data perhaps never."""
_PART = re.compile(r"\\(?P<escaped>[\\$])|\$(?P<digits>[0-9]+)|(?P<text>[^\\$]+)")


def matches(text: str, pattern: str, flags: str = "") -> bool:
    r"""Return whether a pattern matches anywhere in a text (F&O 5.6.3); raise RegularExpressionError for a wrong one.

    >>> matches("Mary\n", "Mary$")
    False
    """
    return _compiled(pattern, flags).search(text) is not None


def replace(text: str, pattern: str, replacement: str, flags: str = "") -> str:
    r"""Return a text with all matches replaced (F&O 5.6.4).

    Raise RegularExpressionError also for a pattern that matches the empty text (FORX0003), and for a replacement with
    a ``$`` or a backslash that does not belong there (FORX0004).

    >>> replace("2011-05", r"(\d+)-(\d+)", "$2_$1")
    '05_2011'
    """
    compiled = _compiled(pattern, flags)
    if compiled.search(""):
        raise RegularExpressionError(f"matches the empty text: {pattern}")
    parts = [replacement] if "q" in flags else list(replacement_parts(replacement, compiled.groups))
    return compiled.sub(lambda found: "".join(_resolved(part, found) for part in parts), text)


@lru_cache(_COMPILED)
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    try:
        return re.compile(_Translation(flags).alternatives(parse(pattern, flags)))
    except (OverflowError, RecursionError, re.error) as error:
        raise RegularExpressionError(pattern) from error


def replacement_parts(replacement: str, groups: int) -> Iterator[str | int]:
    """Yield texts and numbers of groups; of ``$10`` with one group the 0 is text, and ``$5`` is nothing."""
    position = 0
    while position < len(replacement):
        found = _PART.match(replacement, position)
        if not found:
            raise RegularExpressionError(f"invalid replacement: {replacement}")
        digits = found["digits"]
        if digits is None:
            yield found["escaped"] or found["text"]
        else:
            length = len(digits)
            while length > 1 and int(digits[:length]) > groups:
                length -= 1
            if int(digits[:length]) <= groups:
                yield int(digits[:length])
            yield digits[length:]
        position = found.end()


def _resolved(part: str | int, found: re.Match[str]) -> str:
    return part if isinstance(part, str) else found[part] or ""


class _Translation:
    """Writes a tree in the language of Python's ``re``, for the given flags of XPath."""

    def __init__(self, flags: str) -> None:
        self._ignores_case = "i" in flags
        self._anchors = _LINE_ANCHORS if "m" in flags and "q" not in flags else _TEXT_ANCHORS

    def alternatives(self, tree: Alternatives) -> str:
        """Return the text of alternatives."""
        return "|".join("".join(self._piece(piece) for piece in branch) for branch in tree.branches)

    def _piece(self, piece: Piece) -> str:
        atom = self._atom(piece.atom)
        if (piece.minimum, piece.maximum) == (1, 1):
            return atom
        maximum = "" if piece.maximum is None else piece.maximum
        return f"{atom}{{{piece.minimum},{maximum}}}{'?' if piece.is_reluctant else ''}"

    def _atom(self, atom: Atom) -> str:
        match atom:
            case Group():
                return f"{'(?:' if atom.number is None else '('}{self.alternatives(atom.content)})"
            case Anchor():
                return self._anchors[atom.sign]
            case BackReference():
                return self._back_reference(atom.group)
            case CharacterClass():
                return _DIGITS.get(atom) or _class_text(self._points(atom))

    def _back_reference(self, group: int) -> str:
        """Return a reference that matches the empty text where its group has captured nothing (F&O 5.6.1)."""
        reference = f"(?i:\\{group})" if self._ignores_case else f"\\{group}"
        return f"(?:(?({group}){reference}|))"

    def _points(self, expression: CharacterClass) -> CodePoints:
        points = CodePoints(())
        for item in expression.items:
            points |= self._item_points(item)
        if expression.is_complement:
            points = ~points
        return points - self._points(expression.subtracted) if expression.subtracted else points

    def _item_points(self, item: CodePoints | Category) -> CodePoints:
        """Return the characters of an item; the flag i leaves categories as they are (F&O 5.6.2)."""
        if isinstance(item, Category):
            return item.points
        return item.with_case_variants() if self._ignores_case else item


_DIGITS = {CharacterClass((Category(("Nd",)),)): r"\d", CharacterClass((Category(("Nd",), is_complement=True),)): r"\D"}
"""Classes that Python has too; for others the categories of all characters are read once, which takes 0.1 s."""
_TEXT_ANCHORS = {"^": r"(?:\A)", "$": r"(?:\Z)"}
_LINE_ANCHORS = {"^": r"(?:\A|(?<=\n)(?!\Z))", "$": r"(?:(?=\n)|(?<!\n)\Z)"}
"""A newline at the very end ends the last line and begins none (F&O 5.6.2, flag m)."""


def _class_text(points: CodePoints) -> str:
    if not points.ranges:
        return "(?!)"
    if len(points) == 1:
        return re.escape(chr(points.ranges[0][0]))
    return f"[{''.join(f'{_character(first)}-{_character(last)}' for first, last in points.ranges)}]"


def _character(point: int) -> str:
    return f"\\U{point:08x}"
