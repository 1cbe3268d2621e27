"""Writes a query or an update anew where the engine reads SPARQL otherwise than its specification.

Each rule is a property of the syntax tree, never of one text: what it writes means to the engine what the original
means to the specification. A text without sites is passed on as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod

from kg.sparql.expressions import RULES, signed_literal
from kg.sparql.paths import ANYTHING, Branch, branches, count_branches, is_nullable
from kg.sparql.sites import Connection, RewritingSite, is_constant, is_variable
from kg.sparql.tokens import Token, end_of
from kg.sparql.tree import Node

MOST_WRITTEN = 5_000_000
"""Characters: a pattern is written out once for each named graph, and 75 graphs times 60 kB must do."""
NIL = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>"
MOST_ARMS = 256
"""Alternatives of paths multiply with each other, and each product costs the engine a join of its own.

There may be as many as the block has tokens: one for each alternative of a single path.
"""
ALIKE = frozenset(RULES) - {"cast", "cast_condition", "regex", "replace"} | {
    *("boolean", "joined", "repeated", "anything", "signed", "group_concat", "service", "select"),
}
"""The rules that copy IRIs, strings and unsigned numbers, and look at none of them."""


class LimitError(Exception):
    """Say that a text cannot be rewritten, and so is not asked: what of it is too large."""


@dataclass(frozen=True)
class Knowledge:
    """What a rule may ask of the dataset, each asked only where a rule applies.

    ``named_graphs`` gives the names of the graphs as SPARQL text; ``is_node`` tells whether a term (as it stands in the
    query) is a node of the default graph, or of the graph whose name (as it stands, too) is given.
    """

    named_graphs: Callable[[], Sequence[str]]
    is_node: Callable[[str, str | None], bool]


@dataclass
class Budget:
    """How much may still be written: what is copied, what rules add, and copies of copies each time."""

    left: int = MOST_WRITTEN

    def spend(self, length: int) -> None:
        """Count what was written.

        :raises LimitError: it is too much
        """
        self.left -= length
        if self.left < 0:
            raise LimitError(f"written out for the engine it is longer than {MOST_WRITTEN:,} characters")


@dataclass(frozen=True)
class Rewriting:
    """A text on its way: its tokens and sites, and what holds where a copy of a pattern is written.

    ``fresh`` begins names of variables that the text does not have, ``graphs`` gives the graph that a copy is written
    for by the token of the variable that it replaces, ``suffix`` keeps the blank nodes of copies apart, and ``using``
    has the USING clauses for an update whose dataset the request names, ``merge`` the graph to name in place of several
    default graphs. ``is_exact`` where there may be
    numbers that the engine cannot hold; ``mode`` says how nested operators are written (see ``expressions``), and
    ``declared`` gives the IRI of a name.
    """

    text: str
    tokens: Sequence[Token]
    sites: Sequence[RewritingSite]
    knowledge: Knowledge
    fresh: str
    graphs: Mapping[int, str] = field(default_factory=dict)
    suffix: str = ""
    using: str = ""
    merge: str = ""
    is_exact: bool = False
    mode: str = ""
    declared: Callable[[str], str | None] = lambda _name: None
    budget: Budget = field(default_factory=Budget)

    def written(self, first: int, last: int, after: int = -1) -> str:
        """Return the tokens from first to last, rewritten where there are sites after the one given.

        :raises LimitError: it grows beyond a limit
        """
        pieces: list[str] = []
        for index in range(after + 1, len(self.sites)):
            site = self.sites[index]
            if site.node.first > last:
                break
            if first <= site.node.first and site.node.last <= last:
                pieces += [self.copied(first, site.node.first - 1), self.space(site.node.first)]
                left = self.budget.left
                piece = self._ruled(site.rule, index)
                self.budget.spend(max(0, len(piece) - (left - self.budget.left)))
                pieces.append(piece)
                first = site.node.last + 1
        return "".join([*pieces, self.copied(first, last)])

    def in_mode(self, mode: str) -> Rewriting:
        """Return the same with nested operators written in another way."""
        return self if mode == self.mode else replace(self, mode=mode)

    def resolve(self, name: str) -> str | None:
        """Return the IRI that a name stands for; None where its prefix is not declared."""
        return self.declared(name)

    def _ruled(self, rule: str, index: int) -> str:
        if rule in RULES:
            return RULES[rule](self, index)
        return str(getattr(self.in_mode(""), f"_{rule}")(index))

    def copied(self, first: int, last: int) -> str:
        """Return the tokens from first to last as they stand, with the space and the comments before each."""
        if first > last:
            return ""
        start = end_of(self.tokens[first - 1 : first]) if first else 0
        self.budget.spend(self.tokens[last].end - start)
        if not self.suffix:
            return self.text[start : self.tokens[last].end]
        pieces: list[str] = []
        for token in self.tokens[first : last + 1]:
            pieces += [self.text[start : token.end], self.suffix if token.kind == "blank" else ""]
            start = token.end
        return "".join(pieces)

    def space(self, index: int) -> str:
        """Return the space and the comments before a token."""
        return self.text[end_of(self.tokens[index - 1 : index]) if index else 0 : self.tokens[index].start]

    def node(self, node: Node, after: int) -> str:
        """Return a node, rewritten, without the space before it."""
        return self.written(node.first, node.last, after)[len(self.space(node.first)) :]

    def _boolean(self, index: int) -> str:
        """Write TRUE and FALSE in small letters: the engine knows no others."""
        return self.tokens[self.sites[index].node.first].text.lower()

    def _joined(self, index: int) -> str:
        """Write tokens without space between them."""
        return "".join(self.tokens[place].text for place in self.sites[index].node.tokens())

    def _repeated(self, _index: int) -> str:
        """Leave out a variable that is selected already: the engine refuses what 18.2.4.4 takes as a union."""
        return ""

    def _anything(self, _index: int) -> str:
        """Write a set of no negated properties as one that the engine parses."""
        return ANYTHING

    def _merged(self, _index: int) -> str:
        """Name the merge of several default graphs (SPARQL 1.1 Update, 3.1.3) in place of the first of them."""
        return f"USING {self.merge}"

    def _left_out(self, _index: int) -> str:
        """Leave the other default graphs out."""
        return ""

    def _signed(self, index: int) -> str:
        """Write a number as a literal with its datatype, where the engine takes its sign for an operator."""
        return signed_literal(self.tokens[self.sites[index].node.first]) or ""

    def _group_concat(self, index: int) -> str:
        """Make GROUP_CONCAT a string without language: so it is defined (18.5.1.7); the engine keeps a common tag."""
        return f"STR({self.node(self.sites[index].node, index)})"

    def _service(self, index: int) -> str:
        """Call SERVICE with a variable once for each solution before it: the engine would call it unbound."""
        return f"LATERAL {{ {self.node(self.sites[index].node, index)} }}"

    def _using(self, index: int) -> str:
        """Name the dataset of the request before the WHERE of an update (SPARQL 1.1 Protocol, 2.2.3)."""
        return f"{self.using} {self.text_of(self.sites[index].node)}"

    def _using_in_full(self, index: int) -> str:
        """Write DELETE WHERE out in full: it has no place for a dataset."""
        pattern = self.node(self.sites[index].node.nodes()[0], index)
        return f"DELETE {pattern} {self.using} WHERE {pattern}"

    def _anchor(self, index: int) -> str:
        """Bind the variable of GRAPH first, where nothing else of the group does."""
        graph = self.sites[index].graph
        return "{" if graph is None or graph in self.graphs else f"{{ GRAPH {self.tokens[graph].text} {{}}"

    def _select(self, index: int) -> str:
        """Write the expression for a variable that a later expression uses: beside an aggregate the engine refuses it.

        A variable in BOUND stays, and one in the pattern of EXISTS.
        """
        clause = self.sites[index].node
        known: dict[str, str] = {}
        pieces: list[str] = []
        place = clause.first
        for item in clause.nodes("select_expression"):
            expression = item.nodes()[0]
            used = self._substituted(expression, known, index)
            known[self.tokens[item.last - 1].text[1:]] = used
            pieces += [self.written(place, expression.first - 1, index), " ", used]
            place = expression.last + 1
        return "".join([*pieces, self.written(place, clause.last, index)])[len(self.space(clause.first)) :]

    def _substituted(self, expression: Node, known: Mapping[str, str], index: int) -> str:
        pieces: list[str] = []
        place = expression.first
        for node in expression.walk(without=frozenset(("exists",))):
            name = self.tokens[node.first].text[1:]
            is_bound = self.tokens[node.first - 2].word == "BOUND"
            if node.kind == "variable" and name in known and not is_bound:
                self.budget.spend(len(known[name]))
                pieces += [self.written(place, node.first - 1, index), f" ({known[name]})"]
                place = node.last + 1
        return "".join([*pieces, self.written(place, expression.last, index)]).strip()

    def _graph(self, index: int) -> str:
        """Write a GRAPH pattern out graph by graph.

        That is the definition of Graph(variable, pattern): a union over the named graphs, each joined with the
        variable's value (18.6).
        """
        node = self.sites[index].node
        place, group = node.tokens()[1], node.nodes()[0]
        variable = self.tokens[place].text
        copies: list[str] = []
        for number, graph in enumerate(self.knowledge.named_graphs()):
            within = replace(self, graphs={**self.graphs, place: graph}, suffix=f"{self.suffix}.g{number}")
            pattern = within.written(group.first, group.last, index)
            copies.append(f"{{ VALUES {variable} {{ {graph} }} GRAPH {graph}{pattern} }}")
        return f"{{ {_union(copies)} }}" if copies else f"{{ VALUES {variable} {{}} }}"

    def _paths(self, index: int) -> str:
        """Write a block once for each way through its paths: an alternative, or a length of zero (18.4)."""
        site = self.sites[index]
        _check_arms(site, [count_branches(_path(one)) for one in site.connections if one.is_split])
        options = [self._options(connection, site, index) for connection in site.connections]
        number_of_arms = _check_arms(site, [len(paths) for paths in options])
        if number_of_arms == 1:
            return self.node(site.node, index)
        arms = [
            replace(self, suffix=f"{self.suffix}.p{number}").arm(site, choice, index)
            for number, choice in enumerate(product(*options))
        ]
        return f"{{ {_union(arms)} }}"

    def _options(self, connection: Connection, site: RewritingSite, index: int) -> list[str | None]:
        """Return the paths that one connection may take, None for a length of zero that the engine misses."""
        path = _path(connection)
        found = [Branch(self.node(path, index), is_nullable(path))]
        if connection.is_split:
            found = list(branches(path, lambda node: self.node(node, index)))
        options: list[str | None] = [branch.text for branch in found]
        if connection.adds_zero and not self._is_node(connection, site, index):
            options += [None for branch in found if branch.is_nullable]
        return options

    def _is_node(self, connection: Connection, site: RewritingSite, index: int) -> bool:
        """Return whether a constant end is known to be a node of the active graph."""
        graph = None if site.graph is None else self.graphs.get(site.graph, self.tokens[site.graph].text)
        is_known = graph is None or graph[0] not in "?$"
        return is_known and self.knowledge.is_node(self._value(self._constant(connection), index), graph)

    def _constant(self, connection: Connection) -> Node:
        is_subject = is_constant(connection.subject, self.tokens)
        return connection.subject if is_subject else connection.object

    def _value(self, constant: Node, index: int) -> str:
        """Return a constant as it may stand in an expression too."""
        return NIL if self.tokens[constant.first].text == "(" else self.node(constant, index)

    def text_of(self, node: Node) -> str:
        """Return a node as it stands, without the space before it."""
        return self.node(node, len(self.sites))

    def arm(self, site: RewritingSite, choice: Sequence[str | None], index: int) -> str:
        """Return a block with one path for each connection; those of length zero stand before it."""
        chosen = dict(zip(map(_key, site.connections), choice, strict=True))
        pairs = zip(site.connections, choice, strict=True)
        zeros = [self._zero(connection, index) for connection, path in pairs if path is None]
        triples = (self._triples(node, chosen, index) for node in site.node.nodes("triples"))
        return f"{{ {' '.join(zeros)} {' . '.join(filter(None, triples))} }}"

    def _zero(self, connection: Connection, index: int) -> str:
        """Return the pattern for a path of length zero from a term that is no node of the active graph."""
        constant = self._constant(connection)
        other = connection.object if constant is connection.subject else connection.subject
        term, end = self._value(constant, index), self._value(other, index)
        same = ""
        if is_constant(other, self.tokens):
            same = f"FILTER(sameTerm({term}, {end})) "
        elif is_variable(other, self.tokens):
            same = f"BIND({term} AS {end}) "
        one, two = f"?{self.fresh}1", f"?{self.fresh}2"
        return f"{{ {same}FILTER NOT EXISTS {{ {{ {term} {one} {two} }} UNION {{ {one} {two} {term} }} }} }}"

    def _triples(self, node: Node, chosen: _Chosen, index: int) -> str:
        """Return one subject with what is left of its properties; nothing where nothing is left."""
        text = self._part(node, chosen, index).strip()
        subject = node.nodes()[0]
        is_alone = subject.kind == "term" and text == self._part(subject, chosen, index).strip()
        return "" if is_alone or text.replace(" ", "") == "[]" else text

    def _part(self, node: Node, chosen: _Chosen, index: int) -> str:
        """Return a part of a block with the paths that were chosen."""
        parts = node.walk(without=frozenset(("verb",)))
        if not any(below.kind == "property" and _is_chosen(below, chosen) for below in parts):
            return self.written(node.first, node.last, index)
        if node.kind != "property_list":
            return "".join(
                self.copied(child, child) if isinstance(child, int) else self._part(child, chosen, index)
                for child in node.children
            )
        texts = (text for one in node.nodes("property") for text in self._properties(one, chosen, index))
        return f" {' ; '.join(texts)}"

    def _properties(self, node: Node, chosen: _Chosen, index: int) -> Iterator[str]:
        """Yield each path of a property with its objects."""
        if not _is_chosen(node, chosen):
            yield self._part(node, chosen, index)
            return
        for object_ in node.nodes("object"):
            key = id(node), id(object_)
            path = chosen[key] if key in chosen else self.node(node.nodes()[0], index)
            if path is not None:
                yield f"{path} {self._part(object_, chosen, index)}"


_Chosen = Mapping[tuple[int, int], str | None]


def _check_arms(site: RewritingSite, alternatives: Sequence[int]) -> int:
    """Return how many combinations there are of the alternatives of each path.

    :raises LimitError: there are too many
    """
    number, most = prod(alternatives), max(MOST_ARMS, site.node.last - site.node.first + 1)
    if number > most:
        raise LimitError(f"the alternatives of its property paths have more than {most} combinations")
    return number


def _path(connection: Connection) -> Node:
    return connection.property.nodes()[0].nodes()[0]


def _key(connection: Connection) -> tuple[int, int]:
    return id(connection.property), id(connection.object)


def _is_chosen(node: Node, chosen: _Chosen) -> bool:
    return any(key[0] == id(node) for key in chosen)


def _union(groups: Sequence[str]) -> str:
    """Join groups by UNION, halves within halves: the engine's stack grows with the depth of a chain."""
    if len(groups) <= 2:  # noqa: PLR2004 - a pair
        return " UNION ".join(groups)
    middle = len(groups) // 2
    return f"{{ {_union(groups[:middle])} }} UNION {{ {_union(groups[middle:])} }}"
