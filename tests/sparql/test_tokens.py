from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import QuerySyntaxError
from kg.sparql import read
from kg.sparql.tokens import scan
from kg.sparql.tree import Kind


@given(st.text("ab:<>{}()?#\"'\\ \n.;한", max_size=60))
def test_tokens_are_what_stands_there(text: str) -> None:
    """Every token is a piece of the text, in order, none over another."""
    end = 0
    for token in scan(text):
        assert token.start >= end
        end = token.start + len(token.text)
        assert text[token.start : end] == token.text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("SELECT ?s { ?s a <b> }", "word variable sign variable word iri sign"),
        ("PREFIX p: <x> p:a.b", "word name iri name"),
        ("'''it's''' \"a\\\"b\" 'x'@en", "string string string tag"),
        ("_:b 1 # comment <a>", "blank number"),
        ("?a < ?b && ?c > ?d", "variable sign variable sign variable sign variable"),
        ("ex:a.b. ex:c* ex:%41\\,x ?x1", "name sign name sign name variable"),
        ("5. 5.5 .5 5.e3 +5 - 5 ?x-5", "number sign number number number number sign number variable number"),
        ("<a\\u0062> ex:\\u0061", "iri name wrong word"),
        ("<<(?s?p?o)>>{|~|}^^", "sign variable variable variable sign sign sign sign sign"),
    ],
)
def test_the_kinds_of_tokens(text: str, kinds: str) -> None:
    """Strings, IRIs and comments hide what looks like words in them."""
    assert " ".join(token.kind for token in scan(text)) == kinds


@pytest.mark.parametrize(
    ("text", "dataset", "volatile", "elsewhere"),
    [
        ("SELECT * { ?s ?p ?o }", False, False, False),
        ("select * from <a> { ?s ?p ?o }", True, False, False),
        ("SELECT * { ?from ?p 'FROM' } # FROM", False, False, False),
        ("SELECT * { BIND(Rand() AS ?r) }", False, True, False),
        ("SELECT * { ?now <http://a/uuid> 'NOW()' }", False, False, False),
        ("SELECT * { SERVICE <a> { ?s ?p ?o } }", False, True, True),
    ],
)
def test_what_a_text_says_of_itself(text: str, *, dataset: bool, volatile: bool, elsewhere: bool) -> None:
    """A word counts as itself alone, not in a name, a string or a comment."""
    parsed = read(text, "query")
    assert (parsed.has("FROM"), parsed.is_volatile, parsed.has_remote_calls) == (dataset, volatile, elsewhere)


@pytest.mark.parametrize(
    ("text", "kind", "line", "column", "what"),
    [
        ("SELECT * {\n  ?도시 ?p\n}", "query", 3, 1, "} cannot stand here"),
        ("ASK {", "query", 1, 6, "the end cannot stand here"),
        ("ASK { ?s ?p 'x }", "query", 1, 13, "the string that begins with ' does not end"),
        ("# one\r\nASK { ?s e:\\u0061 ?o }", "query", 2, 12, "may stand in IRIs, strings and local names only"),
        ("ASK { ?\\u0078 ?p ?o }", "query", 1, 8, "and \\u in IRIs and strings only"),
        ("SELECT * { VALUES ?x { 1 } FILTER((?x<1)&&(?x>0)) }", "query", 1, 38, "put a space after <"),
        ("INSERT DATA { <a> <b> 1 } ; INSERT", "update", 1, 35, "expected DATA or {"),
        ("CLEAR ALL ; SELECT * {}", "update", 1, 13, "SELECT cannot stand here"),
    ],
)
def test_an_error_has_a_place(text: str, kind: Kind, line: int, column: int, what: str) -> None:
    """Line and column are those of the text as it was sent, and its line is quoted."""
    with pytest.raises(QuerySyntaxError) as refused:
        read(text, kind)
    where = refused.value.where
    assert where
    assert (where.line, where.column) == (line, column)
    assert where.quoted_line == text.split("\n")[line - 1].rstrip("\r")
    assert what in str(refused.value.what)


def test_a_long_list_is_read_in_time_proportional_to_it() -> None:
    """Where each item costs a copy of those before it, this takes minutes."""
    start = process_time()
    read(f"ASK {{ FILTER(?x NOT IN ({', '.join(map(str, range(20_000)))})) }}", "query")
    assert process_time() - start < 10
