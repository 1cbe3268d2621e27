"""The engine is asked what the specification reads, behind the query's own prologue and dataset."""

from collections.abc import Sequence
from functools import partial

import pyoxigraph
import pytest

from kg.domain import QuerySyntaxError
from kg.sparql import Results, engine_error, execute_query, own_functions, read
from kg.sparql.numbers import XSD
from kg.sparql.rewriting import Knowledge
from kg.store import Change, Dataset
from kg.store.update_evaluation import apply_change
from kg.store.update_operations import data_changeset, run_update

BASE = "http://example.org/"
DATA = """@prefix : <http://example.org/> .
GRAPH :g1 { :a :p :o } GRAPH :g2 { :b :p :o . :b :p :c } GRAPH :g3 { :c :p :o }
"""


def terms(results: Results) -> Sequence[str]:
    """Return the first column as text."""
    if isinstance(results, pyoxigraph.QuerySolutions):
        return [" ".join(str(term) for term in solution) for solution in results]
    return ["true"] if isinstance(results, pyoxigraph.QueryBoolean) and results else []


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    """Hold three named graphs."""
    store = pyoxigraph.Store()
    store.load(DATA.encode(), format=pyoxigraph.RdfFormat.TRIG)
    return store


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } } ORDER BY ?n", [1, 1, 2]),
        ("SELECT ?n FROM NAMED :g2 { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } }", [2]),
        ("SELECT ?n FROM :g2 { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } }", []),
        ("SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) FROM :g2 { ?s :p* :c }", ["2 3"]),
        ("SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) FROM :g1 { ?s :p* :c }", ["1 2"]),
    ],
)
def test_answers(store: pyoxigraph.Store, query: str, rows: list[object]) -> None:
    """Rules compose, and look at the dataset that the query names."""
    results = execute_query(read(f"PREFIX : <http://example.org/> {query}", "query"), store.query, BASE)
    assert [
        row.replace('"^^<http://www.w3.org/2001/XMLSchema#integer>', "").replace('"', "") for row in terms(results)
    ] == [str(row) for row in rows]


def test_the_dataset_of_the_request_counts(store: pyoxigraph.Store) -> None:
    """Graphs that the protocol names are those that a GRAPH pattern is written out for."""
    ask = partial(store.query, named_graphs=[pyoxigraph.NamedNode("http://example.org/g1")])
    query = "SELECT ?g { GRAPH ?g { ?s ?p ?o MINUS { ?x ?y ?z } } }"
    assert terms(execute_query(read(query, "query"), ask, BASE)) == ["<http://example.org/g1>"]


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n GRAPH ?g { ?s no:p ?o MINUS { ?a ?b ?c } } }", 2, 16),
        ("ASK { BIND(TRUE AS ?t)\n SERVICE <http://example.org/a/long/name> { no:s ?p ?o } }", 2, 45),
        ("SELECT ?s (COUNT(*) AS ?n)\n{ ?s ?p ?o }", None, None),
    ],
)
def test_what_the_engine_refuses_has_its_place(
    store: pyoxigraph.Store, query: str, line: int | None, column: int | None
) -> None:
    """Undeclared prefixes and scopes are the engine's to find; where it names a place, that is one of the original."""
    parsed = read(query, "query")
    with pytest.raises((SyntaxError, QuerySyntaxError)) as error:
        execute_query(parsed, store.query, BASE)
    found = error.value if isinstance(error.value, QuerySyntaxError) else None
    where = (found or engine_error(parsed, BASE, SyntaxError(*error.value.args))).where
    if line is not None:
        assert where
        assert (where.line, where.column) == (line, column)


def test_an_operation_sees_the_graphs_of_the_one_before() -> None:
    """GRAPH with a variable is written out for the graphs that there are by then."""
    store = pyoxigraph.Store()
    update = """PREFIX : <http://example.org/> INSERT DATA { GRAPH :g { :a :p TRUE } } ;
        INSERT { GRAPH :h { ?g :n ?n } } WHERE { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } } ;
        INSERT { GRAPH :i { ?g :n ?n } } USING NAMED :g WHERE { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"""
    run_update(store, Change("update", BASE, update))
    assert store.query("ASK { GRAPH <http://example.org/h> { <http://example.org/g> ?p 1 } }")
    assert len(list(store.quads_for_pattern(None, None, None, pyoxigraph.NamedNode("http://example.org/i")))) == 1


LATER = """PREFIX e: <http://example.org/> INSERT DATA { e:a e:p TRUE } ; # all
    PREFIX f: <http://example.org/f#> PREFIX e: <http://example.org/e#> {operation} ; PREFIX g: <http://example.org/g#>
"""


@pytest.mark.parametrize(
    ("operation", "added"),
    [
        ("INSERT DATA { e:a f:p 1 }", ["e#a> <http://example.org/f#p"]),
        ("DELETE DATA { <http://example.org/a> <p> 1, true }", []),
        ("DELETE DATA { e:a <p> true }", ["a> <http://example.org/p"]),
        ("INSERT { ?s f:p 1 } WHERE { ?s ?p ?o FILTER(?o < 1 || ?o = true) }", ["a> <http://example.org/f#p"]),
    ],
)
def test_declarations_may_follow_an_operation(operation: str, added: list[str]) -> None:
    """They count for what follows them; the engine takes them at the beginning alone."""
    store = pyoxigraph.Store()
    change = Change("update", BASE, LATER.replace("{operation}", operation))
    run_update(store, change)
    found = [f"{quad.subject} {quad.predicate}"[len("<http://example.org/") : -1] for quad in store]
    expected = [] if "1, true" in operation else ["a> <http://example.org/p"]
    assert sorted(found) == sorted({*expected, *added})


def test_a_change_of_data_with_later_declarations_is_told() -> None:
    """What it adds and removes is found operation by operation."""
    dataset = Dataset(())
    apply_change(dataset, Change("update", BASE, "INSERT DATA { <e#a> <e#p> 1 }"))
    patch = data_changeset(dataset, Change("update", BASE, LATER.replace("{operation}", "DELETE DATA { e:a e:p 1 }")))
    assert [line.split()[0] for line in patch.added] == ["<http://example.org/a>"]
    assert [line.split()[0] for line in patch.removed] == ["<http://example.org/e#a>"]


@pytest.mark.parametrize(
    ("operation", "line", "column"),
    [
        ("INSERT DATA { e:a no:p 1 }", 2, 91),
        ("INSERT { ?s no:p ?o } WHERE { SERVICE <http://example.org/x> { ?s ?p TRUE } ?s ?q ?o }", 2, 85),
        ("INSERT DATA { _:a e:p 1 } ; INSERT DATA { e:a e:p _:a }", 2, 123),
        ("INSERT DATA { e:a g:p 1 }", 2, 91),
    ],
)
def test_what_is_wrong_behind_later_declarations_has_its_place(operation: str, line: int, column: int) -> None:
    """The place is one of the text that was sent, although the engine is asked about each operation by itself."""
    store = pyoxigraph.Store()
    with pytest.raises(QuerySyntaxError) as error:
        run_update(store, Change("update", BASE, LATER.replace("{operation}", operation)))
    assert error.value.where
    assert (error.value.where.line, error.value.where.column) == (line, column)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ((?a + ?b) AS ?c) (COUNT(?a) AS ?n) { ?s ?a ?b } GROUP BY (?a + ?b)",
        "SELECT * { ?s <p>|<q> ?o {| <r> ?z |} }",
    ],
)
def test_rewriting_hides_nothing(store: pyoxigraph.Store, query: str) -> None:
    """What the engine refuses as it stands is refused, even if it would accept what it is rewritten to."""
    with pytest.raises(QuerySyntaxError):
        execute_query(read(query, "query"), store.query, BASE)


def test_the_default_graph_of_an_update_is_a_merge() -> None:
    """A triple of two graphs that USING names is there once."""
    store = pyoxigraph.Store()
    text = """PREFIX : <http://example.org/> INSERT DATA { GRAPH :a { :s :p 1 } GRAPH :b { :s :p 1, 2 } } ;
    INSERT { GRAPH :c { [] :o ?o } } USING :a USING :b WHERE { ?s :p ?o }"""
    run_update(store, Change("update", BASE, text))
    assert len(list(store.quads_for_pattern(None, None, None, pyoxigraph.NamedNode("http://example.org/c")))) == 2
    assert len(list(store.named_graphs())) == 3


@pytest.mark.parametrize("call", ["COALESCE # (\n (1, 2)", "CONCAT ('1', '')", "STR ( 1 )"])
def test_space_may_stand_behind_a_function(store: pyoxigraph.Store, call: str) -> None:
    """The engine takes none behind some functions."""
    parsed = read(f"SELECT (STR({call}) AS ?a) {{}}", "query")
    assert terms(execute_query(parsed, partial(store.query, custom_functions=dict(own_functions())), BASE)) == ['"1"']


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(1 NOT IN (# )\n)) }",
        "ASK { FILTER(NOW(#\n) = NOW( # a\n # b\n )) }",
        "ASK { BIND(BNODE#\n(#\n) AS ?x) FILTER(isBlank(?x) && CONCAT # (\n ( #\n) = '') }",
        "ASK { FILTER NOT EXISTS { (#\n) <x:p> ?x . ?x <x:q> [#\n], _:b } }",
        "ASK { FILTER NOT EXISTS { ?x !(#\n) ?y FILTER(?x < 1) } }",
        "ASK { VALUES (#\n) { (#\n) } FILTER NOT EXISTS { [ #\n ] <x:p> TRUE } }",
    ],
)
def test_a_comment_may_stand_in_empty_brackets(query: str) -> None:
    """The engine takes none there."""
    assert ask_alone(query)


def test_a_comment_may_stand_in_empty_brackets_of_data() -> None:
    """So also in INSERT DATA, whose terms are not parsed."""
    store = pyoxigraph.Store()
    text = "INSERT DATA { <a> <p> [#\n], (#\n), ( ) . GRAPH <g> { [#\n\n] <p> 1 } }"
    run_update(store, Change("update", BASE, text))
    assert len(store) == 3


@pytest.mark.parametrize(
    ("count", "values", "number"),
    [
        ("COUNT(DISTINCT STRLEN(?x))", '"a" 1 "b"', 1),
        ("COUNT(DISTINCT ?x + 0)", "1 UNDEF 2 2", 2),
        ("COUNT(DISTINCT (?x))", "1 UNDEF 2 2", 2),
        ("COUNT(DISTINCT 1/?x) * 2", "1 0 2", 4),
        ("COUNT(DISTINCT ?x + 0)", "UNDEF", 0),
        ("COUNT(DISTINCT ?x + 0)", "", 0),
        ("COUNT(?x + 0)", "1 UNDEF 2 2", 3),
        ("COUNT(STRLEN(?x))", "", 0),
    ],
)
def test_count_passes_errors_over(count: str, values: str, number: int) -> None:
    """An expression that is an error in a solution counts for nothing there, with DISTINCT too."""
    pattern = f"{{ VALUES ?x {{ {values} }} }}"
    assert terms(ask_alone(f"SELECT (STR({count}) AS ?n) {pattern}")) == [f'"{number}"']
    query = f"SELECT (STR({count}) AS ?n) {pattern} HAVING ({count} = {number}) ORDER BY ({count})"
    assert terms(ask_alone(query)) == [f'"{number}"']


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("SELECT ?x ?x { BIND(1 AS ?x) }", ["x"]),
        ("SELECT DISTINCT ?y $x ?x ?y { BIND(TRUE AS ?x) }", ["y", "x"]),
        ("SELECT (1 AS ?x) ?y ?x {}", ["x", "y"]),
        ("SELECT * { { SELECT ?x ?x { VALUES ?x { 1 } } } }", ["x"]),
        ("SELECT ?g ?g (COUNT(*) AS ?n) ?n (?n + 1 AS ?m) ?g { BIND(1 AS ?g) } GROUP BY ?g", ["g", "n", "m"]),
    ],
)
def test_a_variable_may_be_selected_again(query: str, row: list[str]) -> None:
    """The clause has each variable once (18.2.4.4); an expression cannot give it another value."""
    results = ask_alone(query)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    assert [variable.value for variable in results.variables] == row
    assert ask_alone("DESCRIBE ?x ?x ?x { BIND(<x:y> AS ?x) }")
    with pytest.raises((SyntaxError, QuerySyntaxError)):
        ask_alone("SELECT ?x (1 AS ?x) ?x {}")


BIG = "99999999999999999999"
LOCAL = 'VALUES (?a ?d) { ("2020-01-01T00:00:00"^^x:dateTime x:dateTime) }'
NEAR, FAR = '"2020-01-01T09:00:00Z"^^x:dateTime', '"2020-01-01T19:00:00Z"^^x:dateTime'


@pytest.mark.parametrize(
    ("expression", "pattern", "result"),
    [
        (f"{BIG} IN (1, {BIG}.0)", "", "true"),
        ("?n NOT IN (1, 2)", f"BIND({BIG} AS ?n)", "true"),
        ("?n NOT IN (1, ?n + 0)", f"BIND({BIG} AS ?n)", "false"),
        ("?n IN (1/0, 2)", f"BIND({BIG} AS ?n)", None),
        ("?n IN (1/0, 2)", "BIND(2.0 AS ?n)", "true"),
        ("?n IN ()", "BIND(2.0 AS ?n)", "false"),
        (f"?n = {BIG}.0", f"BIND({BIG} AS ?n)", "true"),
        ("!(?n = 1)", f"BIND({BIG} AS ?n)", "true"),
        (f"?a = {NEAR}", LOCAL, None),
        (f"?a != {NEAR}", LOCAL, None),
        (f"?a IN ({NEAR})", LOCAL, None),
        (f"{NEAR} NOT IN (?a)", LOCAL, None),
        (f"?a IN ({NEAR}, ?a)", LOCAL, "true"),
        (f"?a IN ({FAR}, ?unbound)", LOCAL, None),
        (f"IF(?a = {NEAR}, 1, 2) = 2", LOCAL, None),
        ('?a = STRDT("2020-01-01T09:00:00Z", ?d)', LOCAL, None),
        (f"?a = {FAR}", LOCAL, "false"),
        ('?a = "2020-01-01T00:00:00.0"^^x:dateTime', LOCAL, "true"),
        (f"?d = {NEAR}", LOCAL, "false"),
        (f"?d != {NEAR}", LOCAL, "true"),
    ],
)
def test_equality_of_large_numbers_and_of_times(expression: str, pattern: str, result: str | None) -> None:
    """Numbers have any size, and times of which only one has a zone may have no order: an error, as in a list."""
    query = f"PREFIX x: <{XSD}> SELECT (({expression}) AS ?r) {{ {pattern} }}"
    assert terms(ask_alone(query)) == ["None" if result is None else f'"{result}"^^<{XSD}boolean>']


@pytest.mark.parametrize(
    ("constraint", "is_kept"),
    [
        (f"?a != {NEAR}", False),
        (f"!(?a = {NEAR})", False),
        (f"?a NOT IN ({NEAR})", False),
        (f"!(?a = {NEAR}) || ?a = ?a", True),
    ],
)
def test_times_without_order_satisfy_no_filter(constraint: str, is_kept: bool) -> None:  # noqa: FBT001
    """Neither they are equal nor unequal."""
    assert bool(ask_alone(f"PREFIX x: <{XSD}> ASK {{ {LOCAL} FILTER({constraint}) }}")) is is_kept


@pytest.mark.parametrize("constraint", ["?a = ?b && (?c = 1)", "?a = 1 || ?b IN (1, ?c)", "?a != <x:y>", "!(?a = ?b)"])
def test_a_usual_equality_stays(constraint: str) -> None:
    """Whether two terms are equal is the engine's to say: it joins by it."""
    query = f"SELECT * {{ ?a ?b ?c FILTER({constraint}) }}"
    assert read(query, "query").rewritten(Knowledge(list, lambda _term, _graph: True)) == query


@pytest.mark.parametrize(
    ("level", "innermost", "result"),
    [
        ("1 + COALESCE({}, 2)", "1 / 0", "26"),
        ("1 + COALESCE({}, 2)", BIG, "100000000000000000023"),
        ("COALESCE(ABS({}) - 1, 2)", BIG, "99999999999999999975"),
        ("xsd:double(STR({}))", "1e21", "1.0E21"),
        ("IF({} = 1, 1, 2)", BIG, "2"),
        ("(1 IN (COALESCE({} + 1, 3), 1))", BIG, "true"),
        ("(EXISTS {{ FILTER({}) }} = true)", BIG, "true"),
    ],
)
def test_nesting_does_not_multiply_what_is_written(level: str, innermost: str, result: str) -> None:
    """Each operand is written a few times, however deep it stands in others."""
    expression = innermost
    for _ in range(24):
        expression = level.format(expression)
    query = f"PREFIX xsd: <{XSD}> SELECT (STR({expression}) AS ?r) {{}}"
    assert len(read(query, "query").rewritten(Knowledge(list, lambda _term, _graph: True))) < 100 * len(query)
    assert terms(ask_alone(query)) == [f'"{result}"']


def ask_alone(query: str) -> Results:
    """Ask on an empty store, with our functions at hand."""
    ask = partial(pyoxigraph.Store().query, custom_functions=dict(own_functions()))
    return execute_query(read(query, "query"), ask, BASE)


@pytest.mark.parametrize(
    ("term", "is_true"),
    [
        ('"a"@en', True),
        ('""@en', False),
        ('"x"^^x:integer', False),
        ('"x"^^x:boolean', False),
        ("x:integer", None),
        (f"{BIG}", True),
        ('"a"', True),
        ("0", False),
    ],
)
@pytest.mark.parametrize("operand", ["{term}", "?x", "(COALESCE(?unbound, ?x))"])
def test_every_operand_has_its_effective_boolean_value(term: str, operand: str, *, is_true: bool | None) -> None:
    """It is that of 17.2.2 wherever a boolean is asked for, an error included."""
    written = operand.format(term=term)
    expressions = (f"{written} && true", f"false || {written}", f"IF({written}, true, false)", f"!(!{written})")
    pattern = f"VALUES ?x {{ {term} }}"
    queries = (f"SELECT (({one}) AS ?r) {{ {pattern} }}" for one in (*expressions, f"({expressions[0]}) = true"))
    expected = "None" if is_true is None else f'"{str(is_true).lower()}"^^<{XSD}boolean>'
    for query in queries:
        assert terms(ask_alone(f"PREFIX x: <{XSD}> {query}")) == [expected]
    for query in (f"{{ {pattern} FILTER({written}) }}", f"{{ {pattern} }} GROUP BY ?x HAVING({written})"):
        assert len(terms(ask_alone(f"PREFIX x: <{XSD}> SELECT ?x {query}"))) == (is_true or False)


@pytest.mark.parametrize("negation", ["!!?x", "! # (\n ! (?x)"])
@pytest.mark.parametrize(("term", "result"), [("1", "true"), ('""', "false"), ('"a"@en', None), ("<x:y>", None)])
def test_a_double_negation_is_that_of_sparql_1_2(negation: str, term: str, result: str | None) -> None:
    """SPARQL 1.1 has none without brackets, and for that of 1.2 texts with a language have no boolean value."""
    query = f"SELECT (({negation}) AS ?r) {{ VALUES ?x {{ {term} }} }}"
    assert terms(ask_alone(query)) == ["None" if result is None else f'"{result}"^^<{XSD}boolean>']


@pytest.mark.parametrize(
    ("constraint", "is_kept"),
    [
        ("x:string(?x)", True),
        (f"(x:integer('{BIG}'))", True),
        ("x:boolean('false')", False),
        ('!("x"^^x:integer || false)', True),
        ("STRLANG('a', 'en') && UCASE(?x)", True),
        ("EXISTS { FILTER(?x) }", True),
        ("!EXISTS { FILTER(?x) }", False),
        (f"{BIG} + 1", True),
        (f"!-{BIG}", False),
    ],
)
def test_a_filter_takes_the_value_of_any_expression(constraint: str, *, is_kept: bool) -> None:
    """Casts, functions and sums included, and what is nested in other expressions."""
    assert bool(ask_alone(f'PREFIX x: <{XSD}> ASK {{ VALUES ?x {{ "a"@en }} FILTER({constraint}) }}')) is is_kept
