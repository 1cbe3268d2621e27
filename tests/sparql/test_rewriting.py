"""A rewritten query means to the engine what the original means to the specification."""

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from kg.domain import EvaluationError, QuerySyntaxError
from kg.sparql import read
from kg.sparql.rewriting import Knowledge

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


def rewrite(query: str, store: Store) -> str:
    """Return a query as the engine is asked it."""
    return read(PREFIX + query, "query").rewritten(knowledge(store))


def ask(store: Store, query: str) -> bool | list[str]:
    """Answer a rewritten query; rows as texts, in order."""
    results = store.query(rewrite(query, store))
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
        ("SELECT ?x { () :q* ?x }", ["<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"]),
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


def test_a_service_variable_is_asked_for_each_solution(store: Store) -> None:
    """A variable SERVICE behind a pattern becomes lateral; a constant one, or one that begins a group, stays."""
    assert rewrite("ASK { ?x :q ?s SERVICE SILENT ?s { ?a ?b ?c } }", store) == (
        PREFIX + "ASK { ?x :q ?s LATERAL { SERVICE SILENT ?s { ?a ?b ?c } } }"
    )
    for query in ("ASK { SERVICE ?s { ?a ?b ?c } }", "ASK { ?x :q ?s SERVICE :s { ?a ?b ?c } }"):
        assert rewrite(query, store) == PREFIX + query


def test_what_another_endpoint_answers_stays(store: Store) -> None:
    """It does not know our functions, and its graphs are not ours; the engine must parse what it sends there."""
    pattern = "{{ SELECT ?s {}{{ ?s :p* :nowhere . ?s :p|:q ?o FILTER(?o < 1 && ?s || {}) }} }}"
    query = "ASK {{ SERVICE :s {} }}".format
    assert rewrite(query(pattern.format("?s ", "TRUE")), store) == PREFIX + query(pattern.format(" ", "true"))


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
    with pytest.raises(QuerySyntaxError) as refused:
        read(query, "query")
    assert refused.value.where


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
    assert read(query, "query").text == query


def test_a_select_variable_is_used_again(store: Store) -> None:
    """A variable of an aggregate can be used by the expressions after it."""
    text = "SELECT (COUNT(?v) AS ?n) (?n + 1 AS ?m) (?m * 2 AS ?k) { VALUES ?v { 0 1 2 } }"
    with pytest.raises(SyntaxError):
        store.query(text)
    assert ask(store, text) == ["3 4 8"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s :p :o }",
        "SELECT * {" + "{" * 900 + "}" * 901,
        "ASK { ?s ?p ?o FILTER(!BOUND(?s) || IF(isIRI(?o), true, !COALESCE(CONTAINS(?p, 'a'), false)) && EXISTS {}) }",
    ],
)
def test_what_no_rule_concerns_stays(store: Store, query: str) -> None:
    """Plain queries reach the engine as they came."""
    assert rewrite(query, store) == PREFIX + query


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("SELECT * { " + "GRAPH ?g { SELECT * { " * 20 + "} } " * 20 + "}", "longer than 5,000,000"),
        ("SELECT * { ?s " + "/".join(["(:p|:q)"] * 20) + " ?o }", "more than 256 combinations"),
        ("SELECT * { " + "?s :p|:q ?o . " * 60 + "}", "more than 360 combinations"),
        ("SELECT * { ?s " + "(" * 5000 + ":p*" + ")" * 5000 + " ?o }", "nested too deeply"),
    ],
)
def test_a_limit_is_told(store: Store, query: str, limit: str) -> None:
    """What would grow beyond a limit is refused by its name, never answered in another way."""
    with pytest.raises(EvaluationError, match=limit):
        rewrite(query, store)


def written_for(query: str, number_of_graphs: int) -> int:
    """Return the length of a query that is written out for many graphs."""
    graphs = [f"<http://example.org/{number}>" for number in range(number_of_graphs)]
    return len(read(query, "query").rewritten(Knowledge(lambda: graphs, lambda _term, _graph: True)))


def test_the_limit_counts_what_is_written() -> None:
    """Once, and what the rules add to it."""
    values = f"SELECT * {{ GRAPH ?g {{ ?s ?p ?g VALUES ?s {{ {'1234 ' * 12_000} }} }} }}"
    assert written_for(values, 75) > 75 * 60_000
    with pytest.raises(EvaluationError, match="longer than 5,000,000"):
        written_for(values, 85)
    filters = f"SELECT * {{ GRAPH ?g {{ ?s ?p ?g {'FILTER(STR(?s) < STR(?g)) ' * 200} }} }}"
    assert 600 * len(filters) > written_for(filters, 6) > 60 * len(filters)
    with pytest.raises(EvaluationError, match="longer than 5,000,000"):
        written_for(filters, 60)
    doubled = " ".join(f"(?n{number} + ?n{number} AS ?n{number + 1})" for number in range(40))
    with pytest.raises(EvaluationError, match="longer than 5,000,000"):
        written_for(f"SELECT (COUNT(*) AS ?n0) {doubled} {{}}", 0)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?x { :b (:p|:p) ?x }", ["None"] * 0),
        ("SELECT ?x { GRAPH :g2 { :b (:p|:p) ?x FILTER(?x = :o) } }", ["o", "o"]),
        ("SELECT DISTINCT ?x { GRAPH :g2 { :b (:p|:p) ?x FILTER(?x = :o) } }", ["o"]),
        ("SELECT ?x { GRAPH :g1 { :a (:p|!:q) ?x FILTER(?x = :o) } }", ["o", "o"]),
        ("SELECT ?x { :d (:q|^:q)/^:q ?x }", ["d"]),
        ("SELECT ?x { :d !() ?x }", ["e"]),
        ("SELECT ?x { :d (! # )\n ( # )\n )|:q|^:q)/^(!()) ?x }", ["d", "d"]),
        ("SELECT ?x { :d (!())* ?x }", ["d", "e"]),
        ("SELECT ?x { :nowhere (:p?|:q*) ?x }", ["nowhere", "nowhere"]),
        ("SELECT ?s ?x { ?s :q ?y ; (:q|:q) ?x , [] }", ["d e"] * 4),
    ],
)
def test_alternatives_keep_duplicates(store: Store, query: str, rows: list[str]) -> None:
    """An alternative is a union (18.4): what two of its paths connect is there twice."""
    assert ask(store, query) == rows


@pytest.mark.parametrize(
    ("path", "number"), [("|".join([":q"] * 500), 500), ("|".join([":q*"] * 300), 600), (f"{'(:q|:r)|' * 200}:r", 200)]
)
def test_a_path_may_have_many_alternatives(store: Store, path: str, number: int) -> None:
    """They are written one by one, which stays in proportion to the text."""
    assert len(ask(store, f"SELECT * {{ :d ({path}) ?x }}")) == number  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("ASK { :nowhere :p* :nowhere }", True),
        ("ASK { :nowhere :p* :elsewhere }", False),
        ("ASK { :nowhere :p+ :nowhere }", False),
        ("ASK { :nowhere (:p*)+ [] }", True),
        ("ASK { [ :p? :nowhere ] }", True),
        ("ASK { _:x ^(:p*) :nowhere }", True),
        ("ASK { :d :q [ :p* :nowhere ] }", False),
        ("ASK { ?s :q ?t . ?t :p* :nowhere }", False),
        ("ASK { VALUES ?v { :nowhere } ?v :p* ?x }", False),
        ('ASK { "text" :p* "text" }', True),
        ("ASK { () :p* () }", True),
        ("ASK { () :p* ( # )\n) }", True),
        ("ASK { () :p* :nowhere }", False),
        ("ASK { () :p+ () }", False),
        ("ASK { GRAPH :no { () :p* () } }", False),
        ("ASK { ?x :p* TRUE FILTER(sameTerm(?x, true)) }", True),
        ("ASK { ?x :p? -5 FILTER(?x = -5) }", True),
        ("ASK { ?x :p* <<( :a :p :b )>> FILTER(OBJECT(?x) = :b) }", True),
        ("ASK { <<( :a :p <<( :a :p 1 )>> )>> ^:p? <<( :a :p <<( :a :p 1 )>> )>> }", True),
        ("ASK { <<( :a :p :b )>> :p* <<( :a :p :c )>> }", False),
        ("ASK { ?x :p* <<( ?y :p :b )>> }", False),
        ("ASK { GRAPH :no { :nowhere :p* :nowhere } }", False),
    ],
)
def test_every_spelling_of_length_zero(store: Store, query: str, answer: object) -> None:
    """A constant end matches itself, a variable ranges over the nodes of the graph (18.4)."""
    assert ask(store, query) == answer


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?g { GRAPH ?g { :nowhere :p* :nowhere } }", ["g1", "g2"]),
        ("SELECT ?g ?x { GRAPH ?g { :b :q* ?x } }", ["g1 b", "g2 b"]),
        ("SELECT ?g ?x { GRAPH ?g { VALUES ?x { 1 2 } } }", ["g1 1", "g1 2", "g2 1", "g2 2"]),
        ("SELECT ?g ?x { GRAPH ?g { VALUES ?x { 1 } FILTER NOT EXISTS { ?s ?p ?x } } }", ["g2 1"]),
        ("SELECT ?g ?h { GRAPH ?g { GRAPH ?h { :a :p 1 } } }", ["g1 g1", "g2 g1"]),
        ("SELECT ?g { GRAPH # GRAPH ?g {\n ?g { FILTER(BOUND(?g)) } }", []),
    ],
)
def test_a_graph_variable_is_bound_by_every_pattern(store: Store, query: str, rows: list[str]) -> None:
    """Where nothing in the pattern asks the graph, its name is bound all the same."""
    assert ask(store, query) == rows


ALIKE = """PREFIX : <http://example.org/> SELECT (?a + {number} AS ?b)
(GROUP_CONCAT(?o; SEPARATOR={string}) AS ?c) # {word}
{{ ?s {iri} ?a ; :a\\.b ?d, {string}@en
FILTER(?a >= {number} && ABS(?d) NOT IN ({number}, {string}) || {iri} = ?e) }}"""


@pytest.mark.parametrize(
    ("number", "string", "iri", "word"),
    [
        ("1", "'a'", "<http://example.org/p>", "plain"),
        ("18.25", "'''it's <b> # 1'''", "<#\\u0061>", "'quoted' <not> \U000f0001"),
        ("1", "''''''", "<>", ""),
        ("1", "'\\' , 17 \U000f0000'", "<urn:x:1>", "?a + 1"),
    ],
)
def test_texts_of_one_shape_are_rewritten_alike(store: Store, number: str, string: str, iri: str, word: str) -> None:
    """What was found for one is filled with the constants of another; layout makes another shape."""
    first = ALIKE.format(number="1", string="'x'", iri="<urn:x>", word="word")
    text = ALIKE.format(number=number, string=string, iri=iri, word=word)
    assert read(first, "query").rewritten(knowledge(store)) != first
    alone = read(text.replace("SELECT ", f"SELECT{' ' * (2 + len(text))}"), "query")
    written = read(text, "query").rewritten(knowledge(store))
    assert read(text, "query").shape is read(first, "query").shape
    assert written.split() == alone.rewritten(knowledge(store)).split()
