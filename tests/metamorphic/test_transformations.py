"""Each transformation is one: it changes requests, the same way each time, and leaves what it has to leave."""

from random import Random

import pytest

from conformance.terms import XSD
from metamorphic import clauses, layout, naming, nesting, paths, spelling
from metamorphic.base_queries import BASE_QUERIES
from metamorphic.base_updates import BASE_UPDATES
from metamorphic.tokens import render, tokenize
from metamorphic.transformations import TRANSFORMATIONS, TokenRewriting, Transformation

BASES = (*BASE_QUERIES, *BASE_UPDATES)
RANDOM = Random(1)


def rewritten(rewrite: TokenRewriting, text: str) -> str:
    """Return a text after a rewriting, its tokens a space apart."""
    return " ".join(token.text for token in tokenize(render(rewrite(tokenize(text), RANDOM))))


@pytest.mark.parametrize("transformation", TRANSFORMATIONS, ids=lambda each: each.name)
def test_a_transformation_changes_requests(transformation: Transformation) -> None:
    """It rewrites at least three requests, each time in the same way."""
    found = [request for request in map(transformation.apply, BASES) if request]
    assert found == [request for request in map(transformation.apply, BASES) if request]
    assert len(found) >= 3


@pytest.mark.parametrize("rewrite", [layout.spaces, layout.tight, layout.lines, layout.comments])
def test_layout_leaves_the_tokens(rewrite: TokenRewriting) -> None:
    """White space and comments change no token, but for the white space inside ``()`` and ``[]``."""
    for tokens in (base.request.tokens for base in BASES):
        found = tokenize(render(rewrite(tokens, RANDOM)))
        assert ["".join(token.text.split()) for token in found] == ["".join(token.text.split()) for token in tokens]


def test_padding_makes_a_megabyte() -> None:
    """A padded text is a megabyte long."""
    tokens = tokenize("ASK { ?s ?p ?o }")
    assert len(render(layout.long_comments(tokens, RANDOM))) >= 1_000_000
    assert len(render(layout.long_spaces(tokens, RANDOM))) >= 1_000_000
    assert len(render(nesting.long_values(tokens, RANDOM))) >= 60_000


@pytest.mark.parametrize("value", ["", 'it\'s "q"', "a\\b\n\tc\r", "'''", '"""', "홍구구 🙂"])
def test_quotes_keep_the_value(value: str) -> None:
    """A string between any quotes has its value."""
    written = {spelling.quoted(value, Random(seed)) for seed in range(20)}
    assert {spelling.string_value(text) for text in written} == {value}
    assert {tokenize(text)[0].text for text in written} == written
    assert len(written) == 4


@pytest.mark.parametrize("rewrite", [naming.prefixed_names, naming.other_prefixes, spelling.local_name_escapes])
def test_names_keep_their_iris(rewrite: TokenRewriting) -> None:
    """Names written otherwise stand for the same IRIs."""
    for tokens in (base.request.tokens for base in BASES):
        found = tokenize(render(rewrite(tokens, RANDOM)))
        expected = naming.full_iris(tokens, RANDOM)
        assert [token.text for token in naming.full_iris(found, RANDOM)] == [token.text for token in expected]


@pytest.mark.parametrize(
    ("rewrite", "text", "expected"),
    [
        (clauses.abbreviations_expanded, "ASK { ?s ?p 1 , 2 ; ?q 3 . }", "ASK { ?s ?p 1 . ?s ?p 2 . ?s ?q 3 }"),
        (clauses.triple_order, "ASK { ?s ?p 1 . ?s ?q 2 }", "ASK { ?s ?q 2 . ?s ?p 1 }"),
        (clauses.union_order, "ASK { { ?s ?p 1 } UNION { } }", "ASK { { } UNION { ?s ?p 1 } }"),
        (
            clauses.element_order,
            "ASK { ?s ?p 1 OPTIONAL { ?s ?q ?o } VALUES ?x { 1 } { } }",
            "ASK { ?s ?p 1 OPTIONAL { ?s ?q ?o } { } VALUES ?x { 1 } }",
        ),
        (
            nesting.query_as_subquery,
            "SELECT ?s FROM <a:b> WHERE { ?s ?p ?o } LIMIT 1",
            "SELECT * FROM <a:b> { { SELECT ?s WHERE { ?s ?p ?o } LIMIT 1 } }",
        ),
        (
            paths.paths_written_out,
            "ASK { ?s ^:q/(:r|:s*) ?o }",
            "ASK { ?path_14_3_1 :q ?s { ?path_14_3_1 :r ?o } UNION { ?path_14_3_1 :s * ?o } }",
        ),
        (naming.type_as_iri, "ASK { ?a a ?b }", f"ASK {{ ?a <{naming.TYPE}> ?b }}"),
        (spelling.literal_forms, "ASK { } LIMIT 1", "ASK { } LIMIT 1"),
        (
            spelling.literal_forms,
            "ASK { FILTER(?x +1 = 2.5 || true) }",
            f'ASK {{ FILTER ( ?x +1 = "2.5" ^^ <{XSD}decimal> || "true" ^^ <{XSD}boolean> ) }}',
        ),
        (
            naming.declarations_repeated,
            "PREFIX : <a:> INSERT DATA { :a :b 1 ; :c 2 } ; CLEAR DEFAULT ;",
            "PREFIX : <a:> INSERT DATA { :a :b 1 ; :c 2 } ; PREFIX : <a:> CLEAR DEFAULT ;",
        ),
    ],
)
def test_rewritings(rewrite: TokenRewriting, text: str, expected: str) -> None:
    """A rewriting gives the text that its docstring describes."""
    assert rewritten(rewrite, text) == expected
