"""What the engine refuses is said in words of its own, with the place where it is wrong."""

import pyoxigraph
import pytest

from kg.domain import QuerySyntaxError
from kg.sparql import engine_error, execute_query, read
from kg.store import Change
from kg.store.update_operations import run_update
from kg.workers import check_remote_targets

BASE = "http://example.org/"
PREFIX = "PREFIX e: <http://example.org/>\n"


def error_of_query(query: str) -> QuerySyntaxError:
    """Return the error for a query, which may call anything."""
    parsed = read(query, "query")
    with pytest.raises((SyntaxError, QuerySyntaxError)) as error:
        execute_query(parsed, lambda text: pyoxigraph.Store().query(text, base_iri=BASE), BASE)
    if isinstance(error.value, QuerySyntaxError):
        return error.value
    return engine_error(parsed, BASE, SyntaxError(*error.value.args))


def check_place(error: QuerySyntaxError, marked: str, what: str) -> None:
    """Compare the place with that of the mark, and the words."""
    before = marked[: marked.index("¦")]
    assert error.where
    assert (error.where.line, error.where.column) == (2, len(before) + 1)
    assert f"does not parse: {what}." in str(error.what)


UNDECLARED = "the prefix no: is not declared"
UNGROUPED = "?x is neither grouped by nor aggregated"
SHARED = "the blank node _:b cannot be shared by several graph patterns"


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("ASK { ?s ¦no:a ?o }", UNDECLARED),
        ("ASK { VALUES ?s { e:a ¦no:a } }", UNDECLARED),
        ("ASK FROM ¦no:a { FILTER(?x < 1) }", UNDECLARED),
        ("ASK { FILTER(e:f(¦no:a)) }", UNDECLARED),
        ("ASK { FILTER(¦no:f(1)) }", UNDECLARED),
        ("ASK { ?s ?p 'no:a'^^¦no:t }", UNDECLARED),
        ("ASK { SERVICE ¦no:a { ?s ?p ?o } }", UNDECLARED),
        ("ASK { SERVICE SILENT ¦no:a { ?s ?p ?o } }", UNDECLARED),
        ("ASK { ?s ¦: ?o }", "the prefix : is not declared"),
        ("ASK { BIND(1 AS ?x) BIND(2 AS ¦?x) }", "?x has a value already: BIND cannot give it one"),
        ("ASK { { ?x ?p 1 } OPTIONAL { ?y ?p 1 } BIND(2 AS ¦$y) }", "$y has a value already: BIND cannot give it one"),
        ("ASK { { SELECT * { ?s ?x 1 } } BIND(2 AS ¦?x) }", "?x has a value already: BIND cannot give it one"),
        ("SELECT (1 AS ¦?x) { ?x ?p 1 }", "?x has a value already: SELECT cannot give it one"),
        ("SELECT (1 AS ?x) (2 AS ¦?x) {}", "?x has a value already: SELECT cannot give it one"),
        ('ASK { FILTER(¦SUBSTR("a") = 1) }', "SUBSTR takes 2 to 3 arguments, not 1"),
        ('ASK { FILTER ¦REGEX("a") }', "REGEX takes 2 to 3 arguments, not 1"),
        ("SELECT (¦IF(1, 2) AS ?x) {}", "IF takes 3 arguments, not 2"),
        ("ASK { FILTER(¦NOW(1) > 1) }", "NOW takes 0 arguments, not 1"),
        ("ASK { BIND(¦strlen() AS ?x) }", "STRLEN takes 1 argument, not 0"),
        ("ASK { FILTER(BOUND(¦1)) }", "BOUND takes a variable"),
        ("SELECT ¦?x (COUNT(*) AS ?n) { ?x ?p ?o }", UNGROUPED),
        ("SELECT ?p (?p AS ?q) (STR(?q) + STR(¦?x) AS ?n) { ?x ?p ?o } GROUP BY ?p", UNGROUPED),
        ("SELECT (MAX(?x) + ¦?x AS ?n) { ?x ?p ?o } GROUP BY (?x + 1 AS ?y)", UNGROUPED),
        ("SELECT ¦?x { ?x ?p ?o } HAVING(COUNT(*) > 1)", UNGROUPED),
        ("ASK { { SELECT ¦?x { ?x ?p ?o } GROUP BY ?p } }", UNGROUPED),
        ("SELECT ¦* { ?x ?p ?o } GROUP BY ?p", "SELECT * cannot stand beside groups"),
        ("ASK { FILTER(¦COUNT(*) > 1) }", "COUNT can stand in SELECT, HAVING and ORDER BY alone"),
        ("ASK { ?s e:p _:b { ?s e:p ¦_:b } }", SHARED),
        ("ASK { ?s e:p _:b OPTIONAL {} FILTER(1 < 2) ?s e:p ¦_:b }", SHARED),
        ("ASK { { ?s e:p _:b } UNION { ?s e:p ¦_:b } }", SHARED),
        (r"ASK { ?s ?p 'a\t¦\U00110000' }", r"\U00110000 is no character of Unicode"),
        (r"ASK { VALUES ?s { 'a' '¦\uD800' } }", r"\uD800 is no character of Unicode"),
        (r"ASK { ?s ?p <a¦\UFFFFFFFF> }", r"\UFFFFFFFF is no character of Unicode"),
        (r"ASK { ?s ?p 'a\\¦\q' }", r"\q is no escape of a string"),
        (r"ASK { ?s ?p 'a¦\u00' }", r"\u stands before 4 hexadecimal digits"),
        ("SELECT * {} LIMIT ¦18446744073709551616", "LIMIT takes an integer of at most 64 bits"),
        ("SELECT * {} OFFSET ¦1.5", "OFFSET takes an integer of at most 64 bits"),
    ],
)
def test_queries(query: str, what: str) -> None:
    """Whether they are rewritten or not."""
    check_place(error_of_query(PREFIX + query.replace("¦", "")), query, what)


@pytest.mark.parametrize(
    ("update", "what"),
    [
        ("INSERT DATA { e:a e:p 1 . ¦no:a e:p [#\n] }", UNDECLARED),
        ("INSERT { ?s ?p ¦no:a } WHERE { FILTER(1 < 2) }", UNDECLARED),
        ("CLEAR GRAPH ¦no:a", UNDECLARED),
        ("DELETE { ?s ?p 1 . ¦_:b e:p 1 } WHERE {}", "DELETE cannot have a blank node"),
        ("DELETE { ?s ?p ¦(1) } INSERT { ?s ?p () } WHERE {}", "DELETE cannot have a blank node"),
        ("DELETE WHERE { ?s ?p () . ¦[] ?p 1 }", "DELETE cannot have a blank node"),
        ("DELETE DATA { e:s e:p () . e:s e:p ¦_:b }", "DELETE cannot have a blank node"),
        (
            "INSERT DATA { _:b e:p 1 } ; INSERT DATA { ¦_:b e:p 1 }",
            "the blank node _:b cannot be shared by several INSERT DATA",
        ),
        ("INSERT { ?s e:p _:b } WHERE { ?s e:p _:b { ?s e:p ¦_:b } }", SHARED),
        ("INSERT DATA { e:s e:p ¦?x }", "INSERT DATA cannot have a variable"),
    ],
)
def test_updates(update: str, what: str) -> None:
    """What is wrong in the data and the templates of an update."""
    with pytest.raises(QuerySyntaxError) as error:
        run_update(pyoxigraph.Store(), Change("update", BASE, PREFIX + update.replace("¦", "")))
    check_place(error.value, update, what)


@pytest.mark.parametrize("text", ["LOAD ¦no:a", "LOAD SILENT ¦no:a", "INSERT {} WHERE { SERVICE ¦no:a {} }"])
def test_targets(text: str) -> None:
    """An undeclared prefix is told before it is told that nothing may be called."""
    with pytest.raises(QuerySyntaxError) as error:
        check_remote_targets(read(PREFIX + text.replace("¦", ""), "update"), BASE, (), isolated=False)
    check_place(error.value, text, UNDECLARED)
