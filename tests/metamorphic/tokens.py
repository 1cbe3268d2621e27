"""Reads and writes the tokens of SPARQL, after the terminals of SPARQL 1.1 Query, section 19.8.

Independent of the product on purpose: a fault of its tokenizer cannot hide itself here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_MORE = r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_CHARS_BASE = rf"(?:[{_BASE}]|{_UCHAR})"
_CHARS_U = rf"(?:[{_BASE}_]|{_UCHAR})"
_CHARS = rf"(?:[{_BASE}_{_MORE}-]|{_UCHAR})"
_VARNAME = rf"(?:[{_BASE}_0-9]|{_UCHAR})(?:[{_BASE}_{_MORE}]|{_UCHAR})*"
_PREFIX = rf"{_CHARS_BASE}(?:(?:{_CHARS}|\.)*{_CHARS})?"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:{_CHARS_U}|[:0-9]|{_PLX})(?:(?:{_CHARS}|[.:]|{_PLX})*(?:{_CHARS}|:|{_PLX}))?"
_ESCAPED = rf"\\[tbnrf\\\"']|{_UCHAR}"
_EXPONENT = r"[eE][+-]?[0-9]+"

TERMINALS = {
    "iri": rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_UCHAR})*>",
    "blank": rf"_:(?:{_CHARS_U}|[0-9])(?:(?:{_CHARS}|\.)*{_CHARS})?",
    "name": rf"(?:{_PREFIX})?:(?:{_LOCAL})?",
    "variable": rf"[?$]{_VARNAME}",
    "language": r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?",
    "string": (
        rf"'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPED}))*'''|\"\"\"(?:\"{{0,2}}(?:[^\"\\]|{_ESCAPED}))*\"\"\""
        rf"|'(?:[^'\\\r\n]|{_ESCAPED})*'|\"(?:[^\"\\\r\n]|{_ESCAPED})*\""
    ),
    "double": rf"[+-]?(?:[0-9]+\.[0-9]*{_EXPONENT}|\.?[0-9]+{_EXPONENT})",
    "decimal": r"[+-]?[0-9]*\.[0-9]+",
    "integer": r"[+-]?[0-9]+",
    "nil": r"\([ \t\r\n]*\)",
    "anon": r"\[[ \t\r\n]*\]",
    "keyword": rf"(?:[A-Za-z]|{_UCHAR})(?:[A-Za-z0-9_]|{_UCHAR})*",
    "punctuation": r"\^\^|&&|\|\||!=|<=|>=|<<\(|\)>>|<<|>>|\{\||\|\}|[{}()\[\];,.=<>!+\-*/^|?~]",
}
"""A pattern for each kind of token; of two that match, the earlier is the longer or the only right one."""

_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in TERMINALS.items()))
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")


@dataclass(frozen=True)
class Token:
    """A token, its kind, and the white space and comments that stand before it."""

    kind: str
    text: str
    gap: str = " "

    def is_keyword(self, *names: str) -> bool:
        """Tell whether the token is one of these keywords, in any case."""
        return self.kind == "keyword" and self.text.upper() in names

    def is_mark(self, *marks: str) -> bool:
        """Tell whether the token is one of these marks of punctuation."""
        return self.kind == "punctuation" and self.text in marks


Tokens = Sequence[Token]


def tokenize(text: str) -> list[Token]:
    """Read the tokens of a query or an update, or raise ValueError with the place where none begins.

    >>> [token.text for token in tokenize("ASK{?s rdfs:label*kg:Place.}")]
    ['ASK', '{', '?s', 'rdfs:label', '*', 'kg:Place', '.', '}']
    """
    found: list[Token] = []
    place = 0
    while place < len(text):
        gap = _GAP.match(text, place)
        start = gap.end() if gap else place
        if start == len(text):
            break
        match = _TOKEN.match(text, start)
        if match is None:
            raise ValueError(f"no token begins at {text[start : start + 40]!r}")
        found.append(Token(match.lastgroup or "", match[0], text[place:start]))
        place = match.end()
    return found


def render(tokens: Tokens) -> str:
    """Write tokens as text, each behind its gap, with a space more where two would run together.

    >>> render([Token("keyword", "ASK", ""), Token("keyword", "WHERE", ""), Token("punctuation", "{", "")])
    'ASK WHERE{'
    """
    kept = list(tokens)
    while True:
        text = "".join(token.gap + token.text for token in kept)
        place = first_difference(tokenize(text), kept)
        if place is None:
            return text
        kept[place + 1] = replace(kept[place + 1], gap=" " + kept[place + 1].gap)


def first_difference(found: Tokens, wanted: Tokens) -> int | None:
    """Return the place of the first token that was read otherwise than it was written."""
    pairs = zip(found, wanted, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one.text != other.text), None)


def tokens_of(text: str) -> list[Token]:
    """Read tokens that are to stand inside others: the first one with a space before it."""
    first, *rest = tokenize(text)
    return [replace(first, gap=" "), *rest]
