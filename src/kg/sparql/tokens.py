"""The tokens of SPARQL: the terminals of its grammar (SPARQL 1.1 Query, section 19.8, productions 139 to 173)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"[{_BASE}](?:[{_NAME}.\-]*[{_NAME}\-])?"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:(?:[{_NAME}.:\-]|{_ESCAPED})*(?:[{_NAME}:\-]|{_ESCAPED}))?"
_IRI = r"""<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"""
_TOKEN = re.compile(
    rf"""
    (?:[ \t\r\n]++|\#[^\r\n]*+)*+
    (?: (?P<variable>[?$][{_BASE}_0-9][{_BASE}_0-9\u00b7\u0300-\u036f\u203f\u2040]*+)
      | (?P<name>(?:{_PREFIX})?:(?:{_LOCAL})?)
      | (?P<iri>{_IRI})
      | (?P<sign>\)>>|<<\(|<<|>>|\{{\||\|\}}|\^\^|\|\||&&|!=|<=|>=|[{{}}()\[\],;/|^!=~*?<>]
                |\.(?![0-9])|[+\-](?!\.?[0-9]))
      | (?P<word>[A-Za-z][A-Za-z0-9_]*+)
      | (?P<string>'''(?:[^'\\]|\\.|'(?!''))*+'''|\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"
                  |'(?:[^'\\\n\r]|\\.)*+'|"(?:[^"\\\n\r]|\\.)*+")
      | (?P<number>(?P<signed>[+\-])?(?:[0-9]+(?:\.[0-9]*[eE][+\-]?[0-9]+|\.[0-9]+|[eE][+\-]?[0-9]+)?
                                     |\.[0-9]+(?:[eE][+\-]?[0-9]+)?))
      | (?P<blank>_:[{_BASE}_0-9](?:[{_NAME}.\-]*[{_NAME}\-])?)
      | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
      | (?P<wrong>.)
      | \Z
    )
    """,
    re.VERBOSE | re.DOTALL,
)
"""White space and comments belong to what follows, a token or the end; what begins no token is ``wrong``."""

_OPENING = {")": "(", "]": "["}


class Token(NamedTuple):
    """A token: its kind (a group of the pattern above), its text, and where it starts (characters from 0).

    The tokens of a data block are of the kind ``data``.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends."""
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """The keyword in capitals; nothing for any other token."""
        return self.text.upper() if self.kind == "word" or (self.kind == "data" and self.text.isalpha()) else ""

    @property
    def is_iri(self) -> bool:
        """Whether the token stands for an IRI: one in brackets, or a prefixed name."""
        return self.kind in ("iri", "name") or (self.kind == "data" and (self.text[0] == "<" or ":" in self.text))


def scan(text: str) -> Iterator[Token]:
    """Yield every token of a query or an update; the longest one wherever several could begin.

    >>> [token.text for token in scan("ASK { ?s ex:p.ex ?o. } # all")]
    ['ASK', '{', '?s', 'ex:p.ex', '?o', '.', '}']
    >>> [token.text for token in scan("?x<1)&&(?x>0")]
    ['?x', '<1)&&(?x>', '0']
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind:
            yield Token(kind, match[kind], match.start(kind))


def tokenize(text: str) -> list[Token]:
    """List the tokens of a query or an update without the terms of its data blocks.

    Of the blocks of VALUES, INSERT DATA and DELETE DATA only braces, keywords, names of graphs, and brackets with
    nothing but space in them stay: nothing is decided about the terms, which may be millions.

    >>> [token.text for token in tokenize("ASK { VALUES (?x) { (1) (true) } }")]
    ['ASK', '{', 'VALUES', '(', '?x', ')', '{', 'true', '}', '}']
    """
    return list(_without_data(scan(text)))


def _without_data(tokens: Iterator[Token]) -> Iterator[Token]:
    is_block_next = False
    before = ""
    for token in tokens:
        yield token
        if token.kind == "word":
            word = token.text.upper()
            is_block_next = word == "VALUES" or (word == "DATA" and before in ("INSERT", "DELETE"))
            before = word
        elif is_block_next and token.text == "{":
            is_block_next = False
            yield from _data_block(tokens)


def _data_block(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield what matters of a data block, its closing brace last."""
    depth = 1
    is_graph_name = False
    before = None
    for token in tokens:
        is_brace = token.kind == "sign" and token.text in "{}"
        depth += {"{": 1, "}": -1}[token.text] if is_brace else 0
        if depth == 0 or token.kind == "wrong":
            yield token
        elif is_graph_name or token.kind == "word" or is_brace:
            yield token._replace(kind="data")
        elif token.text in _OPENING and before and before.text == _OPENING[token.text] and before.end != token.start:
            yield from (before._replace(kind="data"), token._replace(kind="data"))
        before = token
        if depth == 0:
            return
        is_graph_name = token.kind == "word" and token.text.upper() == "GRAPH"


def position(text: str, start: int) -> tuple[int, int]:
    r"""Return line and column, both from 1; a line ends with ``\n``.

    >>> position("ASK {\n  ?x", 8)
    (2, 3)
    """
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def offset(text: str, line: int, column: int) -> int:
    r"""Return where a line and a column are (characters from 0).

    >>> offset("ASK {\n  ?x", 2, 3)
    8
    """
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def end_of(tokens: Sequence[Token]) -> int:
    """Return where the last token ends."""
    return tokens[-1].end if tokens else 0
