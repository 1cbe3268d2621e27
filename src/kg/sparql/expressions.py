"""Expressions as the specification evaluates them: what to write where the engine stops short or is wrong.

An expression of operators is strict: it is written twice, as the engine evaluates it and as calls of our functions,
``COALESCE(native, calls)``. Inside either, nested operators are written in the same way, so that the size of the text
stays in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from pyoxigraph import Literal, NamedNode

from kg.sparql.engine_patterns import engine_pattern, engine_replacement
from kg.sparql.numbers import XSD
from kg.sparql.substitutions import (
    AGGREGATES,
    BUILTINS,
    CAST_SUBSTITUTIONS,
    EFFECTIVE_BOOLEAN_VALUE,
    MEMBERSHIP,
    NO_TOTAL,
    NO_VALUE,
    OPERATORS,
    SORT_KEY,
    TEMPORAL_OPERATORS,
    Substitution,
)
from kg.sparql.tokens import Token
from kg.sparql.tree import Node

_EQUALITY = frozenset(("=", "!="))
_MAYBE_TIMES = frozenset(("IF", "COALESCE", "NOW", "STRDT", "ADJUST", "OBJECT", "MIN", "MAX", "SAMPLE"))
"""The built-in functions and aggregates that may give a time."""
_CONNECTIVES = frozenset(("filter", "having_clause", "and_expression", "or_expression", "bracketed"))
_CONDITIONAL = _CONNECTIVES - {"bracketed"}
_FUNCTIONS = frozenset(("ABS", "CEIL", "FLOOR", "ROUND", "SUBSTR", "ISNUMERIC"))
_SIMPLE = frozenset(("variable", "constant", "bracketed", "function_call", "built_in", "aggregate", "group_concat"))
_BOOLEAN = frozenset(("comparison", "or_expression", "and_expression", "exists"))
_PREDICATES = """
    BOUND SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC ISTRIPLE HASLANG HASLANGDIR LANGMATCHES CONTAINS STRSTARTS
    STRENDS REGEX
"""
_GIVING_BOOLEANS = frozenset(_PREDICATES.split())
"""The built-in functions that give a boolean."""
_PRINTED = frozenset(("variable", "sum", "product", "function_call", "constant"))
_MOST_DIGITS = 18
"""Of a number that certainly has 64 bits."""
_LONGEST_REPEATED = 1_000
"""Characters of operands that are written several times: those nested in each other would multiply."""
_STRING_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class ExpressionSite(Protocol):
    """The place of an expression."""

    @property
    def node(self) -> Node:
        """The expression."""


class Writer(Protocol):
    """What writes the operands of an expression (see ``rewriting``)."""

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the text."""

    @property
    def sites(self) -> Sequence[ExpressionSite]:
        """The sites, known by their index."""

    @property
    def is_exact(self) -> bool:
        """Whether numbers may be beyond the engine's."""

    @property
    def mode(self) -> str:
        """How nested operators are written: ``native``, ``calls``, or both where it is empty."""

    def in_mode(self, mode: str) -> Writer:
        """Return the same in another mode."""

    def node(self, node: Node, after: int) -> str:
        """Return a node, rewritten where there are sites after the one given."""

    def resolve(self, name: str) -> str | None:
        """Return the IRI that a name stands for."""


def rule_of(node: Node, tokens: Sequence[Token], *, is_asserted: bool) -> str | None:
    """Return the rule for an expression, if there is one.

    Of one that is asserted, as by FILTER, an error and false come to the same.
    """
    if node.kind == "comparison":
        return None if _is_usual_equality(node, tokens, is_asserted=is_asserted) else _comparison_rule(node, tokens)
    rule = _RULES_OF.get(node.kind)
    return rule if rule is None or isinstance(rule, str) else rule(node, tokens)


def exact_rule_of(node: Node, tokens: Sequence[Token], *, is_asserted: bool) -> str | None:
    """Return the rule for what the engine does rightly as long as it can hold the numbers, if there is one."""
    if node.kind == "comparison":
        return _comparison_rule(node, tokens) if _is_usual_equality(node, tokens, is_asserted=is_asserted) else None
    is_extreme = node.kind == "aggregate" and tokens[node.first].word in ("MIN", "MAX")
    return "aggregate" if is_extreme else "order" if node.kind == "order_clause" else None


def asserts_operands(node: Node, *, is_asserted: bool) -> bool:
    """Return whether what stands in a node is asserted, where the node itself is or is not."""
    return node.kind in _CONNECTIVES and (is_asserted or node.kind in ("filter", "having_clause"))


def _is_usual_equality(node: Node, tokens: Sequence[Token], *, is_asserted: bool) -> bool:
    """Return whether a comparison is an equality as joins are made of, which the engine mostly does rightly."""
    sign = tokens[node.tokens()[0]]
    return (is_asserted and (sign.text == "=" or sign.word == "IN")) or (sign.text == "=" and _are_variables(node))


def _comparison_rule(node: Node, tokens: Sequence[Token]) -> str | None:
    """Return the rule for a comparison; strings and IRIs the engine compares rightly."""
    sign, (first, *others) = tokens[node.tokens()[0]], node.nodes()
    if _is_text(first, tokens) or all(_is_text(other, tokens) for other in others):
        return None
    are_times = any(_may_be_times(first, other, tokens) for other in others)
    if sign.word in ("IN", "NOT"):
        return "membership_of_times" if are_times else "membership"
    return "equality" if are_times and sign.text in _EQUALITY else "comparison"


def _are_variables(node: Node) -> bool:
    return all(_unbracketed(one).kind == "variable" for one in node.nodes())


def _may_be_times(node: Node, other: Node, tokens: Sequence[Token]) -> bool:
    """Return whether both may be times; of two variables this is not asked: they are compared most, and seldom are."""
    are_variables = _unbracketed(node).kind == _unbracketed(other).kind == "variable"
    return _may_be_time(node, tokens) and _may_be_time(other, tokens) and not are_variables


def _may_be_time(node: Node, tokens: Sequence[Token]) -> bool:
    inner = _unbracketed(node)
    if inner.kind == "constant":
        return tokens[inner.last - 1].text == "^^"
    if inner.kind in ("built_in", "aggregate"):
        return tokens[inner.first].word in _MAYBE_TIMES
    return inner.kind in ("variable", "function_call", "sum")


def _is_text(node: Node, tokens: Sequence[Token]) -> bool:
    first = tokens[node.first]
    is_typed = len(node.children) > 1 and tokens[node.first + 1].text == "^^"
    return node.kind == "constant" and (first.is_iri or (first.kind == "string" and not is_typed))


def conditions_of(node: Node, tokens: Sequence[Token]) -> Iterator[tuple[str, Node]]:
    """Yield the operands of a node whose effective boolean value counts, if they may be no boolean, and their rule.

    That of ``!!`` is left to the engine: only SPARQL 1.2 has it, and there texts with a language and ill-typed literals
    have no such value.
    """
    is_if = node.kind == "built_in" and tokens[node.first].word == "IF"
    is_not = node.kind == "unary" and tokens[node.first].text == "!" and tokens[node.first - 1].text != "!"
    operands = node.nodes() if is_not or node.kind in _CONDITIONAL else node.nodes()[:is_if]
    for operand in operands:
        if not _has_usual_truth(operand, tokens):
            yield "cast_condition" if _unbracketed(operand).kind == "function_call" else "condition", operand


def _has_usual_truth(node: Node, tokens: Sequence[Token]) -> bool:
    """Return whether a node is a boolean, or a constant whose effective boolean value the engine knows."""
    stack = [node]
    while stack:
        inner = _unbracketed(stack.pop())
        word = tokens[inner.first].word
        if inner.kind == "built_in" and word in ("IF", "COALESCE"):
            stack += inner.nodes()[word == "IF" :]
            continue
        is_boolean = inner.kind in _BOOLEAN or (inner.kind == "unary" and tokens[inner.first].text == "!")
        is_usual = inner.kind == "constant" and (word in ("TRUE", "FALSE") or _is_plain(inner, tokens))
        if not is_boolean and not is_usual and not (inner.kind == "built_in" and word in _GIVING_BOOLEANS):
            return False
    return True


def _is_plain(node: Node, tokens: Sequence[Token]) -> bool:
    return len(node.children) == 1 and tokens[node.first].kind in ("string", "iri", "name")


def _unary_rule(node: Node, tokens: Sequence[Token]) -> str | None:
    """Return the rule for a sign."""
    return "unary" if tokens[node.first].text != "!" else None


def _cast_rule(node: Node, _tokens: Sequence[Token]) -> str | None:
    return "cast" if len(node.nodes()) == 1 else None


def _aggregate_rule(node: Node, tokens: Sequence[Token]) -> str:
    """Return the rule for an aggregate: it takes errors in another way than an operator."""
    if tokens[node.first].word in ("SUM", "AVG"):
        return "aggregate"
    is_expression = bool(node.nodes()) and node.nodes()[0].kind not in ("variable", "constant")
    return "count" if tokens[node.first].word == "COUNT" and is_expression else "boundary"


def _unbracketed(node: Node) -> Node:
    while node.kind == "bracketed":
        node = node.nodes()[0]
    return node


def _built_in_rule(node: Node, tokens: Sequence[Token]) -> str | None:
    word = tokens[node.first].word
    arguments = node.nodes()
    if word in ("REGEX", "REPLACE"):
        return word.lower() if len(arguments) in (2, 3, 4) else None
    if word == "STR" and len(arguments) == 1:
        return "function" if _unbracketed(arguments[0]).kind in _PRINTED else None
    if word == "COALESCE":
        return "boundary"
    return "function" if word in _FUNCTIONS and arguments else None


def comparison(text: Writer, index: int) -> str:
    """Compare numbers, booleans and times of any size (17.3)."""
    node = text.sites[index].node
    sign = text.tokens[node.tokens()[0]].text
    return _twice(text, lambda one: _written(one, OPERATORS[sign], index, *node.nodes()))


def equality(text: Writer, index: int) -> str:
    """Compare what may be times: one with a time zone and one without may have no order (XSD 1.1 Part 2, 3.3.7)."""
    node = text.sites[index].node
    sign = text.tokens[node.tokens()[0]].text
    return _twice(text, lambda one: _written(one, TEMPORAL_OPERATORS[sign], index, *node.nodes()))


def membership(text: Writer, index: int) -> str:
    """Look for a number of any size in a list: IN is defined by equality (17.4.1.9)."""
    sign = "NOT IN" if text.tokens[text.sites[index].node.tokens()[0]].word == "NOT" else "IN"

    def write(one: Writer) -> str:
        if one.mode == "calls":
            return membership_of_times(one, index)
        sought, *listed = _operands(one, text.sites[index].node.nodes(), index)
        return f"({sought} {sign} ({', '.join(listed)}))"

    return _twice(text, write)


def membership_of_times(text: Writer, index: int) -> str:
    """Look for what may be a time in a list: the engine takes times to differ that have no order."""
    node = text.sites[index].node
    sought, *listed = node.nodes()
    items = (_item(text, item, index) for item in listed)
    call = MEMBERSHIP.call(_operand(text, sought, index), *items)
    return f"(!{call})" if text.tokens[node.tokens()[0]].word == "NOT" else call


def _item(text: Writer, node: Node, index: int) -> str:
    """Return an item of a list, in which an error counts as one that is equal to nothing by an error."""
    written = _operand(text, node, index)
    return written if node.kind == "constant" else f"COALESCE({written}, {NO_VALUE})"


def arithmetic(text: Writer, index: int) -> str:
    """Calculate with numbers of any size (17.3)."""
    node = text.sites[index].node
    return _twice(text, lambda one: _chain(one, node, index))


def _chain(text: Writer, node: Node, index: int) -> str:
    """Return a sum or a product, from left to right."""
    result, sign = "", ""
    for child in node.children:
        if isinstance(child, int):
            sign = text.tokens[child].text
            continue
        operand = _operand(text, child, index)
        if child.kind == "signed_product":
            sign, operand = _signed(text, child, index)
        result = _apply(text, OPERATORS[sign], result, operand) if result else operand
    return result


def _signed(text: Writer, node: Node, index: int) -> tuple[str, str]:
    """Return the sign and the product of a term such as ``-5 * ?x``, which follows another one."""
    number = text.tokens[node.first].text
    result, sign = number[1:], ""
    for child in node.children[1:]:
        if isinstance(child, int):
            sign = text.tokens[child].text
        else:
            result = _apply(text, OPERATORS[sign], result, _operand(text, child, index))
    return number[0], result


def unary(text: Writer, index: int) -> str:
    """Negate a number of any size (17.3)."""
    node = text.sites[index].node
    substitution = OPERATORS[f"unary {text.tokens[node.first].text}"]
    return _twice(text, lambda one: _written(one, substitution, index, node.nodes()[0]))


def condition(text: Writer, index: int) -> str:
    """Take the effective boolean value of any term (17.2.2)."""
    node = text.sites[index].node
    return _twice(text, lambda one: _written(one, EFFECTIVE_BOOLEAN_VALUE, index, node))


def cast_condition(text: Writer, index: int) -> str:
    """Take the effective boolean value of a cast; other functions are those of the engine, and give booleans."""
    node = text.sites[index].node
    iri = text.resolve(text.tokens[_unbracketed(node).first].text)
    is_cast = iri in CAST_SUBSTITUTIONS and iri != XSD + "boolean"
    return condition(text, index) if is_cast else text.node(node, index)


def function(text: Writer, index: int) -> str:
    """Call a function of numbers or strings as XPath defines it (17.4)."""
    node = text.sites[index].node
    substitution = BUILTINS[text.tokens[node.first].word]
    return _twice(text, lambda one: _written(one, substitution, index, *node.nodes()))


def cast(text: Writer, index: int) -> str:
    """Cast as XPath defines it (17.5), where a function is a cast."""
    node = text.sites[index].node
    iri = text.resolve(text.tokens[node.first].text)
    substitution = CAST_SUBSTITUTIONS.get(iri or "")
    if substitution is None:
        return text.node(node, index)
    return _twice(text, lambda one: _written(one, substitution, index, node.nodes()[0]))


def boundary(text: Writer, index: int) -> str:
    """Write what hides an error inside, each argument by itself; calls are right in any case."""
    node = text.sites[index].node
    is_aggregate = node.kind == "aggregate"
    return (text if text.mode == "calls" and not is_aggregate else text.in_mode("")).node(node, index)


def count(text: Writer, index: int) -> str:
    """Count the solutions in which an expression is no error, or its values (18.5.1.2): the engine stops at an error.

    Among distinct values one stands for all errors.
    """
    node = text.sites[index].node
    expression = text.in_mode("").node(node.nodes()[0], index)
    if text.tokens[node.first + 2].word != "DISTINCT":
        return f"SUM(COALESCE(IF(isIRI({expression}), 1, 1), 0))"
    errors = f"SUM(DISTINCT COALESCE(IF(isIRI({expression}), 0, 0), 1))"
    return f"(COUNT(DISTINCT COALESCE({expression}, {NO_VALUE})) - {errors})"


def aggregate(text: Writer, index: int) -> str:
    """Aggregate numbers of any size (18.5.1.3 to 18.5.1.6), or note that the engine could not."""
    node = text.sites[index].node
    if not text.is_exact:
        return f"COALESCE({text.in_mode('').node(node, index)}, {NO_TOTAL.call()})"
    is_distinct = text.tokens[node.first + 2].word == "DISTINCT"
    name = AGGREGATES[text.tokens[node.first].word, is_distinct]
    return f"{name}({text.in_mode('').node(node.nodes()[0], index)})"


def order(text: Writer, index: int) -> str:
    """Sort numbers of any size among each other (15.1)."""
    pieces: list[str] = []
    for child in text.sites[index].node.children:
        written = text.tokens[child].text if isinstance(child, int) else text.node(child, index)
        is_key = not isinstance(child, int) or text.tokens[child].kind == "variable"
        pieces.append(SORT_KEY.call(written) if is_key else written)
    return " ".join(pieces)


def regex(text: Writer, index: int) -> str:
    """Match a regular expression of XPath: in the engine's language where it can be said there."""
    node = text.sites[index].node
    constants = [_string(text, argument) for argument in node.nodes()[1:]]
    known = [constant for constant in constants if constant is not None]
    pattern = engine_pattern(*known) if len(known) == len(constants) else None
    if pattern is None:
        return BUILTINS["REGEX"].call(*_operands(text, node.nodes(), index))
    return f"REGEX({_operand(text, node.nodes()[0], index)}, {Literal(pattern)})"


def replacing(text: Writer, index: int) -> str:
    """Replace by a regular expression of XPath: in the engine's language where it can be said there."""
    node = text.sites[index].node
    constants = [_string(text, argument) for argument in node.nodes()[1:]]
    known = [constant for constant in constants if constant is not None]
    if len(known) == len(constants) > 1:
        pattern, replacement, flags = engine_pattern(known[0], *known[2:]), known[1], known[2:]
        written = engine_replacement(known[0], replacement, *flags)
        if pattern is not None and written is not None:
            return f"REPLACE({_operand(text, node.nodes()[0], index)}, {Literal(pattern)}, {Literal(written)})"
    return BUILTINS["REPLACE"].call(*_operands(text, node.nodes(), index))


def signed_literal(token: Token) -> str | None:
    """Return a number with a sign that the engine cannot read as one; None where it can."""
    datatype = XSD + ("decimal" if "." in token.text else "integer")
    is_plain = not set(token.text) & set("eE")
    if is_plain and len(token.text) > _MOST_DIGITS:
        return str(Literal(token.text, datatype=NamedNode(datatype)))
    return None


def _twice(text: Writer, write: Callable[[Writer], str]) -> str:
    """Write an expression as the engine evaluates it, and as calls where that is an error."""
    if text.mode:
        return write(text)
    native, calls = write(text.in_mode("native")), write(text.in_mode("calls"))
    return native if native == calls else f"COALESCE({native}, {calls})"


def _written(text: Writer, substitution: Substitution, index: int, *nodes: Node) -> str:
    return _apply(text, substitution, *_operands(text, nodes, index))


def _apply(text: Writer, substitution: Substitution, *operands: str) -> str:
    is_long = substitution.repeats and sum(map(len, operands)) > _LONGEST_REPEATED
    if text.mode == "native" and not is_long:
        return substitution.native_expression(*operands)
    return substitution.call(*operands)


def _operands(text: Writer, nodes: Sequence[Node], index: int) -> list[str]:
    return [_operand(text, node, index) for node in nodes]


def _operand(text: Writer, node: Node, index: int) -> str:
    """Return an operand, in brackets unless it needs none."""
    written = text.node(node, index)
    is_plain = node.kind in _SIMPLE and not written.startswith(("+", "-"))
    return written if is_plain else f"({written})"


def _string(text: Writer, node: Node) -> str | None:
    """Return the value of a plain string; None for anything else."""
    if node.kind != "constant" or len(node.children) != 1 or text.tokens[node.first].kind != "string":
        return None
    written = text.tokens[node.first].text
    quote = 3 if written[:3] in ('"""', "'''") else 1
    return unescaped(written[quote:-quote])


def unescaped(text: str) -> str:
    r"""Return the value of what stands between the quotes of a string (19.7, 19.2).

    >>> unescaped("a\\t\\u0062\\\\n")
    'a\tb\\n'
    """
    pieces: list[str] = []
    parts = iter(text.split("\\"))
    pieces.append(next(parts))
    for part in parts:
        if part == "":
            pieces.append("\\" + next(parts, ""))
        elif part[0] in "uU":
            end = 5 if part[0] == "u" else 9
            pieces.append(chr(int(part[1:end], 16)) + part[end:])
        else:
            pieces.append(_STRING_ESCAPES.get(part[0], part[0]) + part[1:])
    return "".join(pieces)


RULES = {
    "comparison": comparison,
    "equality": equality,
    "membership": membership,
    "membership_of_times": membership_of_times,
    "arithmetic": arithmetic,
    "unary": unary,
    "condition": condition,
    "cast_condition": cast_condition,
    "function": function,
    "cast": cast,
    "boundary": boundary,
    "count": count,
    "aggregate": aggregate,
    "order": order,
    "regex": regex,
    "replace": replacing,
}
_RULES_OF: dict[str, str | Callable[[Node, Sequence[Token]], str | None]] = {
    "exists": "boundary",
    "sum": "arithmetic",
    "product": "arithmetic",
    "unary": _unary_rule,
    "built_in": _built_in_rule,
    "function_call": _cast_rule,
    "aggregate": _aggregate_rule,
}
