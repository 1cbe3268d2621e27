"""Where a query or an update needs rewriting: the places in its syntax tree that a rule applies to.

Sites depend on the shape of a text alone, never on its IRIs, strings and numbers: they are found once for each shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.sparql.expressions import RULES, asserts_operands, conditions_of, exact_rule_of, rule_of, signed_literal
from kg.sparql.paths import count_branches, is_nullable
from kg.sparql.tokens import Token
from kg.sparql.tree import Node

_AGGREGATES = frozenset(("aggregate", "group_concat"))
_ADJOINING = frozenset(("BNODE", "COALESCE", "CONCAT"))
_CLOSING = {"(": ")", "[": "]"}
_PARSED = frozenset(("select", "repeated", "anything"))
"""The rules for what the engine does not parse: they hold in SERVICE too, whose pattern another engine answers."""
_UNANCHORED = ("inline_data", "graph_variable", "graph_iri", "service_variable", "service_iri", "lateral")


@dataclass(frozen=True)
class Connection:
    """A subject, a path and an object that the engine would read otherwise.

    ``is_split`` where alternatives may give a solution twice, ``adds_zero`` where a path of length zero may be missing.
    """

    subject: Node
    property: Node
    object: Node
    is_split: bool
    adds_zero: bool


@dataclass(frozen=True)
class RewritingSite:
    """A place that a rule applies to: the rule, the node, and what the rule has to know of it.

    ``graph`` is the token that names the active graph, None for the default graph. One ``for_exactness`` counts where
    there may be numbers beyond the engine's.
    """

    rule: str
    node: Node
    graph: int | None = None
    connections: tuple[Connection, ...] = ()
    for_exactness: bool = False


def find_sites(tree: Node, tokens: Sequence[Token], text: str) -> tuple[RewritingSite, ...]:
    """Find the sites of a query or an update; a site stands before those inside it."""
    labels = Counter(token.text for token in tokens if token.kind == "blank")
    keeps_duplicates = keeps_duplicates_of(tree, tokens)
    found: list[RewritingSite] = []
    stack: list[tuple[Node, int | None, bool, bool]] = [(tree, None, False, False)]
    while stack:
        node, graph, is_asserted, is_elsewhere = stack.pop()
        rule = rule_of(node, tokens, is_asserted=is_asserted)
        own = [RewritingSite(rule, node)] if rule else []
        exact_rule = exact_rule_of(node, tokens, is_asserted=is_asserted)
        own += [RewritingSite(exact_rule, node, for_exactness=True)] if exact_rule else []
        own += [RewritingSite(*one) for one in conditions_of(node, tokens)]
        own += _sites(node, graph, tokens, labels, keeps_duplicates=keeps_duplicates)
        found += [site for site in own if not is_elsewhere or site.rule in _PARSED]
        if node.kind in ("graph_variable", "graph_iri"):
            graph = node.tokens()[1]
        is_asserted = asserts_operands(node, is_asserted=is_asserted)
        is_elsewhere = is_elsewhere or node.kind in ("service_iri", "service_variable")
        stack.extend((child, graph, is_asserted, is_elsewhere) for child in node.nodes())
    found += [*_joined(tokens, text), *_literals(tokens)]
    return tuple(sorted(found, key=lambda site: (site.node.first, -site.node.last)))


def without_idle_boundaries(sites: Sequence[RewritingSite]) -> Iterator[RewritingSite]:
    """Yield the sites but for boundaries that stand inside no expression that is rewritten."""
    reach = -1
    for site in sites:
        if site.rule != "boundary" or site.node.last <= reach:
            yield site
        if site.rule in RULES and site.rule != "boundary":
            reach = max(reach, site.node.last)


def _literals(tokens: Sequence[Token]) -> Iterator[RewritingSite]:
    """Yield TRUE and FALSE in capitals, and numbers whose sign the engine takes for an operator.

    Keywords have no case (section 19.1), and the engine knows small letters.
    """
    for index, token in enumerate(tokens):
        if token.word in ("TRUE", "FALSE") and not token.text.islower():
            yield RewritingSite("boolean", Node("token", [index]))
        elif token.kind == "number" and token.text[0] in "+-" and signed_literal(token):
            yield RewritingSite("signed", Node("token", [index]))


def _sites(
    node: Node, graph: int | None, tokens: Sequence[Token], labels: Counter[str], *, keeps_duplicates: bool
) -> Iterator[RewritingSite]:
    """Yield the sites that a node itself is."""
    if node.kind == "triples_block":
        connections = tuple(_connections(node, tokens, labels, keeps_duplicates=keeps_duplicates))
        if connections:
            yield RewritingSite("paths", node, graph, connections)
    elif node.kind == "graph_variable":
        if is_written_out(node, tokens):
            yield RewritingSite("graph", node, graph)
        else:
            yield from _anchors(node)
    elif node.kind == "group_concat":
        yield RewritingSite("group_concat", node)
    elif node.kind == "service_variable" and tokens[node.first - 1].text != "{":
        yield RewritingSite("service", node)
    elif node.kind == "path_negated" and not node.nodes():
        yield RewritingSite("anything", node)
    elif node.kind in ("select_clause", "describe_query"):
        if _reuses_variables(node, tokens):
            yield RewritingSite("select", node)
        yield from _repeated(node, tokens)


def _joined(tokens: Sequence[Token], text: str) -> Iterator[RewritingSite]:
    """Yield tokens with something between them that the engine does not take there."""
    first = 0
    for index in range(1, len(tokens) + 1):
        if index == len(tokens) or not _are_parted(tokens[index - 1], tokens[index], text):
            if first < index - 1:
                yield RewritingSite("joined", Node("token", range(first, index)))
            first = index


def _are_parted(token: Token, following: Token, text: str) -> bool:
    """Return whether there is space behind a function that takes none, or a comment in empty brackets."""
    if token.text in _CLOSING:
        return following.text == _CLOSING[token.text] and "#" in text[token.end : following.start]
    return token.word in _ADJOINING and following.text == "(" and token.end != following.start


def is_written_out(node: Node, tokens: Sequence[Token]) -> bool:
    """Return whether the engine would let the variable of GRAPH into the pattern where the specification does not.

    It does in MINUS and subqueries, and wherever the pattern itself has the variable (SPARQL 1.1 Query, 18.6).
    """
    name = tokens[node.tokens()[1]].text[1:]
    group = node.nodes()[0]
    has_variable = any(
        token.kind == "variable" and token.text[1:] == name for token in tokens[group.first : group.last + 1]
    )
    return has_variable or any(below.kind in ("minus", "sub_select") for below in group.walk())


def _anchors(node: Node) -> Iterator[RewritingSite]:
    """Yield the opening braces behind which the engine would leave the variable of GRAPH unbound."""
    elsewhere = frozenset(("graph_variable", "graph_iri", "service_variable", "service_iri"))
    for group in node.nodes()[0].walk(without=elsewhere):
        has_pattern = bool(group.nodes("triples_block"))
        if group.kind == "group" and not has_pattern and group.nodes(*_UNANCHORED):
            yield RewritingSite("anchor", Node("token", [group.first]), node.tokens()[1])


def _reuses_variables(node: Node, tokens: Sequence[Token]) -> bool:
    """Return whether an expression of a SELECT clause uses a variable of an earlier one, beside an aggregate."""
    expressions = node.nodes("select_expression")
    if not any(below.kind in _AGGREGATES for expression in expressions for below in expression.walk()):
        return False
    known: set[str] = set()
    for expression in expressions:
        used = {token.text[1:] for token in tokens[expression.first : expression.last - 1] if token.kind == "variable"}
        if used & known:
            return True
        known.add(tokens[expression.last - 1].text[1:])
    return False


def _repeated(node: Node, tokens: Sequence[Token]) -> Iterator[RewritingSite]:
    """Yield the variables that a SELECT or DESCRIBE clause has once already."""
    known: set[str] = set()
    for child in node.children:
        place = child if isinstance(child, int) else child.last - 1
        token = tokens[place]
        if token.kind == "variable" and isinstance(child, int) and token.text[1:] in known:
            yield RewritingSite("repeated", Node("token", [place]))
        known |= {token.text[1:]} if token.kind == "variable" else set()


def keeps_duplicates_of(tree: Node, tokens: Sequence[Token]) -> bool:
    """Return whether it can be seen in the answer that a solution is there twice."""
    kinds = {node.kind for node in tree.walk()}
    words = {token.word for token in tokens}
    makes_nodes = any(token.kind == "blank" or token.text == "[" for token in tokens) and "ask_query" not in kinds
    if kinds & {*_AGGREGATES, "sub_select"} or words & {"LIMIT", "OFFSET"}:
        return True
    if "select_query" in kinds:
        return not words & {"DISTINCT", "REDUCED"}
    return makes_nodes


def connections_of(block: Node) -> Iterator[tuple[Node, Node, Node]]:
    """Yield each subject, property and object of a block, those of its blank node brackets and annotations too."""
    for node in block.walk():
        if node.kind in ("triples", "triples_node", "annotation"):
            subject = node.nodes()[0] if node.kind == "triples" else node
            for property_list in node.nodes("property_list"):
                for one in property_list.nodes("property"):
                    yield from ((subject, one, object_) for object_ in one.nodes("object"))


def _connections(
    block: Node, tokens: Sequence[Token], labels: Counter[str], *, keeps_duplicates: bool
) -> Iterator[Connection]:
    """Yield the connections of a block that the engine would read otherwise."""
    everything = list(connections_of(block))
    nodes = {
        tokens[end.first].text[1:]
        for subject, one, object_ in everything
        if not _is_nullable(one)
        for end in (subject, object_)
        if is_variable(end, tokens)
    }
    for subject, one, object_ in everything:
        if one.nodes()[0].nodes("path"):
            others = [] if _is_whole_statement(block, subject) else [subject]
            adds_zero = _is_nullable(one) and _can_add_zero([*others, object_], tokens, labels, nodes)
            is_split = keeps_duplicates and count_branches(one.nodes()[0].nodes()[0]) > 1
            if adds_zero or is_split:
                yield Connection(subject, one, object_, is_split, adds_zero)


def _is_nullable(one: Node) -> bool:
    return any(map(is_nullable, one.nodes()[0].nodes("path")))


def _can_add_zero(ends: Sequence[Node], tokens: Sequence[Token], labels: Counter[str], nodes: set[str]) -> bool:
    """Return whether a path of length zero can have solutions where a constant end is no node of the graph.

    It cannot where the other end stands in a triple of the block too: then it is a node.
    """
    if not any(is_constant(end, tokens) for end in ends):
        return False
    others = [end for end in ends if not is_constant(end, tokens)]
    return all(
        is_fresh_blank_node(end, tokens, labels)
        or (is_variable(end, tokens) and tokens[end.first].text[1:] not in nodes)
        for end in others
    )


def is_constant(end: Node, tokens: Sequence[Token]) -> bool:
    """Return whether a subject or an object is an IRI, a literal, rdf:nil as ``()``, or a triple term of constants."""
    if not _is_term(end):
        return False
    subjects = (node.nodes()[0] for node in end.walk() if node.kind == "triple_term")
    is_open = any(one.kind in ("variable", "blank") or one.text == "[" for one in tokens[end.first : end.last + 1])
    return not is_open and all(tokens[subject.first].is_iri for subject in subjects)


def is_variable(end: Node, tokens: Sequence[Token]) -> bool:
    """Return whether a subject or an object is a variable."""
    return _is_term(end) and tokens[end.first].kind == "variable"


def is_fresh_blank_node(end: Node, tokens: Sequence[Token], labels: Counter[str]) -> bool:
    """Return whether a subject or an object is a blank node that stands nowhere else."""
    first = tokens[end.first]
    is_empty = first.text == "[" and end.last == end.first + 1
    return _is_term(end) and (is_empty or (first.kind == "blank" and labels[first.text] == 1))


def _is_whole_statement(block: Node, end: Node) -> bool:
    """Return whether brackets with one property and one object are all of a statement: ``[ ex:p* ex:o ] .``."""
    is_alone = any(triples.children == [end] for triples in block.nodes("triples"))
    properties = [one for below in end.nodes("property_list") for one in below.nodes("property")]
    return is_alone and len(properties) == 1 and len(properties[0].nodes("object")) == 1


def _is_term(end: Node) -> bool:
    """Return whether a subject or an object is a plain term, without annotations."""
    node = end.nodes()[0] if end.kind == "object" and len(end.children) == 1 else end
    return isinstance(node, Node) and node.kind == "term"
