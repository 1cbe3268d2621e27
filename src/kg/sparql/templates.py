r"""Texts of one shape: what they have in common, and how each is written anew once one of them was.

They differ in IRIs, strings, numbers and comments alone. Rules that look at none of these write all of them alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.sparql.tokens import Token

_CONSTANT = re.compile(
    r"""([\\\#<"'0-9](?:
    (?<=<)(?:[^<>"{}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>
  | (?<=")(?:""(?:[^"\\]++|\\.|"(?!""))*+\"""|(?:[^"\\\n\r]++|\\.)*+")
  | (?<=')(?:''(?:[^'\\]++|\\.|'(?!''))*+'''|(?:[^'\\\n\r]++|\\.)*+')
  | (?<=[ \t\r\n(,=<>][0-9])[0-9]*(?:\.[0-9]+)?
  | (?<=\#)[^\r\n]*+
  | (?<=\\).
    ))""",
    re.VERBOSE | re.DOTALL,
)
"""It begins with a set of characters, so that ``re`` skips all others in one loop: four times as fast."""
LONGEST = 20_000
"""Characters of a text that is taken apart: longer ones come from programs that write data into them."""
_FIRST_MARK, _LAST_MARK = 0xF0000, 0xFFFFD
"""Characters for private use, which can stand in constants alone."""
_MARK = re.compile(f"([{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}])")


def parts_of(text: str) -> tuple[str, list[str]]:
    r"""Return a key of what a text has in common with all others of its shape, and the constants in it.

    Escapes outside of strings stay as they are; of other constants the key has what they begin with.

    >>> parts_of("ASK { <a> ?p 12 }")
    ('<1\x00ASK { \x00 ?p \x00 }', ['<a>', '12'])
    """
    parts = _CONSTANT.split(text)
    constants = parts[1::2]
    kinds = [one if one[0] == "\\" else one[0] for one in constants]
    return "\0".join(("".join(kinds), *parts[::2])), constants


def constants_of(text: str) -> list[tuple[int, str]]:
    """List where the constants stand that a shape leaves out, and each as it stands: as many for each text of a shape.

    >>> constants_of("ASK { <a:s> ?p 'o' } # c")
    [(6, '<a:s>'), (15, "'o'"), (21, '# c')]
    """
    return [(match.start(), match[0]) for match in _CONSTANT.finditer(text)]


@dataclass(frozen=True)
class Template:
    """A rewritten text with slots for constants: where each slot is among the pieces, and which constant it takes."""

    pieces: Sequence[str]
    slots: Sequence[tuple[int, int]]

    def filled(self, constants: Sequence[str]) -> str:
        """Return the text with the given constants."""
        pieces = list(self.pieces)
        for place, number in self.slots:
            pieces[place] = constants[number]
        return "".join(pieces)


def template_of(text: str, tokens: Sequence[Token], rewrite: Callable[[str, Sequence[Token]], str]) -> Template | None:
    """Return the template for all texts of a shape, given one of them; None where a token is not wholly a constant.

    ``rewrite`` is given a text with a mark in place of each constant, and its tokens, which it may only copy.
    """
    parts = _CONSTANT.split(text)
    moved: dict[int, int] = {}
    start = length = 0
    for number, part in enumerate(parts):
        if number % 2:
            parts[number] = chr(_FIRST_MARK + number // 2)
        else:
            moved.update((start + place, length + place) for place in range(len(part) + 1))
        start += len(part)
        length += len(parts[number])
    marked = "".join(parts)
    if any(token.start not in moved or token.end not in moved for token in tokens):
        return None
    placed = [
        token._replace(text=marked[moved[token.start] : moved[token.end]], start=moved[token.start]) for token in tokens
    ]
    written = _MARK.split(rewrite(marked, placed))
    slots = [(place, ord(written[place]) - _FIRST_MARK) for place in range(1, len(written), 2)]
    return Template(written, slots)
