"""A text is cut into the tokens that the terminals of SPARQL 1.1 Query, section 19.8, make of it."""

import pytest

from conformance.suites import suites_root
from metamorphic.tokens import Token, render, tokenize

ROOT = suites_root()


def texts(text: str) -> list[str]:
    """Return the texts of the tokens."""
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?x<?y", ["?x", "<", "?y"]),
        ("(?x<1)&&(?x>0)", ["(", "?x", "<1)&&(?x>", "0", ")"]),
        ("ex:p?x", ["ex:p", "?x"]),
        ("ex:p? ?x", ["ex:p", "?", "?x"]),
        ("?t*kg:Place.}", ["?t", "*", "kg:Place", ".", "}"]),
        (r"id:a\/b.c%2F-1. ", [r"id:a\/b.c%2F-1", "."]),
        ("?x+1 -2 . 3.5e-1", ["?x", "+1", "-2", ".", "3.5e-1"]),
        ('"a"@zh-hans^^', ['"a"', "@zh-hans", "^^"]),
        ("""'it"s' "a\\"}" '''a''b\\''' ''' """, ["'it\"s'", '"a\\"}"', "'''a''b\\''' '''"]),
        ("[ ]( )[]", ["[ ]", "( )", "[]"]),
        ("SELECT#{ ?g\rWHERE # x", ["SELECT", "WHERE"]),
        (r"<http://\u0061.example/#x>*", [r"<http://\u0061.example/#x>", "*"]),
        ("_:a.b :", ["_:a.b", ":"]),
        ("서초:구청 $虹口", ["서초:구청", "$虹口"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    """The longest token that the terminals allow comes first; white space and comments stand between tokens."""
    assert texts(text) == expected


def test_nothing_is_skipped() -> None:
    """What no terminal matches is an error."""
    with pytest.raises(ValueError, match="no token begins"):
        tokenize("SELECT \\ WHERE")


def test_tokens_stay_apart() -> None:
    """Tokens written without a gap are read as the same tokens."""
    tokens = [
        Token(each.kind, each.text, "") for each in tokenize("SELECT ?x { ?x ex:p ? ?y . ?y ex:q 1 . FILTER(?x < ?y) }")
    ]
    assert texts(render(tokens)) == [token.text for token in tokens]


@pytest.mark.skipif(ROOT is None, reason="the W3C suites are not here: set TEST_SHARED")
def test_every_right_text_of_the_suites_has_tokens() -> None:
    """All queries and updates of the W3C suites but wrong ones can be read, and give themselves when written."""
    assert ROOT
    paths = [path for path in ROOT.rglob("*.r[qu]") if "bad" not in path.name]
    for text in (path.read_text("utf-8") for path in paths):
        tokens = tokenize(text)
        assert text.startswith(render(tokens))
    assert len(paths) > 1_000
