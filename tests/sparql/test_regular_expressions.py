"""REGEX and REPLACE follow XPath; the cases are those of the W3C's QT3 test suite that apply to SPARQL.

``qt3.json`` holds facts of ``fn/matches.xml``, ``fn/matches.re.xml`` and ``fn/replace.xml`` of QT3: under ``matches``
name, text, pattern, flags, result; under ``whole`` name, pattern, texts that it matches from begin to end, texts that
it does not; under ``replace`` name, text, pattern, replacement, flags, result. A result of null is an error.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sparql.engine_patterns import engine_pattern, engine_replacement
from sparql.evaluation import call, evaluate, quoted

QT3 = json.loads(Path(__file__).with_name("qt3.json").read_text("utf-8"))


class Matching(NamedTuple):
    """A case of fn:matches."""

    name: str
    text: str
    pattern: str
    flags: str
    result: bool | None


class Replacing(NamedTuple):
    """A case of fn:replace."""

    name: str
    text: str
    pattern: str
    replacement: str
    flags: str
    result: str | None


def matching() -> Iterator[Matching]:
    """Yield every case of fn:matches."""
    yield from (Matching(*case) for case in QT3["matches"])
    for name, pattern, matched, others in QT3["whole"]:
        for number, text in enumerate(matched + others):
            yield Matching(f"{name}-{number}", text, f"^(?:{pattern})$", "", number < len(matched))


with_matching = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in matching()])
with_replacing = pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name) for case in (Replacing(*values) for values in QT3["replace"])]
)


def expected(value: object) -> str | None:
    """Return a value as the engine writes its literal."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def value(expression: str, pattern: str = "") -> str | None:
    """Return the text of an expression's value, or None for an error."""
    term = evaluate(expression, pattern)
    return None if term is None else str(term.value)  # type: ignore[union-attr]  # no triple is computed here


@with_matching
def test_regex_matches_as_xpath_does(case: Matching) -> None:
    """REGEX gives the result of fn:matches, and an error where fn:matches does."""
    assert value(call("REGEX", *map(quoted, (case.text, case.pattern, case.flags)))) == expected(case.result)


@with_replacing
def test_replace_replaces_as_xpath_does(case: Replacing) -> None:
    """REPLACE gives the result of fn:replace, and an error where fn:replace does."""
    arguments = case.text, case.pattern, case.replacement, case.flags
    assert value(call("REPLACE", *map(quoted, arguments))) == case.result


@with_matching
def test_a_pattern_of_the_engine_matches_as_xpath_does(case: Matching) -> None:
    """The engine's own REGEX gives the result of fn:matches for the pattern that was written for it.

    None is written for an error, a back-reference, an anchor of a line, and a pattern too large for the engine.
    """
    written = engine_pattern(case.pattern, case.flags)
    if written is None:
        assert case.result is None or "\\1" in case.pattern or case.flags == "m" or "2147483647" in case.pattern
    else:
        assert value(f"REGEX({quoted(case.text)}, {quoted(written)})") == expected(case.result)


@with_replacing
def test_a_replacement_of_the_engine_replaces_as_xpath_does(case: Replacing) -> None:
    """The engine's own REPLACE gives the result of fn:replace for what was written for it; nothing is for an error."""
    pattern = engine_pattern(case.pattern, case.flags)
    replacement = engine_replacement(case.pattern, case.replacement, case.flags)
    if pattern is None or replacement is None:
        assert case.result is None
    else:
        assert value(f"REPLACE({', '.join(map(quoted, (case.text, pattern, replacement)))})") == case.result


PIECES = ["a", "B", "é", "7", "-", " ", ".", "(a|b)", "(?:a|7)*", "[a-c]", "[^a-z]", "[a-z-[aeiou]]", "[-a]", "[&~^.]"]
PIECES += [r"\d", r"\w", r"\s", r"\S", r"\.", r"\i", r"\c", r"\p{Lu}", r"\P{L}", "a+", "a*?", "[ab]{1,2}", "^", "$"]
TEXTS = st.text(st.sampled_from("aAbBeEéÉ77-–_ \n\r.K\u212aſi\u0131\U0001d11e"), max_size=6)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), TEXTS, st.sampled_from(["", "i", "s", "x", "is"]))
def test_both_languages_match_alike(pieces: list[str], text: str, flags: str) -> None:
    """A pattern written for the engine matches the texts that the function matches."""
    pattern = "".join(pieces)
    written = engine_pattern(pattern, flags)
    assert written is not None
    both = (
        f"CONCAT(STR({call('REGEX', '?text', quoted(pattern), quoted(flags))}), STR(REGEX(?text, {quoted(written)})))"
    )
    assert value(both, f"BIND({quoted(text)} AS ?text)") in {"truetrue", "falsefalse"}


GROUPS = ["a", "c", ".", "[ab]", "(a)", "(b|)", "(a*)", "([ab])+", "(?:a|b)", "(b?)*", "((a)|b){2}", "(a|ab)", "(.+?)"]


@given(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=4), st.text("abc", max_size=6))
def test_both_languages_replace_alike(pieces: list[str], text: str) -> None:
    """A pattern and a replacement written for the engine give the text that the function gives."""
    pattern, replacement = "".join(pieces), "[$1|$2|$0]"
    written = engine_replacement(pattern, replacement)
    arguments = ", ".join(map(quoted, (text, engine_pattern(pattern) or "", written or "")))
    result = value(call("REPLACE", *map(quoted, (text, pattern, replacement))))
    assert written is None or value(f"REPLACE({arguments})") == result


@pytest.mark.parametrize("pattern", ["abc", "^[0-9]{4}-[0-9]{2}$", "홍구|둥청", r"\(\d+\)", "[A-Za-z]+?", "(a)(?:b)"])
def test_plain_patterns_stay_as_they_are(pattern: str) -> None:
    """A pattern that both languages read alike is portable."""
    assert engine_pattern(pattern) == pattern


@pytest.mark.parametrize("pattern", ["a.c", r"\w", r"\s", "[a-z-[b]]", "[a&&b]", "[~~]", r"(a)\1", "(?i)a", "a{,2}"])
def test_patterns_that_the_engine_reads_otherwise_are_not_portable(pattern: str) -> None:
    """A pattern that means something else to the engine, or is wrong in XPath alone, is not portable."""
    assert engine_pattern(pattern) != pattern


@pytest.mark.parametrize(("depth", "result"), [(64, "true"), (65, None), (10_000, None)])
def test_brackets_are_nested_to_a_bound(depth: int, result: str | None) -> None:
    """A pattern with brackets nested too deeply is an error, in the function and for the engine alike."""
    pattern = "(" * depth + "a" + ")" * depth
    assert value(call("REGEX", '"a"', quoted(pattern))) == result
    assert (engine_pattern(pattern) is None) is (result is None)


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (('"홍구구"@ko', '"구"', '"區"'), '"홍區區"@ko'),
        (('"a"^^xsd:string', '"a"', '"b"'), '"b"'),
        (("1", '"1"', '"2"'), None),
        (('"a"', '"a"@en', '"b"'), None),
        (('"a"', '"a"', "2"), None),
        (('"a"', '"a"', '"b"', '"i"@en'), None),
        ((":a", '"a"', '"b"'), None),
        (('"5"', '"5"', r'"\\$5"'), '"$5"'),
        (('"a1"', '"([a-z])"', '"$10"'), '"a01"'),
        (('"abc"', '"(b)(x)?"', '"[$1|$2]"'), '"a[b|]c"'),
        (('"abc"', '"b|c*$"', '"x"'), None),
    ],
)
def test_replace_keeps_the_kind_of_its_text(arguments: tuple[str, ...], result: str | None) -> None:
    """REPLACE gives a literal of the kind and the language of its first argument; others are no string literals."""
    assert evaluate(call("REPLACE", *arguments)) == (None if result is None else evaluate(result))


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (('"abc"@en', '"B"', '"i"'), "true"),
        (('"abc"', '"B"'), "false"),
        (("1", '"1"'), None),
        (('"a"', '"("'), None),
        (('"a"', '"a"@en'), None),
        (('"a"', "1"), None),
        (('"a"', '"a"', "1"), None),
        (("?unbound", '"a"'), None),
    ],
)
def test_regex_takes_string_literals(arguments: tuple[str, ...], result: str | None) -> None:
    """REGEX takes a string literal as its text and plain strings as pattern and flags."""
    assert evaluate(call("REGEX", *arguments)) == (None if result is None else evaluate(result))
