"""The algebra of a query (SPARQL 1.1 Query, section 18.2), with slots for the constants that estimates depend on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf, prod

from kg.sparql.estimates import Operator, Reference
from kg.sparql.joins import MOST_PARTS, Join, LeftJoin, Minus, Union, Unplanned, join
from kg.sparql.modifiers import (
    AnswerEstimate,
    DescribeEstimate,
    Expression,
    Extend,
    FilterEstimate,
    GroupEstimate,
    Projection,
)
from kg.sparql.paths import count_branches
from kg.sparql.scans import GraphNames, TriplePattern, Values
from kg.sparql.sites import RewritingSite
from kg.sparql.statistics import RDF_TYPE
from kg.sparql.tokens import Token, scan
from kg.sparql.tree import Node

_MOST_NESTED = 32
_MOST_VALUES = 100
_MOST_ARMS = 16
_MOST_GROWTH = 8
"""Lengths of the longest term; a BIND that doubles a text can stand before another one."""
_OWN_RULES = frozenset(("comparison", "arithmetic", "unary", "function", "cast", "count"))
_KNOWN_RULES = _OWN_RULES | {"aggregate", "boolean", "joined", "signed", "boundary", "group_concat", "paths"}
"""Of the rules by which queries are rewritten: those after which a query has about the size that it had."""
_NODE = 1.3
"""Work to evaluate a function or an operator of the engine."""
_ADDED = 8.0
_ADDING = frozenset(("COUNT", "SUM", "AVG", "SAMPLE", "GROUP_CONCAT"))
"""Work to take a value into an aggregate of these."""
_AGGREGATED = 25.0
"""Work to take a value into a set for DISTINCT, or to compare it for MIN and MAX."""
_OWN = 30.0
"""Work to call a function of ours; they are called where the engine's own is an error."""
_KNOWN_FUNCTIONS = """
    STR LANG LANGMATCHES DATATYPE BOUND IRI URI ABS CEIL FLOOR ROUND YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ
    COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC NOW RAND SUBSTR
    STRLEN UCASE LCASE CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER CONCAT
"""
"""The functions that are estimated: none has a value longer than its arguments together, or a letter becomes three."""
_FUNCTIONS = frozenset(_KNOWN_FUNCTIONS.split())
_TRIPLING = frozenset(("UCASE", "LCASE"))
_NUMERIC = frozenset("STRLEN YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ LANG DATATYPE BOUND".split())  # noqa: SIM905
_COMPOUND = frozenset(("sum", "product", "signed_product", "unary", "or_expression", "and_expression", "comparison"))
_MULTIPLYING = frozenset(("product", "signed_product"))
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\\]*")
_IRI_TOKENS = frozenset(("iri", "name"))


Constants = tuple[tuple[str | None, ...], tuple[int, ...], tuple[int, ...]]
"""The IRIs, the numbers and the lengths in the slots of a query."""
_STEP = 64


class UnboundedError(Exception):
    """The cost of the query has no known bound."""


@dataclass(frozen=True)
class PrefixedName:
    """A name whose namespace stands in a slot of the constants of a text."""

    namespace: int
    local: str


@dataclass
class ConstantSlots:
    """What the estimate of a shape depends on, by the index of a constant: IRIs, numbers, and lengths of constants."""

    iris: list[int | PrefixedName] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    @cached_property
    def _places(self) -> list[int]:
        iris = [slot.namespace if isinstance(slot, PrefixedName) else slot for slot in self.iris]
        return sorted({*iris, *self.numbers})

    def key(self, constants: Sequence[str]) -> tuple[str | int, ...]:
        """Return the unresolved constants as a cache key, which is much cheaper than resolving them."""
        return (*[constants[at] for at in self._places], *[len(constants[at]) // _STEP for at in self.lengths])

    def resolve(self, constants: Sequence[str]) -> Constants:
        """Return the constants; None for an IRI that is relative or has escapes."""
        return (
            tuple(_resolve(slot, constants) for slot in self.iris),
            tuple(int(constants[at]) for at in self.numbers),
            # In steps, so that texts with strings of about the same length have one estimate.
            tuple(len(constants[at]) // _STEP * _STEP + _STEP for at in self.lengths),
        )


def _resolve(slot: int | PrefixedName, constants: Sequence[str]) -> str | None:
    iri = constants[slot.namespace][1:-1] + slot.local if isinstance(slot, PrefixedName) else constants[slot][1:-1]
    return iri if _ABSOLUTE.fullmatch(iri) and "/." not in iri else None


@dataclass
class Translation:
    """A translation of a syntax tree: its tokens, its sites by node, and the constants of the text by their place."""

    tokens: Sequence[Token]
    text: str
    sites: Mapping[int, tuple[RewritingSite, ...]]
    constants: Mapping[int, int]
    slots: ConstantSlots = field(default_factory=ConstantSlots)
    namespaces: dict[str, int | None] = field(default_factory=dict)
    growth: dict[str, float] = field(default_factory=dict)
    graph: str | None = None
    is_named: bool = False
    depth: int = 0
    is_planned: bool = True
    """Whether the engine reorders the joins of what is translated."""
    is_outermost: bool = True
    """Whether what is translated belongs to the query itself, and to no subquery."""

    def query(self, tree: Node) -> Operator:
        """Translate a query.

        :raises UnboundedError: it has what no estimate is made for
        """
        if any(site.rule not in _KNOWN_RULES for sites in self.sites.values() for site in sites):
            raise UnboundedError
        for declaration in tree.nodes("prologue")[0].nodes("prefix_declaration"):
            prefix, place = self.tokens[declaration.last - 1].text, self.constants.get(self._start(declaration.last))
            self.namespaces[prefix] = None if prefix in self.namespaces else place
        query = tree.nodes("select_query", "construct_query", "describe_query", "ask_query")[0]
        values = [self._values(node) for node in tree.nodes("values_clause")]
        if query.kind == "describe_query":
            return self._describe(query)
        if query.kind == "construct_query":
            return self._construct(query, values)
        if query.kind == "ask_query":
            return AnswerEstimate(self._selected(query, self._where(query, values)), ())
        return self._select(query, values)

    def _start(self, index: int) -> int:
        return self.tokens[index].start

    def _word(self, index: int) -> str:
        return self.tokens[index].word

    def _where(self, query: Node, values: Sequence[Operator]) -> Operator:
        return join([self._group(query.nodes("group")[0]), *values])

    def _describe(self, query: Node) -> Operator:
        tokens = [self.tokens[index] for index in query.tokens()[1:]]
        if query.nodes() or not all(token.kind in _IRI_TOKENS for token in tokens):
            raise UnboundedError
        return AnswerEstimate(DescribeEstimate(len(tokens)), (), 3)

    def _construct(self, query: Node, values: Sequence[Operator]) -> Operator:
        template = query.nodes("template")[0]
        blocks = template.nodes("triples_block")
        number = sum(3 for block in blocks for _ in self._triples(block))
        names = [self.tokens[at].text[1:] for at in range(template.first, template.last + 1) if self._is_variable(at)]
        patterns = [self._block(block) for block in blocks]
        inner = self._where(query, values) if query.nodes("group") else join([*patterns, *values])
        # A subject that several triples share stands once in the template, and is written for each of them.
        return AnswerEstimate(self._selected(query, inner), names, number)

    def _is_variable(self, index: int) -> bool:
        return self.tokens[index].kind == "variable"

    def _select(self, query: Node, values: Sequence[Operator]) -> Operator:
        inner = self._selected(query, self._where(query, values))
        return AnswerEstimate(inner, self._names(query.nodes("select_clause")[0]) or sorted(inner.variables))

    def _sub_select(self, query: Node) -> Operator:
        outside, self.is_outermost = self.is_outermost, False
        values = [self._values(node) for node in query.nodes("values_clause")]
        found = join([self._selected(query, self._where(query, [])), *values])
        self.is_outermost = outside
        return found

    def _names(self, clause: Node) -> list[str]:
        """Return the variables of a SELECT clause; none for ``*``."""
        indices = [*clause.tokens(), *(node.last - 1 for node in clause.nodes("select_expression"))]
        return [self.tokens[index].text[1:] for index in indices if self._is_variable(index)]

    # Solution modifiers (18.2.4, 18.2.5)

    def _selected(self, query: Node, inner: Operator) -> Operator:
        """Group, extend, filter, sort and project as the modifiers of a query say."""
        clauses = query.nodes("select_clause")
        expressions = [node for clause in clauses for node in clause.nodes("select_expression")]
        having, order = query.nodes("having_clause"), query.nodes("order_clause")
        aggregates = list(self._aggregates([*expressions, *having, *order]))
        if aggregates or query.nodes("group_clause"):
            inner = self._grouped(query, inner, aggregates)
        for node in expressions:
            inner = self._extended(inner, node)
        for node in having:
            inner = FilterEstimate(inner, self._all(node.nodes()))
        is_all = not clauses or not (names := self._names(clauses[0]))
        limit, is_slot = self._limit(query)
        return Projection(
            inner,
            inner.variables if is_all else frozenset(names),
            self._all(order[0].nodes()) if order else None,
            sum(len(clause.nodes()) + sum(map(self._is_variable, clause.tokens())) for clause in order),
            bool(clauses) and any(self._word(index) in ("DISTINCT", "REDUCED") for index in clauses[0].tokens()),
            limit,
            is_slot,
        )

    def _limit(self, query: Node) -> tuple[int | None, bool]:
        """Return LIMIT: the slot of its number, or the number where it is a part of the shape."""
        for index in query.tokens():
            if self._word(index) == "LIMIT":
                number = self.tokens[index + 1].text
                place = self.constants.get(self._start(index + 1))
                if not number.isdecimal():
                    raise UnboundedError
                if place is None:
                    return int(number), False
                self.slots.numbers.append(place)
                return len(self.slots.numbers) - 1, True
        return None, False

    def _aggregates(self, nodes: Sequence[Node]) -> Iterator[Node]:
        for node in nodes:
            for below in node.walk(without=frozenset(("exists",))):
                if below.kind in ("aggregate", "group_concat"):
                    yield below

    def _grouped(self, query: Node, inner: Operator, aggregates: Sequence[Node]) -> Operator:
        keys: set[str] = set()
        named: set[str] = set()
        conditions: list[Node] = []
        for clause in query.nodes("group_clause"):
            conditions += clause.nodes()
            for index in clause.tokens():
                if self._is_variable(index):
                    is_new = self._word(index - 1) == "AS"
                    (named if is_new else keys).add(self.tokens[index].text[1:])
        for name in named:
            self._grow(name, _MOST_GROWTH)
        if any(node.kind == "group_concat" for node in aggregates) and not self.is_outermost:
            raise UnboundedError
        inputs = [child for node in aggregates for child in node.nodes()]
        work = self._all([*conditions, *inputs])
        total = Expression(work.work + sum(map(self._aggregated, aggregates)), work.characters, work.exists)
        concatenated = [
            combined([self._expression(child) for child in node.nodes()] + [self._text(at) for at in node.tokens()])
            for node in aggregates
            if node.kind == "group_concat"
        ]
        return GroupEstimate(inner, frozenset(keys), not conditions, total, frozenset(named), concatenated)

    def _aggregated(self, node: Node) -> float:
        """Return the work to take a value into an aggregate."""
        is_added = self._word(node.first) in _ADDING and self._word(node.first + 2) != "DISTINCT"
        return _ADDED if is_added else _AGGREGATED

    def _text(self, index: int) -> Expression:
        """Return the estimate for a constant, with a slot for its length."""
        place = self.constants.get(self._start(index))
        if place is None:
            return Expression(_NODE)
        if place not in self.slots.lengths:
            self.slots.lengths.append(place)
        return Expression(_NODE, texts=(self.slots.lengths.index(place),))

    def _extended(self, inner: Operator, node: Node) -> Operator:
        """Bind the variable of an expression, of BIND or of SELECT."""
        variable = self.tokens[node.last - 1].text[1:]
        value = node.nodes()[0]
        # A concatenated group can be written, and no more: where it is an operand its growth has no bound.
        is_group = value.kind == "group_concat"
        expression = Expression(_NODE, growth=_MOST_GROWTH, factor=0) if is_group else self._expression(value)
        self._grow(variable, expression.growth)
        return Extend(inner, variable, expression)

    def _grow(self, variable: str, growth: float) -> None:
        self.growth[variable] = max(self.growth.get(variable, 0.0), growth)

    # Group graph patterns (18.2.2)

    def _group(self, group: Node) -> Operator:
        """Translate a group."""
        inner, conditions = self._unfiltered(group)
        return FilterEstimate(inner, conditions) if conditions else inner

    def _unfiltered(self, group: Node) -> tuple[Operator, Expression | None]:
        """Translate a group without its filters, and those."""
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise UnboundedError
        if not self.is_planned and group.nodes("sub_select", "optional", "minus", "bind"):
            raise UnboundedError
        if group.nodes("sub_select"):
            parts: list[Operator] = [self._sub_select(group.nodes()[0])]
        else:
            parts = []
            for node in group.nodes():
                self._append(parts, node)
        filters = group.nodes("filter")
        conditions = self._all([child for node in filters for child in node.nodes()]) if filters else None
        self.depth -= 1
        return self._join(parts), conditions

    def _join(self, parts: Sequence[Operator]) -> Operator:
        operator = join(parts)
        if isinstance(operator, FilterEstimate) and not self.is_planned:
            raise UnboundedError
        if isinstance(operator, Join) and not self.is_planned:
            return Unplanned(operator.parts)
        if isinstance(operator, Join) and len(operator.parts) > MOST_PARTS:
            raise UnboundedError
        return operator

    def _append(self, parts: list[Operator], node: Node) -> None:
        """Add a pattern to what stands before it in its group."""
        if node.kind == "optional":
            right, condition = self._unfiltered(node.nodes()[0])
            inner = FilterEstimate(right, condition) if condition else right
            parts[:] = [LeftJoin(self._join(parts), inner, condition)]
        elif node.kind == "minus":
            parts[:] = [Minus(self._join(parts), self._group(node.nodes()[0]))]
        elif node.kind == "bind":
            parts[:] = [self._extended(self._join(parts), node)]
        elif node.kind != "filter":
            parts.append(self._pattern(node))

    def _pattern(self, node: Node) -> Operator:
        if node.kind == "triples_block":
            return self._block(node)
        if node.kind == "union":
            groups = [self._group(group) for group in node.nodes()]
            return groups[0] if len(groups) == 1 else Union(groups)
        if node.kind in ("graph_variable", "graph_iri"):
            return self._graph(node)
        if node.kind == "inline_data":
            return self._values(node)
        raise UnboundedError

    def _graph(self, node: Node) -> Operator:
        outside = self.graph, self.is_named
        group = node.nodes()[0]
        name = self.tokens[node.tokens()[1]]
        self.graph, self.is_named = name.text[1:] if node.kind == "graph_variable" else None, True
        found = GraphNames(self.graph) if self.graph and not group.nodes() else self._group(group)
        self.graph, self.is_named = outside
        return found

    def _values(self, node: Node) -> Operator:
        """Count the rows of a data block, which is not in the tree, in its text."""
        first, last = [index for index in node.tokens() if self.tokens[index].text in ("{", "}")][-2:]
        words = [token.word for token in self.tokens[first + 1 : last]]
        terms = list(scan(self.text[self.tokens[first].end : self.tokens[last].start]))
        rows = sum(token.text == "(" for token in terms) or len(terms)
        if rows > _MOST_VALUES:
            raise UnboundedError
        names = frozenset(self.tokens[index].text[1:] for index in node.tokens() if self._is_variable(index))
        for name in names:
            self._grow(name, 1.0)
        return Values(names, rows, "UNDEF" not in words)

    # Triples (4.2) and property paths (18.2.2.3)

    def _block(self, block: Node) -> Operator:
        patterns = [self._connection(*ends) for ends in self._triples(block)]
        found = self._join(patterns)
        sites = [site for site in self.sites.get(id(block), ()) if site.rule == "paths"]
        connections = [one for site in sites for one in site.connections]
        if any(one.adds_zero for one in connections):
            raise UnboundedError
        arms = prod(count_branches(one.property.nodes()[0].nodes()[0]) for one in connections)
        if arms > _MOST_ARMS:
            raise UnboundedError
        return found if arms == 1 else Union([found] * arms)

    def _triples(self, block: Node) -> Iterator[tuple[Node, Node, Node]]:
        """Yield each subject, verb and object of a block."""
        for node in block.walk():
            if node.kind in ("annotation", "reified_triple", "triple_term"):
                raise UnboundedError
            if node.kind == "triples_node" and self.tokens[node.first].text == "(":
                raise UnboundedError
            if node.kind in ("triples", "triples_node"):
                subject = node.nodes()[0] if node.kind == "triples" else node
                for one in (one for properties in node.nodes("property_list") for one in properties.nodes("property")):
                    yield from ((subject, one.nodes()[0], object_.nodes()[0]) for object_ in one.nodes("object"))

    def _connection(self, subject: Node, verb: Node, object_: Node) -> Operator:
        if not verb.nodes():
            name = self.tokens[verb.first].text[1:]
            return self._triple(subject, object_, variable=name)
        return self._path(verb.nodes()[0].nodes()[0], subject, object_)

    def _path(self, path: Node, start: Node | str, end: Node | str) -> Operator:
        """Translate a path of fixed length between two ends: terms, or variables that stand nowhere else."""
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise UnboundedError
        found = self._translated_path(path, start, end)
        self.depth -= 1
        return found

    def _translated_path(self, path: Node, start: Node | str, end: Node | str) -> Operator:
        if path.kind == "path_iri":
            text = self.tokens[path.first].text
            is_type = text == "a" or text.endswith(":type") or text == f"<{RDF_TYPE}>"
            return self._triple(start, end, predicate=self._reference(path.first), is_type=is_type)
        if path.kind == "path_bracketed":
            return self._path(path.nodes()[0], start, end)
        if path.kind == "path_inverse":
            return self._path(path.nodes()[0], end, start)
        if path.kind in ("path_alternative", "path_negated") and self.graph:
            raise UnboundedError  # the engine evaluates it once for each named graph
        if path.kind == "path_alternative":
            return Union([self._path(one, start, end) for one in path.nodes()])
        if path.kind == "path_sequence":
            ends = [start, *(f"/{node.first}" for node in path.nodes()[1:]), end]
            return self._join([self._path(one, ends[at], ends[at + 1]) for at, one in enumerate(path.nodes())])
        if path.kind == "path_negated":
            return Union([self._negated(path, start, end, f"!{path.first}"), self._negated(path, end, start, "!")])
        raise UnboundedError

    def _negated(self, path: Node, start: Node | str, end: Node | str, name: str) -> Operator:
        """Translate one direction of a negated set: any predicate, of which none is bound before."""
        return self._triple(start, end, variable=f"{name}{path.first}")

    def _triple(
        self,
        subject: Node | str,
        object_: Node | str,
        predicate: Reference = None,
        variable: str | None = None,
        *,
        is_type: bool = False,
    ) -> Operator:
        ends = [end if isinstance(end, str) else self._name(end) for end in (subject, object_)]
        is_class = ends[1] is None and is_type and isinstance(object_, Node)
        class_ = self._reference(object_.first) if is_class and isinstance(object_, Node) else None
        return TriplePattern(
            ends[0], variable, predicate, ends[1], class_, is_class, is_named=self.is_named, graph=self.graph
        )

    def _name(self, end: Node) -> str | None:
        """Return the name of a variable, that of a blank node with what no variable has; None for a constant."""
        first = self.tokens[end.first]
        if first.kind == "variable":
            return first.text[1:]
        if first.kind == "blank":
            return first.text
        return f"[{end.first}" if first.text == "[" else None

    def _reference(self, index: int) -> Reference:
        """Return where the IRI of a token stands."""
        token = self.tokens[index]
        if token.text == "a":
            return RDF_TYPE
        if token.kind not in _IRI_TOKENS:
            return None
        slot: int | PrefixedName | None = self.constants.get(token.start)
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            namespace = self.namespaces.get(f"{prefix}:")
            slot = None if namespace is None or "\\" in local else PrefixedName(namespace, local)
        if slot is None:
            return None
        if slot not in self.slots.iris:
            self.slots.iris.append(slot)
        return self.slots.iris.index(slot)

    # Expressions, section 17

    def _all(self, nodes: Sequence[Node]) -> Expression:
        """Estimate some expressions that are evaluated one after the other."""
        return combined([self._expression(node) for node in nodes])

    def _expression(self, node: Node) -> Expression:
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise UnboundedError
        found = self._evaluated(node)
        self.depth -= 1
        if found.growth > _MOST_GROWTH:
            raise UnboundedError
        return found

    def _evaluated(self, node: Node) -> Expression:
        """Estimate an expression by what it consists of."""
        if node.kind == "exists":
            return Expression(_NODE, exists=(self._exists(node.nodes()[0]),))
        if node.kind == "variable":
            name = self.tokens[node.first].text[1:]
            return Expression(_NODE, growth=self.growth.get(name, 1.0), names=(name,))
        if node.kind == "constant":
            return self._text(node.first)
        if node.kind in ("aggregate", "group_concat"):
            value = self._all(node.nodes())
            return replace(value, work=_NODE, exists=(), growth=inf if node.kind == "group_concat" else value.growth)
        if node.kind not in {"bracketed", "built_in", "function_call", *_COMPOUND}:
            raise UnboundedError
        return self._applied(node, [self._expression(child) for child in node.nodes()])

    def _exists(self, group: Node) -> Operator:
        """Translate the pattern of EXISTS, whose joins the engine evaluates as they stand."""
        outside, self.is_planned = self.is_planned, False
        found = self._group(group)
        self.is_planned = outside
        return found

    def _applied(self, node: Node, parts: Sequence[Expression]) -> Expression:
        word = self._word(node.first) if node.kind == "built_in" else ""
        if (node.kind == "built_in" and word not in _FUNCTIONS) or node.kind == "function_call":
            raise UnboundedError
        is_own = any(site.rule in _OWN_RULES for site in self.sites.get(id(node), ()))
        operands = combined(parts)
        growth = operands.growth
        if word == "CONCAT" or node.kind in _MULTIPLYING:
            growth = sum(part.growth for part in parts)
        elif word in _TRIPLING:
            growth *= 3
        elif word in _NUMERIC:
            growth = 1.0
        work = operands.work + len(node.children) * _NODE + _OWN * is_own
        characters = operands.characters + max(growth, operands.growth) * (node.kind == "built_in")
        factor = operands.factor * (3 if word in _TRIPLING else 1)
        return replace(operands, work=work, characters=characters, growth=growth, factor=factor)


def combined(expressions: Sequence[Expression]) -> Expression:
    """Return the estimate for expressions that are evaluated one after the other."""
    return Expression(
        sum(one.work for one in expressions),
        sum(one.characters for one in expressions),
        tuple(pattern for one in expressions for pattern in one.exists),
        max((one.growth for one in expressions), default=0.0),
        tuple(name for one in expressions for name in one.names),
        tuple(text for one in expressions for text in one.texts),
        max((one.factor for one in expressions), default=1),
    )


def translate(
    tree: Node, tokens: Sequence[Token], text: str, sites: Sequence[RewritingSite], constants: Mapping[int, int]
) -> tuple[Operator, ConstantSlots]:
    """Translate the syntax tree of a query; ``constants`` gives the index of the constant at a place of the text.

    :raises UnboundedError: it has what no estimate is made for
    """
    by_node: dict[int, tuple[RewritingSite, ...]] = {}
    for site in sites:
        by_node[id(site.node)] = (*by_node.get(id(site.node), ()), site)
    translation = Translation(tokens, text, by_node, constants)
    operator = translation.query(tree)
    return operator, translation.slots
