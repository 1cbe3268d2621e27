"""What can be told of a SPARQL text without parsing it: its tokens, and the errors an engine finds in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.errors import Message, QuerySyntaxError, Where

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>'{3}(?:[^'\\]|\\.|'(?!''))*'{3} | "{3}(?:[^"\\]|\\.|"(?!""))*"{3}
             | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*")
  | (?P<variable>[?$]\w+)
  | (?P<name>(?:[^\W\d_][\w.·-]*)?:(?:[\w.:·-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*)
  | (?P<blank>_:[\w.·-]+)
  | (?P<tag>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
  | (?P<word>\w+)
  | (?P<sign>[^\s])
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r"(?:error )?at (?:line )?(\d+)(?::| column )(\d+):?\s*(.*)", re.DOTALL)
_CLASS = re.compile(r"\[[^\[\]]*\.\.[^\[\]]*\](?:, )?")

_SHORT = 64 * 1024
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "SERVICE", "BNODE"})


@dataclass(frozen=True)
class Token:
    """A token: its kind, its text, and where it starts (characters from 0)."""

    kind: str
    text: str
    start: int

    def is_word(self, *words: str) -> bool:
        """Tell whether the token is one of these keywords, given in capitals."""
        return self.kind == "word" and self.text.upper() in words


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query or an update, without white space and comments.

    >>> [token.text for token in tokens("SELECT ?s # all")]
    ['SELECT', '?s']
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup and match.lastgroup != "comment":
            yield Token(match.lastgroup, match[0], match.start())


def capitals(text: str) -> str:
    r"""Return a text in capitals without its lines that are comments; one with strings of several lines keeps them.

    What can be told without reading tokens is looked for here: a comment may well ask a question.

    >>> capitals("# Where from?\nASK {}")
    'ASK {}'
    """
    return _capitals(text) if len(text) <= _SHORT else _capitals.__wrapped__(text)


@lru_cache(maxsize=1)
def _capitals(text: str) -> str:
    return _without_comment_lines(text).upper()


def _without_comment_lines(text: str) -> str:
    if "#" not in text or "'''" in text or '"""' in text:
        return text
    lines = text.replace("\r", "\n").split("\n")
    return "\n".join(line for line in lines if not line.lstrip(" \t").startswith("#"))


def has_word(text: str, word: str) -> bool:
    """Tell whether a word, given in capitals, stands anywhere in a text but in lines that are comments.

    >>> has_word("ASK { GRAPH ?g {} }", "GRAPH"), has_word("ASK { ?graphs ?p ?o }", "GRAPH")
    (True, False)
    """
    found = capitals(text)
    return word in found and re.search(rf"\b{word}\b", found) is not None


def names_dataset(query: str) -> bool:
    """Tell whether a query names its dataset with FROM.

    >>> names_dataset("ASK FROM <http://a/> {}"), names_dataset("ASK { ?from a 'FROM' }")
    (True, False)
    """
    return has_word(query, "FROM") and any(token.is_word("FROM") for token in tokens(query))


def is_volatile(query: str) -> bool:
    """Tell whether the same query of the same version can have different answers.

    >>> is_volatile("SELECT (NOW() AS ?n) {}"), is_volatile("SELECT * {}")
    (True, False)
    """
    found = capitals(query)
    return any(word in found for word in _VOLATILE) and any(token.is_word(*_VOLATILE) for token in tokens(query))


def calls_elsewhere(text: str) -> bool:
    """Tell whether a text has SERVICE or LOAD.

    >>> calls_elsewhere("LOAD <http://a/>"), calls_elsewhere("ASK { ?load ?p 'SERVICE' }")
    (True, False)
    """
    upper = text.upper()
    return ("SERVICE" in upper or "LOAD" in upper) and any(token.is_word("SERVICE", "LOAD") for token in tokens(text))


def syntax_error(text: str, message: str, document: str = "query") -> QuerySyntaxError:
    """Translate the engine's message into an error that says where, and quotes the line.

    >>> str(syntax_error("ASK {", "error at 1:6: expected '}'"))
    "query:1:6: The query does not parse: expected '}'. Correct it at the place named."
    """
    match = _PLACE.match(message)
    detail = _CLASS.sub("", match[3] if match else message).strip().rstrip(".,") or "something else was expected here"
    noun = Message(ko="갱신문" if document == "update" else "질의문", en=document)
    return QuerySyntaxError(
        Message(ko=f"{noun.ko}의 문법이 맞지 않습니다: {detail}.", en=f"The {noun.en} does not parse: {detail}."),
        cure=Message(ko="표시된 자리를 고쳐 주십시오.", en="Correct it at the place named."),
        where=_place(text, int(match[1]), int(match[2]), document) if match else None,
    )


def _place(text: str, line: int, column: int, document: str) -> Where:
    lines = text.split("\n")
    quoted = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
    return Where(document, line, column, quoted[:500])
