"""What a user can set, call, reach or be told is documented: a setting, command, path or problem without it fails."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import cli
from kg.errors import KgError
from kg.web.openapi import openapi
from kg.web.operations import problem_types

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
NOT_YET = {
    *("KG_QUERY_SECONDS", "KG_QUERY_MEMORY", "KG_RESULT_SIZE", "KG_BODY_SIZE", "KG_HOT_SIZE", "KG_QUEUE"),
    *("KG_ALLOWED_HOSTS", "/openapi.json", "/problems/"),
    *("kg update", "kg token", "kg token create", "kg token list", "kg token revoke"),
}
"""What README.md still lacks; an entry that it has must leave this list."""


def settings() -> list[str]:
    """List every name that the program reads from the environment."""
    sources = (path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    return sorted({name for source in sources for name in re.findall(r'"(KG_[A-Z_]+)"', source)})


def commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield every command of a parser, those below it included."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, below in action.choices.items():
                yield name
                yield from (f"{name} {deeper}" for deeper in commands(below))


COMMANDS = tuple(commands(cli._parser()))  # noqa: SLF001 - the command's own description of itself


def is_documented(what: str, pattern: str) -> bool:
    """Tell whether README.md has it, or is known not to."""
    found = re.search(pattern, README) is not None
    assert not (found and what in NOT_YET), f"{what} is documented now: take it off NOT_YET"
    return found or what in NOT_YET


@pytest.mark.parametrize("name", settings())
def test_a_setting_is_documented(name: str) -> None:
    """README.md has the row of the setting."""
    assert is_documented(name, rf"`{name}`"), f"README.md lacks {name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented(name: str) -> None:
    """README.md has the row of the command; a command that has others is documented by them."""
    first, *rest = name.split()
    below = rf"[^`]*\b{rest[0]}\b" if rest else ""
    assert is_documented(f"kg {name}", rf"`kg {first}\b{below}"), f"README.md lacks kg {name}"


PATHS = openapi("http://localhost/")["paths"]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_documented(path: str) -> None:
    """Every operation of a path says what it does in the description that README.md points to."""
    for method, operation in PATHS[path].items():
        if method != "parameters":
            assert operation["summary"], f"{method} {path}"
    assert is_documented("/openapi.json", r"/openapi\.json"), "README.md lacks /openapi.json"


@pytest.mark.parametrize("leaf", tuple(problem_types()), ids=lambda leaf: leaf.problem)
def test_a_problem_type_is_documented(leaf: type[KgError]) -> None:
    """Its page has a title in both languages and a sentence of its own; README.md says where the pages are."""
    assert leaf.title.ko
    assert leaf.title.en
    assert leaf.__doc__
    assert leaf.__doc__ not in {base.__doc__ for base in leaf.__mro__[1:]}
    assert is_documented("/problems/", r"/problems/"), "README.md lacks /problems/"
