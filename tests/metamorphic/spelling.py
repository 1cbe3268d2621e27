"""Rewritings of single tokens: other characters that spell the same term or the same keyword."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from metamorphic.tokens import Token, Tokens

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CHARACTER = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|%[0-9A-Fa-f]{2}|.", re.DOTALL)
_CONTROLS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_QUOTES = ("'''", '"""', "'", '"')
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPES = {"integer": "integer", "decimal": "decimal", "double": "double"}
_CASED = ("A",)
"""Only the keyword ``a`` is told from ``A`` (SPARQL 1.1 Query, section 19.8, note 1)."""


def each(tokens: Tokens, kinds: tuple[str, ...], respell: Callable[[Token], str]) -> list[Token]:
    """Return the tokens, those of some kinds with another text."""
    return [replace(token, text=respell(token)) if token.kind in kinds else token for token in tokens]


def code_points_in_terms(tokens: Tokens, random: Random) -> list[Token]:
    r"""Write characters of IRIs and strings as ``\uXXXX`` (SPARQL 1.1 and 1.2 Query, section 19.2)."""
    return each(tokens, ("iri", "string"), lambda token: code_points(token.text, random))


def code_points_in_names(tokens: Tokens, random: Random) -> list[Token]:
    r"""Write letters of names, variables and keywords as ``\uXXXX``: of old allowed anywhere (SPARQL 1.1 Query, 19.2).

    SPARQL 1.2 allows it in IRIs and strings alone (its tests codepoint-esc-01 to -04), so that it may be refused.
    """
    return each(tokens, ("name", "variable", "keyword"), lambda token: code_points(token.text, random))


def code_points(text: str, random: Random) -> str:
    """Write about a third of the letters and digits of a token, and at least one, as code points."""
    characters = _CHARACTER.findall(text)
    places = [place for place, character in enumerate(characters) if character.isalnum()]
    chosen = set(random.sample(places, len(places) // 3 or 1)) if places else set()
    return "".join(
        code_point(character, random) if place in chosen else character for place, character in enumerate(characters)
    )


def code_point(character: str, random: Random) -> str:
    r"""Return a character as ``\uXXXX`` or ``\UXXXXXXXX``, in small or capital digits."""
    short = ord(character) <= 0xFFFF and random.random() < 0.7
    digits = f"{ord(character):0{4 if short else 8}x}"
    return ("\\u" if short else "\\U") + (digits.upper() if random.random() < 0.5 else digits)


def keyword_case(tokens: Tokens, random: Random) -> list[Token]:
    """Write keywords in small, capital or mixed letters: "Keywords are matched in a case-insensitive manner"."""
    return each(tokens, ("keyword",), lambda token: cased(token.text, random))


def cased(word: str, random: Random) -> str:
    """Return a keyword in another case."""
    if word.upper() in _CASED:
        return word
    mixed = "".join(random.choice((letter.lower(), letter.upper())) for letter in word)
    return random.choice((word.lower(), word.upper(), word.title(), mixed))


def local_name_escapes(tokens: Tokens, random: Random) -> list[Token]:
    r"""Write ``-``, ``.`` and ``_`` of local names with a backslash ([173] PN_LOCAL_ESC); ``%41`` is no escape."""
    return each(tokens, ("name",), lambda token: escaped_local_name(token.text, random))


def escaped_local_name(name: str, random: Random) -> str:
    r"""Escape what may be escaped in the local part of a prefixed name, here and there.

    >>> escaped_local_name("ex:", Random(0))
    'ex:'
    """
    prefix, colon, local = name.partition(":")
    characters = _CHARACTER.findall(local)
    written = (f"\\{each}" if each in "-._" and random.random() < 0.7 else each for each in characters)
    return prefix + colon + "".join(written)


def string_quotes(tokens: Tokens, random: Random) -> list[Token]:
    """Write strings between other quotes ([156] to [159]), and escape what these need."""
    return each(tokens, ("string",), lambda token: quoted(string_value(token.text), random))


def string_value(text: str) -> str:
    r"""Return the value of a string token.

    >>> string_value(r"'''it\'s \u0041'''")
    "it's A"
    """
    width = 3 if text[:3] in _QUOTES[:2] else 1
    return _ESCAPE.sub(escape_value, text[width:-width])


def escape_value(match: re.Match[str]) -> str:
    """Return the character that an escape stands for."""
    short, long, letter = match.groups()
    return chr(int(short or long, 16)) if short or long else _CONTROLS.get(letter, letter)


def quoted(value: str, random: Random) -> str:
    """Write a string between quotes chosen at random."""
    quote = random.choice(_QUOTES)
    is_long = len(quote) == 3
    characters = [string_character(each, quote[0], is_long=is_long) for each in value]
    return quote + "".join(characters) + quote


def string_character(character: str, mark: str, *, is_long: bool) -> str:
    """Write a character of a string; a line feed stays as it is between three quotes."""
    names = {value: letter for letter, value in _CONTROLS.items()}
    if character in {"\\", mark} or (character in names and not (is_long and character in "\n\t")):
        return f"\\{names.get(character, character)}"
    return character


def literal_forms(tokens: Tokens, _random: Random) -> list[Token]:
    """Write numbers, booleans and plain strings as typed literals: the same terms (section 4.1.2; RDF 1.1, 3.3)."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        datatype = literal_type(tokens, place)
        found += typed(token, datatype) if datatype else [token]
    return found


def literal_type(tokens: Tokens, place: int) -> str:
    """Return the datatype of a literal that may be written otherwise, or nothing."""
    token = tokens[place]
    before = tokens[place - 1] if place else token
    if token.is_keyword("TRUE", "FALSE"):
        return "boolean"
    if token.kind in _TYPES and not before.is_keyword("LIMIT", "OFFSET"):
        is_operator = token.text[0] in "+-" and not before.is_mark("(", ",", "{")
        return "" if is_operator else _TYPES[token.kind]
    return "string" if is_plain_string(tokens, place) else ""


def is_plain_string(tokens: Tokens, place: int) -> bool:
    """Tell whether a string stands for itself: without language and datatype, and not as a SEPARATOR."""
    after = tokens[place + 1 : place + 2]
    if tokens[place].kind != "string" or any(each.kind == "language" or each.is_mark("^^") for each in after):
        return False
    return place < 2 or not tokens[place - 2].is_keyword("SEPARATOR")


def typed(token: Token, datatype: str) -> list[Token]:
    """Return a literal with its datatype."""
    text = token.text.lower() if datatype == "boolean" else token.text
    lexical_form = text if datatype == "string" else f'"{text}"'
    marks = (Token("punctuation", "^^", ""), Token("iri", f"<{_XSD}{datatype}>", ""))
    return [Token("string", lexical_form, token.gap), *marks]
