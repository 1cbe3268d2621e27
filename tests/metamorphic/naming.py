"""Rewritings of names: IRIs and prefixed names, prefixes and BASE, variables (SPARQL 1.1 Query, section 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

from metamorphic.groups import Span, read_groups, statements
from metamorphic.tokens import Token, Tokens

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PREFIXES = (
    "select",
    "GRAPH.g",
    "true",
    "a",
    "서초",
    "x-1",
    "filter",
    "from",
    "named",
    "A.b.C",
    "minus",
    "where",
    "p0",
)
_VARIABLES = ("select", "GRAPH", "true", "a", "서초구", "where", "0", "FROM")
_BASES = ("https://kg.seocho.example/", "http://example.org/a/b", "http://www.w3.org/2001/XMLSchema")
_LOCAL_ESCAPED = frozenset("~.-!$&'()*+,;=/?#@%_")
_LOCAL_FREE = re.compile(r"[A-Za-z0-9_:가-힣]")
_AUTHORITY = re.compile("[a-z]+://[^/]+/")


def prologue_end(tokens: Tokens) -> int:
    """Return the place after the declarations at the beginning."""
    place = 0
    while place < len(tokens) and tokens[place].is_keyword("PREFIX", "BASE", "VERSION"):
        place += 3 if tokens[place].is_keyword("PREFIX") else 2
    return place


def prefixes(tokens: Tokens) -> dict[str, str]:
    """Return the namespace of each prefix, colon included.

    >>> from metamorphic.tokens import tokenize
    >>> prefixes(tokenize("PREFIX ex: <http://example.org/> ASK {}"))
    {'ex:': 'http://example.org/'}
    """
    end = prologue_end(tokens)
    places = [place for place in range(end) if tokens[place].is_keyword("PREFIX")]
    return {tokens[place + 1].text: tokens[place + 2].text[1:-1] for place in places}


def iri_of(name: str, namespaces: Mapping[str, str]) -> str:
    r"""Return the IRI that a prefixed name stands for.

    >>> iri_of(r"ex:a\/b%20", {"ex:": "http://example.org/"})
    'http://example.org/a/b%20'
    """
    prefix, _, local = name.partition(":")
    return namespaces[f"{prefix}:"] + re.sub(r"\\(.)", r"\1", local)


def full_iris(tokens: Tokens, _random: Random) -> list[Token]:
    """Write prefixed names as IRIs and leave out the declarations."""
    namespaces = prefixes(tokens)
    body = tokens[prologue_end(tokens) :]
    return [
        replace(token, kind="iri", text=f"<{iri_of(token.text, namespaces)}>") if token.kind == "name" else token
        for token in body
    ]


def prefixed_names(tokens: Tokens, random: Random) -> list[Token]:
    """Write IRIs as prefixed names, cut anywhere, the local part with the escapes that it needs."""
    namespaces: dict[str, str] = {}
    body = [prefixed(token, namespaces, random) for token in full_iris(tokens, random)]
    return [*declarations({prefix: namespace for namespace, prefix in namespaces.items()}), *body]


def prefixed(token: Token, namespaces: dict[str, str], random: Random) -> Token:
    """Return an IRI as a prefixed name, cut behind its authority; a new namespace gets the next prefix."""
    iri = token.text[1:-1]
    authority = _AUTHORITY.match(iri)
    if token.kind != "iri" or authority is None:
        return token
    cut = random.choice([cut for cut in range(authority.end(), len(iri) + 1) if local_name(iri[cut:]) is not None])
    prefix = namespaces.setdefault(iri[:cut], f"n{len(namespaces)}:" if namespaces else ":")
    return Token("name", f"{prefix}{local_name(iri[cut:])}", token.gap)


def local_name(text: str) -> str | None:
    r"""Return a text as the local part of a prefixed name, or None where it cannot be one.

    >>> local_name("a/b-c"), local_name("a>b")
    ('a\\/b\\-c', None)
    """
    if all(_LOCAL_FREE.match(each) or each in _LOCAL_ESCAPED for each in text):
        return "".join(each if _LOCAL_FREE.match(each) else f"\\{each}" for each in text)
    return None


def declarations(namespaces: Mapping[str, str]) -> Iterator[Token]:
    """Yield a PREFIX declaration for each prefix."""
    for prefix, namespace in namespaces.items():
        yield from (Token("keyword", "PREFIX", "\n"), Token("name", prefix), Token("iri", f"<{namespace}>"))


def other_prefixes(tokens: Tokens, random: Random) -> list[Token]:
    """Declare the same namespaces with other prefixes, such as are spelled like keywords."""
    known = list(prefixes(tokens))
    new = dict(zip(known, random.sample(_PREFIXES, len(known)), strict=True))
    return [
        replace(token, text=new[token.text[: token.text.index(":") + 1]] + token.text[token.text.index(":") :])
        if token.kind == "name"
        else token
        for token in tokens
    ]


def declarations_repeated(tokens: Tokens, _random: Random) -> list[Token]:
    """Declare the prefixes anew before each operation of an update (SPARQL 1.1 Query, section 19.8, [29] Update)."""
    prologue = tokens[: prologue_end(tokens)]
    found: list[Token] = []
    depth = 0
    for place, token in enumerate(tokens, 1):
        depth += token.is_mark("{", "(", "[") - token.is_mark("}", ")", "]")
        is_between = token.is_mark(";") and depth == 0 and place < len(tokens)
        found += [token, *prologue] if is_between else [token]
    return found


def relative_iris(tokens: Tokens, random: Random) -> list[Token]:
    """Declare a BASE and write IRIs against it (RFC 3986, section 5)."""
    base = random.choice(_BASES)
    declared = (Token("keyword", "BASE", ""), Token("iri", f"<{base}>"))
    body = full_iris(tokens, random) if random.random() < 0.5 else tokens
    return [
        *declared,
        *(replace(each, text=relative(each.text, base)) if each.kind == "iri" else each for each in body),
    ]


def relative(reference: str, base: str) -> str:
    """Return an IRI in angle brackets as one that is relative to a base, where the two have the same authority.

    >>> relative("<http://example.org/a/c#d>", "http://example.org/a/b")
    '<c#d>'
    """
    iri = reference[1:-1]
    folder = base[: base.rindex("/") + 1]
    root = base[: base.index("/", len("https://")) + 1]
    rest = iri.removeprefix(folder)
    if rest != iri and rest and ":" not in rest.partition("/")[0] and rest[0] not in "/?#":
        return f"<{rest}>"
    return f"</{iri.removeprefix(root)}>" if iri.startswith(root) else reference


def type_as_iri(tokens: Tokens, _random: Random) -> list[Token]:
    """Write the verb ``a`` as the IRI that it stands for (section 4.2.4), and that IRI as ``a``."""
    namespaces = prefixes(tokens)
    kept = list(tokens)
    for place in (place for verb in verbs(tokens) for place in range(verb.start, verb.end)):
        token = tokens[place]
        if token.text == "a":
            kept[place] = replace(token, kind="iri", text=f"<{TYPE}>")
        elif token.text == f"<{TYPE}>" or (token.kind == "name" and iri_of(token.text, namespaces) == TYPE):
            kept[place] = replace(token, kind="keyword", text="a")
    return kept


def verbs(tokens: Tokens) -> Iterator[Span]:
    """Yield the verbs of all triples outside brackets."""
    blocks = (element for group in read_groups(tokens) for element in group.elements if element.kind == "triples")
    for block in blocks:
        yield from (part.verb for statement in statements(tokens, block) for part in statement.properties)


def other_variables(tokens: Tokens, random: Random) -> list[Token]:
    """Rename each variable, and write ``?`` or ``$`` before it: the two are no part of the name (section 4.1.3)."""
    names = sorted({token.text[1:] for token in tokens if token.kind == "variable"})
    new = {name: f"{random.choice(_VARIABLES)}_{name}" for name in names}
    return [
        replace(token, text=random.choice("?$") + new[token.text[1:]]) if token.kind == "variable" else token
        for token in tokens
    ]


def first_name(name: str) -> str:
    """Return the name that a variable had before ``other_variables``.

    >>> first_name("GRAPH_the_city")
    'the_city'
    """
    return name.partition("_")[2]


def dollar_variables(tokens: Tokens, _random: Random) -> list[Token]:
    """Write ``$x`` for ``?x``."""
    return [replace(token, text=f"${token.text[1:]}") if token.kind == "variable" else token for token in tokens]
