"""Numbers that the engine cannot hold are summed, compared and sorted as numbers, wherever they come from."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.diff import Content, Patch
from kg.rdf import CSV
from kg.sparql import has_numbers_beyond_engine
from kg.store import Change, Dataset, Engine, Query, graphs_of
from kg.store.update_operations import run_update
from signing import checkout_of

XSD = "http://www.w3.org/2001/XMLSchema#"
BIG = "99999999999999999999"
BIGGER = "100000000000000000000"
TOP = "9223372036854775807"
ABOUT_1E18 = "999999999999999999"
TEN_LARGE = " ".join(f"99999999999999999{digit}" for digit in range(10))

INTEGERS = st.integers(-(10**30), 10**30) | st.integers(-(2**64), 2**64) | st.integers(-5, 5)
NUMBERS = INTEGERS.map(str) | st.decimals(-(10**25), 10**25, places=20, allow_nan=False).map(
    lambda number: f"{number:f}"
)

CALCULATED = "VALUES ?t {{ {} }} BIND(IF(CONTAINS(?t, '.'), xsd:decimal(?t), xsd:integer(?t)) AS ?n)"


def engine_of(numbers: Sequence[str]) -> Engine:
    """Load a dataset in which each number is the value of a thing of its own."""
    typed = (f'"{one}"^^<{XSD}{"decimal" if "." in one else "integer"}>' for one in numbers)
    lines = frozenset(f"<http://a/s{place}> <http://a/p> {literal} ." for place, literal in enumerate(typed))
    return Engine(Dataset.of(checkout_of(Content(lines, graphs_of(lines))), ()))


def rows(engine: Engine, text: str, output: Path) -> list[str]:
    """Evaluate a query and return the rows of its CSV."""
    query = Query(f"PREFIX : <http://a/> PREFIX xsd: <{XSD}> {text}", "http://a/sparql", results=CSV)
    engine.evaluate(query, output)
    return output.read_bytes().decode().split("\r\n")[1:-1]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that answers are written to."""
    return tmp_path_factory.mktemp("answers") / "answer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT (SUM(?n) AS ?r) { ?s :p ?n }", ["109223372036854775810"]),
        ("SELECT (SUM(DISTINCT ?n) AS ?r) { ?s :p ?n }", ["109223372036854775810"]),
        ("SELECT (AVG(?n) AS ?r) { ?s :p ?n FILTER(?n > 4) }", ["54611686018427387903.5"]),
        ("SELECT (MIN(?n) AS ?low) (MAX(?n) AS ?high) { ?s :p ?n }", [f"3,{BIGGER}"]),
        ("SELECT ?n { ?s :p ?n } ORDER BY ?n", ["3", TOP, BIGGER]),
        ("SELECT ?n { ?s :p ?n } ORDER BY DESC(?n) LIMIT 1", [BIGGER]),
        ("SELECT ?n { ?s :p ?n } ORDER BY DESC ( ?n - 0 ) # last\n LIMIT 1", [BIGGER]),
        ("SELECT ?n { ?s :p ?n } ORDER BY (?n * -1) ABS(?n)", [BIGGER, TOP, "3"]),
        (f"SELECT ?n {{ ?s :p ?n FILTER(?n = {BIGGER}.0) }}", [BIGGER]),
        (f"SELECT ?n {{ ?s :p ?n FILTER(?n IN (3.0, {BIGGER}.0)) }} ORDER BY ?n", ["3", BIGGER]),
        (f"SELECT ?n {{ ?s :p ?n BIND({BIGGER}.0 AS ?m) FILTER(?n = ?m && true) }}", [BIGGER]),
        (f"SELECT ?r {{ ?s :p ?n BIND({BIGGER}.0 AS ?m) BIND(?n = ?m AS ?r) }} ORDER BY ?r", ["false"] * 2 + ["true"]),
        (f"SELECT ?s {{ ?s :p ?n }} GROUP BY ?s HAVING (SUM(?n) > {BIG})", ["http://a/s2"]),
        ("SELECT (MAX(?t) AS ?r) { SELECT (SUM(?n) AS ?t) { ?s :p ?n } GROUP BY ?s }", [BIGGER]),
    ],
)  # fmt: skip
def test_numbers_of_the_data(text: str, expected: list[str], output: Path) -> None:
    """Sums, extremes, order and equality are those of the numbers."""
    assert rows(engine_of(["3", TOP, BIGGER]), text, output) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"SELECT (SUM(?n) AS ?r) {{ VALUES ?n {{ {TOP} 1 }} }}", ["9223372036854775808"]),
        (f"SELECT (AVG(?n) AS ?r) {{ VALUES ?n {{ {TOP} {TOP} }} }}", [TOP]),
        (f"SELECT (MAX(?n) AS ?r) {{ VALUES ?n {{ 5 {BIG} }} }}", [BIG]),
        (f"SELECT (MIN(?n) AS ?r) {{ VALUES ?n {{ 5 -{BIG} }} }}", [f"-{BIG}"]),
        (rf'SELECT (MAX(?n) AS ?r) {{ VALUES ?n {{ 5 "\u0031{BIG[2:]}9"^^xsd:integer }} }}', [f"1{BIG[2:]}9"]),
        (f'SELECT (MAX(?n) AS ?r) {{ VALUES ?s {{ "{BIG}" "5" }} BIND(xsd:integer(?s) AS ?n) }}', [BIG]),
        ("SELECT (MAX(?n) AS ?r) { VALUES ?z { '0000000000' } BIND(STRDT(CONCAT('9', ?z, ?z), xsd:integer) AS ?n) }",
         ["9" + 20 * "0"]),
        (f"SELECT ?r {{ VALUES ?n {{ 7 {ABOUT_1E18} }} BIND(?n * ?n AS ?r) }} ORDER BY DESC(?r)",
         [str(int(ABOUT_1E18) ** 2), "49"]),
        (f"SELECT (SUM(?n * 10) AS ?r) {{ VALUES ?n {{ 7 {ABOUT_1E18} }} }}", ["10000000000000000060"]),
        (f"SELECT (SUM(?n) AS ?r) {{ VALUES ?n {{ {TEN_LARGE} 1 }} }}", [str(sum(map(int, TEN_LARGE.split())) + 1)]),
        ('SELECT (SUM(?n) AS ?r) { VALUES ?n { 1 "one" } }', [""]),
        ("SELECT (SUM(?n) AS ?r) (AVG(?n) AS ?a) { VALUES ?n { 1 2.5 } }", ["3.5,1.75"]),
        ("SELECT (SUM(?n) AS ?r) (MIN(?n) AS ?least) { VALUES ?n {} }", ["0,"]),
        ("SELECT (SUM(1/?n) AS ?r) { VALUES ?n { 0 1 } }", [""]),
    ],
)  # fmt: skip
def test_numbers_of_the_query(text: str, expected: list[str], output: Path) -> None:
    """A number that is written in the query or calculated by it may be as large."""
    assert rows(engine_of([]), text, output) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_any_numbers(output: Path, numbers: list[str]) -> None:
    """The sum and the order are those of exact arithmetic, whether the numbers are data, constants or calculated."""
    exact = sorted(map(Decimal, numbers))
    for engine, pattern in (
        (engine_of(numbers), "?s :p ?n"),
        (engine_of([]), f"VALUES ?n {{ {' '.join(numbers)} }}"),
        (engine_of([]), CALCULATED.format(" ".join(f"'{one}'" for one in numbers))),
    ):
        (total,) = rows(engine, f"SELECT (SUM(?n) AS ?r) {{ {pattern} }}", output)
        assert Fraction(total) == sum(map(Fraction, exact))
        ordered = rows(engine, f"SELECT ?n {{ {pattern} }} ORDER BY ?n", output)
        assert list(map(Decimal, ordered)) == exact
        (extremes,) = rows(engine, f"SELECT (MIN(?n) AS ?low) (MAX(?n) AS ?high) {{ {pattern} }}", output)
        assert list(map(Decimal, extremes.split(","))) == [exact[0], exact[-1]]


def test_a_commit_can_bring_a_large_number(output: Path) -> None:
    """What is added later counts too, and so it does for a query that was asked before."""
    engine = engine_of(["3", "5"])
    text = "SELECT (MAX(?n) AS ?r) { ?s :p ?n }"
    assert rows(engine, text, output) == ["5"]
    engine.dataset.apply(Patch.of(added=[f'<http://a/s9> <http://a/p> "{BIG}"^^<{XSD}integer> .'], removed=()))
    assert rows(Engine(engine.dataset), text, output) == [BIG]


def test_what_is_not_cheap_is_not_answered_in_the_process_that_serves() -> None:
    """Where a query must be evaluated exactly, ``answer`` leaves it to ``evaluate``."""
    query = Query("SELECT (MAX(?n) AS ?r) { ?s ?p ?n }", "http://a/sparql", results=CSV)
    assert engine_of([BIG]).answer(query) is None
    assert engine_of(["3"]).answer(query) is not None
    calculated = Query(
        "SELECT ?r { VALUES ?n { 4000000000 } BIND(?n * ?n AS ?r) } ORDER BY ?r", "http://a/", results=CSV
    )
    assert engine_of(["3"]).answer(calculated) is None


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("{ SELECT (SUM(?n) AS ?r) { ?s :p ?n } }", "100000000000000000005"),
        ("{ SELECT (?n AS ?r) { ?s :p ?n } ORDER BY DESC(?n) LIMIT 1 }", BIGGER),
        (f"?s :p ?r FILTER(?r = {BIGGER}.0)", BIGGER),
    ],
)
def test_updates(where: str, expected: str) -> None:
    """An update takes numbers as a query does."""
    store = pyoxigraph.Store()
    for text in (f"INSERT DATA {{ :a :p 5 . :b :p {BIGGER} }}", f"INSERT {{ :r :is ?r }} WHERE {{ {where} }}"):
        run_update(store, Change("update", "http://a/", text=f"PREFIX : <http://a/> {text}"))
    (quad,) = store.quads_for_pattern(pyoxigraph.NamedNode("http://a/r"), None, None)
    assert quad.object == pyoxigraph.Literal(expected, datatype=pyoxigraph.NamedNode(f"{XSD}integer"))


@pytest.mark.parametrize(
    ("literal", "is_beyond"),
    [
        (f'"{BIG}"^^<{XSD}integer>', True),
        (f'<<( <x:s> <x:p> "{BIG}"^^<{XSD}integer> )>>', True),
        (f'"{BIG}"^^<{XSD}long>', False),
        (f'"{BIG}"^^<{XSD}double>', False),
        (f'"{BIG}"', False),
        (f'"0.{BIG}"^^<{XSD}decimal>', True),
        (f'"000000000000000000001"^^<{XSD}integer>', False),
    ],
)
def test_whether_data_has_large_numbers(literal: str, *, is_beyond: bool) -> None:
    """Only a valid number that the engine cannot hold is one."""
    assert has_numbers_beyond_engine(f"<x:s> <x:p> {literal} .\n".encode()) is is_beyond
