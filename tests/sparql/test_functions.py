"""Casts, functions on strings and numbers, aggregates and order have the values that the specifications give them."""

from itertools import pairwise

import pytest

from kg.sparql import FUNCTION_NAMESPACE
from kg.sparql.functions import CUSTOM_AGGREGATES, CUSTOM_FUNCTIONS
from kg.sparql.numbers import XSD, is_beyond_engine
from kg.sparql.substitutions import AGGREGATES, BLANK_NODE, SORT_KEY
from sparql.evaluation import call, evaluate, operation, solutions

BIG, BIGGER = "99999999999999999999", "100000000000000000000"
NEGATIVE_BIG = '"-99999999999999999999"^^xsd:integer'
NAN, INF, NEGATIVE_INF = '"NaN"^^xsd:double', '"INF"^^xsd:double', '"-INF"^^xsd:double'

CASTS = [
    ("string", "1e21", '"1.0E21"'), ("string", "1e6", '"1.0E6"'), ("string", "999999.5e0", '"999999.5"'),
    ("string", "1e-6", '"0.000001"'), ("string", "1e-7", '"1.0E-7"'), ("string", "-1.5e300", '"-1.5E300"'),
    ("string", "0e0", '"0"'), ("string", "-0e0", '"-0"'), ("string", "1e0", '"1"'), ("string", NAN, '"NaN"'),
    ("string", NEGATIVE_INF, '"-INF"'), ("string", '"16777216"^^xsd:float', '"1.6777216E7"'),
    ("string", '"1.1"^^xsd:float', '"1.1"'), ("string", "1.50", '"1.5"'), ("string", "1.0", '"1"'),
    ("string", f'"+{BIG}"^^xsd:integer', f'"{BIG}"'), ("string", "0.10", '"0.1"'), ("string", "true", '"true"'),
    ("string", ":a", '"http://example.org/a"'), ("string", '"a"@en', '"a"'), ("string", "?unbound", None),
    ("string", '"2020-01-01"^^xsd:date', '"2020-01-01"'), ("boolean", '"1"', "true"), ("boolean", '"0"', "false"),
    ("boolean", '" true "', "true"), ("boolean", '"TRUE"', None), ("boolean", '""', None),
    ("boolean", "0.0", "false"), ("boolean", NAN, "false"), ("boolean", BIG, "true"), ("boolean", "2", "true"),
    ("boolean", "true", "true"), ("boolean", '"x"^^xsd:boolean', None), ("boolean", ":a", None),
    ("integer", '"1.0"', None), ("integer", '" 1 "', "1"), ("integer", '"+5"', "5"), ("integer", f'"{BIG}"', BIG),
    ("integer", '"1e3"', None), ("integer", '"٣"', None), ("integer", "1.9", "1"), ("integer", "-1.9", "-1"),
    ("integer", "1e6", "1000000"), ("integer", "1e30", "1000000000000000019884624838656"), ("integer", NAN, None),
    ("integer", INF, None), ("integer", "true", "1"), ("integer", f"{BIG}.5", BIG), ("integer", '"a"@en', None),
    ("integer", "9007199254740993e0", "9007199254740992"), ("integer", '"2020"^^xsd:gYear', None),
    ("decimal", '"1.1234567890123456789"', '"1.1234567890123456789"^^xsd:decimal'), ("decimal", '"1e3"', None),
    ("decimal", '".5"', "0.5"), ("decimal", '"5."', "5.0"), ("decimal", "1e6", "1000000.0"),
    ("decimal", "1.5e0", "1.5"), ("decimal", "123456789012345678e0", "123456789012345680.0"),
    ("decimal", "0.1e0", "0.100000000000000006"), ("decimal", BIG, f'"{BIG}"^^xsd:decimal'), ("decimal", INF, None),
    ("decimal", "false", "0.0"), ("double", '"1"', "1e0"), ("double", '" 1e1 "', "10e0"), ("double", '"INF"', INF),
    ("double", '"inf"', None), ("double", '"Infinity"', None), ("double", '"nan"', None), ("double", '"NaN"', NAN),
    ("double", '"1e400"', INF), ("double", BIG, "1e20"), ("double", "123456789.987654321", "123456789.987654321e0"),
    ("double", "true", "1e0"), ("double", '""', None), ("double", '"0x10"', None),
    ("double", '"1.1"^^xsd:float', "1.100000023841858e0"), ("float", "1e40", '"INF"^^xsd:float'),
    ("float", '"1.1"', '"1.1"^^xsd:float'), ("float", '"inf"', None), ("float", "16777217", '"16777216"^^xsd:float'),
    ("float", "1e-50", '"0"^^xsd:float'),
    ("dateTime", '"2020-01-01T00:00:00Z"', '"2020-01-01T00:00:00Z"^^xsd:dateTime'),
    ("dateTime", '"2020-01-01"', None),
    ("dateTime", '" 2020-01-01T00:00:00 "', '"2020-01-01T00:00:00"^^xsd:dateTime'),
    ("dateTime", '"2020-02-30T00:00:00"', None), ("dateTime", "2020", None), ("dateTime", ":a", None),
    ("dateTime", '"2020-01-01+09:00"^^xsd:date', '"2020-01-01T00:00:00+09:00"^^xsd:dateTime'),
]  # fmt: skip
FUNCTIONS = [
    ("ABS", ("-1.5",), "1.5"), ("ABS", (NEGATIVE_BIG,), BIG), ("ABS", ("-0e0",), "0e0"), ("ABS", ('"1"',), None),
    ("CEIL", ("1.1",), "2.0"), ("CEIL", ("-1.9",), "-1.0"), ("CEIL", (BIG,), BIG), ("CEIL", ("-0.5e0",), "-0e0"),
    ("FLOOR", ("-1.1",), "-2.0"), ("FLOOR", (f"{BIG}.9",), f'"{BIG}"^^xsd:decimal'), ("FLOOR", (NAN,), NAN),
    ("ROUND", ("2.5",), "3.0"), ("ROUND", ("-2.5",), "-2.0"), ("ROUND", ("2.5e0",), "3e0"),
    ("ROUND", ("-2.5e0",), "-2e0"), ("ROUND", ("-0.4e0",), "-0e0"), ("ROUND", ("0.49999999999999994e0",), "0e0"),
    ("ROUND", (INF,), INF),
    ("ROUND", ("123456789012345678901234567890.5",), '"123456789012345678901234567891"^^xsd:decimal'),
    ("ROUND", ('"-2.5"^^xsd:float',), '"-2"^^xsd:float'), ("ROUND", ('"a"',), None), ("ISNUMERIC", ("1",), "true"),
    ("ISNUMERIC", (BIG,), "true"), ("ISNUMERIC", ('"x"^^xsd:integer',), "false"), ("ISNUMERIC", ('"1"',), "false"),
    ("ISNUMERIC", (":a",), "false"), ("ISNUMERIC", (NAN,), "true"),
    ("ISNUMERIC", ('"18446744073709551615"^^xsd:unsignedLong',), "true"), ("ISNUMERIC", ("?unbound",), None),
    ("ISNUMERIC", ('"18446744073709551616"^^xsd:unsignedLong',), "false"), ("STR", ("1e20 * 10",), '"1.0E21"'),
    ("STR", ("1.5e0",), '"1.5"'), ("STR", (BIG,), f'"{BIG}"'), ("STR", ("true",), '"true"'),
    ("STR", (":a",), '"http://example.org/a"'), ("STR", ('"a"@en',), '"a"'), ("STR", ("?unbound",), None),
    ("SUBSTR", ('"12345"', "2"), '"2345"'), ("SUBSTR", ('"12345"', "2", "3"), '"234"'),
    ("SUBSTR", ('"12345"', "0", "3"), '"12"'), ("SUBSTR", ('"12345"', "5", "-3"), '""'),
    ("SUBSTR", ('"12345"', "-3", "5"), '"1"'), ("SUBSTR", ('"12345"', "1.5", "2.6"), '"234"'),
    ("SUBSTR", ('"12345"', NAN, "3"), '""'), ("SUBSTR", ('"12345"', "1", NAN), '""'),
    ("SUBSTR", ('"12345"', NAN), '""'), ("SUBSTR", ('"12345"', "-42", INF), '"12345"'),
    ("SUBSTR", ('"12345"', NEGATIVE_INF, INF), '""'), ("SUBSTR", ('"12345"', NEGATIVE_INF), '"12345"'),
    ("SUBSTR", ('"12345"', BIG), '""'), ("SUBSTR", ('"12345"', "2", BIG), '"2345"'),
    ("SUBSTR", ('"𝄞ab"@en', "2"), '"ab"@en'), ("SUBSTR", ('"abc"^^:t', "1"), None),
    ("SUBSTR", ('"abc"', '"1"'), None),
]  # fmt: skip


def expected(result: str | None) -> object:
    """Return the term that a result of a table stands for."""
    return None if result is None else evaluate(result)


@pytest.mark.parametrize(("datatype", "operand", "result"), CASTS)
def test_casts(datatype: str, operand: str, result: str | None) -> None:
    """A cast has the value of the constructor function, with the engine's help and without it."""
    assert evaluate(operation(XSD + datatype, operand)) == expected(result)
    assert evaluate(call(XSD + datatype, operand)) == expected(result)


@pytest.mark.parametrize(("keyword", "arguments", "result"), FUNCTIONS)
def test_functions(keyword: str, arguments: tuple[str, ...], result: str | None) -> None:
    """A function has the value that its specification gives it, with the engine's help and without it."""
    assert evaluate(operation(keyword, *arguments)) == expected(result)
    assert evaluate(call(keyword, *arguments)) == expected(result)


AGGREGATED = [
    ("SUM", False, f"{BIG} 1", BIGGER), ("SUM", False, "9223372036854775807 1", "9223372036854775808"),
    ("SUM", True, f"{BIG} {BIG} 1", BIGGER), ("SUM", False, "", "0"), ("SUM", False, '1 "a"', None),
    ("SUM", False, "1 2.5", "3.5"), ("SUM", False, '1 "2"^^xsd:float 3e0', "6e0"), ("SUM", True, "1 1.0 2 2", "4.0"),
    ("AVG", False, f"{BIG} {BIG}", f'"{BIG}"^^xsd:decimal'), ("AVG", False, "", "0"), ("AVG", True, "1 1 2", "1.5"),
    ("AVG", False, "1 1 0", "0.666666666666666666"), ("AVG", False, "1e0 2", "1.5e0"), ("AVG", False, ":a", None),
    ("MIN", False, f"5 {BIG} {NEGATIVE_BIG}", NEGATIVE_BIG), ("MIN", True, '"b" "a"', '"a"'),
    ("MIN", False, "", None), ("MAX", False, f"{BIG} {BIGGER} 5", BIGGER), ("MAX", True, "1 2.5 2", "2.5"),
    ("MAX", False, "-1 -2.5", "-1"),
    ("MAX", False, '"2020-01-01"^^xsd:date "12020-01-01"^^xsd:date', '"12020-01-01"^^xsd:date'),
]  # fmt: skip


@pytest.mark.parametrize(("keyword", "distinct", "values", "result"), AGGREGATED)
def test_aggregates(keyword: str, values: str, result: str | None, *, distinct: bool) -> None:
    """An aggregate has the value of SPARQL 1.1, 18.5.1, for numbers of any size."""
    query = f"SELECT ({AGGREGATES[keyword, distinct]}(?x) AS ?value) {{ VALUES ?x {{ {values} }} }}"
    assert [row.get("value") for row in solutions(query)] == [expected(result)]


ORDERED = [
    ":a", ":b", NEGATIVE_INF, NEGATIVE_BIG, "-2.5", "-1.5e0", "-1", "0", "1.0E-7", "0.1", "0.1234567890123456789",
    "1", "1.5", "7", "10", "9223372036854775807", BIG, BIGGER, "1e21", INF, NAN, "false", "true",
    '"-0001-01-01"^^xsd:date', '"2020-01-01"^^xsd:date', '"12020-01-01"^^xsd:date', '"PT23H"^^xsd:dayTimeDuration',
    '"P1D"^^xsd:duration', '""', '"A"', '"a"', '"aa"', '"가"', '"a"@en', '"a"^^:t',
    "<<( :a :p 9 )>>", "<<( :a :p 10 )>>", f"<<( :a :p {BIG} )>>", "<<( :ab :p 1 )>>",
]  # fmt: skip


def test_sort_key() -> None:
    """The sort key orders terms as ``<`` does, numbers of any size among each other, and the kinds of terms apart."""
    values = " ".join(reversed(ORDERED))
    rows = solutions(f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY {SORT_KEY.call('?x')}")
    assert [row["x"] for row in rows] == [evaluate(text) for text in ORDERED]


def test_sort_key_agrees_with_less_than() -> None:
    """Of two neighbours in the order of the sort key, the second is never less than the first."""
    for first, second in pairwise(ORDERED):
        assert evaluate(call("<", second, first)) in {None, evaluate("false")}


def test_blank_nodes_are_of_their_solution() -> None:
    """BNODE gives one blank node for a string in a solution, another for another string, and for another solution."""
    calls = (BLANK_NODE.call("?row", text) for text in ('"a b"', '"a b"', '"c"'))
    items = " ".join(f"({call} AS ?b{number})" for number, call in enumerate(calls))
    rows = solutions(f'SELECT {items} {{ VALUES ?row {{ "1" "2" }} }}')
    assert [row["b0"] == row["b1"] for row in rows] == [True, True]
    assert len({row[name] for row in rows for name in ("b0", "b2")}) == 4


def test_blank_nodes_are_made_of_strings() -> None:
    """BNODE of anything but a string is an error."""
    assert evaluate(BLANK_NODE.call('"1"', "1")) is None


HELD = [
    ("9223372036854775807", "integer"), ("-9223372036854775808", "long"), ("0.123456789012345678", "decimal"),
    ("170141183460469231731.687303715884105727", "decimal"), ("1e400", "double"), ("1", "unsignedLong"),
]  # fmt: skip
BEYOND = [
    ("9223372036854775808", "integer"), ("18446744073709551615", "unsignedLong"),
    ("0.1234567890123456789", "decimal"), ("170141183460469231732", "decimal"),
]  # fmt: skip
NO_NUMBERS = [
    ("x", "integer"), ("18446744073709551616", "unsignedLong"), ("99999999999999999999", "string"),
]  # fmt: skip


@pytest.mark.parametrize(("lexical_form", "datatype"), HELD + BEYOND + NO_NUMBERS)
def test_numbers_beyond_the_engine(lexical_form: str, datatype: str) -> None:
    """A literal is beyond the engine if, and only if, it is a number and the engine does not know that it is one."""
    literal = f'"{lexical_form}"^^xsd:{datatype}'
    is_beyond = is_beyond_engine(lexical_form, XSD + datatype)
    assert is_beyond is ((lexical_form, datatype) in BEYOND)
    assert evaluate(f"isNumeric({literal})") == evaluate(str((lexical_form, datatype) in HELD).lower())


def test_functions_have_names_of_their_own() -> None:
    """Every function and aggregate is named in the namespace that users cannot name."""
    assert all(name.value.startswith(FUNCTION_NAMESPACE) for name in [*CUSTOM_FUNCTIONS, *CUSTOM_AGGREGATES])
