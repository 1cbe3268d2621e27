"""Mends a query before the engine sees it, where the engine reads SPARQL otherwise than its specification.

Each rule is a property of the text or of its algebra, never of one query: it gives the text that means the same to the
engine as the original means to the specification. A text that no rule touches is returned as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.store.brackets import end_of, match_brackets, outside_braces
from kg.store.syntax import Token, capitals, tokens

HIGHEST_EXPANSION = 64
"""Into so many patterns at most a GRAPH pattern is written out, nested ones too; beyond, it is left to the engine."""

LONGEST_TEXT = 200_000
"""Characters; a longer text goes to the engine as it came."""

_TOUCHED = re.compile(
    r"""
    \b(?-i:(?!true\b|false\b))(?:TRUE|FALSE)\b
  | \bGROUP_CONCAT\b | \bGRAPH\s*[?$] | \bSERVICE\s+(?:SILENT\s+)?[?$]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOUCHED_WORDS = ("TRUE", "FALSE", "GROUP_CONCAT", "GRAPH", "SERVICE")
_PATH = re.compile(r"[*?](?<=[\w>)].)(?=[\s<:.^(])")
"""Begins with what is rare, for the search goes from one such character to the next."""
_EXPANDED = ("MINUS", "SELECT", "VALUES")


@dataclass(frozen=True)
class Knowledge:
    """What a rule may ask of the dataset, each asked only where a rule applies.

    ``named_graphs`` gives the graph names as SPARQL text, or None if they cannot be written in a query; ``is_node``
    tells whether a term (as it stands in the query) is a node of a graph: of the default one, or of the one whose name
    (as it stands, too) is given.
    """

    named_graphs: Callable[[], Sequence[str] | None]
    is_node: Callable[[str, str | None], bool]


def rewrite(query: str, knowledge: Knowledge) -> str:
    """Return the query that means to the engine what this one means to the specification.

    >>> rewrite("SELECT (TRUE AS ?t) {}", Knowledge(list, lambda term, graph: True))
    'SELECT (true AS ?t) {}'
    >>> rewrite('SELECT (GROUP_CONCAT(?o) AS ?t) {}', Knowledge(list, lambda term, graph: True))
    'SELECT (STR(GROUP_CONCAT(?o)) AS ?t) {}'
    """
    if not is_touched(query):
        return query
    found = tuple(tokens(query))
    try:
        text = Rewriting(query, found, match_brackets(found), knowledge).render(0, len(found))
    except RecursionError:
        return query
    return text + query[end_of(found) :] if len(text) <= LONGEST_TEXT else query


def is_touched(query: str) -> bool:
    """Tell, without reading tokens, whether a rule may apply; most queries need no more than this.

    >>> is_touched("SELECT ?p ?o { <http://example.org/s> ?p ?o FILTER(?o > 1) }")
    False
    """
    if len(query) > LONGEST_TEXT:
        return False
    found = capitals(query)
    has_word = any(word in found for word in _TOUCHED_WORDS) and _TOUCHED.search(query) is not None
    return has_word or _PATH.search(found) is not None


@dataclass(frozen=True)
class Rewriting:
    """A query on its way: its tokens, the graph that a place is in ("" unknown, None default), a blank node suffix."""

    query: str
    found: Sequence[Token]
    closing: dict[int, int]
    knowledge: Knowledge
    graph: str | None = None
    suffix: str = ""
    rules: tuple[str, ...] = field(default=("graph_pattern", "service", "path", "group_concat", "word"))

    def render(self, start: int, end: int) -> str:
        """Return the text of the tokens from start to end, with the space and the comments before each."""
        pieces: list[str] = []
        place = start
        while place < end:
            pieces.append(self.gap(place))
            text, place = self.rewritten(place)
            pieces.append(text)
        return "".join(pieces)

    def gap(self, place: int) -> str:
        """Return what stands between a token and the one before it."""
        before = end_of(self.found[place - 1 : place]) if place else 0
        return self.query[before : self.found[place].start]

    def rewritten(self, place: int) -> tuple[str, int]:
        """Return the text for what begins at a token, and the place after it."""
        for rule in self.rules:
            result: tuple[str, int] | None = getattr(self, rule)(place)
            if result:
                return result
        token = self.found[place]
        return token.text + (self.suffix if token.kind == "blank" else ""), place + 1

    def text(self, place: int) -> str:
        """Return a token's text, or nothing beyond the end."""
        return self.found[place].text if 0 <= place < len(self.found) else ""

    def is_group(self, place: int) -> bool:
        """Tell whether a group in braces begins here and ends somewhere."""
        return self.text(place) == "{" and place in self.closing

    def word(self, place: int) -> tuple[str, int] | None:
        """Write TRUE and FALSE in small letters: the grammar's keywords have no case."""
        token = self.found[place]
        return (token.text.lower(), place + 1) if token.is_word("TRUE", "FALSE") else None

    def group_concat(self, place: int) -> tuple[str, int] | None:
        """Make GROUP_CONCAT a string without language: so is the aggregate defined; the engine keeps a common tag."""
        if not self.found[place].is_word("GROUP_CONCAT") or place + 1 not in self.closing:
            return None
        end = self.closing[place + 1] + 1
        return f"STR({self.found[place].text}{self.render(place + 1, end)})", end

    def service(self, place: int) -> tuple[str, int] | None:
        """Ask SERVICE with a variable once for each solution before it: the engine would ask with it unbound."""
        if not self.found[place].is_word("SERVICE") or self.text(place - 1) in {"", "{"}:
            return None
        variable = place + 2 if self.found[place + 1].is_word("SILENT") else place + 1
        if self.found[variable].kind != "variable" or not self.is_group(variable + 1):
            return None
        end = self.closing[variable + 1] + 1
        heading = self.query[self.found[place].start : end_of(self.found[variable : variable + 1])]
        return f"LATERAL {{ {heading}{self.render(variable + 1, end)} }}", end

    def graph_pattern(self, place: int) -> tuple[str, int] | None:
        """Enter a GRAPH pattern; write it out graph by graph where the engine would let its variable in.

        That is the definition of Graph(variable, pattern): a union over the named graphs, each joined with the
        variable's value. The engine agrees except for MINUS, subqueries, VALUES, and the variable itself in a pattern.
        """
        if not self.found[place].is_word("GRAPH") or not self.is_group(place + 2):
            return None
        name, end = self.found[place + 1], self.closing[place + 2] + 1
        if name.kind != "variable":
            inside = replace(self, graph=name.text).render(place + 2, end)
            return f"{self.found[place].text}{self.gap(place + 1)}{name.text}{inside}", end
        names = self.knowledge.named_graphs() if self.lets_in(name.text, place + 3, end - 1) else None
        if names is None or len(names) ** (1 + self.suffix.count(".")) > HIGHEST_EXPANSION:
            heading = f"{self.found[place].text}{self.gap(place + 1)}{name.text}"
            return heading + replace(self, graph="").render(place + 2, end), end
        copies = (self.copy(name.text, graph, number, place + 2, end) for number, graph in enumerate(names))
        return "{ " + (" UNION ".join(copies) or f"VALUES {name.text} {{}}") + " }", end

    def lets_in(self, variable: str, start: int, end: int) -> bool:
        """Tell whether the engine would let the variable into the pattern where the specification does not."""
        return any(
            token.is_word(*_EXPANDED) or (token.kind == "variable" and token.text[1:] == variable[1:])
            for token in self.found[start:end]
        )

    def copy(self, variable: str, graph: str, number: int, start: int, end: int) -> str:
        """Return the pattern for one graph, its blank nodes apart from those of the others."""
        inside = replace(self, graph=graph, suffix=f"{self.suffix}.g{number}").render(start, end)
        return f"{{ VALUES {variable} {{ {graph} }} GRAPH {graph}{inside} }}"

    def path(self, place: int) -> tuple[str, int] | None:
        """Let a path of length zero end at a term that the graph does not know: it ends at that term alone.

        Only a triple pattern of its own is looked at, with ``*`` or ``?`` on the whole path.
        """
        if self.graph == "" or self.text(place - 1) not in {"{", ".", "}"}:
            return None
        step = self.end_of_step(place + 1)
        if step is None or self.text(step) not in {"*", "?"} or self.text(step + 2)[:1] not in {".", "}"}:
            return None
        ends = (self.found[place], self.found[step + 1])
        constants = [end.text for end in ends if end.kind in {"iri", "name"}]
        variables = [end.text for end in ends if end.kind == "variable"]
        if len(constants) != 1 or len(variables) != 1 or self.knowledge.is_node(constants[0], self.graph):
            return None
        return f"VALUES {variables[0]} {{ {constants[0]} }}", step + 2

    def end_of_step(self, place: int) -> int | None:
        """Return the place after one step of a path, or None if there is none."""
        place += self.text(place) == "^"
        if self.text(place) == "(" and place in self.closing:
            return self.closing[place] + 1
        is_step = place < len(self.found) and (self.found[place].kind in {"iri", "name"} or self.text(place) == "a")
        return place + 1 if is_step else None


def with_select_variables_replaced(query: str) -> str:
    """Write the expression for a variable that a later expression of the same SELECT uses.

    The engine refuses that beside an aggregate. Tried only after such a refusal.

    >>> with_select_variables_replaced("SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) { ?s ?p ?v }")
    'SELECT (COUNT(?v) AS ?n) ((COUNT(?v)) + 1 AS ?m) { ?s ?p ?v }'
    """
    found = tuple(tokens(query))
    closing = match_brackets(found)
    pieces: list[str] = []
    end = 0
    for place, token in enumerate(found):
        if token.is_word("SELECT"):
            for first, last, text in replaced_items(query, found, place + 1, closing):
                pieces += [query[end : found[first].start], text]
                end = found[last].start
    return "".join([*pieces, query[end:]])


def replaced_items(
    query: str, found: Sequence[Token], place: int, closing: dict[int, int]
) -> Iterator[tuple[int, int, str]]:
    """Yield for each ``(expression AS ?variable)`` the places of the expression and its text, variables replaced."""
    known: dict[str, str] = {}
    while place < len(found) and is_select_item(found[place]):
        if place in closing:
            last = closing[place] - 2
            text, end = "", found[place + 1].start
            for inner in outside_braces(found, place + 1, last, closing):
                token = found[inner]
                if token.kind == "variable" and token.text[1:] in known and not found[inner - 2].is_word("BOUND"):
                    text += query[end : token.start] + f"({known[token.text[1:]]})"
                    end = token.start + len(token.text)
            text += query[end : found[last].start]
            known[found[last + 1].text[1:]] = text.strip()
            yield place + 1, last, text
            place = closing[place]
        place += 1


def is_select_item(token: Token) -> bool:
    """Tell whether a token begins a part of a SELECT clause."""
    return token.kind == "variable" or token.text == "(" or token.is_word("DISTINCT", "REDUCED")
