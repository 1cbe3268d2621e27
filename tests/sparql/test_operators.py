"""The operators of SPARQL 1.1, 17.3, for all types and beyond the values that the engine can hold."""

from itertools import product

import pytest

from kg.sparql.substitutions import BUILTINS, EFFECTIVE_BOOLEAN_VALUE, OPERATORS
from sparql.evaluation import call, evaluate, operation, solutions

TRUE, FALSE, ERROR = "true", "false", None
BIG, BIGGER = "99999999999999999999", "100000000000000000000"
NEGATIVE_BIG = '"-99999999999999999999"^^xsd:integer'
LEAST = '"-9223372036854775808"^^xsd:integer'
"""Both are written as literals: the engine reads a sign before a number as an operator."""
FINE, FINER = "0.1234567890123456789", "0.12345678901234567891"
NAN, INF = '"NaN"^^xsd:double', '"INF"^^xsd:double'


def time(lexical_form: str, datatype: str = "dateTime") -> str:
    """Return a literal of a time."""
    return f'"{lexical_form}"^^xsd:{datatype}'


NUMERIC_TYPES = ["integer", "byte", "unsignedLong", "nonNegativeInteger", "decimal", "float", "double"]
PROMOTION = ["integer", "decimal", "float", "double"]


def promoted(*datatypes: str) -> str:
    """Return the type of a result; integers of every kind count as integers."""
    return max((datatype if datatype in PROMOTION else "integer" for datatype in datatypes), key=PROMOTION.index)


def numeric(left: str, right: str) -> list[tuple[str, str, str, str]]:
    """Return the rows of the operator table for two numeric types: token, operands, result."""
    two, three = f'"2"^^xsd:{left}', f'"3"^^xsd:{right}'
    both, quotient = promoted(left, right), promoted(left, right, "decimal")
    half = f'"1.5"^^xsd:{quotient}'
    return [
        ("=", two, f'"2"^^xsd:{right}', TRUE), ("=", two, three, FALSE),
        ("!=", two, three, TRUE), ("!=", two, f'"2"^^xsd:{right}', FALSE),
        ("<", two, three, TRUE), ("<", three, two, FALSE), (">", three, two, TRUE), (">", two, three, FALSE),
        ("<=", two, three, TRUE), ("<=", two, f'"2"^^xsd:{right}', TRUE), ("<=", three, two, FALSE),
        (">=", three, two, TRUE), (">=", two, f'"2"^^xsd:{right}', TRUE), (">=", two, three, FALSE),
        ("+", two, three, f'"5"^^xsd:{both}'), ("-", two, three, f'"-1"^^xsd:{both}'),
        ("*", two, three, f'"6"^^xsd:{both}'), ("/", three, two, half),
    ]  # fmt: skip


BOOLEANS = [
    ("=", TRUE, TRUE, TRUE), ("=", TRUE, FALSE, FALSE), ("!=", TRUE, FALSE, TRUE), ("!=", FALSE, FALSE, FALSE),
    ("<", FALSE, TRUE, TRUE), ("<", TRUE, FALSE, FALSE), ("<", TRUE, TRUE, FALSE), (">", TRUE, FALSE, TRUE),
    (">", FALSE, TRUE, FALSE), ("<=", FALSE, TRUE, TRUE), ("<=", TRUE, TRUE, TRUE), ("<=", TRUE, FALSE, FALSE),
    (">=", TRUE, FALSE, TRUE), (">=", FALSE, FALSE, TRUE), (">=", FALSE, TRUE, FALSE),
    ("=", '"1"^^xsd:boolean', TRUE, TRUE), ("+", TRUE, "1", ERROR), ("<", TRUE, "1", ERROR),
    ("<", TRUE, '"a"', ERROR),
]  # fmt: skip
STRINGS = [
    ("=", '"a"', '"a"^^xsd:string', TRUE), ("=", '"a"', '"b"', FALSE), ("!=", '"a"', '"b"', TRUE),
    ("<", '"a"', '"b"', TRUE), ("<", '"a"', '"a"', FALSE), ("<", '"Z"', '"a"', TRUE), (">", '"b"', '"a"', TRUE),
    ("<=", '"a"', '"a"', TRUE), (">=", '"a"', '"b"', FALSE), ("<", '"\uffff"', '"\U00010000"', TRUE),
    ("<", '"a"', "1", ERROR), ("<", '"a"', ":a", ERROR), ("<", '"a"@en', '"a"', ERROR), ("+", '"1"', "1", ERROR),
    ("=", '"a"@en', '"a"@EN', TRUE), ("=", '"a"@en', '"a"@fr', FALSE), ("=", '"a"@en', '"a"', FALSE),
]  # fmt: skip
TIMES = [
    ("=", time("2020-01-01T00:00:00Z"), time("2020-01-01T09:00:00+09:00"), TRUE),
    ("!=", time("2020-01-01T00:00:00Z"), time("2020-01-01T09:00:00+09:00"), FALSE),
    ("=", time("2020-01-01T24:00:00"), time("2020-01-02T00:00:00"), TRUE),
    ("<", time("2020-01-01T00:00:00"), time("2020-01-01T00:00:00.5"), TRUE),
    (">", time("2020-01-01T00:00:00-05:00"), time("2020-01-01T00:00:00Z"), TRUE),
    ("<=", time("2020-01-01T00:00:00Z"), time("2020-01-01T01:00:00+01:00"), TRUE),
    (">=", time("2020-01-01T00:00:00Z"), time("2020-01-01T02:00:00Z"), FALSE),
    ("=", time("2020-01-01T00:00:00"), time("2020-01-01T00:00:00Z"), ERROR),
    ("!=", time("2020-01-01T00:00:00"), time("2020-01-01T00:00:00Z"), ERROR),
    ("<", time("2020-01-01T00:00:00"), time("2020-01-01T00:00:00Z"), ERROR),
    ("<=", time("2020-01-01T00:00:00"), time("2020-01-01T00:00:00Z"), ERROR),
    ("=", time("2020-01-01T00:00:00"), time("2020-01-03T00:00:00Z"), FALSE),
    ("!=", time("2020-01-01T00:00:00"), time("2020-01-03T00:00:00Z"), TRUE),
    ("<", time("2020-01-01T00:00:00"), time("2020-01-03T00:00:00Z"), TRUE),
    ("<", time("2020-01-01", "date"), time("2020-01-02", "date"), TRUE),
    ("=", time("2020-01-01", "date"), time("2020-01-01Z", "date"), ERROR),
    ("<", time("-0001-12-31", "date"), time("0001-01-01", "date"), TRUE),
    ("<", time("2020-01-01", "date"), time("2020-01-02T00:00:00"), ERROR),
    ("=", time("2020-01-01", "date"), time("2020-01-01T00:00:00"), FALSE),
    ("<", time("99999999999999999999-01-01", "date"), time("2020-01-01", "date"), FALSE),
    ("<", time("2020-02-30", "date"), time("2020-03-01", "date"), ERROR),
    ("<", time("09:00:00", "time"), time("10:00:00", "time"), TRUE),
    (">=", time("12020", "gYear"), time("1936", "gYear"), TRUE),
    (">=", time("1900", "gYear"), time("1936", "gYear"), FALSE),
    ("<", time("-0005", "gYear"), time("0005", "gYear"), TRUE),
    ("<", time("2020-02", "gYearMonth"), time("2020-03", "gYearMonth"), TRUE),
    ("<", time("--02-29", "gMonthDay"), time("--03-01", "gMonthDay"), TRUE),
    ("=", time("P1Y", "duration"), time("P12M", "yearMonthDuration"), TRUE),
    ("<", time("P1M", "duration"), time("P32D", "duration"), TRUE),
    ("<", time("P1M", "duration"), time("P30D", "duration"), ERROR),
    ("<", time("PT23H", "dayTimeDuration"), time("P1D", "dayTimeDuration"), TRUE),
]
TERMS = [
    ("=", ":a", ":a", TRUE), ("=", ":a", ":b", FALSE), ("!=", ":a", ":b", TRUE), ("=", ":a", '"a"', FALSE),
    ("=", ":a", BIG, FALSE), ("<", ":a", ":b", ERROR), ("+", ":a", "1", ERROR), ("=", '"a"^^:t', '"a"^^:t', TRUE),
    ("=", '"a"^^:t', '"b"^^:t', ERROR), ("!=", '"a"^^:t', '"b"^^:t', ERROR), ("=", '"a"^^:t', '"a"', ERROR),
    ("=", '"a"^^:t', "1", ERROR), ("<", '"a"^^:t', '"b"^^:t', ERROR), ("=", '"x"^^xsd:integer', "1", ERROR),
    ("<", '"x"^^xsd:integer', "1", ERROR), ("+", '"x"^^xsd:integer', "1", ERROR),
    ("=", "<<( :a :b 1 )>>", "<<( :a :b 01 )>>", TRUE), ("=", f"<<( :a :b {BIG} )>>", "<<( :a :b 1 )>>", FALSE),
    ("=", "?unbound", "1", ERROR), ("<", "1", "?unbound", ERROR),
]  # fmt: skip
BEYOND_THE_ENGINE = [
    (">", BIG, "1", TRUE), ("<", BIG, BIGGER, TRUE), ("<", NEGATIVE_BIG, "0", TRUE), (">=", BIG, BIG, TRUE),
    ("=", BIG, BIG, TRUE), ("=", BIG, "5", FALSE), ("!=", BIG, BIGGER, TRUE), ("=", BIG, f"{BIG}.0", TRUE),
    ("=", BIGGER, "1e20", TRUE), ("<", BIG, "1e21", TRUE), ("=", BIG, '"a"', FALSE), ("=", BIG, TRUE, FALSE),
    ("=", BIG, f'"+{BIG}"^^xsd:integer', TRUE), ("<", BIG, '"a"', ERROR), ("+", BIG, "1", BIGGER),
    ("+", "9223372036854775807", "1", "9223372036854775808"),
    ("*", "9223372036854775807", "2", "18446744073709551614"),
    ("-", LEAST, "1", '"-9223372036854775809"^^xsd:integer'), ("-", BIGGER, BIG, "1"), ("+", BIG, "1e0", "1e20"),
    ("/", BIGGER, "4", "25000000000000000000.0"), ("/", BIG, "0", ERROR), ("+", BIG, '"a"', ERROR),
    ("+", '"18446744073709551615"^^xsd:unsignedLong', "1", "18446744073709551616"),
    ("+", '"18446744073709551616"^^xsd:unsignedLong', "1", ERROR), ("<", FINE, FINER, TRUE),
    ("=", FINE, FINER, FALSE), ("+", FINE, "1", "1.1234567890123456789"),
    ("*", "0.0000000001", "0.0000000001", "0.00000000000000000001"), ("*", BIG, "0.5", "49999999999999999999.5"),
    ("-", "123456789012345678901234567890.5", "0.5", '"123456789012345678901234567890"^^xsd:decimal'),
]  # fmt: skip
FLOATING_POINT = [
    ("<", NAN, "1", FALSE), (">", NAN, "1", FALSE), ("<=", NAN, NAN, FALSE), (">=", NAN, NAN, FALSE),
    ("=", NAN, NAN, FALSE), ("!=", NAN, NAN, TRUE), ("=", "-0e0", "0e0", TRUE), ("<", "-0e0", "0e0", FALSE),
    ("<", "1e308", INF, TRUE), ("=", INF, INF, TRUE), ("*", "1e308", "10", INF), ("-", INF, INF, NAN),
    ("/", "1e0", "0", INF), ("/", "-1e0", "0", '"-INF"^^xsd:double'), ("/", "1", "-0e0", '"-INF"^^xsd:double'),
    ("/", "0e0", "0", NAN), ("/", "1", "0", ERROR), ("/", "1.0", "0.0", ERROR),
    ("=", '"1.1"^^xsd:float', "1.1", TRUE), ("=", '"1.1"^^xsd:float', "1.1e0", FALSE),
    ("+", '"16777216"^^xsd:float', "1", '"16777216"^^xsd:float'), ("*", '"3e38"^^xsd:float', "2", '"INF"^^xsd:float'),
    ("/", "1", "3", "0.333333333333333333"), ("/", "-2", "3", "-0.666666666666666666"), ("/", "6", "3", "2.0"),
]  # fmt: skip
NUMBERS = [row for left, right in product(NUMERIC_TYPES, repeat=2) for row in numeric(left, right)]
BINARY = [*NUMBERS, *BOOLEANS, *STRINGS, *TIMES, *TERMS, *BEYOND_THE_ENGINE, *FLOATING_POINT]

UNARY = [
    ("unary -", "5", "-5"), ("unary -", "-2.5", "2.5"), ("unary -", BIG, NEGATIVE_BIG),
    ("unary -", LEAST, "9223372036854775808"), ("unary -", "0e0", "-0e0"), ("unary -", '"a"', ERROR),
    ("unary -", NAN, NAN), ("unary -", FINE, f'"-{FINE}"^^xsd:decimal'), ("unary +", "5", "5"), ("unary +", BIG, BIG),
    ("unary +", '"5"', ERROR), ("unary +", TRUE, ERROR), ("unary +", ":a", ERROR),
]  # fmt: skip
EFFECTIVE_BOOLEAN_VALUES = [
    (TRUE, TRUE), (FALSE, FALSE), ("1", TRUE), ("0", FALSE), ("0.0", FALSE), ("-0e0", FALSE), (NAN, FALSE),
    (INF, TRUE), (BIG, TRUE), (FINE, TRUE), ('""', FALSE), ('"false"', TRUE), ('"a"@en', TRUE),
    ('"x"^^xsd:boolean', FALSE), ('"x"^^xsd:integer', FALSE), ('"1.5"^^xsd:integer', FALSE), ('"a"^^:t', ERROR),
    (":a", ERROR), ("?unbound", ERROR), (time("2020-01-01", "date"), ERROR),
]  # fmt: skip


def expected(result: str | None) -> object:
    """Return the term that a result of a table stands for."""
    return None if result is None else evaluate(result)


@pytest.mark.parametrize(("token", "left", "right", "result"), BINARY)
def test_binary_operators(token: str, left: str, right: str, result: str | None) -> None:
    """A binary operator has the result of the operator table, with the engine's help and without it."""
    assert evaluate(operation(token, left, right)) == expected(result)
    assert evaluate(call(token, left, right)) == expected(result)


@pytest.mark.parametrize(("token", "operand", "result"), UNARY)
def test_unary_operators(token: str, operand: str, result: str | None) -> None:
    """A unary operator has the result of the operator table, with the engine's help and without it."""
    assert evaluate(operation(token, operand)) == expected(result)
    assert evaluate(call(token, operand)) == expected(result)


@pytest.mark.parametrize(("operand", "result"), EFFECTIVE_BOOLEAN_VALUES)
def test_effective_boolean_values(operand: str, result: str | None) -> None:
    """Every term has the effective boolean value of SPARQL 1.1, 17.2.2."""
    assert evaluate(EFFECTIVE_BOOLEAN_VALUE.expression(operand)) == expected(result)
    assert evaluate(EFFECTIVE_BOOLEAN_VALUE.call(operand)) == expected(result)


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (TRUE, TRUE, TRUE, TRUE),
        (TRUE, FALSE, FALSE, TRUE),
        (FALSE, FALSE, FALSE, FALSE),
        (TRUE, "1/0", ERROR, TRUE),
        (FALSE, "1/0", FALSE, ERROR),
        ("1/0", "1/0", ERROR, ERROR),
    ],
)
def test_logical_connectives(left: str, right: str, conjunction: str | None, disjunction: str | None) -> None:
    """``&&`` and ``||`` follow the truth table of SPARQL 1.1, 17.2, in either order."""
    for first, second in ((left, right), (right, left)):
        assert evaluate(f"{first} && {second}") == expected(conjunction)
        assert evaluate(f"{first} || {second}") == expected(disjunction)


WHOLE = [
    ("1", "2", "3", TRUE), (BIG, "1", "0", FALSE), (BIG, "1", BIG, FALSE), ("1", "2", BIG, TRUE),
    (FINE, "1", "2.5", TRUE), ('"a"', "1", "2", ERROR),
    ("9223372036854775807", "9223372036854775807", "18446744073709551614", TRUE),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "c", "result"), WHOLE)
def test_an_expression_of_several_operators(a: str, b: str, c: str, result: str | None) -> None:
    """An expression written natively as a whole, or else by calls as a whole, has the result of its operators."""
    add, less_or_equal = OPERATORS["+"], OPERATORS["<="]
    native = less_or_equal.native_expression(add.native_expression(a, b), c)
    calls = less_or_equal.call(add.call(a, b), c)
    assert evaluate(f"COALESCE({native}, {calls})") == expected(result)


OPERANDS = list(dict.fromkeys(operand for _, left, right, _ in BINARY for operand in (left, right)))
OPERANDS.remove("?unbound")
DURATION_ARITHMETIC = 'STRENDS(STR(DATATYPE(?a)), "uration") || STRENDS(STR(DATATYPE(?b)), "uration")'
TIME_ARITHMETIC = 'STR(DATATYPE(?a)) = STR(DATATYPE(?b)) && BOUND(?a) && COALESCE(TZ(?a), "none") != "none"'
ANSWERS_THAT_DIFFER = {
    "=": 'COALESCE((TZ(?a) = "") != (TZ(?b) = ""), false)',
    "!=": 'COALESCE((TZ(?a) = "") != (TZ(?b) = ""), false)',
    "<=": "COALESCE(?a != ?a, false)",
    ">=": "COALESCE(?a != ?a, false)",
    "+": DURATION_ARITHMETIC,
    "-": f"{DURATION_ARITHMETIC} || {TIME_ARITHMETIC}",
}
"""Where the engine is wrong (times without an order, NaN) or goes beyond the operator table (arithmetic of times)."""


@pytest.mark.parametrize("token", [sign for sign in OPERATORS if " " not in sign])
def test_the_function_agrees_with_the_engine(token: str) -> None:
    """Where the engine has an answer, the function has the same, but for the cases above."""
    values = " ".join(OPERANDS)
    condition = f"FILTER(!COALESCE({ANSWERS_THAT_DIFFER[token]}, false))" if token in ANSWERS_THAT_DIFFER else ""
    rows = solutions(
        f"SELECT ?a ?b (?a {token} ?b AS ?engine) ({call(token, '?a', '?b')} AS ?function) "
        f"{{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} {condition} }}"
    )
    answers = [row for row in rows if "engine" in row]
    assert len(answers) > len(OPERANDS)
    assert [row for row in answers if row["engine"] != row.get("function")] == []


@pytest.mark.parametrize("keyword", ["ABS", "CEIL", "FLOOR", "ROUND"])
def test_a_numeric_function_agrees_with_the_engine(keyword: str) -> None:
    """Where the engine has an answer, the function has the same."""
    rows = solutions(
        f"SELECT ?a ({keyword}(?a) AS ?engine) ({BUILTINS[keyword].call('?a')} AS ?function) "
        f"{{ VALUES ?a {{ {' '.join(OPERANDS)} }} }}"
    )
    answers = [row for row in rows if "engine" in row]
    assert answers
    assert [row for row in answers if row["engine"] != row.get("function")] == []
