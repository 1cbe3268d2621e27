"""Rewritings between the tokens: white space and comments (SPARQL 1.1 Query, section 19.4).

They "are permitted between terminals" and say nothing, so the tokens stay and every answer with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from metamorphic.tokens import Token, Tokens

_SPACES = (" ", "  ", "\t", "\n", "\r\n", "\r", " \t ", "\n\n    ", "\r\n\t\r\n")
_LINE_ENDS = ("\n", "\r\n", "\r")
_REMARKS = ("#", "# a remark", "## 설명", "#\t")
_COMMENTS = (
    "## } { ) ( ] [ . ; , } } }",
    "# \" ' \"\"\" ''' `",
    "# <http://example.org/open",
    "# SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }",
    "# FROM <http://example.org/nowhere> FROM NAMED <http://example.org/nowhere>",
    "# GROUP_CONCAT(?x) TRUE MINUS VALUES SERVICE <http://example.org/> OPTIONAL LATERAL",
    "# PREFIX kg: <http://example.org/wrong#> BASE <http://example.org/>",
    "# INSERT DATA { <a:b> <a:b> 1 } ; DROP ALL ;",
    "# ?x $y _:b 5 ex:p* ex:p? a true 홍구구 虹口区",
)
_ONE_MEGABYTE = 1_000_000


def gaps(tokens: Tokens, texts: list[str]) -> list[Token]:
    """Return the tokens behind other gaps, of which the last stands at the end of the text."""
    end = Token("end", "")
    return [replace(token, gap=text) for token, text in zip([*tokens, end], texts, strict=True)]


def spaces(tokens: Tokens, random: Random) -> list[Token]:
    """Put other white space before each token, and inside ``()`` and ``[]`` (terminals NIL and ANON)."""
    inner = [inner_space(token, random) for token in tokens]
    return gaps(inner, [random.choice(_SPACES) for _ in range(len(tokens) + 1)])


def inner_space(token: Token, random: Random) -> Token:
    """Put white space into a token that may have some."""
    if token.kind not in {"nil", "anon"}:
        return token
    return replace(token, text=token.text[0] + random.choice(_SPACES) + token.text[-1])


def tight(tokens: Tokens, _random: Random) -> list[Token]:
    """Leave out all white space but what keeps two tokens from being one."""
    return gaps(tokens, [""] * (len(tokens) + 1))


def lines(tokens: Tokens, random: Random) -> list[Token]:
    """Put each token on a line of its own."""
    line_end = random.choice(_LINE_ENDS)
    return gaps(tokens, [line_end] * (len(tokens) + 1))


def comments(tokens: Tokens, random: Random) -> list[Token]:
    """Put a comment between any two tokens, full of what it is not: keywords, brackets, quotes, names."""
    return gaps(tokens, [comment(_COMMENTS, random) for _ in range(len(tokens) + 1)])


def remarks(tokens: Tokens, random: Random) -> list[Token]:
    """Put a comment of plain words between any two tokens."""
    return gaps(tokens, [comment(_REMARKS, random) for _ in range(len(tokens) + 1)])


def comment(texts: Sequence[str], random: Random) -> str:
    """Return a comment with its line end, behind a space or directly behind the token."""
    return random.choice(("", " ", "\n")) + random.choice(texts) + random.choice(_LINE_ENDS)


def long_comments(tokens: Tokens, random: Random) -> list[Token]:
    """Pad the text to a megabyte with comments at three places."""
    return padded(tokens, random, "# " + "} GRAPH ?g { " * 30 + "\n")


def long_spaces(tokens: Tokens, random: Random) -> list[Token]:
    """Pad the text to a megabyte with white space at three places."""
    return padded(tokens, random, " \t  \n" * 80)


def padded(tokens: Tokens, random: Random, piece: str) -> list[Token]:
    """Put so many pieces before three tokens that the whole is a megabyte."""
    gap = piece * (_ONE_MEGABYTE // 3 // len(piece) + 1)
    kept = [*tokens, Token("end", "", "")]
    for place in random.sample(range(len(kept)), 3):
        kept[place] = replace(kept[place], gap=f"\n{gap}{kept[place].gap}")
    return kept
