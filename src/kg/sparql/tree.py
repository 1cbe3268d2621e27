"""The syntax tree of a query or an update, parsed by the grammar beside this module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from kg.sparql.tokens import Token

if TYPE_CHECKING:
    from lark import Lark

Kind = Literal["query", "update"]

_MANY = 1_000_000
_BY_ARITY = {
    (0, 0): "NOW RAND UUID STRUUID",
    (0, 1): "BNODE",
    (0, _MANY): "CONCAT COALESCE",
    (1, 1): """
        STR LANG LANGDIR DATATYPE BOUND IRI URI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE ENCODE_FOR_URI YEAR MONTH DAY
        HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC HASLANG
        HASLANGDIR SUBJECT PREDICATE OBJECT ISTRIPLE
    """,
    (2, 2): "LANGMATCHES CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER STRLANG STRDT SAMETERM ADJUST",
    (2, 3): "SUBSTR REGEX",
    (3, 3): "IF STRLANGDIR TRIPLE",
    (3, 4): "REPLACE",
}
ARITIES = {name: arity for arity, names in _BY_ARITY.items() for name in names.split()}
"""How many arguments, at least and at most, the functions take that are keywords (production 121).

Those of SPARQL 1.2 and the engine's ADJUST are among them.
"""
AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE"))

_TERMINALS = {
    "variable": "VARIABLE",
    "iri": "IRIREF",
    "string": "STRING",
    "blank": "BLANK_NODE_LABEL",
    "tag": "LANGTAG",
}
_CLASSES = {
    "a variable": frozenset(("VARIABLE",)),
    "an IRI": frozenset(("IRIREF", "PNAME_LN", "PNAME_NS")),
    "a literal": frozenset(("STRING", "NUMBER", "SIGNED_NUMBER", "TRUE", "FALSE")),
    "a blank node": frozenset(("BLANK_NODE_LABEL", "LSQB")),
    "a function": frozenset(("BUILT_IN", "AGGREGATE", "GROUP_CONCAT", "EXISTS")),
    "a language tag": frozenset(("LANGTAG",)),
    "the end": frozenset(("$END",)),
}
"""What is expected, in words: a class stands for its terminals where all of them are, or the first at least."""
_LONGEST_QUOTE = 80
_MOST_NAMED = 6
"""Most alternatives named in an error: a longer list does not help."""


class ParsingError(Exception):
    """A syntax error: its message, and the index of the token (the end is one beyond the last)."""

    def __init__(self, what: str, index: int) -> None:
        """Keep both."""
        super().__init__(what)
        self.what = what
        self.index = index


class Node:
    """A production of the grammar: its name, its children, and its first and last token (indices).

    Children are nodes and indices of tokens. A production without tokens has -1 for both ends.
    """

    __slots__ = ("children", "first", "kind", "last")

    children: list[Node | int]
    first: int
    last: int

    def __init__(self, kind: str, children: Sequence[Any], _meta: object = None) -> None:
        """Take the children as the parser hands them over: nodes, and tokens that carry their index.

        A production whose name begins with ``_`` lends its list to the one above it, which grows it item by item.
        """
        self.kind = str(kind)
        if self.kind[0] == "_":
            self.children, self.first, self.last = children, -1, -1  # type: ignore[assignment]
            return
        self.children = [child if isinstance(child, (Node, int)) else child.start_pos for child in children]
        ends = [(child, child) if isinstance(child, int) else (child.first, child.last) for child in self.children]
        ends = [end for end in ends if end[0] >= 0]
        self.first, self.last = (ends[0][0], ends[-1][1]) if ends else (-1, -1)

    def nodes(self, *kinds: str) -> list[Node]:
        """List the children that are nodes, those of some kinds if kinds are given."""
        return [child for child in self.children if isinstance(child, Node) and (not kinds or child.kind in kinds)]

    def tokens(self) -> list[int]:
        """List the children that are tokens."""
        return [child for child in self.children if isinstance(child, int)]

    def walk(self, *, without: frozenset[str] = frozenset()) -> Iterator[Node]:
        """Yield the node and all below it, in the order of the text; nothing below nodes of the kinds ``without``."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node is self or node.kind not in without:
                stack.extend(reversed(node.nodes()))


def parse(tokens: Sequence[Token], kind: Kind) -> Node:
    """Parse the tokens of a query or an update; the depth of nesting has no bound.

    :raises ParsingError: the grammar does not accept them
    """
    from lark.exceptions import UnexpectedToken  # noqa: PLC0415 - needed where something is parsed, not at every start

    for index, token in enumerate(tokens):
        if token.kind == "wrong":
            raise ParsingError(_no_token(token), index)
    try:
        return parser().parse(tokens, start=f"{kind}_unit")  # type: ignore[return-value]
    except UnexpectedToken as error:
        index = error.token.start_pos if error.token.type != "$END" else len(tokens)
        raise ParsingError(_unexpected(tokens, index or 0, set(error.expected)), index or 0) from None


@cache
def parser() -> Lark:
    """Return the parser, whose tables take 0.2 s to make."""
    from lark import Lark  # noqa: PLC0415 - as above
    from lark import Token as Terminal  # noqa: PLC0415
    from lark.lexer import Lexer  # noqa: PLC0415

    terminals: dict[str, str] = {}

    class TokenStream(Lexer):
        """Gives the parser our tokens, each with its index for a position."""

        def __init__(self, _configuration: object) -> None:
            """Take nothing."""

        def lex(self, lexer_state: Sequence[Token], _parser_state: object = None) -> Iterator[Terminal]:  # type: ignore[override]
            """Yield the terminal of each token."""
            for index, token in enumerate(lexer_state):
                if token.kind != "data":
                    yield Terminal(_terminal(token, terminals), token.text, index)

    grammar = files("kg.sparql").joinpath("grammar.lark").read_text("utf-8")
    parser = Lark(
        grammar,
        parser="lalr",
        lexer=TokenStream,
        start=["query_unit", "update_unit"],
        keep_all_tokens=True,
        maybe_placeholders=False,
        tree_class=Node,
    )
    for terminal in parser.terminals:
        terminals[terminal.pattern.value] = terminal.name
    return parser


def _terminal(token: Token, terminals: dict[str, str]) -> str:
    """Return the name of a token's terminal; a word that is no keyword has one that no production takes."""
    if token.kind == "word":
        word = token.text if token.text == "a" else token.text.upper()
        if word in ARITIES:
            return "BUILT_IN"
        return "AGGREGATE" if word in AGGREGATES else terminals.get(word, "WORD") if word != "A" else _a(token)
    if token.kind == "name":
        return "PNAME_NS" if token.text.endswith(":") and token.text.count(":") == 1 else "PNAME_LN"
    if token.kind == "number":
        return "SIGNED_NUMBER" if token.text[0] in "+-" else "NUMBER"
    return terminals[token.text] if token.kind == "sign" else _TERMINALS[token.kind]


def _a(token: Token) -> str:
    """Return the terminal of ``a``, the one keyword that has a case (section 19.1)."""
    return "A" if token.text == "a" else "WORD"


def _no_token(token: Token) -> str:
    """Say why nothing of the grammar begins with a character."""
    if token.text in "\"'":
        return f"the string that begins with {token.text} does not end"
    if token.text == "\\":
        return "\\ may stand in IRIs, strings and local names only, and \\u in IRIs and strings only"
    return f"{token.text!r} begins nothing that SPARQL knows"


def _unexpected(tokens: Sequence[Token], index: int, expected: set[str]) -> str:
    """Say what stands where the grammar wants something else."""
    if index < len(tokens) and tokens[index].kind == "iri" and "LESSTHAN" in expected:
        return f"{tokens[index].text} reads as an IRI; put a space after <"
    text = tokens[index].text if index < len(tokens) else "the end"
    found = text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
    names = _named(expected)
    wanted = f"; expected {' or '.join(names)}" if len(names) <= _MOST_NAMED else ""
    return f"{found} cannot stand here{wanted}"


def _named(expected: set[str]) -> list[str]:
    """Return the names of what is expected, those of classes in place of their members'."""
    classes = [name for name, members in _CLASSES.items() if members <= expected]
    members = frozenset().union(*(_CLASSES[name] for name in classes))
    texts = {terminal.name: terminal.pattern.value for terminal in parser().terminals}
    return [*classes, *sorted(texts.get(name, name) for name in expected - members)]
