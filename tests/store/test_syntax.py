import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.syntax import calls_elsewhere, is_volatile, names_dataset, syntax_error, tokens


@given(st.text("ab:<>{}()?#\"'\\ \n.;한", max_size=60))
def test_tokens_are_what_stands_there(text: str) -> None:
    """Every token is a piece of the text, in order, none over another."""
    end = 0
    for token in tokens(text):
        assert token.start >= end
        end = token.start + len(token.text)
        assert text[token.start : end] == token.text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("SELECT ?s { ?s a <b> }", "word variable sign variable word iri sign"),
        ("PREFIX p: <x> p:a.b", "word name iri name"),
        ("'''it's''' \"a\\\"b\" 'x'@en", "string string string tag"),
        ("_:b 1 # comment <a>", "blank word"),
        ("?a < ?b && ?c > ?d", "variable sign variable sign sign variable sign variable"),
    ],
)
def test_the_kinds_of_tokens(text: str, kinds: str) -> None:
    """Strings, IRIs and comments hide what looks like words in them."""
    assert " ".join(token.kind for token in tokens(text)) == kinds


@pytest.mark.parametrize(
    ("text", "dataset", "volatile", "elsewhere"),
    [
        ("SELECT * { ?s ?p ?o }", False, False, False),
        ("select * from <a> { ?s ?p ?o }", True, False, False),
        ("SELECT * { ?from ?p 'FROM' } # FROM", False, False, False),
        ("SELECT * { BIND(Rand() AS ?r) }", False, True, False),
        ("SELECT * { ?now <http://a/uuid> 'NOW()' }", False, False, False),
        ("SELECT * { SERVICE <a> { ?s ?p ?o } }", False, True, True),
        ("LOAD <a>", False, False, True),
    ],
)
def test_what_a_text_says_of_itself(text: str, *, dataset: bool, volatile: bool, elsewhere: bool) -> None:
    """A word counts as itself alone, not in a name, a string or a comment."""
    assert (names_dataset(text), is_volatile(text), calls_elsewhere(text)) == (dataset, volatile, elsewhere)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("error at 2:3: expected one of OPTIONAL, ['a' ..= 'z' | '\\u{C0}'..='\\u{D6}'], [_]", (2, 3)),
        ("Parser error at line 1 column 2: what", None),
        ("error at 9:1: beyond the end", (9, 1)),
        ("The variable ?x is used twice", None),
    ],
)
def test_an_engine_message_becomes_an_error(message: str, place: tuple[int, int] | None) -> None:
    """Where the message has a place the error has it, with the line; the classes of characters are left out."""
    error = syntax_error("ASK {\n  ?도시\n}", message)
    assert (error.where and (error.where.line, error.where.column)) == place
    assert "..=" not in error.what.en
    if place == (2, 3):
        assert error.where
        assert error.where.quoted_line == "  ?도시"
