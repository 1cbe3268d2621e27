"""A rewritten query means to the engine what the original means to the specification."""

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from kg.store.misreading import misreadings
from kg.store.rewriting import Knowledge, is_touched, rewrite, with_select_variables_replaced

DATA = """@prefix : <http://example.org/> .
:d :q :e .
GRAPH :g1 { :a :p :o . :a :p 1 }
GRAPH :g2 { :b :p :o . :b :p :c . :b :p :g2 }
"""
PREFIX = "PREFIX : <http://example.org/> "


@pytest.fixture(scope="module")
def store() -> Store:
    """Hold two named graphs."""
    store = Store()
    store.load(DATA.encode(), format=RdfFormat.TRIG)
    return store


def knowledge(store: Store) -> Knowledge:
    """Tell what is in a store."""

    def is_node(term: str, graph: str | None) -> bool:
        pattern = f"{{ {term} ?p ?o }} UNION {{ ?s ?p {term} }}"
        pattern = f"GRAPH {graph} {{ {pattern} }}" if graph else pattern
        return bool(store.query(f"{PREFIX} ASK {{ {pattern} }}"))

    return Knowledge(lambda: [str(name) for name in store.named_graphs()], is_node)


def ask(store: Store, query: str) -> bool | list[str]:
    """Answer a rewritten query; rows as texts, in order."""
    results = store.query(rewrite(PREFIX + query, knowledge(store)))
    if isinstance(results, QueryBoolean):
        return bool(results)
    return sorted(" ".join(short(value) for value in solution) for solution in results)


def short(term: object) -> str:
    """Return a term without its namespace, a number as its digits."""
    text = str(term).removeprefix("<http://example.org/").removesuffix(">")
    return text.partition('"^^')[0].strip('"') if '"^^' in text else text


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?g ?a { GRAPH ?g { ?a :p :o MINUS { ?b :p :o } } }", ["g1 a", "g2 b"]),
        ("SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p ?o } } }", ["g1 2", "g2 3"]),
        ("SELECT ?g ?n { GRAPH ?g { SELECT ?s (COUNT(*) AS ?n) { ?s :p ?o } GROUP BY ?s } }", ["g1 2", "g2 3"]),
        ("SELECT ?g ?t { GRAPH ?g { VALUES (?g ?t) { (UNDEF 1) (:g1 2) } } }", ["g1 1", "g1 2", "g2 1"]),
        ("SELECT ?g { GRAPH ?g { FILTER(BOUND(?g)) } }", []),
        ("SELECT ?g ?s { GRAPH ?g { ?s ?p :o OPTIONAL { ?s :p ?g } } }", ["g2 b"]),
        ("SELECT ?g { GRAPH ?g { _:x :p :o MINUS { _:y :p 1 } } }", ["g1", "g2"]),
        ("SELECT ?g ?s { GRAPH ?g { ?s :p :o } }", ["g1 a", "g2 b"]),
        ("SELECT ?g { ?x :q ?e FILTER NOT EXISTS { GRAPH ?g { SELECT ?y { ?y :nothing ?e } } } }", ["None"]),
    ],
)
def test_a_graph_variable_is_joined_from_outside(store: Store, query: str, rows: list[str]) -> None:
    """``GRAPH ?g { P }`` is the union over the named graphs, each joined with its name."""
    assert ask(store, query) == rows


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?x { ?x :q* :nowhere }", ["nowhere"]),
        ("SELECT ?x { :nowhere (:p|^:q)? ?x . }", ["nowhere"]),
        ("SELECT ?x { :d :q* ?x }", ["d", "e"]),
        ("SELECT ?x { GRAPH :g1 { :d :q* ?x } }", ["d"]),
        ("SELECT ?x ?y { ?y :q :e . ?x :q* :nowhere }", ["nowhere d"]),
    ],
)
def test_a_path_of_length_zero_ends_at_any_term(store: Store, query: str, rows: list[str]) -> None:
    """A term that no graph knows reaches itself, and nothing else."""
    assert ask(store, query) == rows


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ('ASK { { SELECT (GROUP_CONCAT(?o) AS ?t) { VALUES ?o { "1"@en "2"@en } } } FILTER(LANG(?t) = "") }', True),
        ("ASK { FILTER(TRUE && !False) }", True),
        ('ASK { FILTER("TRUE" = "true") }', False),
    ],
)
def test_expressions(store: Store, query: str, answer: object) -> None:
    """GROUP_CONCAT has no language; keywords have no case, strings do."""
    assert ask(store, query) == answer


@pytest.mark.parametrize(
    ("query", "touched"),
    [
        ("# Who came, and where from?\nSELECT * { ?s ?p ?o }", False),
        ("\t# who?\r# where?\r\nSELECT * { ?s ?p ?o }", False),
        ("# who?\rSELECT * { ?s :p* ?o }", True),
        ("# TRUE?\nSELECT * { ?s <#p>* ?o }", True),
        ('SELECT * { ?s :q """\n# """ ; :p* ?o }', True),
        ("SELECT * { ?s :q 'a\u2028# b' ; :p* ?o }", True),
    ],
)
def test_comments_touch_nothing(query: str, *, touched: bool) -> None:
    """What a line of comment says has no query read token by token; what looks like one and is none hides nothing."""
    assert is_touched(query) == touched


def test_a_service_variable_is_asked_for_each_solution(store: Store) -> None:
    """A variable SERVICE behind a pattern becomes lateral; a constant one, or one that begins a group, stays."""
    known = knowledge(store)
    assert rewrite("ASK { ?x :q ?s SERVICE SILENT ?s { ?a ?b ?c } }", known) == (
        "ASK { ?x :q ?s LATERAL { SERVICE SILENT ?s { ?a ?b ?c } } }"
    )
    for query in ("ASK { SERVICE ?s { ?a ?b ?c } }", "ASK { ?x :q ?s SERVICE :s { ?a ?b ?c } }"):
        assert rewrite(query, known) == query


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(COUNT(*)) AS ?c) {}",
        "SELECT (COUNT(?x) AS ?c) (SUM(MIN(?x)) AS ?d) {}",
        "SELECT (SUM(IF(?x, 1, COUNT(?y))) AS ?d) {}",
        """SELECT (SUM(CONCAT(")", MIN(?x))) AS ?d) {}""",
        "ASK { FILTER (?x<?a&&?b>?y) }",
        "PREFIX : <http://example.org/> ASK { BIND(<<( <<( :s :p :o )>> :p :o )>> AS ?x) }",
        'PREFIX : <http://example.org/> ASK { BIND(<<( "s" :p :o )>> AS ?x) }',
    ],
)
def test_the_grammar_refuses(query: str) -> None:
    """What the engine lets pass is found, with its place."""
    assert [found.start for found in misreadings(query)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?c) (SUM(?x) AS ?d) { { SELECT (COUNT(*) AS ?x) {} } }",
        "SELECT (COUNT(?x) AS ?c) (SUM(?x) AS ?d) (GROUP_CONCAT(?x; SEPARATOR=' (SUM(') AS ?e) {}",
        "ASK { FILTER (?x < ?a && ?b > ?y) }",
        "ASK { <<( <<( ?s :p :o )>> :r :z )>> :q (<http://example.org/a> <http://example.org/b>) }",
        "ASK { FILTER(COUNT(1) > 0 || EXISTS { SELECT (COUNT(*) AS ?n) {} }) }",
    ],
)
def test_the_grammar_allows(query: str) -> None:
    """Nested triple terms in patterns, subqueries, and spaces around operators are right."""
    assert not list(misreadings(query))


def test_a_select_variable_is_used_again(store: Store) -> None:
    """A variable of an aggregate can be used by the expressions after it."""
    text = "SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) (?m * 2 AS ?k) { VALUES ?v { 0 1 2 } }"
    with pytest.raises(SyntaxError):
        store.query(text)
    assert ask(store, with_select_variables_replaced(text)) == ["3 4 8"]


@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?s :p :o }", "SELECT * {" + "{" * 9000 + "}" * 9001, "SELECT * { GRAPH ?g " * 3000, "TRUE (", ""],
)
def test_what_no_rule_touches_stays(store: Store, query: str) -> None:
    """Plain, monstrous and broken texts reach the engine as they came, but for the case of a keyword."""
    assert rewrite(query, knowledge(store)) in {query, query.lower()}


def test_nested_patterns_do_not_explode(store: Store) -> None:
    """Two graphs, nested deeply, are written out six levels deep and no deeper."""
    query = "SELECT * { " + "GRAPH ?g { SELECT * { " * 20 + "} } " * 20 + "}"
    assert len(rewrite(query, knowledge(store))) < 64 * 20 * len(query)
