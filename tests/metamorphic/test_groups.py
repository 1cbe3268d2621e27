"""The groups, elements and triples of a request are found where the grammar has them."""

import pytest

from metamorphic.groups import Element, read_groups, statements
from metamorphic.tokens import Tokens, render, tokenize


def kinds(text: str) -> list[list[str]]:
    """Return the kinds of the elements of each group."""
    return [[element.kind for element in group.elements] for group in read_groups(tokenize(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { ?s ?p ?o . FILTER(?o > 1) ?s ?q ?r }", [["triples", "filter", "triples"]]),
        ("ASK { { } UNION { } OPTIONAL { ?s ?p ?o } }", [["group", "optional"], [], [], ["triples"]]),
        ("ASK { VALUES (?x ?y) { (1 2) } VALUES ?z { } BIND(1 AS ?b) }", [["values", "values", "bind"]]),
        ("ASK { GRAPH ?g { ?s ?p [ ?q ( 1 ?x ) ] } MINUS { } }", [["graph", "minus"], ["triples"], []]),
        ("ASK { FILTER NOT EXISTS { ?s ?p ?o } FILTER REGEX(?x, 'a') }", [["filter", "filter"], ["triples"]]),
        ("ASK { SERVICE SILENT ?s { } { SELECT * { ?s ?p ?o } } }", [["service", "group"], [], [], ["triples"]]),
    ],
)
def test_elements(text: str, expected: list[list[str]]) -> None:
    """Each element of each group has its kind, in the order of the text."""
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", [True, True, False, False]),
        ("DELETE WHERE { ?s ?p ?o }", [True]),
        ("INSERT DATA { GRAPH <a:b> { <a:b> <a:b> 1 } }", [True, True]),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", [True, False]),
    ],
)
def test_templates(text: str, expected: list[bool]) -> None:
    """A group of quads is told from a group of patterns."""
    assert [group.is_template for group in read_groups(tokenize(text))] == expected


def parts(tokens: Tokens, block: Element) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return the subject of each statement, and each verb with the number of its objects."""
    return [
        (
            render(tokens[each.subject.start : each.subject.end]).strip(),
            [(render(tokens[one.verb.start : one.verb.end]).strip(), len(one.objects)) for one in each.properties],
        )
        for each in statements(tokens, block)
    ]


def test_statements() -> None:
    """A block of triples is cut at full stops, semicolons and commas outside brackets, and behind each path."""
    tokens = tokenize("ASK { ?s a ?x , [ ?q 1 , 2 ] ; ^ex:p/(ex:q|!ex:r)*/ex:s? ?y ; . ( 1 2 ) ex:p +1 }")
    block = read_groups(tokens)[0].elements[0]
    assert parts(tokens, block) == [("?s", [("a", 2), ("^ex:p/(ex:q|!ex:r)*/ex:s?", 1)]), ("( 1 2 )", [("ex:p", 1)])]
