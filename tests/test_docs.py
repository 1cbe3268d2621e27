"""Documentation and program agree: every setting, command and path is documented, and every documented one exists."""

import argparse
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, URIRef

from kg.build import Build, run_query
from kg.cli import commands as cli
from kg.domain import DEFAULT_BASE_IRI, Iris, KgError, Settings
from kg.domain.settings import MEBIBYTE
from kg.store import Store
from kg.web.api.openapi import openapi
from kg.web.api.operations import problem_types

ROOT = Path(__file__).parents[1]
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "tests/conformance/README.md")
}
README = DOCUMENTS["README.md"]
MOST_LINES = 150
ONTOLOGY = "".join(path.read_text("utf-8") for path in sorted((ROOT / "ontology").rglob("*.ttl")))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = sorted(set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)))
PATHS = openapi("http://localhost/")["paths"]
ROOTS = {place: {path.name for path in (ROOT / place).iterdir() if path.is_dir()} for place in (".", "src/kg")}
"""The directories that the first segment of a documented path can be, by where they are."""


def code(text: str) -> list[str]:
    r"""Return the code spans and the lines of code blocks of a document, each on one line.

    >>> code("`kg serve` and\n```sh\nmake test\n```\n")
    ['make test', 'kg serve']
    """
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    spans = (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose))
    return [*chain.from_iterable(map(str.splitlines, blocks)), *spans]


CODE = {name: code(text) for name, text in DOCUMENTS.items()}
BEFORE = r"^(?:\w+=\$\(|(?:\w+=\S+ )*)"
"""What may stand before a command on its line: variables that are set for it, or the one that takes its output."""


def documented(pattern: str) -> list[tuple[str, Any]]:
    """Return what the code in each document has of a pattern, each with the document."""
    found = {(name, match) for name, pieces in CODE.items() for piece in pieces for match in re.findall(pattern, piece)}
    return sorted(found)


def is_documented(pattern: str) -> bool:
    """Tell whether the code in a document matches."""
    return any(re.search(pattern, piece) for piece in chain.from_iterable(CODE.values()))


# -- settings ------------------------------------------------------------------------------------------------------


DEFAULTS = {f"KG_{name.upper()}": value for name, value in vars(Settings.from_environment({})).items()}


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_setting_is_documented(name: str) -> None:
    """The table of settings has its row."""
    assert re.search(rf"^\|[^|]*`{name}`", DOCUMENTS["docs/operation.md"], re.MULTILINE), name


NUMBERS = [name for name, value in DEFAULTS.items() if isinstance(value, int | float) and name != "KG_PROCESSES"]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_default_is_documented(name: str) -> None:
    """The table of settings has the default that the program has, sizes in MiB."""
    row = next(line for line in DOCUMENTS["docs/operation.md"].splitlines() if re.match(rf"\|[^|]*`{name}`", line))
    default = DEFAULTS[name] / (MEBIBYTE if "(MiB" in row else 1)
    assert f"`{default:.0f}`" in row.split("|")[2]


@pytest.mark.parametrize(("document", "name"), documented(r"\bKG_[A-Z_]+"))
def test_a_documented_setting_exists(document: str, name: str) -> None:
    """The program reads it."""
    assert name in DEFAULTS, f"{document} names {name}"


# -- commands ------------------------------------------------------------------------------------------------------


def commands(parser: argparse.ArgumentParser, prefix: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command of a parser with its own parser, subcommands included."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, below in action.choices.items():
                yield f"{prefix}{name}", below
                yield from commands(below, f"{prefix}{name} ")


COMMANDS = dict(commands(cli._parser()))  # noqa: SLF001 - the command's own description of itself


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented(name: str) -> None:
    """The table of commands has it with each of its options."""
    calls = [piece for piece in CODE["docs/operation.md"] if re.match(rf"kg {name}\b", piece)]
    assert calls or any(other.startswith(f"{name} ") for other in COMMANDS), f"docs/operation.md lacks kg {name}"
    options = COMMANDS[name]._option_string_actions if calls else {}  # noqa: SLF001 - as above
    signing = {"--message", "--author"} if name == "unpin" else set()  # an unpinned version keeps neither
    missing = {option for option in options if option.startswith("--")} - {"--help"} - signing
    assert not missing - set(re.findall(r"--[a-z-]+", " ".join(calls))), f"kg {name}"


@pytest.mark.parametrize(("document", "call"), documented(rf"{BEFORE}(?:\.venv/bin/)?kg ([^)#]+)"))
def test_a_documented_command_exists(document: str, call: str) -> None:
    """The parser has the command and the options."""
    if call.startswith("COMMAND"):
        return
    name = next((name for name in sorted(COMMANDS, key=len, reverse=True) if re.match(rf"{name}\b(?!-)", call)), None)
    assert name, f"{document} has kg {call}"
    unknown = set(re.findall(r"(?<!\S)\[?(--[a-z-]+)", call)) - set(COMMANDS[name]._option_string_actions)  # noqa: SLF001
    assert not unknown, f"{document}: kg {name}"


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_is_documented(target: str) -> None:
    """A document has the command."""
    assert is_documented(rf"^make {target}(?![\w-])"), f"no document has make {target}"


@pytest.mark.parametrize(("document", "target"), documented(rf"{BEFORE}make ([a-z][\w-]*)"))
def test_a_documented_make_target_exists(document: str, target: str) -> None:
    """The Makefile has the target."""
    assert target in TARGETS, f"{document} has make {target}"


@pytest.mark.parametrize(("document", "variable"), documented(rf"{BEFORE}make [\w-]+.*? \[?([A-Z]+)="))
def test_a_documented_make_variable_exists(document: str, variable: str) -> None:
    """The Makefile uses the variable."""
    assert f"$({variable})" in MAKEFILE, f"{document} sets {variable}"


# -- paths of the server -------------------------------------------------------------------------------------------


def route_of(path: str) -> str | None:
    """Return the described path that serves a path, or None.

    >>> route_of("/history/12/added.nq"), route_of("/history/12.ttl"), route_of("/nothing")
    ('/history/{number}/{part}.nq', '/history/{number}.{ending}', None)
    """
    found = [route for route in PATHS if re.fullmatch(_pattern(route), path)]
    return min(found, key=lambda route: (route.count("{"), -len(route)), default=None)


def _pattern(route: str) -> str:
    """Return the regular expression of a described path; a placeholder stands for itself too."""
    exact = {"path": ".+", "number": r"\d+", "year": r"\d{4}", "form": "link|json", "part": "added|removed"}
    parts = re.split(r"\{(\w+)\}", route)
    named = (rf"(?:\{{{name}\}}|{exact.get(name, '[^/{}]+')})" for name in parts[1::2])
    return "".join(chain.from_iterable(zip(map(re.escape, parts[::2]), [*named, ""], strict=True)))


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_documented(path: str) -> None:
    """The table of paths has it with its methods, and every operation says what it does in the description."""
    row = re.search(rf"^\|[^|\n]*`{re.escape(path)}`[^|\n]*\|([^|\n]*)\|", DOCUMENTS["docs/protocol.md"], re.MULTILINE)
    assert row, f"docs/protocol.md lacks {path}"
    operations = {method: operation for method, operation in PATHS[path].items() if method != "parameters"}
    assert set(map(str.upper, operations)) == set(row[1].replace(",", "").split()) - {"QUERY"}, path
    assert all(operation["summary"] for operation in operations.values())


METHODS = "GET|HEAD|POST|PUT|DELETE|QUERY"
OF_A_PATH = rf"(?:^(?:({METHODS}) )?|http://localhost:8000)(/(?!/)[^\s'\"?|]*)"


@pytest.mark.parametrize(("document", "call"), documented(OF_A_PATH))
def test_a_documented_path_exists(document: str, call: tuple[str, str]) -> None:
    """The server has the path, with the method where one is named."""
    method, path = call[0], call[1].replace("…", "x")
    route = route_of(path) or route_of(path.rstrip("/"))
    assert route, f"{document} has {path}"
    assert not method or method.lower() in PATHS[route], f"{document} has {method} {path}"


@pytest.mark.parametrize("leaf", tuple(problem_types()), ids=lambda leaf: leaf.problem)
def test_a_problem_type_is_documented(leaf: type[KgError]) -> None:
    """Its page has a title in each language and a sentence of its own; a document says where the pages are."""
    assert dict(leaf.title.texts()).keys() == {"ko", "en", "zh-Hans"}
    assert leaf.__doc__
    assert leaf.__doc__ not in {base.__doc__ for base in leaf.__mro__[1:]}
    assert is_documented(r"^/problems/")


# -- files and links -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("document", "path"), documented(r"^([\w.-]+(?:/[\w.-]+)*/?)$"))
def test_a_documented_file_exists(document: str, path: str) -> None:
    """A path that begins with a directory of the repository or of the package, or that names a module, is there."""
    first = path.partition("/")[0]
    places = [place for place, names in ROOTS.items() if first in names and "/" in path]
    if places:
        assert any((ROOT / place / path).exists() for place in places), f"{document} names {path}"
    elif path.endswith(".py"):
        assert any((ROOT / "src/kg").rglob(path)) or any((ROOT / "tests").rglob(path)), f"{document} names {path}"


def links() -> Iterator[tuple[str, str]]:
    """Yield each document with the target of each of its links."""
    for name, text in DOCUMENTS.items():
        prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        yield from ((name, target) for target in re.findall(r"\]\(([^)\s]+)\)", prose))


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("document", "target"), sorted(set(links())))
def test_a_link_leads_somewhere(document: str, target: str) -> None:
    """A relative link leads to a file of the repository and, where it has an anchor, to a heading."""
    if re.match(r"https?://", target):
        return
    name, _, anchor = target.partition("#")
    path = ((ROOT / document).parent / name).resolve() if name else ROOT / document
    assert path.exists(), f"{document} links to {target}"
    assert path.is_relative_to(ROOT)
    assert not anchor or anchor in anchors(path), f"{document} links to {target}"


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name.startswith("docs/")])
def test_the_readme_leads_to_each_document(document: str) -> None:
    """README.md is the index."""
    assert ("README.md", document) in set(links())


# -- the README ----------------------------------------------------------------------------------------------------


def test_the_readme_is_short() -> None:
    """It has at most 150 lines, and begins with the commands that serve and test."""
    assert len(README.splitlines()) <= MOST_LINES
    assert [line.partition("#")[0].strip() for line in CODE["README.md"][:2]] == ["make serve", "make test"]


def test_the_first_query_has_the_answer_that_is_shown(built_store: Path) -> None:
    """README.md shows its first query with its result."""
    query = re.search(r"--data-urlencode 'query=\n(.*?)'\n```", README, re.DOTALL)
    shown = re.search(r"```csv\n(.*?)```", README, re.DOTALL)
    assert query
    assert shown
    settings = Settings(home=ROOT, store=built_store)
    answer = run_query(query[1], Store(built_store).require_current(), settings, "csv", lambda _: b"")
    assert answer.decode().splitlines() == shown[1].splitlines()


@pytest.mark.parametrize(("document", "term"), documented(r"(?<![\w:])kg:(\w+)"))
def test_a_documented_term_exists(document: str, term: str) -> None:
    """The ontology defines it."""
    assert re.search(rf"^kg:{term} a ", ONTOLOGY, re.MULTILINE), f"{document} names kg:{term}"


DRAWN = re.search(r"```mermaid\n(.*?)```", README, re.DOTALL)
NODES = dict(re.findall(r'(\w+)\["kg:(\w+)"\]', DRAWN[1] if DRAWN else ""))
EDGES = re.findall(r'(\w+)(?:\["[^"]*"\])? -->\|"kg:(\w+)"\| (\w+)', DRAWN[1] if DRAWN else "")


@pytest.fixture(scope="session")
def merged(made: Build) -> Graph:
    """Give the whole graph."""
    return made.dataset.merged()


@pytest.mark.parametrize(("subject", "predicate", "value"), EDGES, ids=str)
def test_an_arrow_of_the_picture_is_in_the_graph(merged: Graph, subject: str, predicate: str, value: str) -> None:
    """Some instance of the one class has the property with an instance of the other."""
    namespace = Iris(DEFAULT_BASE_IRI).ontology
    source, target = (URIRef(namespace + NODES[name]) for name in (subject, value))
    found = merged.subject_objects(URIRef(namespace + predicate))
    assert any((one, RDF.type, source) in merged and (other, RDF.type, target) in merged for one, other in found)


def test_the_picture_has_arrows() -> None:
    """Each line of the picture but the first is an arrow."""
    assert DRAWN
    assert len(EDGES) == len(DRAWN[1].splitlines()) - 1


def where_to_look() -> list[tuple[str, str]]:
    """Return the files of each row of the table, and what is found in them."""
    table = DOCUMENTS["docs/architecture.md"].partition("## Where to look")[2]
    return re.findall(r"^\|[^|`]+\| ([^|]*`[^|]+) \| ([^|]*`[^|]+) \|$", table, re.MULTILINE)


@pytest.mark.parametrize(("where", "words"), where_to_look())
def test_what_to_search_for_is_there(where: str, words: str) -> None:
    """The words that the table of the architecture names stand in the files, or name a module of the package."""
    package = ROOT / "src" / "kg"
    places = [package / place for place in re.findall(r"`([\w/]+/(?:\w+\.py)?)`", where)]
    files = [file for place in places for file in (sorted(place.iterdir()) if place.is_dir() else [place])]
    texts = "".join(f"{file.stem}\n{file.read_text('utf-8')}" for file in files if file.is_file())
    assert all(word in texts for word in re.findall(r"`([^`]+)`", words))


def test_the_table_has_rows() -> None:
    """The pattern finds every row."""
    assert len(where_to_look()) == 16
